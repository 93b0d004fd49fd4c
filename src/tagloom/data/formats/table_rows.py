"""Rows of a table, read by the standard library's csv module: its header, then some rows at a time."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from tagloom.data.formats.format import Column
from tagloom.data.sources.source_text import SourceText
from tagloom.errors import DataError

if TYPE_CHECKING:
    import _csv

Names = Mapping[str, Sequence[str]]
"""By what a column is, its names in lower case and without blanks and signs; the first that is found counts."""

_CHUNK = 2_000
DELIMITERS = ",\t;"


@dataclass(frozen=True, slots=True)
class Header:
    """The first row of a table.

    Args:
        names: of its columns.
        delimiter: what parts the cells.
        places: where what is looked for is, by the kinds of its `Names`; what is absent is not in it.
    """

    names: tuple[str, ...]
    delimiter: str
    places: Mapping[str, int]

    @property
    def further(self) -> dict[str, int]:
        """The other columns; one without a name of its own is called by its place, from 1."""
        others = [place for place in range(len(self.names)) if place not in self.places.values()]
        return {self._name(place): place for place in others}

    def _name(self, place: int) -> str:
        name = self.names[place]
        return name if name and self.names.count(name) == 1 else f"column {place + 1}"


def header_of(text: SourceText, names: Names, told: Mapping[str, Column]) -> Header:
    """The first row, parted by the delimiter that finds the most of what is looked for.

    Args:
        text: the table.
        names: of what is looked for.
        told: columns that the caller names, by place or name.
    """
    line = text.beginning().partition("\n")[0].removesuffix("\r")
    headers = [_divided(line, delimiter, names, told) for delimiter in DELIMITERS]
    return max(headers, key=lambda header: (len(header.places), len(header.names)))


def _divided(line: str, delimiter: str, names: Names, told: Mapping[str, Column]) -> Header:
    cells = tuple(line.split(delimiter)) if '"' not in line else _quoted_cells(line, delimiter)
    found = {kind: _place(cells, wanted, told.get(kind)) for kind, wanted in names.items()}
    return Header(cells, delimiter, {kind: place for kind, place in found.items() if place is not None})


def _quoted_cells(line: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader([line], delimiter=delimiter)))
    except csv.Error:
        return ()


def _place(cells: Sequence[str], names: Sequence[str], told: Column | None) -> int | None:
    if isinstance(told, int):
        return told % len(cells) if -len(cells) <= told < len(cells) else None
    wanted = (told,) if told is not None else names
    simple = [simplified(cell) for cell in cells]
    return next((simple.index(simplified(name)) for name in wanted if simplified(name) in simple), None)


def simplified(name: str) -> str:
    """A column's name as it is looked for: in lower case, without blanks and signs."""
    return re.sub(r"[\W_]+", "", name).lower()


def rows_of(text: SourceText, header: Header) -> Iterator[tuple[list[list[str]], Sequence[int]]]:
    """Some thousands of rows at a time, those that are not blank, and the line in which each ends, from 1.

    Raises:
        DataError: a row cannot be read, or is not as wide as the first.
    """
    reader = _reader(text, header)
    width = len(header.names)
    try:
        next(reader)
        line = reader.line_num
        while rows := list(islice(reader, _CHUNK)):
            lines = _lines(rows, line, reader.line_num)
            line = reader.line_num
            if not {width}.issuperset(map(len, rows)):
                rows, lines = _filled(rows, lines, width, text.name)
            if rows:
                yield rows, lines
    except csv.Error as error:
        reason = str(error).partition(" - ")[0]  # behind it stands advice to programmers
        raise DataError(
            f"{text.name}:{reader.line_num}: expected a row of a table, received one that cannot be read ({reason}). "
            "Correct its quotes and line end."
        ) from error


def _reader(text: SourceText, header: Header) -> "_csv.Reader":
    return csv.reader(
        io.StringIO(text.text, newline="\n"),
        delimiter=header.delimiter,
        quoting=csv.QUOTE_NONE if _quotes_are_words(text, header) else csv.QUOTE_MINIMAL,
        strict=True,
    )


def _lines(rows: Sequence[Sequence[str]], before: int, last: int) -> Sequence[int]:
    """The line in which each row ends: cells may hold line ends."""
    if last - before == len(rows):
        return range(before + 1, last + 1)
    return list(accumulate((1 + sum(cell.count("\n") for cell in row) for row in rows), initial=before))[1:]


def _filled(
    rows: list[list[str]], lines: Sequence[int], width: int, table: str
) -> tuple[list[list[str]], Sequence[int]]:
    """Rows without the blank ones; none may be of another width."""
    for row, line in zip(rows, lines, strict=True):
        if row and len(row) != width:
            raise DataError(
                f"{table}:{line}: expected {width} columns, as in the first row, received {len(row)}. "
                "Correct the row, or put quotes round the delimiters in it."
            )
    return [row for row in rows if row], [line for row, line in zip(rows, lines, strict=True) if row]


def _quotes_are_words(text: SourceText, header: Header) -> bool:
    """Whether a TSV has quotes as words, not around cells: then some line has an odd number of them."""
    return header.delimiter == "\t" and any(line.count('"') % 2 for line in text.lines())


def table_of(rows: Iterable[Sequence[str]]) -> str:
    """Comma-separated rows."""
    content = io.StringIO(newline="")
    csv.writer(content).writerows(rows)
    return content.getvalue()
