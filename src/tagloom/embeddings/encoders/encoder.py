"""An encoder in use: the words of sentences in, one vector a word out."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tagloom.embeddings.encoders.reads import Read, packed, reads
from tagloom.embeddings.encoders.subwords import Subwords
from tagloom.features.batches import batches_by_length

FIRST, MEAN = "first", "mean"
POOLINGS = FIRST, MEAN
"""Which subwords a word's vector comes from."""

_AT_ONCE = 4_096  # subwords of a batch, padding included

Run = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float32]]
"""Numbers and mask (batch, length) to vectors (batch, length, width)."""


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
        every = [one for number, words in enumerate(sentences) for one in reads(self._subwords, number, words)]
        every.sort(key=lambda one: len(one.numbers))
        lengths = [len(one.numbers) for one in every]
        for numbers in batches_by_length(range(len(every)), lengths, len(every), _AT_ONCE):
            batch = [every[number] for number in numbers]
            for one, values in zip(batch, self._run(*packed(batch)), strict=True):
                found[one.sentence][one.stretch.kept_start : one.stretch.kept_end] = self._pooled(one, values)
        return found

    def _pooled(self, one: Read, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """The vectors of the words that count, (words, width), of states (length, width)."""
        if self._pooling == FIRST or (one.sizes == 1).all():
            return values[one.starts]
        inside = values[: one.starts[-1] + one.sizes[-1]]
        summed = np.add.reduceat(inside, one.starts, axis=0)
        return np.asarray(summed / one.sizes[:, None], np.float32)
