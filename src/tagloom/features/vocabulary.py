"""Which words and characters a model knows, and their numbers."""

import reprlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagloom.errors import BundleError
from tagloom.features.word_index import FOLDED, UNKNOWN_WORD, WordIndex, are_different_texts, by_frequency

PADDING, UNKNOWN_CHARACTER, FIRST_CHARACTER = 0, 1, 2
LONGEST_WORD = 1024
"""Most characters of a word that a vocabulary may look at."""

_ENTRIES = ("tables", "characters", "max_word_length")


@dataclass(frozen=True)
class Vocabulary:
    """The words of each table of a model, and the characters of its training part.

    Args:
        tables: of the embeddings that look words up, in their order.
        characters: their numbers begin at 2, in this order, 0 is padding, 1 the unknown character.
        max_word_length: characters of a word that are looked at; of a longer word the first and last halves.
    """

    tables: tuple[WordIndex, ...]
    characters: tuple[str, ...]
    max_word_length: int = 32

    @classmethod
    def of(
        cls,
        counts: Mapping[str, int],
        max_word_length: int = 32,
        *,
        form: str = FOLDED,
        tables: Sequence[WordIndex] | None = None,
    ) -> "Vocabulary":
        """The vocabulary of surface words that were counted, the most frequent first.

        Args:
            counts: of words as they are written.
            max_word_length: characters of a word that are looked at.
            form: under which words are looked up.
            tables: of the model; None for one of these words.

        Raises:
            ConfigError: there is no such form.
        """
        characters: Counter[str] = Counter()
        for surface, count in counts.items():
            for character in surface:
                characters[character] += count
        chosen = (WordIndex.of(counts, form),) if tables is None else tuple(tables)
        return cls(chosen, by_frequency(characters), max_word_length)

    @property
    def num_characters(self) -> int:
        """Rows of a character table, padding and the unknown character included."""
        return len(self.characters) + FIRST_CHARACTER

    @cached_property
    def _character_numbers(self) -> dict[str, int]:
        return {character: number for number, character in enumerate(self.characters, start=FIRST_CHARACTER)}

    def word_numbers(self, surfaces: Sequence[str]) -> NDArray[np.int64]:
        """The row of each word in each table, (tables, words)."""
        return np.array([table.numbers(surfaces) for table in self.tables], np.int64).reshape(
            len(self.tables), len(surfaces)
        )

    def is_known(self, surfaces: Sequence[str]) -> NDArray[np.bool_]:
        """Which words at least one table has, (words,); all where there is no table to lack them."""
        if not self.tables:
            return np.ones(len(surfaces), np.bool_)
        known: NDArray[np.bool_] = (self.word_numbers(surfaces) != UNKNOWN_WORD).any(axis=0)
        return known

    def character_numbers(self, surfaces: Sequence[str]) -> NDArray[np.int32]:
        """The characters of each word, (words, longest) with `PADDING` behind; an empty word is an unknown one."""
        numbers = self._character_numbers
        rows = [
            [numbers.get(character, UNKNOWN_CHARACTER) for character in self._shown(word)] or [UNKNOWN_CHARACTER]
            for word in surfaces
        ]
        table = np.full((len(rows), max(map(len, rows), default=1)), PADDING, np.int32)
        for row, values in zip(table, rows, strict=True):
            row[: len(values)] = values
        return table

    def to_json(self) -> dict[str, Any]:
        """The content of `vocabulary.json`."""
        return {
            "tables": [table.to_json() for table in self.tables],
            "characters": list(self.characters),
            "max_word_length": self.max_word_length,
        }

    @classmethod
    def from_json(cls, content: Any) -> "Vocabulary":
        """The vocabulary that `to_json` wrote.

        Raises:
            BundleError: it does not say what `to_json` does.
        """
        try:
            tables, characters, length = (content[name] for name in _ENTRIES)
        except (KeyError, TypeError) as error:
            raise BundleError(f"vocabulary.json: expected {', '.join(_ENTRIES)}; {error!r}.") from error
        if not are_different_texts(characters):
            raise BundleError("vocabulary.json: expected a list of different characters, received another.")
        if type(length) is not int or not 1 <= length <= LONGEST_WORD:
            raise BundleError(
                f"vocabulary.json: max_word_length: expected 1 to {LONGEST_WORD}, received {reprlib.repr(length)}."
            )
        if not isinstance(tables, list):
            raise BundleError(f"vocabulary.json: tables: expected a list, received {reprlib.repr(tables)}.")
        try:
            return cls(tuple(map(WordIndex.from_json, tables)), tuple(characters), length)
        except BundleError as error:
            raise BundleError(f"vocabulary.json: {error}") from error

    def _shown(self, word: str) -> str:
        half = self.max_word_length // 2
        return word if len(word) <= self.max_word_length else word[:half] + word[half - self.max_word_length :]
