"""Documents to a `DocBin` file: their tokens in columns, packed piece by piece."""

import re
import struct
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from tagloom import tokenize
from tagloom.data.findings import Findings
from tagloom.data.formats.doc_bin_columns import ENT_IOB, ENT_TYPE, ORTH, SENT_START
from tagloom.data.formats.doc_bin_documents import BEGIN, INSIDE, OUTSIDE, OWN
from tagloom.data.formats.msgpack import ARRAY, BINARY, MAP, Value, header, packed
from tagloom.data.formats.string_ids import id_of
from tagloom.text import Document, Token, without_overlaps

_ATTRIBUTES = (ORTH, ENT_IOB, ENT_TYPE, SENT_START)
_NO_GROUPS = packed([])
_A_START, _NO_START = 1, (1 << 64) - 1  # the latter is -1, as spaCy writes it
_RUN = re.compile(r"\s+|\S+")


class Piece(NamedTuple):
    """A token of spaCy's.

    Args:
        start: where it begins in the text.
        end: where it ends.
        space: whether the blank behind it belongs to it.
        word: which of the document's words it is; -1 where it is what stands between them.
    """

    start: int
    end: int
    space: bool
    word: int


class Message:
    """Gathers documents, and gives the file when all are there."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {"": 0}
        self._tables: list[bytes] = []
        self._lengths: list[int] = []
        self._spaces: list[bytes] = []
        self._user_data: list[bytes | None] = []

    def add(self, document: Document, findings: Findings) -> None:
        """Adds a document whose spans begin and end at the edges of words.

        Args:
            document: any.
            findings: takes `added_words`, characters of no word that are no white space.

        Raises:
            UnicodeEncodeError: half of a surrogate pair is in it.
        """
        text = document.text
        pieces = pieces_of(text, tokenize.tokens(text) if document.tokens is None else document.tokens)
        strings = [text[start:end] for start, end, _, _ in pieces]
        contrary = [
            place
            for place, (string, piece) in enumerate(zip(strings, pieces, strict=True))
            if string and (piece.word < 0) != string.isspace()
        ]
        added = sum(pieces[place].word < 0 for place in contrary)
        if added:
            findings.note("added_words", f"document {document.id}", count=added)
        words = map(self._id, strings)
        rows = zip(words, *self._entities(document, pieces), _sentence_starts(document, pieces), strict=True)
        self._tables.append(struct.pack(f"<{len(_ATTRIBUTES) * len(pieces)}Q", *chain.from_iterable(rows)))
        self._lengths.append(len(pieces))
        self._spaces.append(bytes([space for _, _, space, _ in pieces]))
        self._user_data.append(self._own_data(document, contrary))

    def packed(self) -> Iterator[bytes]:
        """The file, piece by piece."""
        packing = zlib.compressobj()
        for content in self._contents():
            if part := packing.compress(content):
                yield part
        yield packing.flush()

    def _id(self, string: str) -> int:
        known = self._ids.get(string)
        if known is None:
            known = self._ids[string] = id_of(string)
        return known

    def _entities(self, document: Document, pieces: Sequence[Piece]) -> tuple[list[int], list[int]]:
        """For each piece whether it is in an entity, and the number of its label."""
        places, labels = [OUTSIDE] * len(pieces), [0] * len(pieces)
        if not document.spans:
            return places, labels
        starts, ends = [piece.start for piece in pieces], [piece.end for piece in pieces]
        for span in without_overlaps(document.spans):
            first, last = bisect_left(starts, span.start), bisect_right(ends, span.end)
            places[first:last] = [BEGIN] + [INSIDE] * (last - first - 1)
            labels[first:last] = [self._id(span.label)] * (last - first)
        return places, labels

    def _own_data(self, document: Document, contrary: Sequence[int]) -> bytes | None:
        """What spaCy has no place for: a name that is no number, metadata, tokens that are words against their look."""
        named = document.id if document.id != str(len(self._tables)) else ""
        own: dict[str, Value] = {"id": named, "metadata": dict(document.metadata), "contrary": list(contrary)}
        filled = {key: value for key, value in own.items() if value}
        return packed({OWN: filled}) if filled else None

    def _contents(self) -> Iterator[bytes]:
        number = len(self._tables)
        sizes: dict[str, int] = {"tokens": sum(map(len, self._tables))}
        sizes["spaces"] = sum(map(len, self._spaces))
        has_user_data = any(self._user_data)
        yield header(MAP, 10 if has_user_data else 9) + _pairs(version="0.1", attrs=_ATTRIBUTES)
        yield packed("tokens") + header(BINARY, sizes["tokens"])
        yield from self._tables
        yield packed("spaces") + header(BINARY, sizes["spaces"])
        yield from self._spaces
        yield _pairs(lengths=struct.pack(f"<{number}i", *self._lengths))
        yield packed("strings") + header(ARRAY, len(self._ids))
        yield from map(packed, sorted(self._ids))
        for key, same in (("cats", {}), ("flags", {"has_unknown_spaces": False}), ("span_groups", _NO_GROUPS)):
            yield packed(key) + header(ARRAY, number)
            yield packed(same) * number
        if has_user_data:
            yield packed("user_data") + header(ARRAY, number)
            yield from map(packed, self._user_data)


def pieces_of(text: str, words: Sequence[Token]) -> list[Piece]:
    """The tokens that spaCy would make of a text with these words: what stands between them are tokens, too.

    Example:
        >>> text = "A  D90"
        >>> [(text[start:end], space) for start, end, space, _ in pieces_of(text, [Token(0, 1), Token(3, 6)])]
        [('A', True), (' ', False), ('D90', False)]
    """
    pieces: list[Piece] = []
    starts = [start for start, _ in words] + [len(text)]
    _fill(text, 0, starts[0], pieces)
    for number, (start, end) in enumerate(words):
        following = starts[number + 1]
        space = end < following and text[end] == " "
        pieces.append(Piece(start, end, space, number))
        if end + space < following:
            _fill(text, end + space, following, pieces)
    return pieces


def _fill(text: str, start: int, end: int, pieces: list[Piece]) -> None:
    """Adds what stands between words; a blank behind what is no white space belongs to it."""
    for run in _RUN.finditer(text, start, end):
        first = run.start()
        if first > start and text[first] == " ":
            pieces[-1] = pieces[-1]._replace(space=True)
            first += 1
        if first < run.end():
            pieces.append(Piece(first, run.end(), False, -1))


def _sentence_starts(document: Document, pieces: Sequence[Piece]) -> list[int]:
    """For each piece whether a sentence begins with it; 0 where the document does not say."""
    if document.sentence_bounds is None:
        return [0] * len(pieces)
    starts = {first for first, last in document.sentence_bounds if first < last} - {0}
    return [_A_START if place == 0 or piece.word in starts else _NO_START for place, piece in enumerate(pieces)]


def _pairs(**values: Value) -> bytes:
    return b"".join([packed(key) + packed(value) for key, value in values.items()])
