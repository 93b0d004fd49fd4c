"""Bytes to text: UTF-8, UTF-16 by its mark, else cp1252, and always said which."""

import codecs
from collections.abc import Iterable
from itertools import chain

from tagloom.errors import ConfigError, DataError

MARK = "\ufeff"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MARK_TAKING = ("utf-8-sig", "utf-16", "utf-32")  # they leave no mark in the text
GUESS = "cp1252"
"""What is taken where bytes are no UTF-8."""

_GUESSES = ("utf-8", GUESS)


def decode(content: bytes, name: str, encoding: str | None = None) -> tuple[str, str]:
    """The text of these bytes, and the encoding that they were read in.

    Args:
        content: the bytes of a file.
        name: what messages call it.
        encoding: a name that Python knows; None takes what the byte order mark says, else UTF-8, else cp1252.

    Returns:
        The text without a byte order mark, and the name of the encoding.

    Raises:
        DataError: the bytes are not of that encoding, or no text.
        ConfigError: there is no such encoding.
    """
    for candidate in _candidates(content, encoding):
        try:
            text = content.decode(candidate)
        except UnicodeError as error:
            failed = error
        except LookupError as error:
            raise _unknown(encoding) from error
        else:
            if "\0" in text:
                raise _binary(name, text.index("\0"))
            return text if takes_mark(candidate) else text.removeprefix(MARK), candidate
    place = _place(content, failed)
    raise _undecodable(name, place, _candidates(content, encoding)) from failed


def checked_encoding(chunks: Iterable[bytes], name: str, encoding: str | None = None) -> str:
    """The encoding of these bytes, that `decode` would take, found by going through them piece by piece.

    Raises:
        DataError: the bytes are not of that encoding, or no text.
        ConfigError: there is no such encoding.
    """
    pieces = iter(chunks)
    first = next(pieces, b"")
    candidates = _candidates(first, encoding)
    try:
        b" ".decode(candidates[0], "ignore")  # of what is no encoding of text the decoders below say nothing
        decoders = {candidate: codecs.getincrementaldecoder(candidate)() for candidate in candidates}
    except LookupError as error:
        raise _unknown(encoding) from error
    num_characters = dict.fromkeys(candidates, 0)
    num_lines = 0
    for piece in chain((first,), pieces, (b"",)):
        for candidate in tuple(decoders):
            try:
                text = decoders[candidate].decode(piece, final=not piece)
            except UnicodeError as error:
                del decoders[candidate]
                if not decoders:
                    place = _place(piece, error, num_lines)
                    raise _undecodable(name, place, candidates) from error
                continue
            if "\0" in text and candidate == next(iter(decoders)):
                raise _binary(name, num_characters[candidate] + text.index("\0"))
            num_characters[candidate] += len(text)
        num_lines += piece.count(b"\n")
    return next(iter(decoders))


def takes_mark(encoding: str) -> bool:
    """Whether reading in it leaves no byte order mark in the text."""
    return codecs.lookup(encoding).name in _MARK_TAKING


def _candidates(beginning: bytes, encoding: str | None) -> tuple[str, ...]:
    if encoding is not None:
        return (encoding,)
    marked = next((candidate for mark, candidate in _MARKS if beginning.startswith(mark)), None)
    return _GUESSES if marked is None else (marked,)


def _unknown(encoding: str | None) -> ConfigError:
    return ConfigError(f"encoding: received {encoding!r}, expected a name such as utf-8 or cp1252.")


def _binary(name: str, place: int) -> DataError:
    return DataError(
        f"{name}: expected text, received binary data (NUL at character {place}). "
        "Give a text file, or the encoding of one, such as utf-16-le."
    )


def _undecodable(name: str, place: str, candidates: tuple[str, ...]) -> DataError:
    if len(candidates) == 1:
        return DataError(f"{name}{place} is not {candidates[0]}. Give the file's own encoding.")
    return DataError(f"{name}{place} is neither {' nor '.join(candidates)}. Give a text file, or its encoding.")


def _place(content: bytes, error: UnicodeError, num_lines: int = 0) -> str:
    if not isinstance(error, UnicodeDecodeError) or error.start >= len(content):
        return ": its text"
    line = num_lines + content.count(b"\n", 0, error.start) + 1
    return f":{line}: byte 0x{content[error.start]:02x} at position {error.start}"
