"""One file that documents are read from, as a format sees it: held in memory, or streamed from disk.

Lines end at U+000A alone, and blanks and tabs alone part words: U+0085, U+00A0 and their like are data.
"""

import codecs
import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePath
from typing import TypeVar

from tagloom.data.sources.archives import Member, members
from tagloom.data.sources.encodings import GUESS, MARK, checked_encoding, decode, takes_mark
from tagloom.errors import DataError

Text = TypeVar("Text", bound="SourceText")

BLANKS = " \t"
_SAMPLE = 1 << 16
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_HEAD = 1 << 12


class SourceText(ABC):
    """What a file holds.

    Attributes:
        name: its path as it was given, and behind it the member of a zip.
        is_held: whether going through it again costs little.
    """

    name: str
    is_held: bool
    _asked: str | None

    @property
    def place(self) -> str:
        """Its name without the folder, for examples."""
        return PurePath(self.name).name

    @property
    @abstractmethod
    def content(self) -> bytes:
        """Its bytes, unpacked."""

    def head(self) -> bytes:
        """Its first bytes, unpacked, enough to know a binary format by."""
        return self.content[:_HEAD]

    @property
    @abstractmethod
    def text(self) -> str:
        """All of it, line ends as they were.

        Raises:
            DataError: it is no text.
        """

    @property
    @abstractmethod
    def encoding(self) -> str:
        """What its bytes are read in; `binary` where they are no text."""

    @property
    @abstractmethod
    def sha256(self) -> str:
        """Digest of the file as it lies on disk, in hexadecimal."""

    @abstractmethod
    def lines(self) -> Iterable[str]:
        """Its lines without their ends, the first one first."""

    @abstractmethod
    def beginning(self) -> str:
        """Its first 64 thousand characters or some more."""

    def sample(self) -> list[str]:
        """The lines of its beginning that are not blank."""
        return [line for line in divided(self.beginning()) if line.strip(BLANKS)]

    def guessed_line(self) -> int | None:
        """Where its encoding was guessed, the first line that hangs on that guess, from 1; else None."""
        if self._asked is not None or self.encoding != GUESS:
            return None
        return self._first_line_beyond_ascii()

    @abstractmethod
    def _first_line_beyond_ascii(self) -> int | None:
        """The number, from 1, of the first line that is not ASCII alone."""

    def is_blank(self) -> bool:
        """Whether there is nothing in it but blanks, tabs and line ends."""
        return not self.beginning().strip(BLANKS + "\r\n") and not any(line.strip(BLANKS) for line in self.lines())


class HeldText(SourceText):
    """A file in memory.

    Args:
        name: what messages call it.
        content: its bytes, unpacked.
        sha256: digest of the file as it lies on disk.
        encoding: as the caller says; None to recognise it.
    """

    is_held = True

    def __init__(self, name: str, content: bytes, sha256: str, encoding: str | None = None) -> None:
        self.name = name
        self._content, self._sha256, self._asked = content, sha256, encoding

    @property
    def content(self) -> bytes:
        """Its bytes, unpacked."""
        return self._content

    @cached_property
    def _decoded(self) -> tuple[str, str]:
        return decode(self._content, self.name, self._asked)

    @property
    def text(self) -> str:
        """All of it, line ends as they were."""
        return self._decoded[0]

    @property
    def encoding(self) -> str:
        """What its bytes are read in; `binary` where they are no text."""
        try:
            return self._decoded[1]
        except DataError:
            return "binary"

    @property
    def sha256(self) -> str:
        """Digest of the file as it lies on disk, in hexadecimal."""
        return self._sha256

    def _first_line_beyond_ascii(self) -> int | None:
        found = _BEYOND_ASCII.search(self.text)
        return None if found is None else self.text.count("\n", 0, found.start()) + 1

    def lines(self) -> list[str]:
        """Its lines without their ends, the first one first."""
        return divided(self.text)

    def beginning(self) -> str:
        """Its first 64 thousand characters, to the end of a line."""
        end = self.text.find("\n", _SAMPLE)
        return self.text if end < 0 else self.text[:end]


