"""A report: every figure of one evaluation, and its JSON."""

import reprlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tagloom.errors import DataError, SchemeError
from tagloom.evaluation.counts import Counts, check_same_sentences, count
from tagloom.evaluation.reading import count_ill_formed, read_chunks, reading
from tagloom.evaluation.scores import Score, macro, micro, score
from tagloom.evaluation.tokens import TokenAccuracy, token_accuracy
from tagloom.schemes import BIO, Scheme
from tagloom.text import Chunk

TagSequences = Sequence[Sequence[str]]
ChunkSequences = Sequence[Sequence[Chunk]]

_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "an object": Mapping,
    "a string": str,
    "a whole number": int,
    "a figure between 0 and 1": (float, int),
}


@dataclass(frozen=True, slots=True)
class IllFormed:
    """Number of tags that break their scheme's rules, on each side."""

    gold: int = 0
    predicted: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Every figure of one evaluation.

    Args:
        mode: how chunks were read and compared, a key of `reading.MODES`.
        labels: the score of each label that is gold or predicted, in order.
        micro: the score over all chunks; its F1 is the headline in mode `strict`.
        macro: the mean over labels.
        tokens: how often a word's tag is right.
        sentences: number of sentences.
        ill_formed: number of tags that break their scheme's rules.

    Example:
        >>> report = evaluate_tags([["B-PNAME", "I-PNAME", "O"]], [["B-PNAME", "I-PNAME", "B-PNAME"]], scheme=BIO)
        >>> report.micro
        Score(precision=0.5, recall=1.0, f1=0.6666666666666666, support=1)
        >>> Report.from_json(report.to_json()) == report
        True
    """

    mode: str
    labels: Mapping[str, Score]
    micro: Score
    macro: Score
    tokens: TokenAccuracy
    sentences: int
    ill_formed: IllFormed = IllFormed()

    def rows(self) -> list[tuple[str, Score]]:
        """What a table shows, a name and its score a row: the labels in order, then `micro` and `macro`."""
        return [*self.labels.items(), ("micro", self.micro), ("macro", self.macro)]

    def to_json(self) -> dict[str, Any]:
        """The report as a JSON object; a key is a field, all the way down."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Report":
        """The report that `to_json` gave; keys that it does not know are left out.

        Raises:
            DataError: a field is missing, or is not a figure of its kind.
        """
        tokens, ill_formed = _field(content, "tokens", "an object"), _field(content, "ill_formed", "an object")
        labels = _field(content, "labels", "an object")
        return cls(
            mode=_field(content, "mode", "a string"),
            labels={label: _score(labels, label) for label in labels},
            micro=_score(content, "micro"),
            macro=_score(content, "macro"),
            tokens=TokenAccuracy(_share(tokens, "accuracy"), _number(tokens, "count")),
            sentences=_number(content, "sentences"),
            ill_formed=IllFormed(_number(ill_formed, "gold"), _number(ill_formed, "predicted")),
        )


def evaluate_tags(
    gold_tags: TagSequences, predicted_tags: TagSequences, *, scheme: Scheme, mode: str = "strict"
) -> Report:
    """Judges predicted tags by gold tags.

    Mode `strict` equals seqeval's strict mode, `conlleval` equals seqeval's default and the conlleval script.

    Args:
        gold_tags: one tag a word, for each sentence.
        predicted_tags: the same for the same sentences.
        scheme: what both are written in.
        mode: a key of `reading.MODES`.

    Raises:
        ConfigError: there is no such mode.
        DataError: the numbers of sentences, or of words of a sentence, differ.
        SchemeError: a tag is not of the form that any scheme has.
    """
    _check_same_words(gold_tags, predicted_tags)
    gold = read_chunks(gold_tags, scheme=scheme, mode=mode, side="gold")
    predicted = read_chunks(predicted_tags, scheme=scheme, mode=mode, side="predicted")
    return _report(
        count(gold, predicted),
        mode=mode,
        tokens=token_accuracy(gold_tags, predicted_tags),
        sentences=len(gold),
        ill_formed=IllFormed(count_ill_formed(gold_tags, scheme), count_ill_formed(predicted_tags, scheme)),
    )


