"""Tables: CSV, TSV and their like, a word a row, read by the standard library's csv module."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from tagloom.data.findings import Findings
from tagloom.data.formats.carrying import Carries
from tagloom.data.formats.cells import Cells
from tagloom.data.formats.format import COLUMNS, Column, Options, Piece, Reading, TextFormat, Writing
from tagloom.data.formats.further import FurtherColumns
from tagloom.data.formats.tagged import TaggedBatch, read_tagged, worded
from tagloom.data.formats.tagging import tagged_documents
from tagloom.data.formats.tags import looks_like_tag
from tagloom.data.sources.source_text import SourceText
from tagloom.errors import ConfigError, DataError
from tagloom.text import Document

if TYPE_CHECKING:
    import _csv

_CHUNK = 2_000
DELIMITERS = ",\t;"
NAMES: Mapping[str, tuple[str, ...]] = {
    "sentence": ("sentence", "sentenceid", "sentid", "sentenceidx", "sentencenumber", "sentenceno", "sent"),
    "word": ("word", "words", "token", "tokens", "form"),
    "tag": ("tag", "tags", "nertag", "nertags", "ner", "label", "labels", "nerlabel", "bio", "iob", "entity"),
}
"""Names of the three columns, in lower case and without blanks and signs; the first that is found counts."""


@dataclass(frozen=True, slots=True)
class Header:
    """The first row of a table.

    Args:
        names: of its columns.
        delimiter: what parts the cells.
        places: where the sentence, the word and the tag are, by those words; what is absent is not in it.
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


class Tables(TextFormat):
    """A header, then a word a row: the sentence's name, the word, its tag and any further columns.

    The sentence's name stands on its first row (Kaggle's corpus) or on each of its rows.
    """

    name = "csv"
    summary = "a CSV or TSV table with a sentence, a word and a tag column"
    suffixes = (".csv",)
    carries = Carries(words=True, ids=True, columns=True, source_tags=True)

    def recognises(self, texts: Sequence[SourceText], options: Options) -> bool:
        """Whether the first line names a column that is known, and has no tag."""
        header = _header(texts[0], options)
        return len(header.names) > 1 and bool(header.places) and not any(map(looks_like_tag, header.names))

    def read(self, files: Sequence[SourceText], options: Options) -> Reading:
        """A document a sentence."""
        (text,) = files
        header = _header(text, options)
        _require_columns(header, text, options)
        return read_tagged(lambda findings: _batches(text, header, findings), text, options.scheme)

    def write(self, documents: Iterable[Document], writing: Writing) -> Iterator[Piece]:
        """A comma-separated table; a sentence has its document's name, with a number behind it where that is taken."""
        (suffix,) = self.suffixes
        columns = FurtherColumns("", writing.findings)
        names = SentenceNames()
        header: list[str] | None = None
        for tagged in tagged_documents(documents, writing, refused="\0"):
            self.carries.note_lost(tagged.source, writing.findings)
            named = names.of(tagged.source, len(tagged.sentences), writing.findings)
            for name, sentence in zip(named, tagged.sentences, strict=True):
                further = list(columns.of(sentence, tagged.source.id))
                if header is None:
                    header = ["Sentence #", "Word", *columns.names, "Tag"]
                    yield suffix, _table([header])
                own_names = [name, *[""] * (len(sentence.words) - 1)]
                yield suffix, _table(zip(own_names, sentence.words, *further, sentence.tags, strict=True))


class SentenceNames:
    """Names of sentences, none twice."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def of(self, document: Document, number: int, findings: Findings) -> list[str]:
        """The names of a document's sentences; where they are not all its id, that is noted once."""
        names = [self.next(document.id) for _ in range(number)]
        changed = next((name for name in names if name != document.id), None)
        if document.id and changed is not None:
            findings.note("lost_ids", f"document {document.id}: written as {changed}")
        return names

    def next(self, wanted: str) -> str:
        """The name that is wanted; where it was given before or is empty, with the first number that makes it new."""
        name = wanted or str(len(self._given) + 1)
        while name in self._given:
            name = f"{wanted}.{len(self._given) + 1}" if wanted else f"{name}'"
        self._given.add(name)
        return name


def _table(rows: Iterable[Sequence[str]]) -> str:
    content = io.StringIO(newline="")
    csv.writer(content).writerows(rows)
    return content.getvalue()