class StreamedText(SourceText):
    """A file that is gone through from disk, once for its encoding and once each time that its lines are asked for.

    Args:
        member: the file.
        encoding: as the caller says; None to recognise it.
    """

    is_held = False

    def __init__(self, member: Member, encoding: str | None = None) -> None:
        self.name = member.name
        self._member, self._asked = member, encoding

    @property
    def content(self) -> bytes:
        """Its bytes, unpacked, read anew each time."""
        return self._member.content()

    def head(self) -> bytes:
        """Its first bytes, unpacked, enough to know a binary format by."""
        return next(self._member.chunks(), b"")[:_HEAD]

    @property
    def text(self) -> str:
        """All of it, read anew each time."""
        return decode(self.content, self.name, self._asked)[0]

    @cached_property
    def _recognised(self) -> str:
        return checked_encoding(self._member.chunks(), self.name, self._asked)

    @property
    def encoding(self) -> str:
        """What its bytes are read in; `binary` where they are no text."""
        try:
            return self._recognised
        except DataError:
            return "binary"

    @cached_property
    def sha256(self) -> str:
        """Digest of the file as it lies on disk, in hexadecimal."""
        return _digest(self._member.path)

    def _first_line_beyond_ascii(self) -> int | None:
        return next((number for number, line in enumerate(self.lines(), start=1) if not line.isascii()), None)

    def lines(self) -> Iterator[str]:
        """Its lines without their ends, the first one first, from disk."""
        rest: list[str] = []
        held = ""
        for piece in self._pieces():
            whole = held + piece
            held = "\r" if whole.endswith("\r") else ""  # its line end may begin the next piece
            first, *others = whole.removesuffix(held).replace("\r\n", "\n").split("\n")
            rest.append(first)
            if others:
                yield "".join(rest)
                yield from others[:-1]
                rest = [others[-1]]
        last = "".join(rest)
        if last:
            yield last

    def beginning(self) -> str:
        """Its first lines, up to 64 thousand characters or the first line."""
        held: list[str] = []
        size = 0
        for line in self.lines():
            held.append(line)
            size += len(line) + 1
            if size >= _SAMPLE:
                break
        return "\n".join(held)

    def _pieces(self) -> Iterator[str]:
        """The text, piece by piece, without a byte order mark."""
        decoder = codecs.getincrementaldecoder(self._recognised)()
        pieces = (decoder.decode(chunk) for chunk in self._member.chunks())
        for first in islice(pieces, 1):
            yield first if takes_mark(self._recognised) else first.removeprefix(MARK)
        yield from pieces
        yield decoder.decode(b"", final=True)


def open_text(path: str | Path, encoding: str | None = None) -> HeldText:
    """The text of one file, out of its zip, gz or xz.

    Raises:
        DataError: there is no such file, it is no text, or it is a zip of several.
        ConfigError: there is no such encoding.
    """
    text = _only(path, open_texts(Path(path), encoding))
    decode(text.content, text.name, encoding)
    return text


def open_stream(path: str | Path, encoding: str | None = None) -> StreamedText:
    """The text of one file, out of its zip, gz or xz, read from disk as it is gone through.

    Raises:
        DataError: there is no such file, or it is a zip of several.
    """
    return _only(path, open_streams(Path(path), encoding))


def open_texts(path: Path, encoding: str | None = None) -> list[HeldText]:
    """The file, or the files of a zip by their names, in memory; `corpus.zip/corpus.csv` names one of them.

    Raises:
        DataError: there is no such file, or it cannot be unpacked.
    """
    found = _members(path)
    sha256 = _digest(found[0].path)
    return [HeldText(one.name, one.content(), sha256, encoding) for one in found]


def open_streams(path: Path, encoding: str | None = None) -> list[StreamedText]:
    """The same, read from disk as they are gone through."""
    return [StreamedText(one, encoding) for one in _members(path)]


def words_of(line: str) -> list[str]:
    """What blanks and tabs part."""
    return [word for word in line.replace("\t", " ").split(" ") if word]


def divided(text: str) -> list[str]:
    """The lines of a text without their ends."""
    lines = text.replace("\r\n", "\n").split("\n")
    if not lines[-1]:
        del lines[-1]
    elif lines[-1].endswith("\r"):
        lines[-1] = lines[-1][:-1]
    return lines


def _only(path: str | Path, texts: Sequence[Text]) -> Text:
    if len(texts) != 1:
        found = ", ".join(text.name for text in texts[:5])
        raise DataError(f"{path}: expected one file in the zip, found {found}. Name one of them.")
    return texts[0]


def _members(path: Path) -> list[Member]:
    archive = next((parent for parent in path.parents if parent.is_file()), None) if not path.exists() else None
    if archive is None:
        return members(path)
    found = members(archive)
    if not found[0].inside:
        return members(path)  # which says why there is no such file
    chosen = [member for member in found if member.name == str(path) and member.inside]
    if not chosen:
        names = ", ".join(member.name for member in found[:5])
        raise DataError(f"{path}: expected a file within {archive}, found {names}. Correct the name.")
    return chosen


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
