"""Vectors of fastText's binary models: of words, and of the stretches of characters that any word is made of.

A word's vector is the mean of its own and those of its stretches, which share a table by hash (Bojanowski et al. 2017,
section 3.2). Only that table and the words are read; what a model predicts labels with is left alone.
"""

import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from tagloom.embeddings.vectors.block import expect_width
from tagloom.embeddings.vectors.bytes_ahead import BytesAhead
from tagloom.embeddings.vectors.stored_words import StoredWords, WordStore
from tagloom.embeddings.vectors.vector_file import VectorFile
from tagloom.errors import DataError
from tagloom.features.ngrams import ngrams
from tagloom.features.word_index import LONGEST_PIECED

MAGIC = struct.pack("<i", 793_712_314)
"""What a file begins with."""

_VERSIONS = (11, 12)
_SUPERVISED = 3
_LONGEST_WORD = 4096  # bytes
_END_OF_SENTENCE = "</s>"
_FNV_OFFSET, _FNV_PRIME = 2_166_136_261, 16_777_619


@dataclass(frozen=True, slots=True)
class _Header:
    """What stands before the words.

    Args:
        width: of the vectors.
        buckets: rows that stretches share.
        shortest: characters of a stretch.
        longest: characters of a stretch; 0 for none.
        num_entries: words and labels.
        num_words: of these.
    """

    width: int
    buckets: int
    shortest: int
    longest: int
    num_entries: int
    num_words: int

    @property
    def shape(self) -> tuple[int, int]:
        """Of the table: a row for each word, then for each bucket."""
        return self.num_words + self.buckets, self.width

    @classmethod
    def read(cls, content: BytesAhead, name: str) -> "_Header":
        """From the beginning of a file.

        Raises:
            DataError: it is of another version, pruned, or damaged.
        """
        _, version = struct.unpack("<ii", content.take(8))
        if version not in _VERSIONS:
            raise DataError(
                f"{name}: expected fastText's format 11 or 12, received {version}. "
                "Write the model anew with fastText 0.9."
            )
        width, *_, model, buckets, shortest, longest, _ = struct.unpack("<12i", content.take(48))
        content.take(8)  # a threshold of its own sampling
        num_entries, num_words, num_labels, _, num_pruned = struct.unpack("<iiiqq", content.take(28))
        if num_pruned >= 0:
            raise _not_whole(name, "a pruned one")
        if min(num_words, num_labels, buckets, shortest, longest) < 0 or num_words + num_labels != num_entries:
            raise DataError(
                f"{name}: expected a model of fastText, received {num_entries} entries for {num_words} words. "
                "Was it damaged? Get it anew."
            )
        if version == 11 and model == _SUPERVISED:  # which then had no stretches, whatever it says
            longest = 0
        return cls(expect_width(width, name), buckets, shortest, longest, num_entries, num_words)


def store_words(folder: Path, stream: IO[bytes], name: str) -> int:
    """Writes the words of a model into a folder that is there; returns where its table begins, in bytes.

    Raises:
        DataError: it cannot be read.
    """
    content = BytesAhead(stream, name)
    header = _Header.read(content, name)
    with WordStore(folder) as words:
        for number in range(header.num_entries):
            word = content.until(b"\0", _LONGEST_WORD)
            content.take(9)  # how often it was met, and whether it is a label
            if number < header.num_words:
                words.add([word])
    (is_quantized,) = content.take(1)
    if is_quantized:
        raise _not_whole(name, "a quantized one")
    rows, width = struct.unpack("<qq", content.take(16))
    if (rows, width) != header.shape:
        raise DataError(
            f"{name}: expected a table {header.shape}, received {(rows, width)}. Was it damaged? Get it anew."
        )
    return content.position


class FastTextVectors(VectorFile):
    """A model of fastText, whose table is mapped into memory as it lies in the file: every word has a vector.

    Args:
        path: of the model.
        folder: that `store_words` wrote.
        begin: of the table, in bytes.

    Raises:
        DataError: the table is cut.
    """

    def __init__(self, path: Path, folder: Path, begin: int) -> None:
        with path.open("rb") as stream:
            self._header = _Header.read(BytesAhead(stream, path.name), path.name)
        super().__init__(path.name, StoredWords(folder), self._header.width)
        shape = self._header.shape
        if path.stat().st_size < begin + 4 * shape[0] * shape[1]:
            raise DataError(
                f"{path}: expected a table {shape}, received the end of the file in it. Was it cut? Get it anew."
            )
        self._table = np.memmap(path, "<f4", mode="r", offset=begin, shape=shape)

    def look_up(self, words: Sequence[str]) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
        """Which of these words, as they are written, have a vector, (words,), and the vectors of those, (found, width).

        Raises:
            DataError: a number is none, or infinite.
        """
        own = self._words.rows(words)
        rows = [
            [*([row] if row >= 0 else []), *map(self._row, self._ngrams(word))]
            for word, row in zip(words, own.tolist(), strict=True)
        ]
        is_found = np.array([bool(each) for each in rows], np.bool_)
        vectors = np.array([self._table[each].mean(axis=0, dtype=np.float32) for each in rows if each], np.float32)
        return is_found, self._finite(vectors).reshape(-1, self.width)

    def common_ngrams(self, words: Sequence[str], number: int) -> tuple[list[str], NDArray[np.float32]]:
        """At most so many of the stretches that these words are made of, those of most words first, and their vectors.

        Raises:
            DataError: a number is none, or infinite.
        """
        counts = Counter(chain.from_iterable(map(self._ngrams, words)))
        common = [ngram for ngram, _ in counts.most_common(number)]
        rows = [self._row(ngram) for ngram in common]
        return common, self._finite(np.asarray(self._table[rows], np.float32).reshape(-1, self.width))

    def _ngrams(self, word: str) -> Iterator[str]:
        """A word's stretches of characters; none of one that is longer than models make of them."""
        header = self._header
        if not header.longest or not header.buckets or word == _END_OF_SENTENCE or len(word) > LONGEST_PIECED:
            return iter(())
        return ngrams(word, header.shortest, header.longest)

    def _row(self, ngram: str) -> int:
        return self._header.num_words + _hash(ngram) % self._header.buckets

    def _finite(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        if not np.isfinite(vectors).all():
            raise DataError(f"{self.name}: expected finite numbers, received others. Get the file anew.")
        return vectors


def _not_whole(name: str, received: str) -> DataError:
    return DataError(
        f"{name}: expected a whole model of fastText, received {received}. Give the .bin that it was made from."
    )


def _hash(ngram: str) -> int:
    """FNV-1a of 32 bits over signed bytes, as fastText has it."""
    hashed = _FNV_OFFSET
    for byte in ngram.encode("utf-8", "surrogatepass"):
        hashed = ((hashed ^ (byte if byte < 0x80 else byte | 0xFFFFFF00)) * _FNV_PRIME) & 0xFFFFFFFF
    return hashed
