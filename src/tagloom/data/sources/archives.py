"""The bytes of a file, out of the zip, gz or xz that it may lie in. Nothing is extracted to disk."""

import contextlib
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from tagloom.errors import DataError

MAX_BYTES = 2 << 30
"""How large a compressed file may be once it is uncompressed, where it is held in memory: 2 GiB."""

MAX_RATIO, FREE_BYTES = 50, 1 << 19
"""A compressed file may hold 50 times its size, and 512 KiB in any case: text does not pack better, bombs do."""

MAX_MEMBERS = 100_000

Stream = IO[bytes] | io.BufferedIOBase

_CHUNK = 1 << 20
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # the second is an empty one
_OPENERS: Mapping[bytes, Callable[[Path], Stream]] = {b"\x1f\x8b": gzip.open, b"\xfd7zXZ\x00": lzma.open}
_LONGEST_MAGIC = 6
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class Member:
    """A file as it was given, in its gz or xz, or one of a zip.

    Args:
        name: its path, and behind it the member of a zip: `corpus.zip/corpus.csv`.
        path: of the file on disk.
        archive: the zip that it lies in, if any.
        inside: its name there.
    """

    name: str
    path: Path
    archive: zipfile.ZipFile | None = None
    inside: str = ""

    def chunks(self, max_bytes: int | None = None) -> Iterator[bytes]:
        """Its bytes, uncompressed, piece by piece.

        Args:
            max_bytes: the most that it may hold uncompressed; None for what its packed size allows.

        Raises:
            DataError: it is broken, encrypted or holds too much.
        """
        opener = self._opener()
        if opener is None:
            with self.path.open("rb") as stream:
                yield from iter(lambda: stream.read(_CHUNK), b"")
            return
        limit = max(FREE_BYTES, MAX_RATIO * self.path.stat().st_size)
        with _refusing_broken(self.name), opener() as packed:
            yield from _within(packed, self.name, limit if max_bytes is None else min(limit, max_bytes))

    def content(self, max_bytes: int = MAX_BYTES) -> bytes:
        """All its bytes."""
        return b"".join(self.chunks(max_bytes))

    def _opener(self) -> Callable[[], Stream] | None:
        """What opens it where it is packed."""
        if self.archive is not None:
            return partial(self.archive.open, self.inside)
        magic = _beginning(self.path)
        return next((partial(each, self.path) for start, each in _OPENERS.items() if magic.startswith(start)), None)


def members(path: Path) -> list[Member]:
    """The files in a zip, by name; anything else is one file.

    Raises:
        DataError: it is not there, or a zip that cannot be read or holds no file.
    """
    if not _beginning(path).startswith(_ZIP):
        return [Member(str(path), path)]
    with _refusing_broken(str(path)):
        archive = zipfile.ZipFile(path)
    inside = sorted(member.filename for member in archive.infolist() if _is_candidate(member))
    if not 0 < len(inside) <= MAX_MEMBERS:
        raise DataError(
            f"{path}: expected from 1 to {MAX_MEMBERS} files in the zip, found {len(inside) or 'none'}. "
            "Pack or unpack those to read."
        )
    return [Member(f"{path}/{one}", path, archive, one) for one in inside]


def _beginning(path: Path) -> bytes:
    """The first bytes of a file.

    Raises:
        DataError: it is not there or cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return stream.read(_LONGEST_MAGIC)
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file. Check the name and the folder.") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}. Give a file that you may read.") from error


def _within(stream: Stream, name: str, max_bytes: int) -> Iterator[bytes]:
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > max_bytes:
            raise DataError(
                f"{name}: expected at most {max_bytes} bytes uncompressed, received more. It is larger than is held in "
                f"memory, or packs better than {MAX_RATIO} to 1, as bombs do and text does not. If you trust it, "
                "unpack it first and read what comes out."
            )
        yield chunk


@contextlib.contextmanager
def _refusing_broken(name: str) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise DataError(
            f"{name}: expected an archive that opens, received one that does not ({error}). Pack it again."
        ) from error


def _is_candidate(member: zipfile.ZipInfo) -> bool:
    """Whether it is data: no folder, nothing hidden, no macOS resource fork."""
    parts = member.filename.split("/")
    return not member.is_dir() and not parts[-1].startswith(".") and parts[0] != "__MACOSX"
