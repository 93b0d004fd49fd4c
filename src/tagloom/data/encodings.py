"""Bytes to text: UTF-8, UTF-16 by its mark, else cp1252, and always said which."""

import codecs

from tagloom.errors import ConfigError, DataError

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MARK = "\ufeff"
_MARK_TAKING = ("utf-8-sig", "utf-16", "utf-32")  # they leave no mark in the text
_GUESSES = ("utf-8", "cp1252")


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
    text, chosen = _decode(content, name, encoding) if encoding is not None else _recognise(content, name)
    if codecs.lookup(chosen).name not in _MARK_TAKING:
        text = text.removeprefix(_MARK)
    if "\0" in text:
        raise DataError(
            f"{name}: expected text, received binary data (NUL at character {text.index(chr(0))}). "
            "Give a text file, or the encoding of one, such as utf-16-le."
        )
    return text, chosen


def _recognise(content: bytes, name: str) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decode(content, name, encoding)
    for encoding in _GUESSES:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError as error:
            last = error
    raise DataError(
        f"{_place(content, name, last)} is neither {' nor '.join(_GUESSES)}. Give a text file, or its encoding."
    ) from last


def _decode(content: bytes, name: str, encoding: str) -> tuple[str, str]:
    try:
        return content.decode(encoding), encoding
    except LookupError as error:
        raise ConfigError(f"encoding: received {encoding!r}, expected a name such as utf-8 or cp1252.") from error
    except UnicodeError as error:
        raise DataError(f"{_place(content, name, error)} is not {encoding}. Give the file's own encoding.") from error


def _place(content: bytes, name: str, error: UnicodeError) -> str:
    if not isinstance(error, UnicodeDecodeError):
        return f"{name}: its text"
    line = content.count(b"\n", 0, error.start) + 1
    return f"{name}:{line}: byte 0x{content[error.start]:02x} at position {error.start}"
