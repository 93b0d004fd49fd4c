"""A file of word vectors by its path: its format is recognised, and what was read of it is kept for the next time."""

import codecs
import contextlib
import gzip
import hashlib
import io
import json
import logging
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from tagloom.embeddings.cache import kept
from tagloom.embeddings.vectors import fasttext
from tagloom.embeddings.vectors.header import read_header
from tagloom.embeddings.vectors.stored_vectors import StoredVectors, store_vectors
from tagloom.embeddings.vectors.text import TextVectors, is_vector_line
from tagloom.embeddings.vectors.vector_file import VectorFile
from tagloom.embeddings.vectors.word2vec import Word2vecVectors
from tagloom.errors import DataError, one_line
from tagloom.files import remove_folder, write_json

_GZIP = b"\x1f\x8b"
_PACKED = {"a zip": rb"PK\x03\x04", "an .xz": rb"\xfd7zXZ\x00", "a .bz2": rb"BZh[1-9]1AY&SY"}
"""What is refused until it is unpacked, with how it begins."""

_TABLE = "table.json"  # where fastText's begins
_LAYOUT = 2  # of what is kept
_LOOKED_AT = 2**18  # bytes: more than a line has
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")

_log = logging.getLogger(__name__)


def open_vectors(path: Path) -> VectorFile:
    """The vectors of a file of GloVe, word2vec (text or binary) or fastText (text or .bin); the others also as .gz.

    The first time it is read and kept under `cache_folder`; later, as long as size and date are the same, what is kept
    is mapped into memory.

    Raises:
        DataError: there is no such file, or it is none of those formats, or damaged.
        OSError: what was read cannot be kept.
    """
    if not path.is_file():
        raise DataError(
            f"{path}: expected a file of word vectors (GloVe, word2vec or fastText), found none there. "
            "Download one and unpack it, such as glove.6B.100d.txt from https://nlp.stanford.edu/projects/glove/."
        )
    if _is_fasttext(path):
        folder = _kept(path, lambda folder: _store_fasttext(path, folder))
        begin = json.loads((folder / _TABLE).read_text("utf-8"))["begin"]
        return fasttext.FastTextVectors(path, folder, begin)
    return StoredVectors(_kept(path, lambda folder: _store(path, folder)), path.name)


def looks_like_vectors(path: Path) -> bool:
    """Whether a file begins as those do that `open_vectors` takes; no more than its first 256 KB are looked at."""
    try:
        if _is_fasttext(path):
            return True
        with _opened(path) as stream:
            beginning = stream.read(_LOOKED_AT)
        return _is_binary(beginning) or _begins_with_lines(beginning, path.name)
    except (DataError, OSError):
        return False


def _kept(path: Path, store: Callable[[Path], None]) -> Path:
    """The folder that keeps what was read of this file as it is now; it is filled where it is not there."""
    status = path.stat()
    of_file = _digest(str(path.resolve()))
    as_it_is = _digest(f"{_LAYOUT} {status.st_size} {status.st_mtime_ns}")

    def fill(beside: Path) -> None:
        _log.info("Reading %s, once.", path)
        store(beside)

    place = kept(f"vectors/{of_file}-{as_it_is}", fill)
    for older in place.parent.glob(f"{of_file}-*"):
        if older.name != place.name:
            remove_folder(older)
    return place


def _store_fasttext(path: Path, folder: Path) -> None:
    with path.open("rb") as stream:
        begin = fasttext.store_words(folder, stream, str(path))
    write_json(folder / _TABLE, {"begin": begin})


def _store(path: Path, folder: Path) -> None:
    with _opened(path) as stream:
        beginning = stream.read(_LOOKED_AT)
        _expect_unpacked(beginning, path)
        stream.seek(0)
        is_binary = _is_binary(beginning)
        reader = Word2vecVectors(stream, str(path)) if is_binary else TextVectors(stream, str(path))
        store_vectors(folder, reader, reader.width, str(path))


def _expect_unpacked(beginning: bytes, path: Path) -> None:
    for packed, magic in _PACKED.items():
        if re.match(magic, beginning):
            raise DataError(
                f"{path}: expected a file of word vectors, received {packed}. Unpack it and name the file inside."
            )
    if beginning.startswith(fasttext.MAGIC):  # which is not packed where it was told before
        raise DataError(
            f"{path}: expected a model of fastText as it is, since it is mapped into memory, received a packed one. "
            "Unpack it and name the .bin inside."
        )


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The content of a file, unpacked where it is a .gz.

    Raises:
        DataError: what is packed is damaged.
    """
    with path.open("rb") as file:
        is_packed = file.read(len(_GZIP)) == _GZIP
        file.seek(0)
        if not is_packed:
            yield file
            return
        with gzip.GzipFile(fileobj=file) as stream:
            try:
                yield cast("BinaryIO", stream)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise DataError(
                    f"{path}: expected an undamaged .gz, received {one_line(error)}. Get it anew."
                ) from error


def _is_fasttext(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(len(fasttext.MAGIC)) == fasttext.MAGIC


def _is_binary(beginning: bytes) -> bool:
    """Whether numbers stand behind a line with count and width as they lie in memory.

    A second line of text ends in numbers, which bytes do not spell; where it is damaged, what follows is text still.
    """
    first, _, rest = beginning.removeprefix(codecs.BOM_UTF8).partition(b"\n")
    header = read_header(first)
    if header is None or is_vector_line(rest.partition(b"\n")[0], width=header[1]):
        return False
    return not _is_text(rest)


def _is_text(content: bytes) -> bool:
    """Whether it is UTF-8 without control characters, perhaps cut within a character."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(content)
    except UnicodeDecodeError:
        return False
    return _CONTROL.search(text) is None


def _begins_with_lines(beginning: bytes, name: str) -> bool:
    """Whether there are words in the lines of a text that are whole.

    Raises:
        DataError: a line is none of a file of vectors.
    """
    end = len(beginning) if len(beginning) < _LOOKED_AT else beginning.rfind(b"\n") + 1
    return next(iter(TextVectors(io.BytesIO(beginning[:end]), name)), None) is not None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]
