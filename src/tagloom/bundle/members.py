"""The files of a bundle, from a folder or a zip: each by its known name, within its known size, never extracted."""

import contextlib
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO

from tagloom.bundle.format import MEBIBYTE, MEMBERS
from tagloom.errors import BundleError, one_line

ReadMember = Callable[[str, int], bytes | None]
"""Name and most bytes to content, None where there is no such file.

Raises:
    BundleError: it is larger, or cannot be read.
"""

_MOST_INFLATION = 100  # trained numbers hardly shrink, words to a third
_PIECE = MEBIBYTE  # what is read at once
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, OverflowError, RuntimeError, ValueError)


@contextlib.contextmanager
def open_members(path: Path) -> Iterator[ReadMember]:
    """The files of the bundle at that path, a folder or a zip.

    Links in a folder are followed, as stores of models make them; a zip may hold plain files alone.

    Raises:
        BundleError: there is none, or the zip is damaged or holds anything but the files of a bundle.
    """
    if path.is_dir():
        yield partial(_from_folder, path)
    elif path.is_file():
        with contextlib.ExitStack() as stack:
            try:
                archive = stack.enter_context(zipfile.ZipFile(stack.enter_context(_InPieces(path))))
            except _DAMAGED as error:
                received = one_line(error)
                raise BundleError(f"{path}: expected a model's folder or a zip of it, received {received}.") from error
            entries = {entry.filename: _checked_entry(path, entry) for entry in archive.infolist()}
            if len(entries) < len(archive.infolist()):
                names = sorted(entry.filename for entry in archive.infolist())
                raise BundleError(f"{path}: expected each file once, received {one_line(', '.join(names))}.")
            yield partial(_from_zip, path, archive)
    else:
        raise BundleError(f"{path}: expected a model (a folder, or a .loom file), found nothing there.")


class _InPieces(io.FileIO):
    """A file that is only read in pieces, so that no number in a zip makes room for more."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Up to `size` bytes."""
        most = 2 * _PIECE
        content = super().read(most + 1 if size is None or size < 0 else min(size, most + 1)) or b""
        if len(content) > most:
            raise zipfile.BadZipFile(f"a list of files of more than {most} bytes")
        return content


def _from_folder(path: Path, name: str, limit: int) -> bytes | None:
    file = path / name
    try:
        if not file.is_file():
            return None
        with file.open("rb") as stream:
            return _read(stream, limit, f"{path}/{name}")
    except OSError as error:
        raise BundleError(f"{path}/{name}: expected a file to read, received {error.strerror}.") from error


def _from_zip(path: Path, archive: zipfile.ZipFile, name: str, limit: int) -> bytes | None:
    if name not in archive.namelist():
        return None
    try:
        with archive.open(name) as stream:
            return _read(stream, limit, f"{path}/{name}")
    except _DAMAGED as error:
        raise BundleError(f"{path}/{name}: expected an undamaged file, received {one_line(error)}.") from error


def _read(stream: IO[bytes], limit: int, place: str) -> bytes:
    content = bytearray()
    while piece := stream.read(_PIECE):
        content += piece
        if len(content) > limit:
            raise BundleError(f"{place}: expected at most {limit} bytes, received more.")
    return bytes(content)


def _checked_entry(path: Path, entry: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """The entry of one file in a zip.

    Raises:
        BundleError: it is none of a bundle's, no plain file, or would inflate beyond its size.
    """
    name, member = entry.filename, MEMBERS.get(entry.filename)
    if member is None:
        raise BundleError(
            f"{path}: expected only {', '.join(MEMBERS)}, received {name[:100]!r}. "
            "Zip the model's files themselves, without their folder; or install a newer Tagloom."
        )
    if entry.flag_bits & 0x1:
        raise BundleError(f"{path}/{name}: expected a file without a password, received an encrypted one.")
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        raise BundleError(f"{path}/{name}: expected a plain file, received a link or another kind.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BundleError(f"{path}/{name}: expected a file stored or deflated, received method {entry.compress_type}.")
    if entry.file_size > max(MEBIBYTE, _MOST_INFLATION * entry.compress_size):
        raise BundleError(
            f"{path}/{name}: expected a file that was packed to no less than a {_MOST_INFLATION}th, "
            f"received {entry.file_size} bytes in {entry.compress_size}."
        )
    return entry
