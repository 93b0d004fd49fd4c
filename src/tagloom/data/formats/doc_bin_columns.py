"""A `DocBin` file to columns: unpacked within bounds, its sizes held against one another, nothing in it executed."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagloom.data.findings import shortened
from tagloom.data.formats.msgpack import Reader
from tagloom.data.formats.string_ids import NAMES, id_of

FREE_BYTES, MAX_RATIO = 1 << 20, 100
"""What a file may hold unpacked: 1 MiB in any case, and 100 times its size. Corpora are packed by 10 to 20."""

ORTH, LEMMA, POS, TAG, DEP, ENT_IOB, ENT_TYPE, SENT_START, ENT_KB_ID, MORPH, ENT_ID = map(
    id_of, "ORTH LEMMA POS TAG DEP ENT_IOB ENT_TYPE SENT_START ENT_KB_ID MORPH ENT_ID".split()
)
_UNREAD = {
    "lemmas": (LEMMA,),
    "parts of speech": (POS, TAG, MORPH),
    "dependencies": (DEP,),
    "links of entities": (ENT_KB_ID, ENT_ID),
}
_KEYS = ("version", "attrs", "tokens", "spaces", "lengths", "strings", "cats", "flags", "span_groups", "user_data")
_NO_GROUPS = (b"", b"\x90", b"\x80")
_MAX_ATTRIBUTES = 1000
_HIGHEST_IOB = 3


@dataclass(frozen=True, slots=True)
class DocBinColumns:
    """The tokens of all documents, one after another.

    Args:
        edges: the first token of each document, and behind them the number of all tokens.
        words: what each token is.
        blanks: the different words that are white space or empty.
        spaces: whether a blank follows each token.
        iob: 0 where nobody has said whether it is in an entity, 1 in one, 2 outside, 3 at the beginning of one.
        labels: of its entity; empty outside.
        sentence_starts: 1 where one begins, -1 where none does, 0 where nobody has said.
        user_data: what else was kept with each document, as a message; nothing where nothing was kept.
        unread: for each document what it holds beside, in words.
    """

    edges: Sequence[int]
    words: Sequence[str]
    blanks: frozenset[str]
    spaces: Sequence[bool]
    iob: Sequence[int]
    labels: Sequence[str]
    sentence_starts: Sequence[int]
    user_data: Sequence[memoryview]
    unread: Sequence[tuple[str, ...]]


def is_doc_bin(beginning: bytes) -> bool:
    """Whether a file that begins so is a `DocBin`: packed by zlib, in it a map whose first key is one of its keys."""
    try:
        reader = Reader(zlib.decompressobj().decompress(beginning, 64))
        return reader.map() > 0 and reader.string() in _KEYS
    except (zlib.error, ValueError):
        return False


def columns_of(content: bytes) -> DocBinColumns:
    """What a file holds.

    Raises:
        ValueError: it is no `DocBin`, or would hold more than `FREE_BYTES` and `MAX_RATIO` allow.
    """
    message = _message(_inflated(content))
    attributes, tokens, edges = message["attrs"], message["tokens"], _edges(message["lengths"])
    table = _table(tokens, attributes, edges[-1])
    strings = message["strings"]
    spaces = _spaces(message["spaces"], edges, message.get("flags"))
    words, blanks = _looked_up(table[ORTH], strings)
    iob = _column(table, ENT_IOB, edges[-1])
    if iob.size and iob.max() > _HIGHEST_IOB:
        raise ValueError(f"received {iob.max()} where an entity begins or goes on, not a number from 0 to 3")
    num_documents = len(edges) - 1
    user_data = message.get("user_data") or [memoryview(b"")] * num_documents
    return DocBinColumns(
        edges=edges,
        words=words,
        blanks=blanks,
        spaces=spaces.tolist(),
        iob=iob.tolist(),
        labels=_looked_up(_column(table, ENT_TYPE, edges[-1]), strings)[0],
        sentence_starts=_column(table, SENT_START, edges[-1]).view("<i8").tolist(),
        user_data=_counted(user_data, "user_data", num_documents),
        unread=_unread(message, table, edges),
    )


def _inflated(content: bytes) -> bytes:
    """The message; what packs further, as a bomb in a bomb does, counts by what it packs to."""
    limit = max(FREE_BYTES, MAX_RATIO * min(len(content), len(zlib.compress(content, 1))))
    unpacking = zlib.decompressobj()
    try:
        message = unpacking.decompress(content, limit)
    except zlib.error as error:
        raise ValueError(f"received what zlib cannot unpack ({error})") from error
    if unpacking.unconsumed_tail or (not unpacking.eof and len(message) == limit):
        raise ValueError(f"received over {limit} bytes unpacked; divide it")
    if not unpacking.eof:
        raise ValueError("received a file that is cut off")
    return message


def _message(content: bytes) -> dict[str, Any]:
    reader = Reader(content)
    found: dict[str, Any] = {}
    for _ in range(reader.map()):
        key = reader.string()
        if key in found:
            raise ValueError(f"received {key!r} twice")
        found[key] = _PARSERS.get(key, Reader.skip)(reader)
    if not reader.is_at_end:
        raise ValueError("received more behind its end")
    missing = [key for key in ("attrs", "tokens", "spaces", "lengths", "strings") if key not in found]
    if missing:
        raise ValueError(f"received none of {', '.join(missing)}")
    return found


def _attributes(reader: Reader) -> list[int]:
    number = reader.array()
    attributes = [reader.integer() for _ in range(min(number, _MAX_ATTRIBUTES))]
    if number > _MAX_ATTRIBUTES or ORTH not in attributes:
        raise ValueError(f"received {number} attributes, not up to {_MAX_ATTRIBUTES} with the word ({ORTH}) among them")
    return attributes


def _strings(reader: Reader) -> dict[int, str]:
    strings: dict[int, str] = {}
    for _ in range(reader.array()):
        string = reader.string()
        number = id_of(string)
        if number in strings:
            raise ValueError(f"received the string {shortened(string)!r} twice")
        strings[number] = string
    return strings


def _unknown_spaces(reader: Reader) -> list[bool]:
    return [_says_unknown_spaces(reader) for _ in range(reader.array())]


def _says_unknown_spaces(reader: Reader) -> bool:
    flags = [(reader.string(), reader.skip()) for _ in range(reader.map())]
    return ("has_unknown_spaces", True) in flags


_PARSERS: Mapping[str, Callable[[Reader], Any]] = {
    "attrs": _attributes,
    "tokens": Reader.binary,
    "spaces": Reader.binary,
    "lengths": Reader.binary,
    "strings": _strings,
    "cats": lambda reader: [reader.skip() for _ in range(reader.array())],
    "flags": _unknown_spaces,
    "span_groups": lambda reader: [reader.binary() not in _NO_GROUPS for _ in range(reader.array())],
    "user_data": lambda reader: [reader.binary() for _ in range(reader.array())],
}


def _edges(lengths: memoryview) -> list[int]:
    if len(lengths) % 4:
        raise ValueError(f"received {len(lengths)} bytes of lengths, not 4 for each document")
    numbers = np.frombuffer(lengths, dtype="<i4")
    if numbers.size and numbers.min() < 0:
        raise ValueError(f"received a document of {numbers.min()} tokens")
    return [0, *np.cumsum(numbers, dtype=np.int64).tolist()]


def _table(tokens: memoryview, attributes: Sequence[int], num_tokens: int) -> dict[int, NDArray[np.uint64]]:
    """The columns by their attributes."""
    expected = 8 * len(attributes) * num_tokens
    if len(tokens) != expected:
        raise ValueError(f"received {len(tokens)} bytes of tokens, not {expected} for {num_tokens} tokens")
    array = np.frombuffer(tokens, dtype="<u8").reshape(num_tokens, len(attributes))
    return {attribute: array[:, place] for place, attribute in enumerate(attributes)}


def _column(table: Mapping[int, NDArray[np.uint64]], attribute: int, num_tokens: int) -> NDArray[np.uint64]:
    column = table.get(attribute)
    return np.zeros(num_tokens, dtype=np.uint64) if column is None else np.ascontiguousarray(column)


def _spaces(spaces: memoryview, edges: Sequence[int], unknown: Sequence[bool] | None) -> NDArray[np.bool_]:
    """Whether a blank follows; where nobody knows, spaCy takes it that one does."""
    if len(spaces) != edges[-1]:
        raise ValueError(f"received {len(spaces)} bytes of spaces, not {edges[-1]}")
    known: NDArray[np.bool_] = np.frombuffer(spaces, dtype=np.uint8) != 0
    flags = [] if unknown is None else _counted(unknown, "flags", len(edges) - 1)
    for document, is_unknown in enumerate(flags):
        if is_unknown:
            known[edges[document] : edges[document + 1]] = True
    return known


def _looked_up(column: NDArray[np.uint64], strings: Mapping[int, str]) -> tuple[list[str], frozenset[str]]:
    """The strings of numbers, and which of them are white space or empty."""
    numbers, places = np.unique(column, return_inverse=True)
    different = [_string(number, strings) for number in numbers.tolist()]
    blanks = frozenset(string for string in different if not string or string.isspace())
    return np.array(different, dtype=object)[places].tolist(), blanks


def _string(number: int, strings: Mapping[int, str]) -> str:
    if number in strings:
        return strings[number]
    if number < len(NAMES):
        return NAMES[number]
    raise ValueError(f"received the number {number} of a string that is not in it")


def _counted(values: Sequence[Any], name: str, expected: int) -> Sequence[Any]:
    if len(values) != expected:
        raise ValueError(f"received {len(values)} {name} for {expected} documents")
    return values


def _unread(
    message: Mapping[str, Any], table: Mapping[int, NDArray[np.uint64]], edges: Sequence[int]
) -> list[tuple[str, ...]]:
    num_documents = len(edges) - 1
    held: dict[str, Sequence[bool]] = {
        words: _counted(message[key], key, num_documents)
        for key, words in (("cats", "categories"), ("span_groups", "span groups"))
        if key in message
    }
    for words, attributes in _UNREAD.items():
        own = [table[attribute] != 0 for attribute in attributes if attribute in table]
        if own:
            counts = np.concatenate(([0], np.cumsum(np.logical_or.reduce(own), dtype=np.int64)))[np.asarray(edges)]
            held[words] = (np.diff(counts) > 0).tolist()
    nothing: tuple[str, ...] = ()
    return [
        tuple([words for words, has in zip(held, flags, strict=True) if has]) or nothing
        for flags in zip(*held.values(), strict=True)
    ] or [nothing] * num_documents
