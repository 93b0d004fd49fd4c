"""Sentences in stretches of whole words that an encoder can read at once; each word counts in just one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some words of a sentence, in words.

    Args:
        start: first that is read.
        end: behind the last that is read.
        kept_start: first that counts.
        kept_end: behind the last that counts.
    """

    start: int
    end: int
    kept_start: int
    kept_end: int


def stretches(sizes: Sequence[int], most: int) -> Iterator[Stretch]:
    """A sentence in stretches that overlap by a quarter on each side where it does not fit into one.

    Args:
        sizes: subwords of each word, none larger than half of `most`.
        most: subwords of a stretch.

    Example:
        >>> [(one.start, one.kept_start, one.kept_end, one.end) for one in stretches([2] * 10, 8)]
        [(0, 0, 3, 4), (2, 3, 5, 6), (4, 5, 7, 8), (6, 7, 10, 10)]
    """
    total, kept = len(sizes), 0
    while kept < total:
        start = kept
        before = 0
        while start and before + sizes[start - 1] <= most // 4:
            start -= 1
            before += sizes[start]
        end, size = start, 0
        while end < total and size + sizes[end] <= most:
            size += sizes[end]
            end += 1
        kept_end, behind = end, 0
        while end < total and kept_end - 1 > kept and behind + sizes[kept_end - 1] <= most // 4:
            kept_end -= 1
            behind += sizes[kept_end]
        yield Stretch(start, end, kept, kept_end)
        kept = kept_end
