"""A dataset at a glance: what it is, how much of it, and what is wrong with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tagloom.data.dataset import Dataset
from tagloom.data.problems import Problem, problems_of
from tagloom.text import Sentence


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
class Summary:
    """What `tagloom data inspect` tells.

    Args:
        format: of its sources, several joined with `, `.
        scheme: of their tags, likewise; empty where they have spans.
        encoding: of their files, likewise.
        counts: how much there is.
        problems: what is wrong, as `problems.KINDS` orders it.
    """

    format: str
    scheme: str
    encoding: str
    counts: Counts
    problems: tuple[Problem, ...]

    def to_json(self) -> dict[str, Any]:
        """As `data inspect --json` gives it."""
        described = {"format": self.format, "scheme": self.scheme, "encoding": self.encoding}
        return described | self.counts.to_json() | {"problems": [problem.to_json() for problem in self.problems]}


def summarise(dataset: Dataset) -> Summary:
    """What a dataset holds and what is wrong with it.

    Example:
        >>> from tagloom.text import Document, Span
        >>> twice = Dataset((Document("A D90", (Span(2, 5, "PNAME"),)), Document("A D90")))
        >>> [(problem.kind, problem.count) for problem in summarise(twice).problems]
        [('duplicate_sentences', 1), ('conflicting_texts', 1)]
    """
    sentences = dataset.sentences()
    sources = dataset.sources
    return Summary(
        format=_joined(source.format for source in sources),
        scheme=_joined(source.scheme or "" for source in sources),
        encoding=_joined(source.encoding for source in sources),
        counts=counts_of(dataset, sentences),
        problems=problems_of(dataset, sentences),
    )


def counts_of(dataset: Dataset, sentences: Sequence[Sentence]) -> Counts:
    """How much there is of everything.

    Args:
        dataset: what to count.
        sentences: `dataset.sentences()`.
    """
    num_tokens = sum(len(sentence.tokens) for sentence in sentences)
    return Counts(len(dataset), len(sentences), num_tokens, dataset.entities)


def _joined(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(name for name in names if name))
