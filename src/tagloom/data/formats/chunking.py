"""Tags of many sentences to chunks: run by run of what is not `O`, since a corpus repeats few runs."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from tagloom.schemes import BIO, OUTSIDE
from tagloom.text import Chunk

Run = tuple[int, int]
"""First place and place after the last of a stretch of tags without `O`."""


class Chunker:
    """Reads the chunks of tags as conlleval does, whatever their scheme, each different run of tags once.

    Example:
        >>> tags = "B-X", "I-X", "O", "I-X", "I-X"
        >>> Chunker().chunks(tags, runs_of(tags, starts=[0, 4]))
        [(0, 2, 'X'), (3, 4, 'X'), (4, 5, 'X')]
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], list[Chunk]] = {}

    def chunks(self, tags: tuple[str, ...], runs: Iterable[Run]) -> list[Chunk]:
        """The chunks in order, by places in `tags`.

        Args:
            tags: of all sentences, one after another.
            runs: as `runs_of` gives them.
        """
        found: list[Chunk] = []
        for begin, end in runs:
            run = tags[begin:end]
            chunks = self._known.get(run)
            if chunks is None:
                chunks = self._known[run] = BIO.decode_leniently(run)
            found += [(begin + first, begin + last, label) for first, last, label in chunks]
        return found


def runs_of(tags: Sequence[str], starts: Sequence[int]) -> list[Run]:
    """First place and place after the last of each stretch without `O` in a sentence.

    Example:
        >>> runs_of(("B-X", "I-X", "O", "I-X", "I-X"), starts=[0, 4])
        [(0, 2), (3, 4), (4, 5)]
    """
    edges = frozenset(starts)
    runs = []
    begin = end = -1
    for place in [place for place, tag in enumerate(tags) if tag != OUTSIDE]:
        if place != end or place in edges:
            runs.append((begin, end))
            begin = place
        end = place + 1
    return [*runs[1:], (begin, end)] if end >= 0 else []


def pairs_of(runs: Mapping[tuple[str, ...], int]) -> Counter[tuple[str, str]]:
    """How often each tag stands before each other, with `O` at the edges; pairs of two `O` are not counted.

    Args:
        runs: how often each stretch of tags without `O` occurs.
    """
    pairs: Counter[tuple[str, str]] = Counter()
    for run, number in runs.items():
        for pair in pairwise((OUTSIDE, *run, OUTSIDE)):
            pairs[pair] += number
    return pairs
