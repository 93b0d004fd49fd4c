"""A dataset at a glance: what it is, how much of it, and what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tagloom.data.collecting import without_search_for_cycles
from tagloom.data.dataset import Dataset
from tagloom.data.quality.comparison import Comparison, compared, label_counts
from tagloom.data.quality.contents import Contents, Part, divided_contents
from tagloom.data.quality.lengths import Lengths
from tagloom.data.quality.problems import Problem, in_order, problems_of, problems_within
from tagloom.text import Sentence

NUM_MOST_FREQUENT = 10


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a dataset holds; `entities` are spans per label, the most frequent first."""

    num_documents: int
    num_sentences: int
    num_tokens: int
    entities: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "documents": self.num_documents,
            "sentences": self.num_sentences,
            "tokens": self.num_tokens,
            "entities": self.entities,
        }


@dataclass(frozen=True, slots=True)
class LabelSummary:
    """The entities of one label.

    Args:
        count: how many there are.
        num_surfaces: how many of them differ, as they are written.
        most_frequent: the first few of these, with how often each occurs.
        lengths: in words, of those that touch one.
    """

    count: int
    num_surfaces: int
    most_frequent: tuple[tuple[str, int], ...]
    lengths: Lengths

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "count": self.count,
            "surfaces": self.num_surfaces,
            "most_frequent": [list(each) for each in self.most_frequent],
            "lengths": self.lengths.to_json(),
        }


@dataclass(frozen=True, slots=True)
class PartSummary:
    """One part of a feature set.

    Args:
        counts: how much there is.
        comparison: what train has seen of it; None for train itself.
    """

    counts: Counts
    comparison: Comparison | None

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return self.counts.to_json() | ({} if self.comparison is None else {"in_train": self.comparison.to_json()})


@dataclass(frozen=True, slots=True)
class Summary:
    """What `tagloom data inspect` tells.

    Args:
        format: of its sources, several joined with `, `.
        scheme: of their tags, likewise; empty where they have spans.
        encoding: of their files, likewise.
        counts: how much there is.
        problems: what is wrong, as `kinds.KINDS` orders it.
        num_words: how many words differ, as they are written.
        num_bare_sentences: sentences in which no entity begins.
        sentence_lengths: in words.
        labels: each label's entities, the most frequent label first.
        parts: train, dev and test, where the data is divided.
    """

    format: str
    scheme: str
    encoding: str
    counts: Counts
    problems: tuple[Problem, ...]
    num_words: int
    num_bare_sentences: int
    sentence_lengths: Lengths
    labels: Mapping[str, LabelSummary]
    parts: Mapping[str, PartSummary] = field(default_factory=dict)

    @property
    def share_of_bare_sentences(self) -> float:
        """The share of sentences in which no entity begins, between 0 and 1."""
        return self.num_bare_sentences / max(1, self.counts.num_sentences)

    def to_json(self) -> dict[str, Any]:
        """As `data inspect --json` gives it."""
        return {
            "format": self.format,
            "scheme": self.scheme,
            "encoding": self.encoding,
            **self.counts.to_json(),
            "different_words": self.num_words,
            "sentences_without_entities": self.num_bare_sentences,
            "sentence_lengths": self.sentence_lengths.to_json(),
            "labels": {label: own.to_json() for label, own in self.labels.items()},
            "parts": {name: part.to_json() for name, part in self.parts.items()},
            "problems": [problem.to_json() for problem in self.problems],
        }


def summarise(dataset: Dataset) -> Summary:
    """What a dataset holds and what is wrong with it.

    Example:
        >>> from tagloom.text import Document, Span
        >>> twice = Dataset((Document("A D90", (Span(2, 5, "PNAME"),)), Document("A D90")))
        >>> [(problem.kind, problem.count) for problem in summarise(twice).problems]
        [('conflicting_texts', 1), ('rare_labels', 1), ('duplicate_sentences', 1)]
    """
    with without_search_for_cycles():
        return _summary(Contents.of(dataset), {})


def summarise_parts(parts: Mapping[str, Dataset]) -> Summary:
    """What the parts of a feature set hold together and each, and what is wrong in them and between them.

    Args:
        parts: by the names `train`, `dev` and `test`, in that order; those that there are.
    """
    with without_search_for_cycles():
        return _summary(*divided_contents(parts))


def counts_of(dataset: Dataset, sentences: Sequence[Sentence]) -> Counts:
    """How much there is of everything.

    Args:
        dataset: what to count.
        sentences: `dataset.sentences()`.
    """
    num_tokens = sum(len(sentence.tokens) for sentence in sentences)
    return Counts(len(dataset), len(sentences), num_tokens, dataset.entities)


def _summary(contents: Contents, parts: Mapping[str, Part]) -> Summary:
    dataset, entities = contents.dataset, contents.entities
    sources = dataset.sources
    with_entities = np.unique(contents.span_sentences[contents.span_sentences >= 0])
    return Summary(
        format=_joined(source.format for source in sources),
        scheme=_joined(source.scheme or "" for source in sources),
        encoding=_joined(source.encoding for source in sources),
        counts=Counts(len(dataset), len(contents.lengths), len(contents.words), entities.label_counts),
        problems=in_order([*problems_of(dataset, contents), *problems_within(contents, parts)]),
        num_words=len(contents.vocabulary),
        num_bare_sentences=len(contents.lengths) - len(with_entities),
        sentence_lengths=Lengths.of(contents.lengths),
        labels=_labels(contents),
        parts={name: _part_summary(contents, name, parts) for name in parts},
    )


def _labels(contents: Contents) -> dict[str, LabelSummary]:
    entities = contents.entities
    numbers = {label: number for number, label in enumerate(entities.counts)}
    labels = np.fromiter(map(numbers.__getitem__, entities.labels), np.int64, len(entities.labels))
    lengths = entities.end_words - entities.first_words
    return {
        label: LabelSummary(
            count=counts.total(),
            num_surfaces=len(counts),
            most_frequent=tuple(counts.most_common(NUM_MOST_FREQUENT)),
            lengths=Lengths.of(lengths[(labels == numbers[label]) & (lengths > 0)]),
        )
        for label, counts in entities.counts.items()
    }


def _part_summary(contents: Contents, name: str, parts: Mapping[str, Part]) -> PartSummary:
    part = parts[name]
    counts = Counts(
        part.documents.stop - part.documents.start,
        part.sentences.stop - part.sentences.start,
        part.words.stop - part.words.start,
        dict(label_counts(contents, part).most_common()),
    )
    is_judge = name != "train" and "train" in parts
    return PartSummary(counts, compared(contents, parts["train"], part) if is_judge else None)


def _joined(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(name for name in names if name))
