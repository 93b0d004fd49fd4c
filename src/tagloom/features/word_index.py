"""Which words a table has a row for, and under which forms they are looked up in it."""

import reprlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagloom.errors import BundleError, ConfigError
from tagloom.features.ngrams import ngrams

UNKNOWN_WORD = 0

INSIDE = "##"
"""What pieces of words begin with that stand inside a word (Wu et al. 2016, as BERT writes them)."""

NGRAM = "\x1f"
"""What stretches of characters begin with among words; a word that has some in a table is made of all of them."""

LONGEST_PIECED = 100
"""Characters of a word that is made of pieces or stretches, at most."""

_ENTRIES = {"words", "forms", "has_pieces"}
_ZEROS = {ord(digit): "0" for digit in "123456789"}
_HASHES = {ord(digit): "#" for digit in "0123456789"}


def normalised(word: str) -> str:
    """The form under which a learned vector is found: lower case, every digit a zero.

    Example:
        >>> normalised("CE-7RM3")
        'ce-0rm0'
    """
    return word.lower().translate(_ZEROS)


FOLDED, LOWER, SURFACE, HASHED = "folded", "lower", "surface", "hashed"
FORMS: Mapping[str, Callable[[str], str]] = {
    FOLDED: normalised,
    LOWER: str.lower,
    SURFACE: str,
    HASHED: lambda word: word.translate(_HASHES),
}
"""The forms under which a word may be looked up, and what gives them: `normalised`, lower case, as it is written, every
digit a `#` (as word2vec's news vectors have them)."""


@dataclass(frozen=True)
class WordIndex:
    """The words that a table has rows for.

    Args:
        words: in their form; their numbers begin at 1, in this order, 0 is the unknown word.
        forms: under which a word is looked up, the first that is found; of `FORMS`.
        has_pieces: whether pieces or stretches of words are among them, of which words can be made that it lacks.

    Raises:
        ConfigError: there is no such form, or none.
    """

    words: tuple[str, ...]
    forms: tuple[str, ...] = (FOLDED,)
    has_pieces: bool = False

    def __post_init__(self) -> None:
        if not self.forms or not set(self.forms) <= FORMS.keys():
            raise ConfigError(f"forms: expected some of {', '.join(FORMS)}, received {reprlib.repr(self.forms)}.")

    @classmethod
    def of(cls, counts: Mapping[str, int], form: str = FOLDED) -> "WordIndex":
        """The index of surface words that were counted, the most frequent first.

        Raises:
            ConfigError: there is no such form.

        Example:
            >>> WordIndex.of({"Nikon": 2, "nikon": 1, "D90": 1}, form="lower").words
            ('nikon', 'd90')
        """
        index = cls((), (form,))
        words: Counter[str] = Counter()
        for surface, count in counts.items():
            words[FORMS[form](surface)] += count
        return cls(by_frequency(words), index.forms)

    @property
    def num_rows(self) -> int:
        """Rows of its table, the unknown word's included."""
        return len(self.words) + 1

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words, start=1)}

    def numbers(self, surfaces: Iterable[str]) -> NDArray[np.int64]:
        """One row number a word, (words,)."""
        get, (first, *others) = self._numbers.get, (FORMS[form] for form in self.forms)
        found = (
            [get(first(surface), UNKNOWN_WORD) for surface in surfaces]
            if not others
            else [
                next((number for form in (first, *others) if (number := get(form(surface)))), UNKNOWN_WORD)
                for surface in surfaces
            ]
        )
        return np.array(found, np.int64)

    def pieces(self, surface: str) -> list[int]:
        """The rows of what a word is made of: its stretches, or else pieces, the longest first at each place.

        Returns:
            Nothing where it has no stretch, or where a piece lacks.

        Example:
            >>> WordIndex(("view", "##finder"), (LOWER,), has_pieces=True).pieces("Viewfinder")
            [1, 2]
            >>> WordIndex((f"{NGRAM}<D9", f"{NGRAM}90>"), (SURFACE,), has_pieces=True).pieces("D90")
            [1, 2]
        """
        if not self.has_pieces or len(surface) > LONGEST_PIECED:
            return []
        made = self._ngrams if self._ngram_lengths else self._pieces
        return next((rows for form in self.forms if (rows := made(FORMS[form](surface)))), [])

    @cached_property
    def _ngram_lengths(self) -> tuple[int, int] | None:
        """Characters of the shortest stretch and of the longest one."""
        lengths = [len(word) - len(NGRAM) for word in self.words if word.startswith(NGRAM)]
        return (min(lengths), max(lengths)) if lengths else None

    def _ngrams(self, word: str) -> list[int]:
        assert self._ngram_lengths is not None
        found = (self._numbers.get(f"{NGRAM}{ngram}") for ngram in ngrams(word, *self._ngram_lengths))
        return [row for row in found if row is not None]

    def _pieces(self, word: str) -> list[int]:
        rows, first = [], 0
        while first < len(word):
            lead = INSIDE if first else ""
            ends = range(len(word), first, -1)
            end = next((end for end in ends if lead + word[first:end] in self._numbers), None)
            if end is None:
                return []
            rows.append(self._numbers[lead + word[first:end]])
            first = end
        return rows

    def to_json(self) -> dict[str, Any]:
        """Its fields by name."""
        return {"words": list(self.words), "forms": list(self.forms), "has_pieces": self.has_pieces}

    @classmethod
    def from_json(cls, content: Any) -> "WordIndex":
        """The index that `to_json` wrote.

        Raises:
            BundleError: it does not say what `to_json` does.
        """
        if not isinstance(content, dict) or content.keys() != _ENTRIES:
            raise BundleError(f"table: expected words, forms and has_pieces, received {reprlib.repr(content)}.")
        words, forms = content["words"], content["forms"]
        if not are_different_texts(words):
            raise BundleError("words: expected a list of different words, received another.")
        if not are_different_texts(forms) or not forms or not set(forms) <= FORMS.keys():
            raise BundleError(f"forms: expected some of {', '.join(FORMS)}, received {reprlib.repr(forms)}.")
        if not isinstance(content["has_pieces"], bool):
            raise BundleError(f"has_pieces: expected true or false, received {reprlib.repr(content['has_pieces'])}.")
        return cls(tuple(words), tuple(forms), content["has_pieces"])


def are_different_texts(entries: Any) -> bool:
    """Whether it is a list of texts, no two alike."""
    return (
        isinstance(entries, list)
        and all(isinstance(entry, str) for entry in entries)
        and len(set(entries)) == len(entries)
    )


def by_frequency(counts: Mapping[str, int]) -> tuple[str, ...]:
    """What was counted, the most frequent first, then by its characters."""
    return tuple(sorted(counts, key=lambda entry: (-counts[entry], entry)))
