"""How paths of any tags are read as chunks, and how probable a chunk is over all paths of a lattice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagloom.decoding import Floats, Integers, Posterior
from tagloom.errors import SchemeError
from tagloom.schemes import BIO, OUTSIDE, PREFIXES, split_tag
from tagloom.text import Chunk


@dataclass(frozen=True, slots=True)
class ChunkReading:
    """How tags make chunks. A chunk is words of one label, each of whose tags joins the one before it.

    Args:
        labels: of each tag, empty for `O`.
        joins: whether a tag goes on with the chunk of the one before it, (tags, tags) `[before, after]`.
    """

    labels: tuple[str, ...]
    joins: NDArray[np.bool_]

    @classmethod
    def of(cls, tags: Sequence[str]) -> "ChunkReading":
        """Tags of a scheme are read as conlleval does; where one is of no scheme, each is a label, which joins itself.

        Example:
            >>> ChunkReading.of(["O", "B-PNAME", "I-PNAME"]).chunks([1, 2, 2, 0])
            [(0, 3, 'PNAME')]
            >>> ChunkReading.of(["O", "PNAME"]).chunks([1, 1, 0, 1])
            [(0, 2, 'PNAME'), (3, 4, 'PNAME')]
        """
        try:
            split = [split_tag(tag) for tag in tags]
        except SchemeError:
            labels = tuple("" if tag == OUTSIDE else tag for tag in tags)
            return cls(labels, np.diag([bool(label) for label in labels]))
        prefixes = np.array([(OUTSIDE + PREFIXES).index(prefix) for prefix, _ in split])
        numbers = np.unique([label for _, label in split], return_inverse=True)[1]
        same = numbers[:, None] == numbers[None, :]
        return cls(tuple(label for _, label in split), same & _joining_prefixes()[prefixes[:, None], prefixes])

    def chunks(self, path: Sequence[int] | Integers) -> list[Chunk]:
        """The chunks that the tags of these numbers make."""
        return list(self._walk(path))

    def probability(self, sums: Posterior, chunk: Chunk) -> float:
        """The probability, over all paths of one sentence, of exactly this chunk, however its tags spell it.

        Args:
            sums: of that sentence alone.
            chunk: of one of its paths.
        """
        first, last, label = chunk
        lattice = sums.lattice
        own = np.array([number for number, one in enumerate(self.labels) if one == label])
        emissions, transitions, joins = lattice.emissions[0], lattice.transitions, self.joins
        into, out_of = transitions[:, own], transitions[own]
        here = lattice.start_transitions[own]  # (own tags,)
        if first > 0:
            here = _log_sum(sums.forward[0, first - 1][:, None] + np.where(joins[:, own], -np.inf, into))
        here = here + emissions[first, own]
        inside = np.where(joins[own][:, own], into[own], -np.inf)
        for position in range(first + 1, last):
            here = _log_sum(here[:, None] + inside) + emissions[position, own]
        after = lattice.end_transitions[own]
        if last < len(emissions):
            after = _log_sum((np.where(joins[own], -np.inf, out_of) + emissions[last] + sums.backward[0, last]).T)
        return float(min(1.0, np.exp(_log_sum(here + after) - sums.log_partition[0])))

    def _walk(self, path: Sequence[int] | Integers) -> Iterator[Chunk]:
        begin, before = 0, -1
        for position, tag in enumerate(path):
            if before >= 0 and self.joins[before, tag]:
                before = int(tag)
                continue
            if before >= 0 and self.labels[before]:
                yield begin, position, self.labels[before]
            begin, before = position, int(tag)
        if before >= 0 and self.labels[before]:
            yield begin, len(path), self.labels[before]


def _joining_prefixes() -> NDArray[np.bool_]:
    """Which prefix goes on with the chunk of which other, with equal labels, (prefixes, prefixes); `O` comes first."""
    pairs = [[BIO.decode_leniently([f"{a}-x", f"{b}-x"]) == [(0, 2, "x")] for b in PREFIXES] for a in PREFIXES]
    return np.pad(np.array(pairs), ((1, 0), (1, 0)))


def _log_sum(values: Floats) -> Floats:
    """Log of the summed exponentials along the first axis; minus infinity where all are."""
    return np.asarray(np.logaddexp.reduce(values, axis=0))
