"""Whether spans that somebody wants fit a text, its project's labels and each other."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tagloom.text import Span
from tagloom.workbench.problems import Refused

_MOST_TOLD = 10
_SOMETHING = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class WantedSpan:
    """A span that somebody wants.

    Args:
        span: the span.
        text: what it is expected to hold; None where nothing is said.
    """

    span: Span
    text: str | None = None


Edges = tuple[int, int]
"""Start and end."""


def expect_fit(
    wanted: Sequence[WantedSpan],
    text: str,
    labels: Collection[str],
    *,
    present: Collection[Edges],
    may_overlap: bool = False,
) -> None:
    """Lets spans pass that fit.

    Args:
        wanted: all that a document is to have.
        text: of the document.
        labels: of the project.
        present: the edges of those that it has; they may overlap as they did when they came.
        may_overlap: whether new ones may overlap others, too.

    Raises:
        Refused: some do not, each with a pointer to it.
    """
    errors = [
        {"pointer": f"/spans/{place}{part}", "detail": detail}
        for place, part, detail in _faults(wanted, text, labels, None if may_overlap else present)
    ]
    if errors:
        told = f"{errors[0]['pointer']}: {errors[0]['detail']}"
        more = f" {len(errors) - 1} more do not fit." if len(errors) > 1 else ""
        raise Refused("wrong-spans", told + more, errors=errors[:_MOST_TOLD])


def _faults(
    wanted: Sequence[WantedSpan], text: str, labels: Collection[str], present: Collection[Edges] | None
) -> Iterator[tuple[int, str, str]]:
    """Place, part and what is wrong of each that does not fit."""
    seen: set[tuple[int, int, str]] = set()
    for place, each in enumerate(wanted):
        span = each.span
        if not 0 <= span.start < span.end <= len(text):
            yield place, "", f"expected 0 <= start < end <= {len(text)}, received {span.start} and {span.end}."
            continue
        if span.label not in labels:
            yield place, "/label", "expected a label of the project."
        if each.text is not None and not _is_at(each.text, text, span):
            yield place, "/text", f"expected what the document has from {span.start} to {span.end}."
        if _SOMETHING.search(text, span.start, span.end) is None:
            yield place, "", "expected more than blanks."
        key = (span.start, span.end, span.label)
        if key in seen:
            yield place, "", "received twice."
        seen.add(key)
    if present is not None:
        yield from ((place, "", "it overlaps another.") for place in _overlapping(wanted, present))


def _is_at(part: str, text: str, span: Span) -> bool:
    return len(part) == span.end - span.start and text.startswith(part, span.start)


def _overlapping(wanted: Sequence[WantedSpan], present: Collection[Edges]) -> list[int]:
    """The places of those that overlap another though they are new."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place].span.start)
    found: list[int] = []
    end_before = 0
    for place, following in zip(order, [*order[1:], None], strict=False):
        span = wanted[place].span
        is_over_next = following is not None and wanted[following].span.start < span.end
        if (end_before > span.start or is_over_next) and (span.start, span.end) not in present:
            found.append(place)
        end_before = max(end_before, span.end)
    return sorted(found)
