"""Which words and characters a model knows, and their numbers."""

import reprlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagloom.errors import BundleError, ConfigError

UNKNOWN_WORD = 0
PADDING, UNKNOWN_CHARACTER, FIRST_CHARACTER = 0, 1, 2
LONGEST_WORD = 1024
"""Most characters of a word that a vocabulary may look at."""

_ENTRIES = ("words", "characters", "max_word_length", "form")
_DIGITS = {ord(digit): "0" for digit in "123456789"}


def normalised(word: str) -> str:
    """The form under which a learned vector is found: lower case, every digit a zero.

    Example:
        >>> normalised("CE-7RM3")
        'ce-0rm0'
    """
    return word.lower().translate(_DIGITS)


FOLDED, LOWER, SURFACE = "folded", "lower", "surface"
FORMS: Mapping[str, Callable[[str], str]] = {FOLDED: normalised, LOWER: str.lower, SURFACE: str}
"""The forms under which a word may be looked up, and what gives them: `normalised`, lower case, as it is written."""


@dataclass(frozen=True)
class Vocabulary:
    """The words and characters of the training part.

    Args:
        words: words in their form; their numbers begin at 1, in this order, 0 is the unknown word.
        characters: their numbers begin at 2, in this order, 0 is padding, 1 the unknown character.
        max_word_length: characters of a word that are looked at; of a longer word the first and last halves.
        form: under which a word is looked up, one of `FORMS`.

    Raises:
        ConfigError: there is no such form.
    """

    words: tuple[str, ...]
    characters: tuple[str, ...]
    max_word_length: int = 32
    form: str = FOLDED

    def __post_init__(self) -> None:
        _expect_form(self.form)

    @classmethod
    def of(cls, counts: Mapping[str, int], max_word_length: int = 32, *, form: str = FOLDED) -> "Vocabulary":
        """The vocabulary of surface words that were counted, the most frequent first.

        Raises:
            ConfigError: there is no such form.

        Example:
            >>> Vocabulary.of({"Nikon": 2, "nikon": 1, "D90": 1}, form="lower").words
            ('nikon', 'd90')
        """
        _expect_form(form)
        formed = FORMS[form]
        words: Counter[str] = Counter()
        characters: Counter[str] = Counter()
        for surface, count in counts.items():
            words[formed(surface)] += count
            for character in surface:
                characters[character] += count
        return cls(_by_frequency(words), _by_frequency(characters), max_word_length, form)

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
        numbers, formed = self._word_numbers, FORMS[self.form]
        return np.array([numbers.get(formed(surface), UNKNOWN_WORD) for surface in surfaces], np.int64)

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
            "words": list(self.words),
            "characters": list(self.characters),
            "max_word_length": self.max_word_length,
            "form": self.form,
        }

    @classmethod
    def from_json(cls, content: Any) -> "Vocabulary":
        """The vocabulary that `to_json` wrote.

        Raises:
            BundleError: it does not say what `to_json` does.
        """
        try:
            words, characters, length, form = (content[name] for name in _ENTRIES)
        except (KeyError, TypeError) as error:
            raise BundleError(f"vocabulary.json: expected {', '.join(_ENTRIES)}; {error!r}.") from error
        if not (_are_different_texts(words) and _are_different_texts(characters)):
            raise BundleError("vocabulary.json: expected lists of different words and characters, received others.")
        if type(length) is not int or not 1 <= length <= LONGEST_WORD:
            raise BundleError(
                f"vocabulary.json: max_word_length: expected 1 to {LONGEST_WORD}, received {reprlib.repr(length)}."
            )
        if not isinstance(form, str) or form not in FORMS:
            raise BundleError(
                f"vocabulary.json: form: expected one of {', '.join(FORMS)}, received {reprlib.repr(form)}."
            )
        return cls(tuple(words), tuple(characters), length, form)

    def _shown(self, word: str) -> str:
        half = self.max_word_length // 2
        return word if len(word) <= self.max_word_length else word[:half] + word[half - self.max_word_length :]


def _expect_form(form: str) -> None:
    if form not in FORMS:
        raise ConfigError(f"form: expected one of {', '.join(FORMS)}, received {reprlib.repr(form)}.")


def _are_different_texts(entries: Any) -> bool:
    return (
        isinstance(entries, list)
        and all(isinstance(entry, str) for entry in entries)
        and len(set(entries)) == len(entries)
    )


def _by_frequency(counts: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(counts, key=lambda entry: (-counts[entry], entry)))
