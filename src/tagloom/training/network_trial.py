"""The network of a transformer is tried once, before anything that it gives is kept or learned on."""

from bisect import bisect_left
from itertools import cycle, islice

import numpy as np
from numpy.typing import NDArray

from tagloom.bundle.format import ENCODER
from tagloom.bundle.network_check import check_network
from tagloom.embeddings.encoders.model_folder import ModelFolder
from tagloom.embeddings.encoders.reads import Read, packed
from tagloom.embeddings.encoders.stretches import Stretch
from tagloom.embeddings.encoders.subwords import Subwords
from tagloom.errors import BundleError, DataError
from tagloom.inference.sessions import Network

_WORDS = "The lens of the Nikon D90 is sharp , but it weighs 460 g without a battery !".split()
_MOST_CHANGE = 1e-3  # that padding may make, where numbers are spread by 1


def longest_read(network: bytes, folder: ModelFolder, threads: int) -> int:
    """Subwords that a network reads at once, special ones included: as many as its folder says, or fewer.

    Args:
        network: that `encoder_graph` gave.
        folder: of the transformer.
        threads: of the processor.

    Raises:
        DataError: it has operators that no bundle may hold, reads too little, or gives other numbers beside longer
            sentences than alone.
    """
    try:
        trial = _Trial(network, folder, threads)
        longest = trial.longest()
        change = trial.change_by_padding(longest)
    except BundleError as error:
        raise DataError(f"{error} Choose another transformer.") from error
    if change > _MOST_CHANGE:
        raise DataError(
            f"{folder.path}: expected a transformer that reads a sentence beside a longer one as it does alone, "
            f"received one whose numbers change by {change:.1g} of their spread. Choose one that leaves out padding."
        )
    return longest


class _Trial:
    def __init__(self, network: bytes, folder: ModelFolder, threads: int) -> None:
        place = str(folder.path)
        check_network(network, place, ENCODER)
        self._network = Network(network, place, threads)
        self._width = self._network.output_width
        self._folder = folder
        subwords = self._subwords(folder.longest)
        self._frame = subwords.frame
        unknown, *known = subwords.of(["", *_WORDS])
        self._inside = [number for numbers in known if numbers != unknown for number in numbers] or list(unknown)

    def longest(self) -> int:
        """The most subwords that it reads, up to what its folder says."""
        told = self._folder.longest
        if self._reads(told):
            return told
        lengths = range(len(self._frame) + 1, told)
        found = bisect_left(lengths, True, key=lambda length: not self._reads(length))
        longest = lengths[max(0, found - 1)]
        self._run(self._read(longest))  # where it reads none, this says why
        self._subwords(longest)  # and this, where it reads too few
        return longest

    def change_by_padding(self, longest: int) -> float:
        """The most that a number of a sentence changes beside one of that length, against their standard deviation."""
        short, long = self._read(max(len(self._frame) + 1, longest // 3)), self._read(longest)
        (alone,), (padded, _) = self._run(short), self._run(short, long)
        return float(np.abs(padded[: len(alone)] - alone).max() / max(float(alone.std()), 1e-12))

    def _subwords(self, longest: int) -> Subwords:
        return Subwords(self._folder.tokenizer, f"{self._folder.path}/tokenizer.json", longest)

    def _read(self, length: int) -> Read:
        """One word of as many subwords as fit."""
        inside = tuple(islice(cycle(self._inside), length - len(self._frame)))
        numbers = (*self._frame.before, *inside, *self._frame.behind)
        return Read(0, Stretch(0, 1, 0, 1), numbers, np.array([len(self._frame.before)]), np.array([len(inside)]))

    def _reads(self, length: int) -> bool:
        try:
            self._run(self._read(length))
        except BundleError:
            return False
        return True

    def _run(self, *some: Read) -> NDArray[np.float32]:
        """(sentences, length, width)."""
        numbers, mask = packed(some)
        return self._network.run((*numbers.shape, self._width), numbers=numbers, mask=mask)
