"""Chunks of words, taken one after another, to spans in the text of the words."""

from collections.abc import Sequence

from tagloom.text import Chunk, Span


class ChunkQueue:
    """Chunks in order, taken from the front."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._chunks = chunks
        self._next = 0

    def before(self, end: int) -> Sequence[Chunk]:
        """Those that begin before a place, and were not taken yet."""
        first, chunks = self._next, self._chunks
        while self._next < len(chunks) and chunks[self._next][0] < end:
            self._next += 1
        return chunks[first : self._next]


class SpansOfChunks(dict[tuple[int, int, str], Span]):
    """The span of each start, end and label, made once for all documents that have it: a corpus repeats most."""

    def __missing__(self, place: tuple[int, int, str]) -> Span:
        span = self[place] = Span(*place)
        return span

    def of(self, chunks: Sequence[Chunk], before: Sequence[int], begin: int) -> tuple[Span, ...]:
        """The spans of chunks in a text of words that one character parts.

        Args:
            chunks: in words.
            before: characters of all words before each one, without what parts them.
            begin: the text's first word.
        """
        if not chunks:
            return ()
        offset = before[begin] + begin
        return tuple(
            [
                self[before[first] + first - offset, before[end] + end - 1 - offset, label]
                for first, end, label in chunks
            ]
        )