def _header(text: SourceText, options: Options) -> Header:
    line = text.beginning().partition("\n")[0].removesuffix("\r")
    headers = [_divided(line, delimiter, options) for delimiter in DELIMITERS]
    return max(headers, key=lambda header: (len(header.places), len(header.names)))


def _divided(line: str, delimiter: str, options: Options) -> Header:
    names = tuple(line.split(delimiter)) if '"' not in line else _quoted_cells(line, delimiter)
    found = {kind: _place(names, kind, options.columns.get(kind)) for kind in COLUMNS}
    return Header(names, delimiter, {kind: place for kind, place in found.items() if place is not None})


def _quoted_cells(line: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader([line], delimiter=delimiter)))
    except csv.Error:
        return ()


def _place(names: Sequence[str], kind: str, told: Column | None) -> int | None:
    if isinstance(told, int):
        return told % len(names) if -len(names) <= told < len(names) else None
    wanted = (told,) if told is not None else NAMES[kind]
    simple = [simplified(name) for name in names]
    return next((simple.index(simplified(name)) for name in wanted if simplified(name) in simple), None)


def simplified(name: str) -> str:
    """A column's name as it is looked for: in lower case, without blanks and signs."""
    return re.sub(r"[\W_]+", "", name).lower()


def _require_columns(header: Header, text: SourceText, options: Options) -> None:
    missing = [kind for kind in NAMES if kind not in header.places]
    absent = [f"{options.columns[kind]!r} for the {kind}" for kind in missing if kind in options.columns]
    if absent:
        raise DataError(
            f"{text.name}:1: expected the column {', '.join(absent)}, found {', '.join(map(repr, header.names))}. "
            "Name one of these."
        )
    if missing:
        raise DataError(
            f"{text.name}:1: expected a sentence, a word and a tag column, found {', '.join(map(repr, header.names))}: "
            f"none is the {' or the '.join(missing)} column. Name it in the first row, or say which one it is "
            f"(columns: {', '.join(f'{kind}=NAME' for kind in missing)})."
        )
    if len(set(header.places.values())) < len(NAMES):
        raise ConfigError(f"{text.name}: expected three different columns, received {dict(header.places)}.")


def _batches(text: SourceText, header: Header, findings: Findings) -> Iterator[TaggedBatch]:
    """The sentences of a table, some thousands of rows at a time: few rows are in memory as such."""
    cells = Cells()
    rows: list[list[str]] = []
    lines: Sequence[int] = range(0)
    for next_rows, next_lines in _chunks(text, header):
        rows, lines = rows + next_rows, _one_after_another(lines, next_lines)
        columns = list(zip(*rows, strict=True))
        starts = _starts(columns[header.places["sentence"]])
        last = starts[-1]  # the sentence that begins there may go on in the next rows
        if last:
            complete = [column[:last] for column in columns]
            yield worded(_batch(complete, lines[:last], starts[:-1], header, cells), findings, text.place)
        rows, lines = rows[last:], lines[last:]
    if rows:
        yield worded(_batch(list(zip(*rows, strict=True)), lines, [0], header, cells), findings, text.place)


def _batch(
    columns: Sequence[tuple[str, ...]], lines: Sequence[int], starts: Sequence[int], header: Header, cells: Cells
) -> TaggedBatch:
    names = columns[header.places["sentence"]]
    return TaggedBatch(
        words=cells.once(columns[header.places["word"]]),
        tags=columns[header.places["tag"]],
        columns={name: cells.once(columns[place]) for name, place in header.further.items()},
        starts=starts,
        lines=lines,
        ids={sentence: names[start] for sentence, start in enumerate(starts)},
    )


def _starts(names: Sequence[str]) -> list[int]:
    """A sentence begins where its column is not empty and differs from the row above, and at the first row."""
    named = [row for row, name in enumerate(names) if name]
    starts = [row for row in named if row and names[row] != names[row - 1]]
    return [0, *starts]


def _chunks(text: SourceText, header: Header) -> Iterator[tuple[list[list[str]], Sequence[int]]]:
    """Rows that are not blank, and the line in which each ends, from 1."""
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


def _one_after_another(lines: Sequence[int], following: Sequence[int]) -> Sequence[int]:
    """Both: as a range where they are one, so that nothing is made for each of a million lines."""
    if isinstance(lines, range) and isinstance(following, range) and lines.stop in (0, following.start):
        return range(lines.start or following.start, following.stop)
    return [*lines, *following]


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
