"""Words on disk that are found without being read: their hashes in order, mapped into memory."""

import hashlib
from array import array
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

_WORDS, _ENDS, _HASHES, _ROWS = "words.bin", "ends.npy", "hashes.npy", "rows.npy"


class WordStore:
    """Writes words into a folder, block after block; they are whole when its context ends.

    Args:
        folder: that is there.

    Attributes:
        num_repeated: words that were there before, which are not found again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ends, self._hashes = array("Q"), array("Q")
        self._position = 0
        self.num_repeated = 0

    def __enter__(self) -> "WordStore":
        self._stream = (self._folder / _WORDS).open("wb")
        return self

    def add(self, words: Sequence[bytes]) -> None:
        """These words behind those before them."""
        self._stream.write(b"".join(words))
        for word in words:
            self._position += len(word)
            self._ends.append(self._position)
        self._hashes.extend(map(_hash, words))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        hashes = np.array(self._hashes, np.uint64)
        order = np.argsort(hashes, kind="stable")  # of words that are the same the first is found
        self.num_repeated = len(hashes) - len(np.unique(hashes))
        np.save(self._folder / _ENDS, np.array(self._ends, np.uint64))
        np.save(self._folder / _HASHES, hashes[order])
        np.save(self._folder / _ROWS, order.astype(np.uint32))


class StoredWords:
    """The words that a `WordStore` wrote. Opening them takes no longer for millions than for one.

    Args:
        folder: of theirs.
    """

    def __init__(self, folder: Path) -> None:
        self._words = np.memmap(folder / _WORDS, np.uint8, mode="r")
        self._ends, self._hashes, self._rows = (
            np.load(folder / name, mmap_mode="r") for name in (_ENDS, _HASHES, _ROWS)
        )

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, row: int) -> bytes:
        first = int(self._ends[row - 1]) if row else 0
        return self._words[first : int(self._ends[row])].tobytes()

    def rows(self, words: Sequence[str]) -> NDArray[np.int64]:
        """The row of each word, -1 where there is none, (words,)."""
        encoded = [word.encode("utf-8", "surrogatepass") for word in words]
        hashes = np.array([_hash(word) for word in encoded], np.uint64)
        places = np.searchsorted(self._hashes, hashes)
        return np.array(
            [self._row(*each) for each in zip(encoded, hashes.tolist(), places.tolist(), strict=True)], np.int64
        )

    def _row(self, word: bytes, hashed: int, place: int) -> int:
        while place < len(self._hashes) and int(self._hashes[place]) == hashed:
            row = int(self._rows[place])
            if self[row] == word:
                return row
            place += 1  # another word of the same hash
        return -1


def _hash(word: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(word, digest_size=8).digest(), "little")
