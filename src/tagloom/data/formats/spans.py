"""Character spans as a source has them to spans that a document can hold: what cannot be is left out and said."""

from collections.abc import Iterable
from typing import Any

from tagloom.data.findings import Findings, shortened, told_span
from tagloom.text import Span


def checked_spans(spans: Iterable[Span], text: str, document_id: str, findings: Findings) -> tuple[Span, ...]:
    """The spans in order, without those that are empty, out of range or said twice.

    Args:
        spans: as the source has them.
        text: of the document.
        document_id: what findings call it.
        findings: takes `out_of_range_spans`, `empty_spans`, `duplicate_spans`, `unsorted_spans`, `blank_edged_spans`.

    Example:
        >>> found = Findings()
        >>> spans = Span(2, 5, "B"), Span(0, 1, "A"), Span(4, 9, "C")
        >>> [span.label for span in checked_spans(spans, "A D90", "7", found)]
        ['A', 'B']
        >>> [(finding.kind, finding.count) for finding in found]
        [('out_of_range_spans', 1), ('unsorted_spans', 1)]
    """
    kept: dict[tuple[int, int, str], Span] = {}
    for span in spans:
        key = span.start, span.end, span.label
        kind = "duplicate_spans" if key in kept else _fault(span, text)
        if kind is not None:
            findings.note(kind, f"{told_span(span, text, document_id)} (of {len(text)} characters)")
        if kind is None or kind == "blank_edged_spans":
            kept[key] = span
    in_order = sorted(kept.values(), key=lambda span: (span.start, span.end))
    if in_order != list(kept.values()):
        findings.note("unsorted_spans", f"document {document_id}")
    return tuple(in_order)


def note_wrong_text(told: Any, span: Span, text: str, document_id: str, findings: Findings) -> None:
    """Notes `wrong_span_texts` where a source says of a span another text than stands there."""
    found = text[max(0, span.start) : max(0, span.end)]
    if isinstance(told, str) and told != found:
        contrast = f"is {shortened(found)!r}, not {shortened(told)!r}"
        findings.note("wrong_span_texts", f"document {document_id}: {span.start}-{span.end} {contrast}")


def is_proposed(span: Span) -> bool:
    """Whether something proposed it, and no person has said yes to it."""
    return span.origin is not None or span.score is not None


def _fault(span: Span, text: str) -> str | None:
    if not 0 <= span.start <= span.end <= len(text):
        return "out_of_range_spans"
    if span.start == span.end:
        return "empty_spans"
    return "blank_edged_spans" if text[span.start].isspace() or text[span.end - 1].isspace() else None
