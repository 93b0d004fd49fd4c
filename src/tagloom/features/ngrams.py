"""Stretches of characters, of which vectors of unknown words are made (Bojanowski et al. 2017, section 3.2)."""

from collections.abc import Iterator

BEGIN, END = "<", ">"
"""The bounds of a word, which count as characters of it."""


def ngrams(word: str, shortest: int, longest: int) -> Iterator[str]:
    """Every stretch of so many characters of a word in its bounds, but neither bound alone.

    Example:
        >>> list(ngrams("D90", 3, 4))
        ['<D9', '<D90', 'D90', 'D90>', '90>']
    """
    bounded = f"{BEGIN}{word}{END}"
    for first in range(len(bounded)):
        for last in range(first + max(1, shortest), min(first + longest, len(bounded)) + 1):
            is_bound = last - first == 1 and (first == 0 or last == len(bounded))
            if not is_bound:
                yield bounded[first:last]
