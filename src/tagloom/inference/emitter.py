"""Words in, emissions out: the networks of a bundle over many sentences, in batches that are read beside each other."""

import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tagloom.bundle.bundle import Bundle
from tagloom.bundle.format import NETWORK
from tagloom.embeddings.windows import Window, windows
from tagloom.errors import ConfigError
from tagloom.features.batches import batches_by_length
from tagloom.inference.encoding import encoder_of
from tagloom.inference.processors import num_processors
from tagloom.inference.sessions import Network
from tagloom.inference.word_vectors import WordVectors
from tagloom.inference.workers import Workers

Emissions = NDArray[np.float32]
Lengths = NDArray[np.int32]
Result = TypeVar("Result")

_WORDS_AT_ONCE = 4_096  # of a batch, padding included
_SCORES_AT_ONCE = 2**22  # of long sentences: a step of decoding costs as much for one as for many
_LONG = 256  # words of a sentence from which on decoding costs more than the network, unless many are decoded together
_MOST_WORKERS = 4  # more would wait for the interpreter


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Some words of a sentence.

    Args:
        words: as they are written.
        context: what the encoder gives for them in their sentence, (words, width); None where there is none.
    """

    words: Sequence[str]
    context: NDArray[np.float32] | None

    def within(self, window: Window) -> "_Stretch":
        """What a window reads of it."""
        some = slice(window.start, window.end)
        return _Stretch(self.words[some], None if self.context is None else self.context[some])


@dataclass(frozen=True, slots=True)
class _Placed:
    """The words of a batch as rows of a table of vectors.

    Args:
        table: vectors of words, (rows, width).
        rows: of each word of each sentence, (batch, length); 0 is padding.
        lengths: of the sentences, (batch,).
        contexts: what the encoder gives, (length, batch, width); None where there is none.
    """

    table: NDArray[np.float32]
    rows: NDArray[np.intp]
    lengths: Lengths
    contexts: NDArray[np.float32] | None

    @property
    def vectors(self) -> NDArray[np.float32]:
        """What the network reads, (length, batch, width)."""
        vectors = self.table[self.rows.T]
        return vectors if self.contexts is None else np.concatenate((vectors, self.contexts), axis=2)


class Emitter:
    """The networks of a bundle in use. Threads may share it.

    One batch is read with all threads; of many, several are read beside each other, each with its part of them, so
    that what is done before and after the network keeps no thread waiting. Scores depend on that by rounding alone.

    Args:
        bundle: the model.
        num_tags: that it scores.
        threads: of the processor; 0 for all that this process may use.

    Attributes:
        word_vectors: of the words that were met so far.

    Raises:
        ConfigError: fewer than 0 threads are asked for.
    """

    def __init__(self, bundle: Bundle, num_tags: int, threads: int = 0) -> None:
        if threads < 0:
            raise ConfigError(f"threads: expected 0, for all, or more, received {threads}.")
        self._content, self._num_tags = bundle.network, num_tags
        self._num_threads = threads or num_processors()
        num_workers = min(self._num_threads, _MOST_WORKERS)
        self._workers = Workers(num_workers, ahead=2 * num_workers)
        self._network = Network(bundle.network, NETWORK, self._num_threads)
        self.word_vectors = WordVectors(bundle, self._num_threads)
        self._encoder = None if bundle.encoder is None else encoder_of(bundle.encoder, self._num_threads)

    def read(
        self, sentences: Sequence[Sequence[str]], batch_size: int, reading: Callable[[Emissions, Lengths], Result]
    ) -> Iterator[tuple[Sequence[int], Result]]:
        """Every sentence that has words, in batches of about one length; the long ones last.

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
        lengths = [len(words) for words in sentences]
        in_order = sorted((number for number, length in enumerate(lengths) if length), key=lengths.__getitem__)
        num_short = bisect.bisect_right(in_order, _LONG, key=lengths.__getitem__)
        short = batches_by_length(in_order[:num_short], lengths, batch_size, _WORDS_AT_ONCE)
        stretches = (self._stretches([sentences[number] for number in batch]) for batch in short)
        yield from zip(short, self._emissions(stretches, len(short), reading), strict=True)
        most = max(_WORDS_AT_ONCE, _SCORES_AT_ONCE // self._num_tags)
        for some in batches_by_length(in_order[num_short:], lengths, batch_size, most):
            emissions = self._joined([sentences[number] for number in some], batch_size)
            yield some, reading(emissions, np.array([lengths[number] for number in some], np.int32))

    def _joined(self, sentences: Sequence[Sequence[str]], batch_size: int) -> Emissions:
        """Scores of sentences of any length, (batch, length, tags), joined where their windows meet."""
        read = self._stretches(sentences)
        cut = [(row, window) for row, words in enumerate(sentences) for window in windows(len(words))]
        longest = list(accumulate((len(window) for _, window in cut), max))  # so far, as batches expect
        batches = batches_by_length(range(len(cut)), longest, batch_size, _WORDS_AT_ONCE)
        stretches = ([read[row].within(window) for row, window in cut[batch[0] : batch[-1] + 1]] for batch in batches)
        found = chain.from_iterable(self._emissions(stretches, len(batches), lambda emissions, _: emissions))
        joined = np.zeros((len(sentences), max(map(len, sentences)), self._num_tags), np.float32)
        for (row, window), emissions in zip(cut, found, strict=True):
            joined[row, window.kept_start : window.kept_end] = window.kept(emissions)
        return joined

    def _emissions(
        self,
        batches: Iterator[Sequence[_Stretch]],
        number: int,
        reading: Callable[[Emissions, Lengths], Result],
    ) -> Iterator[Result]:
        """What is made of each of so many batches, in order."""
        placed = map(self._placed, batches)  # here, in order: so the same words always go through a network together
        if number <= 1 or self._workers.number == 1:
            return (reading(self._scores(self._network, batch), batch.lengths) for batch in placed)
        network = self._narrow_network
        return self._workers.map(lambda batch: reading(self._scores(network, batch), batch.lengths), placed)

    def _stretches(self, sentences: Sequence[Sequence[str]]) -> list[_Stretch]:
        """Whole sentences, read by the encoder where there is one."""
        if self._encoder is None:
            return [_Stretch(words, None) for words in sentences]
        return list(map(_Stretch, sentences, self._encoder.vectors(sentences)))

    def _placed(self, stretches: Sequence[_Stretch]) -> _Placed:
        lengths = np.array([len(stretch.words) for stretch in stretches], np.int32)
        table, rows = self.word_vectors.look_up([word for stretch in stretches for word in stretch.words])
        within = np.arange(int(lengths.max())) < lengths[:, None]  # (batch, length)
        placed = np.zeros(within.shape, np.intp)
        placed[within] = rows
        contexts = [stretch.context for stretch in stretches if stretch.context is not None]
        if not contexts:
            return _Placed(table, placed, lengths, None)
        spread = np.zeros((*within.shape, contexts[0].shape[1]), np.float32)
        spread[within] = np.concatenate(contexts)
        return _Placed(table, placed, lengths, spread.transpose(1, 0, 2))

    def _scores(self, network: Network, batch: _Placed) -> Emissions:
        shape = (*batch.rows.shape, self._num_tags)
        return network.run(shape, vectors=batch.vectors, lengths=batch.lengths)

    @cached_property
    def _narrow_network(self) -> Network:
        """The network with one worker's part of the threads."""
        return Network(self._content, NETWORK, -(-self._num_threads // self._workers.number))
