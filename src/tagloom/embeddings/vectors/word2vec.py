"""Vectors in word2vec's binary form: a line with their count and width, then each word, a blank and its numbers."""

from collections.abc import Iterator
from functools import partial
from typing import IO

import numpy as np

from tagloom.embeddings.vectors.block import MOST_AT_ONCE, Block, expect_width, told
from tagloom.embeddings.vectors.bytes_ahead import BytesAhead
from tagloom.embeddings.vectors.header import read_header
from tagloom.errors import DataError

_LONGEST_WORD = 4096  # bytes
_LONGEST_HEADER = 64  # bytes


class Word2vecVectors:
    """The words of a binary file of word2vec, once.

    Args:
        stream: of the file, at its beginning.
        name: of the file, for errors.

    Attributes:
        width: of the vectors.
        expected: how many words the file says that it has.

    Raises:
        DataError: its first line does not say how many words and numbers there are.
    """

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._name, self._bytes = name, BytesAhead(stream, name)
        line = self._bytes.until(b"\n", _LONGEST_HEADER)
        header = read_header(line)
        if header is None:
            raise DataError(
                f"{name}: expected a first line with the number of words and their width, received {told(line)}."
            )
        self.expected, self.width = header[0], expect_width(header[1], name)

    def __iter__(self) -> Iterator[Block]:
        """Blocks of words.

        Raises:
            DataError: the file ends too early or too late, or a number is none.
        """
        for first in range(0, self.expected, MOST_AT_ONCE):
            words, content = [], bytearray()
            for _ in range(min(MOST_AT_ONCE, self.expected - first)):
                words.append(self._bytes.until(b" ", _LONGEST_WORD).lstrip(b"\n"))
                content += self._bytes.take(4 * self.width)
            values = np.frombuffer(bytes(content), "<f4").reshape(len(words), self.width)
            yield Block(words, values).expect_finite(partial(self._place, first))
        self._expect_end()

    def _expect_end(self) -> None:
        if self._bytes.peek(2) not in (b"", b"\n"):
            raise DataError(
                f"{self._name}: expected the end behind {self.expected:,} words of {self.width} numbers, as its first "
                f"line says, received more behind byte {self._bytes.position:,}. Was it damaged? Get it anew."
            )

    def _place(self, first: int, row: int) -> str:
        """Where a word stands: so many words behind the first one of its block."""
        return f"{self._name}: word {first + row + 1:,}"
