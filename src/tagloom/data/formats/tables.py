"""Tables: CSV, TSV and their like, a word a row, read by the standard library's csv module."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from tagloom.data.formats.format import Column, Format, Options, Reading
from tagloom.data.formats.tagged import TaggedSentence, TaggedSentences
from tagloom.data.formats.tagging import shared_columns, tagged_sentences
from tagloom.data.formats.two_files import looks_like_tag
from tagloom.data.source_text import SourceText
from tagloom.errors import ConfigError, DataError
from tagloom.schemes import Scheme
from tagloom.text import Document

if TYPE_CHECKING:
    import _csv

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


class Tables(Format):
    """A header, then a word a row: the sentence's name, the word, its tag and any further columns.

    The sentence's name stands on its first row (Kaggle's corpus) or on each of its rows.
    """

    name = "csv"
    summary = "a CSV or TSV table with a sentence, a word and a tag column"
    suffixes = (".csv",)

    def recognises(self, texts: Sequence[SourceText], options: Options) -> bool:
        """Whether the first line names a column that is known, and has no tag."""
        header = _header(texts[0], options)
        return len(header.names) > 1 and bool(header.places) and not any(map(looks_like_tag, header.names))

    def read(self, texts: Sequence[SourceText], options: Options) -> Reading:
        """A document a sentence."""
        (text,) = texts
        header = _header(text, options)
        _require_columns(header, text)
        sentences = TaggedSentences(text.name)
        word, tag, further = header.places["word"], header.places["tag"], header.further
        for rows, lines, sentence_name in _sentences(text, header):
            columns = list(zip(*rows, strict=True))
            others = {name: columns[place] for name, place in further.items()}
            sentences.add(columns[word], columns[tag], lines, others, sentence_name)
        return sentences.read(options.scheme)

    def write(self, documents: Iterable[Document], scheme: Scheme, *, keep_source_tags: bool) -> tuple[str, ...]:
        """A comma-separated table; sentences keep their names where these differ, else they are numbered."""
        groups = list(tagged_sentences(documents, scheme, keep_source_tags=keep_source_tags, refused="\0"))
        every = list(chain.from_iterable(groups))
        ids = [sentence.id for sentence in every]
        if "" in ids or len(set(ids)) < len(ids):
            ids = [str(number) for number in range(1, len(every) + 1)]
        names = shared_columns(groups)
        content = io.StringIO(newline="")
        writer = csv.writer(content)
        writer.writerow(["Sentence #", "Word", *names, "Tag"])
        for sentence, sentence_id in zip(every, ids, strict=True):
            writer.writerows(_rows(sentence, sentence_id, names))
        return (content.getvalue(),)


def _rows(sentence: TaggedSentence, sentence_id: str, names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    further = [sentence.columns[name] for name in names]
    sentence_ids = [sentence_id, *[""] * (len(sentence.words) - 1)]
    return zip(sentence_ids, sentence.words, *further, sentence.tags, strict=True)


def _header(text: SourceText, options: Options) -> Header:
    line = text.text.partition("\n")[0].removesuffix("\r")
    headers = [_divided(line, delimiter, options) for delimiter in DELIMITERS]
    return max(headers, key=lambda header: (len(header.places), len(header.names)))


def _divided(line: str, delimiter: str, options: Options) -> Header:
    names = tuple(line.split(delimiter)) if '"' not in line else _quoted_cells(line, delimiter)
    told: Mapping[str, Column] = {
        "sentence": options.sentence_column,
        "word": options.word_column,
        "tag": options.tag_column,
    }
    found = {kind: _place(names, kind, column) for kind, column in told.items()}
    return Header(names, delimiter, {kind: place for kind, place in found.items() if place is not None})


def _quoted_cells(line: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader([line], delimiter=delimiter)))
    except csv.Error:
        return ()


def _place(names: Sequence[str], kind: str, told: Column) -> int | None:
    if isinstance(told, int):
        return told % len(names) if -len(names) <= told < len(names) else None
    wanted = (told,) if told is not None else NAMES[kind]
    simple = [_simplified(name) for name in names]
    return next((simple.index(_simplified(name)) for name in wanted if _simplified(name) in simple), None)


def _simplified(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _require_columns(header: Header, text: SourceText) -> None:
    missing = [kind for kind in NAMES if kind not in header.places]
    if missing:
        raise DataError(
            f"{text.name}:1: expected a sentence, a word and a tag column, found {', '.join(map(repr, header.names))}: "
            f"none is the {' or the '.join(missing)} column. Name it in the first row, or say which one it is "
            f"({', '.join(f'{kind}_column' for kind in missing)})."
        )
    if len(set(header.places.values())) < len(NAMES):
        raise ConfigError(f"{text.name}: expected three different columns, received {dict(header.places)}.")


Rows = tuple[list[list[str]], list[int], str]
"""The rows of a sentence, their lines, from 1, and its name."""


def _sentences(text: SourceText, header: Header) -> Iterator[Rows]:
    """The rows of each sentence."""
    lines = io.StringIO(text.text, newline="\n")
    reader = csv.reader(
        lines,
        delimiter=header.delimiter,
        quoting=csv.QUOTE_NONE if _quotes_are_words(text, header) else csv.QUOTE_MINIMAL,
        strict=True,
    )
    try:
        yield from _divided_rows(reader, header, text.name)
    except csv.Error as error:
        reason = str(error).partition(" - ")[0]  # behind it stands advice to programmers
        raise DataError(
            f"{text.name}:{reader.line_num}: expected a row of a table, received one that cannot be read ({reason}). "
            "Correct its quotes and line end."
        ) from error


def _divided_rows(reader: "_csv.Reader", header: Header, table: str) -> Iterator[Rows]:
    """A sentence begins where its column is not empty and differs from the row above; blank rows are passed over."""
    place, width = header.places["sentence"], len(header.names)
    above = name = ""
    rows: list[list[str]] = []
    lines: list[int] = []
    next(reader)
    for row in reader:
        if len(row) != width:
            _check_blank(row, width, f"{table}:{reader.line_num}")
            continue
        cell = row[place]
        if cell and cell != above:
            if rows:
                yield rows, lines, name
            rows, lines, name = [], [], cell
        above = cell
        rows.append(row)
        lines.append(reader.line_num)
    if rows:
        yield rows, lines, name


def _check_blank(row: Sequence[str], width: int, where: str) -> None:
    if row:
        raise DataError(
            f"{where}: expected {width} columns, as in the first row, received {len(row)}. "
            "Correct the row, or put quotes round the delimiters in it."
        )


def _quotes_are_words(text: SourceText, header: Header) -> bool:
    """Whether a TSV has quotes as words, not around cells: then some line has an odd number of them."""
    return header.delimiter == "\t" and any(line.count('"') % 2 for line in text.lines())
