"""What a file of word vectors gives, whatever its format."""

import abc
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tagloom.embeddings.vectors.stored_words import StoredWords


class VectorSource(abc.ABC):
    """Words with their vectors.

    Args:
        name: of what they are from; of a file without its folder.
        width: of the vectors.
        has_pieces: whether pieces of words are among those that it lists.
    """

    def __init__(self, name: str, width: int, *, has_pieces: bool = False) -> None:
        self.name, self.width, self.has_pieces = name, width, has_pieces

    @property
    @abc.abstractmethod
    def num_words(self) -> int:
        """Words that it lists."""

    @abc.abstractmethod
    def first_words(self, number: int) -> list[str]:
        """At most so many of these words, the most frequent first."""

    @abc.abstractmethod
    def look_up(self, words: Sequence[str]) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
        """Which of these words, as they are written, have a vector, (words,), and the vectors of those, (found, width).

        Raises:
            DataError: a number is none, or infinite.
        """

    def common_ngrams(self, words: Sequence[str], number: int) -> tuple[list[str], NDArray[np.float32]]:  # noqa: ARG002
        """At most so many stretches of characters that these words have in common, with vectors, (ngrams, width).

        Of these a word is made that is unknown; a source that knows none gives none.

        Raises:
            DataError: a number is none, or infinite.
        """
        return [], np.zeros((0, self.width), np.float32)


class VectorFile(VectorSource, abc.ABC):
    """Words with their vectors, on disk.

    Args:
        name: of the file, without its folder.
        words: of the file, the most frequent first, as such files have them.
        width: of the vectors.
    """

    def __init__(self, name: str, words: StoredWords, width: int) -> None:
        super().__init__(name, width)
        self._words = words

    @property
    def num_words(self) -> int:
        """Words of the file."""
        return len(self._words)

    def first_words(self, number: int) -> list[str]:
        """At most so many words, as the file begins; words that are no UTF-8 are left out."""
        words = (self._words[row] for row in range(min(number, len(self._words))))
        return [text for word in words if (text := _decoded(word)) is not None]


def _decoded(word: bytes) -> str | None:
    try:
        return word.decode("utf-8")
    except UnicodeDecodeError:
        return None