def evaluate_chunks(
    gold_chunks: ChunkSequences,
    predicted_chunks: ChunkSequences,
    lengths: Sequence[int],
    *,
    mode: str = "strict",
    ill_formed: IllFormed = IllFormed(),
) -> Report:
    """Judges predicted chunks by gold chunks; whoever read them from tags did so in the mode.

    Args:
        gold_chunks: chunks of each sentence, in order and apart.
        predicted_chunks: the same for the same sentences.
        lengths: number of words of each sentence; token accuracy is that of the BIO tags which the chunks give.
        mode: a key of `reading.MODES`, noted in the report.
        ill_formed: tags that broke their scheme where the chunks were read from tags, noted in the report.

    Raises:
        ConfigError: there is no such mode.
        DataError: the numbers of sentences differ, or chunks overlap, are out of order or beyond their sentence.

    Example:
        >>> evaluate_chunks([[(0, 2, "PNAME")]], [[(0, 1, "PNAME")]], [4]).tokens
        TokenAccuracy(accuracy=0.75, count=4)
    """
    reading(mode)
    check_same_sentences(gold_chunks, predicted_chunks)
    if len(lengths) != len(gold_chunks):
        raise DataError(
            f"lengths: expected one for each of {len(gold_chunks)} sentences, received {len(lengths)}. "
            "Give the number of words of every sentence."
        )
    gold_tags = _encode(gold_chunks, lengths, side="gold")
    predicted_tags = _encode(predicted_chunks, lengths, side="predicted")
    return _report(
        count(gold_chunks, predicted_chunks),
        mode=mode,
        tokens=token_accuracy(gold_tags, predicted_tags),
        sentences=len(lengths),
        ill_formed=ill_formed,
    )


def _report(
    counts: Mapping[str, Counts], *, mode: str, tokens: TokenAccuracy, sentences: int, ill_formed: IllFormed
) -> Report:
    return Report(
        mode=mode,
        labels={label: score(one) for label, one in counts.items()},
        micro=micro(counts),
        macro=macro(counts),
        tokens=tokens,
        sentences=sentences,
        ill_formed=ill_formed,
    )


def _check_same_words(gold_tags: TagSequences, predicted_tags: TagSequences) -> None:
    check_same_sentences(gold_tags, predicted_tags)
    for number, (gold, predicted) in enumerate(zip(gold_tags, predicted_tags, strict=True), start=1):
        if len(gold) != len(predicted):
            raise DataError(
                f"sentence {number}: expected {len(gold)} predicted tags for {len(gold)} gold ones, "
                f"received {len(predicted)}. Give one tag a word on both sides, or remove the sentence from both."
            )


def _encode(sentences: ChunkSequences, lengths: Sequence[int], *, side: str) -> list[list[str]]:
    tags: list[list[str]] = []
    for number, (chunks, length) in enumerate(zip(sentences, lengths, strict=True), start=1):
        try:
            tags.append(BIO.encode(chunks, length))
        except SchemeError as error:
            raise DataError(f"sentence {number}, {side} chunks: {error}") from error
    return tags


def _score(content: Mapping[str, Any], key: str) -> Score:
    figures = _field(content, key, "an object")
    precision, recall, f1 = (_share(figures, name) for name in ("precision", "recall", "f1"))
    return Score(precision, recall, f1, _number(figures, "support"))


def _share(content: Mapping[str, Any], key: str) -> float:
    value: float = _field(content, key, "a figure between 0 and 1")
    if not 0 <= value <= 1:
        raise _unexpected(key, "a figure between 0 and 1", value)
    return float(value)


def _number(content: Mapping[str, Any], key: str) -> int:
    value: int = _field(content, key, "a whole number")
    if value < 0:
        raise _unexpected(key, "a whole number, 0 or more", value)
    return value


def _field(content: Mapping[str, Any], key: str, kind: str) -> Any:
    value = content.get(key) if isinstance(content, Mapping) else content
    if not isinstance(value, _KINDS[kind]):
        raise _unexpected(key, kind, value)
    return value


def _unexpected(key: str, expected: str, received: object) -> DataError:
    return DataError(f"report: {key}: expected {expected}, received {reprlib.repr(received)}. Evaluate anew.")
