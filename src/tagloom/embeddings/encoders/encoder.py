"""An encoder in use: the words of sentences in, one vector a word out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagloom.embeddings.encoders.stretches import Stretch, stretches
from tagloom.embeddings.encoders.subwords import Numbers, Subwords

FIRST, MEAN = "first", "mean"
POOLINGS = FIRST, MEAN
"""Which subwords a word's vector comes from."""

_AT_ONCE = 4_096  # subwords of a batch, padding included

Run = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float32]]
"""Numbers and mask (batch, length) to vectors (batch, length, width)."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A stretch as the network reads it: numbers with their frame, and where the words that count begin."""

    sentence: int
    stretch: Stretch
    numbers: Numbers
    starts: NDArray[np.intp]
    sizes: NDArray[np.intp]


class Encoder:
    """Reads sentences of any length. Threads may share it.

    Args:
        run: the network.
        subwords: the tokenizer.
        width: of the vectors.
        pooling: `FIRST` or `MEAN`.
    """

    def __init__(self, run: Run, subwords: Subwords, width: int, pooling: str) -> None:
        self._run, self._subwords, self.width, self._pooling = run, subwords, width, pooling

    def vectors(self, sentences: Sequence[Sequence[str]]) -> list[NDArray[np.float32]]:
        """One vector for each word of each sentence, (words, width) each."""
        found = [np.zeros((len(words), self.width), np.float32) for words in sentences]
        reads = [one for number, words in enumerate(sentences) for one in self._reads(number, words)]
        reads.sort(key=lambda one: len(one.numbers))
        for batch in _batches(reads):
            for one, values in zip(batch, self._states(batch), strict=True):
                found[one.sentence][one.stretch.kept_start : one.stretch.kept_end] = self._pooled(one, values)
        return found

    def _reads(self, sentence: int, words: Sequence[str]) -> Iterator[_Read]:
        numbers = self._subwords.of(words)
        sizes = [len(own) for own in numbers]
        frame = self._subwords.frame
        for stretch in stretches(sizes, self._subwords.room):
            read = [number for own in numbers[stretch.start : stretch.end] for number in own]
            ends = np.cumsum([len(frame.before), *sizes[stretch.start : stretch.end]])
            kept = slice(stretch.kept_start - stretch.start, stretch.kept_end - stretch.start)
            yield _Read(sentence, stretch, (*frame.before, *read, *frame.behind), ends[:-1][kept], np.diff(ends)[kept])

    def _states(self, batch: Sequence[_Read]) -> NDArray[np.float32]:
        longest = len(batch[-1].numbers)
        numbers = np.zeros((len(batch), longest), np.int64)
        mask = np.zeros((len(batch), longest), np.int64)
        for row, one in enumerate(batch):
            numbers[row, : len(one.numbers)] = one.numbers
            mask[row, : len(one.numbers)] = 1
        return self._run(numbers, mask)

    def _pooled(self, one: _Read, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """The vectors of the words that count, (words, width), of states (length, width)."""
        if self._pooling == FIRST or (one.sizes == 1).all():
            return values[one.starts]
        inside = values[: one.starts[-1] + one.sizes[-1]]
        summed = np.add.reduceat(inside, one.starts, axis=0)
        return np.asarray(summed / one.sizes[:, None], np.float32)


def _batches(reads: Sequence[_Read]) -> Iterator[Sequence[_Read]]:
    """Stretches that come by their lengths, as many at once as have so many subwords with their padding."""
    first = 0
    while first < len(reads):
        last = first + 1
        while last < len(reads) and (last + 1 - first) * len(reads[last].numbers) <= _AT_ONCE:
            last += 1
        yield reads[first:last]
        first = last
