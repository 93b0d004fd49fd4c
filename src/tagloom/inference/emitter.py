"""Words in, emissions out: the networks of a bundle over many sentences, in batches that are read beside each other."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tagloom.bundle.bundle import Bundle
from tagloom.bundle.format import NETWORK
from tagloom.errors import ConfigError
from tagloom.inference.processors import num_processors
from tagloom.inference.sessions import Network
from tagloom.inference.windows import WINDOW, windows
from tagloom.inference.word_vectors import WordVectors
from tagloom.inference.workers import Workers

Emissions = NDArray[np.float32]
Lengths = NDArray[np.int32]
Item = TypeVar("Item")
Result = TypeVar("Result")

_WORDS_AT_ONCE = 16_384  # of a batch, padding included
_MOST_WORKERS = 4  # more would wait for the interpreter


@dataclass(frozen=True, slots=True)
class _Placed:
    """The words of a batch as rows of a table of vectors.

    Args:
        table: vectors of words, (rows, width).
        rows: of each word of each sentence, (batch, length); 0 is padding.
        lengths: of the sentences, (batch,).
    """

    table: NDArray[np.float32]
    rows: NDArray[np.intp]
    lengths: Lengths


class Emitter:
    """The networks of a bundle in use. Threads may share it.

    One batch is read with all threads; of many, several are read beside each other, each with its part of them, so
    that what is done before and after the network keeps no thread waiting. What is read does not depend on that.

    Args:
        bundle: the model.
        num_tags: that it scores.
        threads: of the processor; 0 for all.

    Attributes:
        word_vectors: of the words that were met so far.
    """

    def __init__(self, bundle: Bundle, num_tags: int, threads: int = 0) -> None:
        self._content, self._num_tags = bundle.network, num_tags
        self._num_threads = threads or num_processors()
        num_workers = min(self._num_threads, _MOST_WORKERS)
        self._workers = Workers(num_workers, ahead=2 * num_workers)
        self._network = Network(bundle.network, NETWORK, self._num_threads)
        self.word_vectors = WordVectors(bundle, self._num_threads)

    def read(
        self, sentences: Sequence[Sequence[str]], batch_size: int, reading: Callable[[Emissions, Lengths], Result]
    ) -> Iterator[tuple[Sequence[int], Result]]:
        """Every sentence that has words, in batches of about one length; those longer than a window alone, last.

        Args:
            sentences: the words of each.
            batch_size: sentences that the network reads at once, at least 1.
            reading: what is made of the scores of each tag for each word, (batch, length, tags), and the lengths,
                (batch,). Threads may call it at the same time.

        Yields:
            The numbers of some sentences, and what was made of them.

        Raises:
            BundleError: the networks do not give what they promise.
            ConfigError: the batch size is less than 1.
        """
        if batch_size < 1:
            raise ConfigError(f"batch_size: expected 1 or more, received {batch_size}.")
        short = [number for number, words in enumerate(sentences) if 0 < len(words) <= WINDOW]
        short.sort(key=lambda number: len(sentences[number]))
        batches = _batches(short, [len(sentences[number]) for number in short], batch_size)
        stretches = ([sentences[number] for number in batch] for batch in batches)
        yield from zip(batches, self._emissions(stretches, len(batches), reading), strict=True)
        for number, words in enumerate(sentences):
            if len(words) > WINDOW:
                yield [number], reading(self._joined(words, batch_size), np.array([len(words)], np.int32))

    def _joined(self, words: Sequence[str], batch_size: int) -> Emissions:
        """Scores of a sentence of any length, (1, length, tags), joined where its windows meet."""
        cut = list(windows(len(words)))
        batches = _batches(cut, [WINDOW] * len(cut), batch_size)
        stretches = ([words[window.start : window.end] for window in batch] for batch in batches)
        emissions = self._emissions(stretches, len(batches), lambda emissions, _: emissions)
        read = zip(cut, chain.from_iterable(emissions), strict=True)
        return np.concatenate([window.kept(own) for window, own in read])[None]

    def _emissions(
        self,
        batches: Iterator[Sequence[Sequence[str]]],
        number: int,
        reading: Callable[[Emissions, Lengths], Result],
    ) -> Iterator[Result]:
        """What is made of each of so many batches of words, in order."""
        placed = map(self._placed, batches)  # here, in order: so the same words always go through a network together
        if number <= 1 or self._workers.number == 1:
            return (reading(self._scores(self._network, batch), batch.lengths) for batch in placed)
        network = self._narrow_network
        return self._workers.map(lambda batch: reading(self._scores(network, batch), batch.lengths), placed)

    def _placed(self, sentences: Sequence[Sequence[str]]) -> _Placed:
        lengths = np.array([len(words) for words in sentences], np.int32)
        table, rows = self.word_vectors.look_up([word for words in sentences for word in words])
        placed = np.zeros((len(sentences), int(lengths.max())), np.intp)
        placed[np.arange(placed.shape[1]) < lengths[:, None]] = rows
        return _Placed(table, placed, lengths)

    def _scores(self, network: Network, batch: _Placed) -> Emissions:
        shape = (*batch.rows.shape, self._num_tags)
        return network.run(shape, vectors=batch.table[batch.rows.T], lengths=batch.lengths)

    @cached_property
    def _narrow_network(self) -> Network:
        """The network with one worker's part of the threads."""
        return Network(self._content, NETWORK, self._num_threads // self._workers.number)


def _batches(in_order: Sequence[Item], lengths: Sequence[int], batch_size: int) -> list[Sequence[Item]]:
    """What comes by length, in batches: fewer of long ones, so that no batch needs much memory."""
    batches, first = [], 0
    while first < len(in_order):
        last = min(first + batch_size, len(in_order))
        while last > first + 1 and (last - first) * lengths[last - 1] > _WORDS_AT_ONCE:
            last = first + max(1, min(last - first - 1, _WORDS_AT_ONCE // lengths[last - 1]))
        batches.append(in_order[first:last])
        first = last
    return batches
