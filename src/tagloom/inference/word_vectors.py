"""The vector of each word as the network reads it, worked out when a word is first met and kept."""

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tagloom.bundle.bundle import Bundle
from tagloom.bundle.format import CHARACTERS
from tagloom.features.corpus import Surfaces
from tagloom.features.word_index import UNKNOWN_WORD
from tagloom.inference.sessions import Network

MAX_WORDS = 100_000
"""Different words that are kept; with more, it begins afresh."""

MAX_CHARACTERS = 10_000_000
"""Characters of the words that are kept; with more, it begins afresh."""

_AT_ONCE = 1024  # words that go through the character network together


class WordVectors:
    """A table of word vectors that grows with the words that are met: row 0 is zeros, for padding.

    Words, casing and characters depend on the word alone, so each is computed once. Threads may share it.

    Args:
        bundle: whose words, casings and characters make the vectors.
        threads: of the processor.

    Attributes:
        num_words: that were looked up so far.
        num_unknown: of these, those that the model's vocabulary lacks.
    """

    def __init__(self, bundle: Bundle, threads: int = 0) -> None:
        self._vocabulary = bundle.vocabulary
        self._tables = [bundle.weights[f"words.{number}.table"] for number in range(len(bundle.vocabulary.tables))]
        self._casings = bundle.weights.get("casings")
        self._character_width = bundle.architecture.character_vector_width
        self._characters = None if bundle.characters is None else Network(bundle.characters, CHARACTERS, threads)
        context = bundle.architecture.context
        self._width = bundle.architecture.word_vector_width - (0 if context is None else context.width)
        self._lock = threading.Lock()
        self.num_words = 0
        self.num_unknown = 0
        self._clear()

    def look_up(self, words: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        """The table (rows, width) and the row of each word, (words,). The table is not changed by later calls."""
        with self._lock:
            if len(self._rows) > MAX_WORDS or self._num_characters > MAX_CHARACTERS:
                self._clear()
            rows = self._rows
            missing = [word for word in dict.fromkeys(words) if word not in rows]
            if missing:
                self._add(missing)
            found = np.array([rows[word] for word in words], np.intp)
            self.num_words += len(words)
            self.num_unknown += int(np.count_nonzero(self._is_unknown[found]))
            return self._table, found

    def _clear(self) -> None:
        self._rows: dict[str, int] = {}
        self._num_characters = 0
        self._table: NDArray[np.float32] = np.zeros((1, self._width), np.float32)
        self._is_unknown: NDArray[np.bool_] = np.zeros(1, np.bool_)  # (rows,)

    def _add(self, words: Sequence[str]) -> None:
        first = len(self._rows) + 1
        needed = first + len(words)
        if needed > len(self._table):
            grown = np.zeros((max(needed, 2 * len(self._table)), self._table.shape[1]), np.float32)
            grown[:first] = self._table[:first]
            self._table = grown
            self._is_unknown = np.resize(self._is_unknown, len(grown))
        by_length = sorted(words, key=len)  # so that short words are not padded to long ones
        for start in range(0, len(by_length), _AT_ONCE):
            some = by_length[start : start + _AT_ONCE]
            rows = slice(first + start, first + start + len(some))
            surfaces = Surfaces.of(some, self._vocabulary)
            self._table[rows] = self._vectors(some, surfaces)
            self._is_unknown[rows] = (surfaces.words == UNKNOWN_WORD).all(axis=0) & bool(self._tables)
        self._rows.update((word, first + index) for index, word in enumerate(by_length))
        self._num_characters += sum(map(len, words))

    def _vectors(self, words: Sequence[str], surfaces: Surfaces) -> NDArray[np.float32]:
        """One vector a word, (words, width)."""
        parts = [table[rows] for table, rows in zip(self._tables, surfaces.words, strict=True)]
        for table, index, rows, found in zip(self._tables, self._vocabulary.tables, surfaces.words, parts, strict=True):
            if index.has_pieces:
                for place in np.flatnonzero(rows == UNKNOWN_WORD).tolist():
                    pieces = index.pieces(words[place])
                    found[place] = table[pieces].mean(axis=0) if pieces else table[UNKNOWN_WORD]
        if self._casings is not None:
            parts.append(self._casings[surfaces.casings])
        if self._characters is not None:
            parts.append(self._characters.run((len(surfaces), self._character_width), characters=surfaces.characters))
        return np.concatenate(parts, axis=1) if parts else np.zeros((len(surfaces), 0), np.float32)
