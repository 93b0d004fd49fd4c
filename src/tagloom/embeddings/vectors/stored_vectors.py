"""Vectors of a file that was read before, mapped into memory from where they were kept."""

import json
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tagloom.embeddings.progress import Progress
from tagloom.embeddings.vectors.block import Block
from tagloom.embeddings.vectors.stored_words import StoredWords, WordStore
from tagloom.embeddings.vectors.vector_file import VectorFile
from tagloom.errors import DataError
from tagloom.files import write_json

_VALUES, _ABOUT = "values.bin", "about.json"

_log = logging.getLogger(__name__)


def store_vectors(folder: Path, blocks: Iterable[Block], width: int, name: str) -> None:
    """Writes what was read into a folder that is there, a block at a time.

    Raises:
        DataError: there is no word.
    """
    number, progress = 0, Progress(_log)
    with (folder / _VALUES).open("wb") as values, WordStore(folder) as words:
        for block in blocks:
            values.write(block.values.astype("<f4", copy=False).tobytes())
            words.add(block.words)
            number += len(block.words)
            progress.tell(f"{name}: {number:,} words so far.")
    if not number:
        raise DataError(f"{name}: expected words with their vectors, received none.")
    if words.num_repeated:
        _log.info("%s: %s words stand there again; the first counts.", name, f"{words.num_repeated:,}")
    write_json(folder / _ABOUT, {"width": width, "words": number})


class StoredVectors(VectorFile):
    """What `store_vectors` wrote.

    Args:
        folder: of theirs.
        name: of the file that they were read from.
    """

    def __init__(self, folder: Path, name: str) -> None:
        about = json.loads((folder / _ABOUT).read_text("utf-8"))
        super().__init__(name, StoredWords(folder), about["width"])
        self._values = np.memmap(folder / _VALUES, "<f4", mode="r", shape=(about["words"], about["width"]))

    def look_up(self, words: Sequence[str]) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
        """Which of these words, as written, have a vector, (words,), and the vectors of those, (found, width)."""
        rows = self._words.rows(words)
        is_found = rows >= 0
        return is_found, np.asarray(self._values[rows[is_found]], np.float32)
