"""A file of word vectors by its path: its format is recognised, and what was read of it is kept for the next time."""

import contextlib
import gzip
import hashlib
import json
import logging
import shutil
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from tagloom.embeddings.cache import kept
from tagloom.embeddings.vectors import fasttext
from tagloom.embeddings.vectors.stored_vectors import StoredVectors, store_vectors
from tagloom.embeddings.vectors.text import TextVectors
from tagloom.embeddings.vectors.vector_file import VectorFile
from tagloom.embeddings.vectors.word2vec import Word2vecVectors
from tagloom.errors import DataError, one_line
from tagloom.files import write_json

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_TABLE = "table.json"  # where fastText's begins
_LAYOUT = 1  # of what is kept
_LOOKED_AT = 2**16  # bytes

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
    with path.open("rb") as stream:
        magic = stream.read(4)
    if magic == _ZIP:
        raise DataError(f"{path}: expected a file of word vectors, received a zip. Unpack it and name the file inside.")
    if magic == fasttext.MAGIC:
        folder = _kept(path, lambda folder: _store_fasttext(path, folder))
        begin = json.loads((folder / _TABLE).read_text("utf-8"))["begin"]
        return fasttext.FastTextVectors(path, folder, begin)
    return StoredVectors(_kept(path, lambda folder: _store(path, folder)), path.name)


def _kept(path: Path, store: Callable[[Path], None]) -> Path:
    """The folder that keeps what was read of this file as it is now; it is filled where it is not there."""
    status = path.stat()
    of_file = _digest(str(path.resolve()))
    as_it_is = _digest(f"{_LAYOUT} {status.st_size} {status.st_mtime_ns}")

    def fill(beside: Path) -> None:
        _log.info("Reading %s, once.", path)
        store(beside)
        for older in beside.parent.glob(f"{of_file}-*"):
            shutil.rmtree(older, ignore_errors=True)

    return kept(f"vectors/{of_file}-{as_it_is}", fill)


def _store_fasttext(path: Path, folder: Path) -> None:
    with path.open("rb") as stream:
        begin = fasttext.store_words(folder, stream, str(path))
    write_json(folder / _TABLE, {"begin": begin})


def _store(path: Path, folder: Path) -> None:
    with _opened(path) as stream:
        is_binary = _is_binary(stream)
        stream.seek(0)
        reader = Word2vecVectors(stream, str(path)) if is_binary else TextVectors(stream, str(path))
        store_vectors(folder, reader, reader.width, str(path))


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


def _is_binary(stream: BinaryIO) -> bool:
    """Whether numbers stand behind the first line as they lie in memory: text has no control characters."""
    head, _, rest = stream.read(_LOOKED_AT).partition(b"\n")
    return len(head.split()) == 2 and any(byte < 9 or 13 < byte < 32 for byte in rest)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]
