"""What a list shows of a text: its beginning, or the surroundings of what was searched for."""

from collections.abc import Sequence
from dataclasses import dataclass

from tagloom.text import Span
from tagloom.workbench.documents.new_documents import folded

LENGTH = 300
"""Characters of an excerpt."""

BEFORE = 80
"""Characters before what was searched for."""

_MOST_HITS = 20


@dataclass(frozen=True, slots=True)
class ExcerptSpan:
    """A stretch of an excerpt that is labelled.

    Args:
        start: where it begins in the excerpt, in code points.
        end: where it ends.
        label: of it.
    """

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Part of a text.

    Args:
        text: that part.
        start: where it begins in the whole, in code points.
        spans: that it has a part of, cut at its edges.
        hits: where in it what was searched for stands: start and end.
    """

    text: str
    start: int
    spans: list[ExcerptSpan]
    hits: list[tuple[int, int]]


def excerpt_of(text: str, start: int, spans: Sequence[Span], search: str = "") -> Excerpt:
    """An excerpt.

    Args:
        text: a part of the document's text.
        start: where that part begins in the whole.
        spans: of the document.
        search: what was searched for.
    """
    own = [
        ExcerptSpan(max(0, span.start - start), min(len(text), span.end - start), span.label)
        for span in spans
        if span.end > start and span.start < start + len(text)
    ]
    return Excerpt(text, start, own, hits_in(text, search))


def hits_in(text: str, search: str) -> list[tuple[int, int]]:
    """Where in a text what was searched for stands, in the text's own code points.

    Example:
        >>> hits_in("Die Straße, die STRASSE", "strasse")
        [(4, 10), (16, 23)]
    """
    wanted, within = folded(search), folded(text)
    found: list[tuple[int, int]] = []
    place = within.find(wanted) if wanted else -1
    while place >= 0 and len(found) < _MOST_HITS:
        found.append((_unfolded(text, place), _unfolded(text, place + len(wanted), is_end=True)))
        place = within.find(wanted, place + len(wanted))
    return found


def _unfolded(text: str, place: int, *, is_end: bool = False) -> int:
    """The place in a text that becomes one in the folded text; within a character its beginning, or its end."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high) // 2
        if len(folded(text[:middle])) < place + (not is_end):
            low = middle + 1
        else:
            high = middle
    return low if is_end else max(0, low - 1)
