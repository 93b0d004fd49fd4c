"""The text of one file, as a format reads it.

Lines end at U+000A alone, and blanks and tabs alone part words: U+0085, U+00A0 and their like are data.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from tagloom.data.archives import read_packed, unpack
from tagloom.data.encodings import decode

BLANKS = " \t"
_SAMPLE = 1 << 16


@dataclass(frozen=True, slots=True)
class SourceText:
    """What was read from a file.

    Args:
        name: its path as it was given, and behind it the member of a zip.
        text: all of it, line ends as they were.
        encoding: what its bytes were read in.
        sha256: digest of the file as it lies on disk, in hexadecimal.
    """

    name: str
    text: str
    encoding: str
    sha256: str

    def is_blank(self) -> bool:
        """Whether there is nothing in it but blanks, tabs and line ends."""
        return not self.text.strip(BLANKS + "\r\n")

    def lines(self) -> list[str]:
        """Its lines without their ends, the first one first."""
        return _lines(self.text)

    def sample(self) -> list[str]:
        """The lines of its first 64 thousand characters that are not blank."""
        end = self.text.find("\n", _SAMPLE)
        return [line for line in _lines(self.text if end < 0 else self.text[:end]) if line.strip(BLANKS)]


def open_text(path: str | Path, encoding: str | None = None) -> SourceText:
    """The text of a file, out of its zip, gz or xz.

    Raises:
        DataError: there is no such file or it is no text.
        ConfigError: there is no such encoding.
    """
    packed = read_packed(Path(path))
    content, name = unpack(packed, str(path))
    text, encoding = decode(content, name, encoding)
    return SourceText(name, text, encoding, hashlib.sha256(packed).hexdigest())


def words_of(line: str) -> list[str]:
    """What blanks and tabs part."""
    return [word for word in line.replace("\t", " ").split(" ") if word]


def _lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").split("\n")
    if not lines[-1]:
        del lines[-1]
    elif lines[-1].endswith("\r"):
        lines[-1] = lines[-1][:-1]
    return lines
