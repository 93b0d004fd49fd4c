"""Character spans onto words: exactly, or widened, narrowed, left out, refused, as the user says."""

import logging
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tagloom import tokenize
from tagloom.data.dataset import Dataset
from tagloom.data.findings import Finding, Findings, shortened, told_span
from tagloom.errors import ConfigError, DataError
from tagloom.text import Document, Span, Token

EXPAND, SHRINK, SKIP, FAIL = "expand", "shrink", "skip", "fail"
ALIGNMENTS: Mapping[str, str] = {
    EXPAND: "widened to the words that they touch",
    SHRINK: "narrowed to the words that lie in them whole",
    SKIP: "left out",
    FAIL: "an error",
}
"""What may become of spans that do not begin and end at the edges of words."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Aligned:
    """A dataset whose spans begin and end at the edges of words.

    Args:
        dataset: the same documents.
        findings: what had to be done for it: `misaligned_spans`, `wordless_spans`, `crossing_spans`.
    """

    dataset: Dataset
    findings: tuple[Finding, ...]

    def warn(self) -> None:
        """Logs what had to be done, a warning a kind with its first example."""
        for finding in self.findings:
            kind, first = finding.kind.replace("_", " "), next(iter(finding.examples), "")
            _log.warning("%s %s, the first: %s", f"{finding.count:,}", kind, first)


def align(dataset: Dataset, how: str = EXPAND) -> Aligned:
    """Moves the edges of spans to those of words.

    Args:
        dataset: any; documents without words of their own are divided by the tokenizer.
        how: one of `ALIGNMENTS`.

    Raises:
        ConfigError: there is no such alignment.
        DataError: a span does not fit and `how` is `fail`.

    Example:
        >>> from tagloom.text import Document, Span
        >>> dataset = Dataset((Document("A D90s", (Span(2, 5, "PNAME"),), id="7"),))
        >>> aligned = align(dataset)
        >>> aligned.dataset.documents[0].spans[0].end, aligned.findings[0].examples
        (6, ("document 7: 2-5 'D90' = PNAME widened to 'D90s'",))
    """
    check_alignment(how)
    findings = Findings()
    documents = tuple([align_document(document, how, findings) for document in dataset.documents])
    return Aligned(replace(dataset, documents=documents), tuple(findings))


def check_alignment(how: str) -> None:
    """Raises ConfigError where there is no such alignment."""
    if how not in ALIGNMENTS:
        raise ConfigError(f"align: expected one of {', '.join(ALIGNMENTS)}, received {how!r}.")


def align_document(document: Document, how: str, findings: Findings) -> Document:
    """The document with its spans at the edges of words; what was done is noted.

    Raises:
        DataError: a span does not fit and `how` is `fail`.
    """
    if not document.spans:
        return document
    tokens = tokenize.tokens(document.text) if document.tokens is None else document.tokens
    words = _Words(document, tokens, how, findings)
    spans = tuple([moved for span in document.spans if (moved := words.aligned(span)) is not None])
    return document if spans == document.spans else replace(document, spans=spans)


class _Words:
    """The words of a document, as spans are moved onto them."""

    def __init__(self, document: Document, tokens: Sequence[Token], how: str, findings: Findings) -> None:
        self._document, self._how, self._findings = document, how, findings
        self._starts = [token.start for token in tokens]
        self._ends = [token.end for token in tokens]
        self._sentence_ends = [last for _, last in document.sentence_bounds or ()]

    def aligned(self, span: Span) -> Span | None:
        """The span at the edges of words; None where it has no place there."""
        first, last = bisect_right(self._ends, span.start), bisect_left(self._starts, span.end) - 1
        if first > last:
            self._leave_out("wordless_spans", span, "covers no word")
            return None
        moved = span
        if self._starts[first] != span.start or self._ends[last] != span.end:
            found = self._moved(span, first, last)
            if found is None:
                return None
            moved, first, last = found
        if bisect_right(self._sentence_ends, first) != bisect_right(self._sentence_ends, last):
            self._leave_out("crossing_spans", span, "runs over the end of a sentence")
            return None
        return moved

    def _moved(self, span: Span, first: int, last: int) -> tuple[Span, int, int] | None:
        if self._how in (SKIP, FAIL):
            self._leave_out("misaligned_spans", span, "does not begin and end at the edges of words")
            return None
        if self._how == SHRINK:
            first += self._starts[first] < span.start
            last -= self._ends[last] > span.end
            if first > last:
                self._leave_out("wordless_spans", span, "holds no word whole")
                return None
        moved = replace(span, start=self._starts[first], end=self._ends[last])
        stretch = shortened(self._document.text[moved.start : moved.end])
        verb = "narrowed" if self._how == SHRINK else "widened"
        self._findings.note("misaligned_spans", f"{self._named(span)} {verb} to {stretch!r}")
        return moved, first, last

    def _leave_out(self, kind: str, span: Span, why: str) -> None:
        if self._how == FAIL:
            raise DataError(
                f"{self._named(span)} {why}. Move its edges, or choose another alignment "
                f"({', '.join(name for name in ALIGNMENTS if name != FAIL)})."
            )
        self._findings.note(kind, f"{self._named(span)} {why}, left out")

    def _named(self, span: Span) -> str:
        return told_span(span, self._document.text, self._document.id)
