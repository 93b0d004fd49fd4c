"""A list of names and patterns with their labels, such as the products of a shop."""

import csv
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from tagloom import tokenize
from tagloom.data.filters.patterns import TIME_LIMIT, compiled
from tagloom.data.sources.source_text import open_text
from tagloom.data.weak_labels.normal_text import NormalText
from tagloom.errors import ConfigError, DataError

_HEADER = ("label", ("surface", "text", "name", "pattern", "entry"))
_BLANKS = " \t\r"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a gazetteer.

    Args:
        label: what its matches are.
        surface: the words as they are written, or a regular expression.
        line: where it stands, from 1.
        is_pattern: whether it is a regular expression.
    """

    label: str
    surface: str
    line: int
    is_pattern: bool = False

    def __str__(self) -> str:
        """As it is written in a file."""
        return f"/{self.surface}/" if self.is_pattern else self.surface


@dataclass(frozen=True)
class Gazetteer:
    """Entries, and how they are looked for.

    Args:
        name: of its file, without the folder.
        entries: in the order of their lines.
        ignore_case: whether `d90` fits what says `D90`.
        whole_words: whether a match begins and ends at the edges of words.
        time_limit: seconds that a regular expression may take on one document.
        surfaces: as texts are compared with them, each with the place of its entry.

    Raises:
        ConfigError: the time limit is not above 0.
        DataError: there is no entry, one is empty or no regular expression, or two with one surface differ in label.

    Example:
        >>> products = Gazetteer("products.txt", (Entry("PNAME", "Nikon D90", 1), Entry("PNAME", "D[0-9]+", 2, True)))
        >>> [str(entry) for entry in products.entries]
        ['Nikon D90', '/D[0-9]+/']
    """

    name: str
    entries: tuple[Entry, ...]
    ignore_case: bool = False
    whole_words: bool = True
    time_limit: float = TIME_LIMIT
    surfaces: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.time_limit > 0:
            raise ConfigError(f"time_limit: expected seconds above 0, received {self.time_limit}.")
        if not self.entries:
            raise DataError(f"{self.name}: expected names or patterns to look for, found none. Give some.")
        first_with: dict[tuple[str, bool], Entry] = {}
        for entry in self.entries:
            self._expect_one_label(entry, first_with.setdefault(self._key(entry), entry))
        if len(first_with) < len(self.entries):
            _log.warning("%s: %d entries repeat earlier ones", self.name, len(self.entries) - len(first_with))
        surfaces = {key: place for place, (key, is_pattern) in enumerate(first_with) if not is_pattern}
        object.__setattr__(self, "entries", tuple(first_with.values()))
        object.__setattr__(self, "surfaces", surfaces)

    @classmethod
    def read(
        cls,
        path: str | Path,
        *,
        label: str | None = None,
        ignore_case: bool = False,
        whole_words: bool = True,
        time_limit: float = TIME_LIMIT,
        encoding: str | None = None,
    ) -> "Gazetteer":
        """The gazetteer of a file, packed as zip, gz or xz or not.

        A line is a label, a tab and a surface, or a label, a tab and a regular expression between slashes; in a table
        (`.csv`) two columns, the label first unless a header says otherwise; with `label` the surface alone. What
        begins with `#` is left out, and so are blank lines.

        Args:
            path: of the file.
            label: of all entries, where the file has none.
            ignore_case: whether `d90` fits what says `D90`.
            whole_words: whether a match begins and ends at the edges of words.
            time_limit: seconds that a regular expression may take on one document.
            encoding: of the file; None takes a byte order mark's, else UTF-8, else cp1252.

        Raises:
            DataError: the file is not there, or a line is none of these.
            ConfigError: the label is empty, or the time limit is not above 0.
        """
        if label is not None and not label.strip():
            raise ConfigError("label: expected a name such as PNAME, received none.")
        text = open_text(path, encoding)
        is_table = any(part.lower() == ".csv" for part in PurePath(text.name).suffixes)
        rows = _table_rows(text.lines(), text.name) if is_table else _rows(text.lines())
        entries = tuple(_entry(cells, line, text.name, label) for line, cells in rows)
        name = PurePath(str(path)).name
        return cls(name, entries, ignore_case=ignore_case, whole_words=whole_words, time_limit=time_limit)

    def _key(self, entry: Entry) -> tuple[str, bool]:
        """What is the same in entries that say the same; checks the entry."""
        place = f"{self.name}:{entry.line}"
        key = entry.surface
        if entry.is_pattern:
            try:
                compiled(entry.surface, ignore_case=self.ignore_case)
            except ValueError as error:
                raise DataError(
                    f"{place}: expected a regular expression between slashes, received {entry} ({error}). Correct it."
                ) from error
        else:
            key = NormalText.of(entry.surface, tokenize.tokens(entry.surface), ignore_case=self.ignore_case).text
        if not entry.label.strip() or not key:
            raise DataError(f"{place}: expected a label and a surface, received {entry.label!r} and {str(entry)!r}.")
        return key, entry.is_pattern

    def _expect_one_label(self, entry: Entry, earlier: Entry) -> None:
        if earlier.label != entry.label:
            raise DataError(
                f"{self.name}:{entry.line}: expected one label for {str(entry)!r}, received {entry.label}, and "
                f"{earlier.label} in line {earlier.line}. Keep one of the two lines."
            )


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line, with its number."""
    for number, line in enumerate(lines, start=1):
        if line.strip(_BLANKS) and not line.startswith("#"):
            yield number, line.strip(_BLANKS).split("\t")


def _table_rows(lines: Iterable[str], name: str) -> Iterator[tuple[int, list[str]]]:
    """Each row of a table with its number, the label first, without the header."""
    reader = csv.reader(lines, strict=True)
    order = (0, 1)
    try:
        for position, cells in enumerate(reader):
            header = _order(cells) if position == 0 else None
            if header is not None:
                order = header
            elif any(cell.strip(_BLANKS) for cell in cells) and not cells[0].startswith("#"):
                yield reader.line_num, [cells[place] for place in order] if len(cells) == 2 else cells
    except csv.Error as error:
        raise DataError(f"{name}:{reader.line_num}: expected a table, received a row that is none: {error}.") from error


def _order(cells: Sequence[str]) -> tuple[int, int] | None:
    """The places of label and surface where a row names them."""
    names = [cell.strip(_BLANKS).lower() for cell in cells]
    label, surfaces = _HEADER
    if len(names) == 2 and label in names and names[1 - names.index(label)] in surfaces:
        return names.index(label), 1 - names.index(label)
    return None


def _entry(cells: Sequence[str], line: int, name: str, label: str | None) -> Entry:
    expected = 2 if label is None else 1
    if len(cells) != expected:
        wanted = "a label and a surface" if label is None else f"a surface alone, since each is {label}"
        remedy = "Part them by a tab, or give one label for all." if label is None else "Leave out the label."
        raise DataError(f"{name}:{line}: expected {wanted}, received {len(cells)} cells: {cells}. {remedy}")
    own, surface = cells[0] if label is None else label, cells[-1].strip(_BLANKS)
    is_pattern = len(surface) > 2 and surface.startswith("/") and surface.endswith("/")
    return Entry(own.strip(_BLANKS), surface[1:-1] if is_pattern else surface, line, is_pattern)
