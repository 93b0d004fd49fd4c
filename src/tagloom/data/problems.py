"""What is wrong with a dataset: noticed in reading, or found by a check here. Severity and advice are one table."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from tagloom.data.dataset import Dataset
from tagloom.data.findings import Finding, Findings, merged
from tagloom.text import Chunk, Sentence, without_overlaps

_EXAMPLE_LENGTH = 80

KINDS: Mapping[str, tuple[str, str]] = {
    "misaligned_spans": (
        "error",
        "These do not begin and end at the edges of words of one sentence, so that no tags can say them and training "
        "stops. Move their edges to words, or give the documents' tokens.",
    ),
    "ill_formed_tags": (
        "warning",
        "These tags break their scheme; they are read as conlleval does. Correct them, or keep that reading.",
    ),
    "empty_words": ("warning", "These rows have a tag and no word and are left out. Fill in the words."),
    "overlapping_spans": (
        "warning",
        "Tags cannot say these: of spans that overlap only the longest is learned. Remove or shorten the others.",
    ),
    "duplicate_sentences": (
        "warning",
        "These repeat an earlier sentence word for word. A split keeps equal sentences on one side; "
        "drop_duplicates keeps the first.",
    ),
    "conflicting_texts": ("warning", "These texts occur with different labels. Decide for one and correct the other."),
    "blank_sentences": ("info", "These lines are blank in both files and are left out. Nothing to do."),
}
"""Each kind of problem, in the report's order: how grave it is (`error`, `warning`, `info`), and what to do."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding with what to make of it.

    Args:
        finding: what was found, how often and where at first.
        severity: `error`, `warning` or `info`.
        advice: what to do.
    """

    finding: Finding
    severity: str
    advice: str

    @property
    def kind(self) -> str:
        """Its name, a row of `KINDS`."""
        return self.finding.kind

    @property
    def count(self) -> int:
        """How often."""
        return self.finding.count

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return self.finding.to_json() | {"severity": self.severity, "advice": self.advice}


def problems_of(dataset: Dataset, sentences: Sequence[Sentence]) -> tuple[Problem, ...]:
    """Everything that is wrong with a dataset, in the order of `KINDS`.

    Args:
        dataset: what to check.
        sentences: `dataset.sentences()`.
    """
    noticed = chain.from_iterable(source.findings for source in dataset.sources)
    checked = chain.from_iterable(check(dataset, sentences) for check in CHECKS)
    found = {finding.kind: finding for finding in merged(chain(noticed, checked))}
    return tuple(Problem(found[kind], *KINDS[kind]) for kind in KINDS if kind in found)


def misaligned_spans(dataset: Dataset, sentences: Sequence[Sentence]) -> Findings:  # noqa: ARG001 - one shape for all
    """Spans that `Sentence.chunks` refuses."""
    found = Findings()
    for sentence in sentences:
        starts = {token.start for token in sentence.tokens} if sentence.spans else set()
        ends = {token.end for token in sentence.tokens} if sentence.spans else set()
        for span in without_overlaps(sentence.spans):
            if span.start not in starts or span.end not in ends:
                words = _shortened(sentence.text[span.start : span.end])
                found.note(
                    "misaligned_spans",
                    f"document {sentence.document_id}: span {span.start}-{span.end} {words} = {span.label}",
                )
    return found


def overlapping_spans(dataset: Dataset, sentences: Sequence[Sentence]) -> Findings:  # noqa: ARG001 - one shape for all
    """Spans that are left out where tags are made, since a longer one overlaps them."""
    found = Findings()
    for document in dataset.documents:
        kept = without_overlaps(document.spans) if len(document.spans) > 1 else document.spans
        if len(kept) < len(document.spans):
            lost = [span for span in document.spans if span not in kept]
            examples = [f"document {document.id}: {document.text[one.start : one.end]} = {one.label}" for one in lost]
            found.note("overlapping_spans", *examples, count=len(document.spans) - len(kept))
    return found


def duplicate_sentences(dataset: Dataset, sentences: Sequence[Sentence]) -> Findings:  # noqa: ARG001 - one shape for all
    """Sentences that repeat an earlier one word for word."""
    found = Findings()
    seen: set[str] = set()
    for sentence in sentences:
        words = " ".join(sentence.words)
        if words in seen:
            found.note("duplicate_sentences", f"document {sentence.document_id}: {_shortened(words)}")
        seen.add(words)
    return found


def conflicting_texts(dataset: Dataset, sentences: Sequence[Sentence]) -> Findings:  # noqa: ARG001 - one shape for all
    """Texts that occur more than once and not always with the same spans."""
    by_words: defaultdict[str, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        by_words[" ".join(sentence.words)].append(sentence)
    found = Findings()
    for words, equal in by_words.items():
        readings = dict.fromkeys(_chunks(sentence) for sentence in equal) if len(equal) > 1 else {}
        if len(readings) > 1:
            told = " or ".join(_told(chunks, equal[0].words) for chunks in readings)
            found.note("conflicting_texts", f"{_shortened(words)}: {told}")
    return found


Check = Callable[[Dataset, Sequence[Sentence]], Findings]

CHECKS: tuple[Check, ...] = (misaligned_spans, overlapping_spans, duplicate_sentences, conflicting_texts)
"""What is looked for in a dataset that was read."""


def _chunks(sentence: Sentence) -> tuple[Chunk, ...]:
    """The spans in words, also of those that begin or end inside one."""
    starts = [token.start for token in sentence.tokens]
    ends = [token.end for token in sentence.tokens]
    within = (
        (bisect_right(starts, one.start) - 1, bisect_left(ends, one.end) + 1, one.label) for one in sentence.spans
    )
    return tuple(sorted(within))


def _told(chunks: Sequence[Chunk], words: Sequence[str]) -> str:
    return ", ".join(f"{' '.join(words[begin:end])} = {label}" for begin, end, label in chunks) or "no label"


def _shortened(text: str) -> str:
    return text if len(text) <= _EXAMPLE_LENGTH else text[: _EXAMPLE_LENGTH - 1] + "…"
