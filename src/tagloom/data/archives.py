"""The bytes of a file, out of the zip, gz or xz that it may lie in. Nothing is extracted to disk."""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from tagloom.errors import DataError

MAX_BYTES = 2 << 30
"""How large a compressed file may be once it is uncompressed: 2 GiB."""

Stream = IO[bytes] | io.BufferedIOBase

_CHUNK = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError)


def read_packed(path: Path) -> bytes:
    """The file's bytes as they lie on disk.

    Raises:
        DataError: it is not there or cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file. Check the name and the folder.") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}. Give a text file that you may read.") from error


def unpack(packed: bytes, name: str, *, max_bytes: int = MAX_BYTES) -> tuple[bytes, str]:
    """The bytes inside, where these are a zip, gz or xz by their first bytes; others are given back as they are.

    Args:
        packed: the bytes of a file.
        name: what messages call it.
        max_bytes: the most that it may hold, uncompressed.

    Returns:
        The bytes, and the name with the zip's member behind it: `corpus.zip/corpus.csv`.

    Raises:
        DataError: it is broken, encrypted or too large, or it is a zip that does not hold exactly one file.
    """
    opened = next((opener for magic, opener in _OPENERS.items() if packed.startswith(magic)), None)
    if opened is None:
        return packed, name
    try:
        stream, name = opened(io.BytesIO(packed), name)
        with stream:
            return _read_within(stream, name, max_bytes), name
    except _BROKEN as error:
        raise DataError(
            f"{name}: expected an archive that opens, received one that does not ({error}). Pack it again."
        ) from error


def _open_zip(packed: IO[bytes], name: str) -> tuple[Stream, str]:
    archive = zipfile.ZipFile(packed)
    members = [member for member in archive.infolist() if _is_candidate(member)]
    if len(members) != 1:
        found = ", ".join(member.filename for member in members) or "none"
        raise DataError(f"{name}: expected one file in the zip, found {found}. Pack or unpack the one to read.")
    return archive.open(members[0]), f"{name}/{members[0].filename}"


def _is_candidate(member: zipfile.ZipInfo) -> bool:
    """Whether it is data: no folder, nothing hidden, no macOS resource fork."""
    parts = member.filename.split("/")
    return not member.is_dir() and not parts[-1].startswith(".") and parts[0] != "__MACOSX"


def _open_gzip(packed: IO[bytes], name: str) -> tuple[Stream, str]:
    return gzip.open(packed), name


def _open_xz(packed: IO[bytes], name: str) -> tuple[Stream, str]:
    return lzma.open(packed), name


_OPENERS: Mapping[bytes, Callable[[IO[bytes], str], tuple[Stream, str]]] = {
    b"PK\x03\x04": _open_zip,
    b"PK\x05\x06": _open_zip,  # an empty one
    b"\x1f\x8b": _open_gzip,
    b"\xfd7zXZ\x00": _open_xz,
}


def _read_within(stream: Stream, name: str, max_bytes: int) -> bytes:
    content = io.BytesIO()
    while chunk := stream.read(_CHUNK):
        if content.tell() + len(chunk) > max_bytes:
            raise DataError(f"{name}: expected at most {max_bytes} bytes uncompressed, received more. Divide the file.")
        content.write(chunk)
    return content.getvalue()
