"""Tags of many sentences to chunks: run by run of what is not `O`, since a corpus repeats few runs."""

from collections.abc import Sequence

from tagloom.schemes import OUTSIDE, Scheme
from tagloom.text import Chunk


class Chunker:
    """Reads the chunks of tags as conlleval does, each different run of tags once.

    Args:
        scheme: of the tags.

    Example:
        >>> from tagloom.schemes import BIO
        >>> Chunker(BIO).chunks(("B-X", "I-X", "O", "I-X", "I-X"), starts=[0, 4])
        [(0, 2, 'X'), (3, 4, 'X'), (4, 5, 'X')]
    """

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._known: dict[tuple[str, ...], list[Chunk]] = {}

    def chunks(self, tags: tuple[str, ...], starts: Sequence[int]) -> list[Chunk]:
        """The chunks in order, by places in `tags`.

        Args:
            tags: of all sentences, one after another.
            starts: where each sentence begins.
        """
        found: list[Chunk] = []
        for begin, end in _runs(tags, starts):
            run = tags[begin:end]
            chunks = self._known.get(run)
            if chunks is None:
                chunks = self._known[run] = self._scheme.decode_leniently(run)
            found += [(begin + first, begin + last, label) for first, last, label in chunks]
        return found


def _runs(tags: Sequence[str], starts: Sequence[int]) -> list[tuple[int, int]]:
    """First place and place after the last of each stretch without `O` in a sentence."""
    edges = frozenset(starts)
    runs = []
    begin = end = -1
    for place in [place for place, tag in enumerate(tags) if tag != OUTSIDE]:
        if place != end or place in edges:
            runs.append((begin, end))
            begin = place
        end = place + 1
    return [*runs[1:], (begin, end)] if end >= 0 else []
