"""Tokens made once for all sentences that share their offsets: a corpus repeats few pairs a million times."""

from collections.abc import Iterable
from itertools import accumulate

from tagloom.text import Token


class Tokens(dict[tuple[int, int], Token]):
    """The token of each pair of offsets.

    Example:
        >>> Tokens().of_words(["A", "D90"])
        (Token(start=0, end=1), Token(start=2, end=5))
    """

    def __missing__(self, offsets: tuple[int, int]) -> Token:
        token = Token(*offsets)
        self[token] = token
        return token

    def of(self, offsets: Iterable[tuple[int, int]]) -> tuple[Token, ...]:
        """The tokens with these offsets."""
        return tuple(map(self.__getitem__, offsets))

    def of_words(self, words: Iterable[str]) -> tuple[Token, ...]:
        """The tokens of words that one character parts."""
        starts = list(accumulate([length + 1 for length in map(len, words)], initial=0))
        return self.of(zip(starts, [start - 1 for start in starts[1:]], strict=False))
