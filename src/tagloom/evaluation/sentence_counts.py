"""Counts sentence by sentence: what intervals, and the comparison of two models, draw from."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagloom.errors import ConfigError
from tagloom.evaluation.counts import Counts, check_same_sentences
from tagloom.evaluation.entries import entries_of, read_entries
from tagloom.evaluation.fields import Fields
from tagloom.evaluation.judged import Judged
from tagloom.evaluation.reading import MODES
from tagloom.evaluation.scores import Scores, all_scores
from tagloom.evaluation.semeval import STRATEGIES, count_correct
from tagloom.text import Chunk

ChunkSequences = Sequence[Sequence[Chunk]]

_AXES = ("sentence", "label")
_COUNTED = tuple({**MODES, **STRATEGIES})
_MOST_CELLS = 100_000_000  # sentences times labels that a JSON may ask for
_DIGEST = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, eq=False)
class SentenceCounts:
    """How many chunks of each sentence are gold, were predicted, and are right.

    Args:
        labels: the columns of the arrays: every label that is gold or predicted, in the order of their code points.
        correct: (sentences, labels), predicted chunks that are right; in mode `partial` halves as well.
        predicted: (sentences, labels), predicted chunks.
        gold: (sentences, labels), gold chunks.
        overall: (sentences,), predicted chunks that are right with all labels together; not the sum over labels in
            `partial`, `type` and `exact`, where a chunk may go with one of another label.
        mode: in which they were counted, a key of `reading.MODES`, or `exact`.
        digest: SHA-256 of what was judged, the sentences' words and gold chunks; empty where only chunks are known.

    Example:
        >>> counts = count_sentences([[(0, 2, "PNAME")], []], [[(0, 2, "PNAME")], [(1, 2, "PFEATURE")]])
        >>> counts.labels, counts.correct.tolist(), counts.scores().micro.precision
        (('PFEATURE', 'PNAME'), [[0.0, 1.0], [0.0, 0.0]], 0.5)
    """

    labels: tuple[str, ...]
    correct: NDArray[np.float32]
    predicted: NDArray[np.int32]
    gold: NDArray[np.int32]
    overall: NDArray[np.float32]
    mode: str = "strict"
    digest: str = ""

    @classmethod
    def of(cls, judged: Judged, *, mode: str = "strict") -> "SentenceCounts":
        """The counts of a judgement, with the digest of what was judged."""
        return count_sentences(judged.gold, judged.predicted, mode=mode, digest=_digest(judged))

    @property
    def num_sentences(self) -> int:
        """How many there are, with and without chunks."""
        return len(self.overall)

    def scores(self) -> Scores:
        """The scores that these counts give."""
        correct = self.correct.sum(axis=0, dtype=np.float64)
        sums = (each.tolist() for each in (correct, self.predicted.sum(axis=0), self.gold.sum(axis=0)))
        labels = {label: Counts(*own) for label, *own in zip(self.labels, *sums, strict=True)}
        overall = Counts(float(self.overall.sum(dtype=np.float64)), int(self.predicted.sum()), int(self.gold.sum()))
        return all_scores(labels, overall)

    def to_json(self) -> dict[str, Any]:
        """As a JSON object, without any text.

        `entries` has the columns sentence, label, correct, predicted and gold; `overall` the columns sentence and
        correct, or it is null where it is the sum over labels everywhere.
        """
        is_sum = (self.overall == self.correct.sum(axis=1)).all()
        return {
            "mode": self.mode,
            "digest": self.digest,
            "sentences": self.num_sentences,
            "labels": list(self.labels),
            "entries": entries_of(_AXES, {"correct": self.correct, "predicted": self.predicted, "gold": self.gold}),
            "overall": None if is_sum else entries_of(_AXES[:1], {"correct": self.overall}),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "SentenceCounts":
        """What `to_json` gave.

        Raises:
            DataError: a field is missing, or is not what it should be.
        """
        fields = Fields(content, "sentence counts")
        labels, num_sentences = _read_labels(fields), fields.number("sentences")
        if num_sentences * max(1, len(labels)) > _MOST_CELLS:
            fields.refuse("sentences", f"at most {_MOST_CELLS:,} sentences times labels", num_sentences)
        shape = dict(zip(_AXES, (num_sentences, len(labels)), strict=True))
        entries = fields.object("entries")
        correct, predicted, gold = read_entries(entries, shape, ("correct", "predicted", "gold"))
        _check(entries, correct, predicted, gold)
        overall = correct.sum(axis=1)
        if fields.content.get("overall") is not None:
            shape.pop("label")
            (overall,) = read_entries(fields.object("overall"), shape, ("correct",))
            _check(fields.object("overall"), overall, predicted.sum(axis=1), gold.sum(axis=1))
        mode, digest = fields.text("mode"), fields.text("digest")
        if mode not in _COUNTED:
            fields.refuse("mode", f"one of {', '.join(_COUNTED)}", mode)
        if digest and not _DIGEST.fullmatch(digest):
            fields.refuse("digest", "the 64 hexadecimal digits of a SHA-256", digest)
        return cls(labels, correct, predicted.astype(np.int32), gold.astype(np.int32), overall, mode, digest)


def count_sentences(
    gold: ChunkSequences, predicted: ChunkSequences, *, mode: str = "strict", digest: str = ""
) -> SentenceCounts:
    """Counts the chunks of each sentence.

    Args:
        gold: chunks of each sentence, in order and apart.
        predicted: the same for the same sentences.
        mode: a key of `reading.MODES`, or `exact`. By chunks alone `conlleval` counts as `strict` does.
        digest: of what was judged.

    Raises:
        ConfigError: there is no such mode.
        DataError: the numbers of sentences differ.
    """
    if mode not in _COUNTED:
        raise ConfigError(f"mode: received {mode!r}, expected one of {', '.join(_COUNTED)}.")
    check_same_sentences(gold, predicted)
    labels = tuple(sorted({label for side in (gold, predicted) for chunks in side for _, _, label in chunks}))
    columns = {label: column for column, label in enumerate(labels)}
    num_gold, num_predicted = (_count_labels(side, columns) for side in (gold, predicted))
    correct = num_gold.astype(np.float32)
    overall = correct.sum(axis=1)
    for number, (right, found) in enumerate(zip(gold, predicted, strict=True)):
        if list(right) != list(found):
            overall[number] = _count_correct(right, found, mode)
            for label in {label for _, _, label in right}:
                correct[number, columns[label]] = _count_correct(_only(right, label), _only(found, label), mode)
    return SentenceCounts(labels, correct, num_predicted, num_gold, overall, mode, digest)


def _count_labels(sentences: ChunkSequences, columns: Mapping[str, int]) -> NDArray[np.int32]:
    """Number of chunks of each sentence and label, (sentences, labels)."""
    num_labels = len(columns)
    cells = [number * num_labels + columns[label] for number, own in enumerate(sentences) for _, _, label in own]
    counted = np.bincount(np.array(cells, np.int64), minlength=len(sentences) * num_labels)
    return counted.astype(np.int32).reshape(len(sentences), num_labels)


def _count_correct(gold: Sequence[Chunk], predicted: Sequence[Chunk], mode: str) -> float:
    if not gold or not predicted:
        return 0.0
    return count_correct(gold, predicted, mode) if mode in STRATEGIES else float(len({*gold}.intersection(predicted)))


def _only(chunks: Sequence[Chunk], label: str) -> list[Chunk]:
    return [chunk for chunk in chunks if chunk[2] == label]


def _digest(judged: Judged) -> str:
    """SHA-256 of the words and gold chunks of each sentence, a line each."""
    digest = hashlib.sha256()
    for sentence, chunks in zip(judged.sentences, judged.gold, strict=True):
        words = sentence.words
        lines = [str(len(words)), *words, *(f"{first} {end} {label}" for first, end, label in chunks), ""]
        digest.update("\n".join(lines).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _read_labels(fields: Fields) -> tuple[str, ...]:
    labels = fields.items("labels")
    if not all(isinstance(label, str) for label in labels) or labels != sorted({*labels}):
        fields.refuse("labels", "different strings in order", labels)
    return tuple(labels)


def _check(fields: Fields, correct: NDArray[Any], predicted: NDArray[Any], gold: NDArray[Any]) -> None:
    """Refuses counts that no chunks give."""
    if ((correct * 2) % 1).any() or (predicted % 1).any() or (gold % 1).any():
        fields.refuse("correct", "whole counts, or halves of correct ones", fields.content["correct"])
    if (correct > np.minimum(predicted, gold)).any():
        fields.refuse("correct", "at most as many as predicted and as gold ones", fields.content["correct"])
