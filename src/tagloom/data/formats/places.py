"""Offsets that a browser counted, to code points: by the text that a source says stands there."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from tagloom.data.findings import Findings
from tagloom.data.formats.spans import note_wrong_text
from tagloom.text import Span

_LAST_OF_ONE_UNIT = "\uffff"


class Places:
    """Where in a text stretches are whose offsets may count UTF-16 units, or whose end may count in.

    Args:
        text: of the document.
        document_id: what findings call it.
        findings: takes `shifted_spans`, and `wrong_span_texts` where no way of counting fits.

    Example:
        >>> found = Findings()
        >>> Places("🎉 Sony", "7", found).place(3, 7, "Sony")
        (2, 6)
        >>> [finding.kind for finding in found]
        ['shifted_spans']
    """

    def __init__(self, text: str, document_id: str, findings: Findings) -> None:
        self._text, self._document_id, self._findings = text, document_id, findings

    def place(self, start: int, end: int, told: Any) -> tuple[int, int]:
        """The code points of a stretch: the first way of counting that leads to the text that was told.

        Args:
            start: as the source counts.
            end: as the source counts.
            told: the text; without one the offsets are believed to be code points.
        """
        if not isinstance(told, str) or not told:
            return start, end
        ways = [way for way in self._ways(start, end) if 0 <= way[0] <= way[1] <= len(self._text)]
        exactly = [way for way in ways if self._text[way[0] : way[1]] == told]
        loosely = [way for way in ways if _loose(self._text[way[0] : way[1]]) == _loose(told)]
        place = next(iter([*exactly, *loosely]), None)
        if place is None:
            note_wrong_text(told, Span(start, end, ""), self._text, self._document_id, self._findings)
            return start, end
        if place != (start, end):
            example = f"document {self._document_id}: {start}-{end} is {told[:60]!r} at {place[0]}-{place[1]}"
            self._findings.note("shifted_spans", example)
        return place

    def _ways(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The ways of counting, the most usual first."""
        yield start, end
        units = self._code_points
        if start in units and end in units:
            yield units[start], units[end]
        yield start, end + 1
        if start in units and end + 1 in units:
            yield units[start], units[end + 1]

    @cached_property
    def _code_points(self) -> dict[int, int]:
        """The code point at each UTF-16 unit where one begins; none where all texts count alike."""
        if not self._text or max(self._text) <= _LAST_OF_ONE_UNIT:
            return {}
        units: dict[int, int] = {}
        unit = 0
        for place, character in enumerate(self._text):
            units[unit] = place
            unit += 1 + (character > _LAST_OF_ONE_UNIT)
        units[unit] = len(self._text)
        return units


def _loose(text: str) -> str:
    """A text as a browser may have told it: its blanks changed, its line ends written out."""
    return " ".join(text.replace("\\n", " ").split())
