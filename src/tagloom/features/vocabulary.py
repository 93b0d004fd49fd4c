"""Which words and characters a model knows, and their numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagloom.errors import BundleError

UNKNOWN_WORD = 0
PADDING, UNKNOWN_CHARACTER, FIRST_CHARACTER = 0, 1, 2
_DIGITS = {ord(digit): "0" for digit in "123456789"}


def normalised(word: str) -> str:
    """The form under which a learned vector is found: lower case, every digit a zero.

    Example:
        >>> normalised("CE-7RM3")
        'ce-0rm0'
    """
    return word.lower().translate(_DIGITS)


@dataclass(frozen=True)
class Vocabulary:
    """The words and characters of the training part.

    Args:
        words: normalised words, most frequent first; their numbers begin at 1, 0 is the unknown word.
        characters: characters, most frequent first; their numbers begin at 2, 0 is padding, 1 the unknown character.
        max_word_length: characters of a word that are looked at; of a longer word the first and last halves.
    """

    words: tuple[str, ...]
    characters: tuple[str, ...]
    max_word_length: int = 32

    @classmethod
    def of(cls, counts: Mapping[str, int], max_word_length: int = 32) -> "Vocabulary":
        """The vocabulary of surface words that were counted."""
        words: Counter[str] = Counter()
        characters: Counter[str] = Counter()
        for surface, count in counts.items():
            words[normalised(surface)] += count
            for character in surface:
                characters[character] += count
        return cls(_by_frequency(words), _by_frequency(characters), max_word_length)

    @property
    def num_words(self) -> int:
        """Rows of a word table, the unknown word included."""
        return len(self.words) + 1

    @property
    def num_characters(self) -> int:
        """Rows of a character table, padding and the unknown character included."""
        return len(self.characters) + FIRST_CHARACTER

    @cached_property
    def _word_numbers(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words, start=1)}

    @cached_property
    def _character_numbers(self) -> dict[str, int]:
        return {character: number for number, character in enumerate(self.characters, start=FIRST_CHARACTER)}

    def word_numbers(self, surfaces: Iterable[str]) -> NDArray[np.int64]:
        """One row number a word, (words,)."""
        numbers = self._word_numbers
        return np.array([numbers.get(normalised(surface), UNKNOWN_WORD) for surface in surfaces], np.int64)

    def character_numbers(self, surfaces: Sequence[str]) -> NDArray[np.int32]:
        """The characters of each word, (words, longest) with `PADDING` behind; at least one column."""
        numbers = self._character_numbers
        rows = [[numbers.get(character, UNKNOWN_CHARACTER) for character in self._shown(word)] for word in surfaces]
        table = np.full((len(rows), max(map(len, rows), default=1) or 1), PADDING, np.int32)
        for row, values in zip(table, rows, strict=True):
            row[: len(values)] = values
        return table

    def to_json(self) -> dict[str, Any]:
        """The content of `vocabulary.json`."""
        return {
            "words": list(self.words),
            "characters": list(self.characters),
            "max_word_length": self.max_word_length,
        }

    @classmethod
    def from_json(cls, content: Any) -> "Vocabulary":
        """The vocabulary that `to_json` wrote.

        Raises:
            BundleError: it is not of that form.
        """
        try:
            words, characters = tuple(content["words"]), tuple(content["characters"])
            length = content["max_word_length"]
        except (KeyError, TypeError) as error:
            raise BundleError(f"vocabulary.json: expected words, characters, max_word_length; {error!r}.") from error
        if not all(isinstance(entry, str) for entry in words + characters) or not isinstance(length, int) or length < 1:
            raise BundleError(
                "vocabulary.json: expected lists of strings and a positive length, received other values."
            )
        return cls(words, characters, length)

    def _shown(self, word: str) -> str:
        half = self.max_word_length // 2
        return word if len(word) <= self.max_word_length else word[:half] + word[half - self.max_word_length :]


def _by_frequency(counts: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(counts, key=lambda entry: (-counts[entry], entry)))
