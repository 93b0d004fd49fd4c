"""Text with its entities marked: as HTML for notebooks, and as displaCy takes it.

Nothing that a text or a label says is taken for markup. Colours are translucent and letters keep the colour of their
surroundings, so that a marked text is legible on light and on dark; styles are inline, since notebooks may drop others.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any, Protocol
from zlib import crc32

from tagloom.wording import per_cent

MAX_CHARACTERS = 20_000
"""What is shown of one text; the rest is counted."""

COLOURS = ("#3b82c4", "#e0873e", "#4aa564", "#c9575b", "#8f73c5", "#a07455", "#d47fb8", "#8a8f98", "#b3ab3c", "#3fb0bf")
"""For what is told apart by colour; legible on white and on black."""

_TEXT_STYLE = "white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.9;unicode-bidi:plaintext"
_MARK_STYLE = (
    "color:inherit;border-radius:4px;padding:2px 4px;-webkit-box-decoration-break:clone;box-decoration-break:clone"
)
_LABEL_STYLE = "font-size:75%;font-weight:600;margin-inline-start:.4em;unicode-bidi:isolate"
_TINT, _EDGE = "40", "a0"  # how opaque, in hexadecimal


class Marking(Protocol):
    """A labelled stretch of a text, in code points; `text.Span` is one."""

    @property
    def start(self) -> int:
        """Code point where it begins."""
        ...

    @property
    def end(self) -> int:
        """Code point after its last."""
        ...

    @property
    def label(self) -> str:
        """What it is."""
        ...

    @property
    def score(self) -> float | None:
        """How sure that is, 0 to 1; None where nobody says."""
        ...


def marked_block(text: str, marks: Iterable[Marking]) -> str:
    """A text with its marks as a block of HTML that keeps the text's line breaks and its direction.

    Args:
        text: of it the first `MAX_CHARACTERS` are shown, and how much more there is.
        marks: in any order; they may overlap.
    """
    every = list(marks)
    if len(text) <= MAX_CHARACTERS:
        return _block(text, every)
    shown = [mark for mark in every if mark.start < MAX_CHARACTERS]
    left_out = f"{len(text) - MAX_CHARACTERS:,} more characters with {len(every) - len(shown):,} more entities"
    return f"{_block(text[:MAX_CHARACTERS], shown)}<div>… and {left_out}</div>"


def marked(text: str, marks: Iterable[Marking]) -> str:
    """A text with its marks as HTML that stands within a line: each entity, its label and its score.

    Args:
        text: the whole text.
        marks: in any order; they may overlap. What lies beyond the text is marked at its end.

    Example:
        >>> from tagloom.text import Span
        >>> plain = marked("R&D of the D90", [])
        >>> plain
        'R&amp;D of the D90'
        >>> "D90<span" in marked("R&D of the D90", [Span(11, 14, "PNAME")])
        True
    """
    return "".join(_pieces(text, sorted(marks, key=lambda mark: (mark.start, -mark.end))))


def displacy(text: str, marks: Iterable[Marking], title: str | None = None) -> dict[str, Any]:
    """What spaCy's `displacy.render(..., style="ent", manual=True)` takes.

    displaCy escapes a text but neither labels nor titles: they are escaped here.

    Args:
        text: the whole text.
        marks: in any order.
        title: above it.

    Example:
        >>> from tagloom.text import Span
        >>> displacy("A D90.", [Span(2, 5, "PNAME")])
        {'text': 'A D90.', 'ents': [{'start': 2, 'end': 5, 'label': 'PNAME'}], 'title': None}
    """
    ordered = sorted(marks, key=lambda mark: (mark.start, mark.end))
    entities = [{"start": mark.start, "end": mark.end, "label": escape(mark.label, quote=False)} for mark in ordered]
    return {"text": text, "ents": entities, "title": None if title is None else escape(title, quote=False)}


def _block(text: str, marks: Iterable[Marking]) -> str:
    return f'<div dir="auto" style="{_TEXT_STYLE}">{marked(text, marks)}</div>'


def _pieces(text: str, marks: Sequence[Marking]) -> Iterator[str]:
    """Runs of text between the edges of marks; a mark that crosses another is closed and opened again."""
    starting: dict[int, list[Marking]] = {}
    ends = []
    for mark in marks:
        starting.setdefault(_within(text, mark.start), []).append(mark)
        ends.append(_within(text, mark.end))
    open_marks: list[Marking] = []
    at = 0
    for edge in sorted({*starting, *ends, len(text)}):
        yield escape(text[at:edge])
        at = edge
        yield from _close(open_marks, text, edge)
        for mark in starting.get(edge, ()):
            yield _opening(mark)
            open_marks.append(mark)
        yield from _close(open_marks, text, edge)  # empty marks


def _close(open_marks: list[Marking], text: str, edge: int) -> Iterator[str]:
    ending = [place for place, mark in enumerate(open_marks) if _within(text, mark.end) <= edge]
    if not ending:
        return
    inner = open_marks[ending[0] :]
    for mark in reversed(inner):
        yield f"{_name(mark)}</mark>" if _within(text, mark.end) <= edge else "</mark>"
    going_on = [mark for mark in inner if _within(text, mark.end) > edge]
    yield from map(_opening, going_on)
    open_marks[ending[0] :] = going_on


def _within(text: str, place: int) -> int:
    return min(max(place, 0), len(text))


def _opening(mark: Marking) -> str:
    colour = COLOURS[crc32(mark.label.encode("utf-8", "surrogatepass")) % len(COLOURS)]
    return f'<mark style="background:{colour}{_TINT};box-shadow:inset 0 -2px {colour}{_EDGE};{_MARK_STYLE}">'


def _name(mark: Marking) -> str:
    score = "" if mark.score is None else f" {per_cent(mark.score)}"
    return f'<span style="{_LABEL_STYLE}">{escape(mark.label)}{score}</span>'
