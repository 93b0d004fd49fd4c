"""What can be read at each place of a sentence, and how probable each reading is by a model that never saw it.

A place is a gold span, or a bare stretch in which the model sees an entity. Its readings exclude one another: exactly
this span with this label, exactly another one that overlaps it, or no label at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tagloom.decoding import Posterior
from tagloom.schemes import BIOES, label_of
from tagloom.text import Chunk

LIKELY = 0.05
"""Spans that are less probable than this are no reading."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a place.

    Args:
        chunk: the labelled stretch, in words; None where nothing is labelled.
        probability: over all paths, that it is exactly so.
    """

    chunk: Chunk | None
    probability: float

    @property
    def label(self) -> str | None:
        """Its label; None where nothing is labelled."""
        return self.chunk[2] if self.chunk is not None else None


@dataclass(frozen=True, slots=True)
class Place:
    """What the data says of one place, and what else may be right there.

    Args:
        sentence: index of the sentence.
        given: as it is labelled.
        rivals: the other readings, the most probable first.
    """

    sentence: int
    given: Reading
    rivals: tuple[Reading, ...]


class Reader:
    """Finds the places of sentences from their sums over all paths.

    Args:
        tags: of the model, in BIOES; `O` is the first.
    """

    def __init__(self, tags: Sequence[str]) -> None:
        self._numbers = {tag: number for number, tag in enumerate(tags)}
        self.labels = tuple(dict.fromkeys(label_of(tag) for tag in tags[1:]))

    def places(self, sentence: int, sums: Posterior, row: int, gold: Sequence[Chunk]) -> Iterator[Place]:
        """Each gold span with the readings that overlap it, then each likely span that overlaps none.

        Args:
            sentence: index that the places bear.
            sums: of a batch of sentences.
            row: the sentence within the batch.
            gold: its chunks, apart and in order.
        """
        likely = dict(self.likely_chunks(sums, row))
        for chunk in gold:
            others = (one for one in likely if one != chunk and overlap(one, chunk))
            rivals = [self._bare(sums, row, chunk), *(Reading(one, likely[one]) for one in others)]
            rivals.sort(key=lambda reading: -reading.probability)
            yield Place(sentence, Reading(chunk, self._probability(sums, row, chunk)), tuple(rivals))
        for chunk, probability in likely.items():
            if not any(overlap(chunk, one) for one in gold):
                yield Place(sentence, self._bare(sums, row, chunk), (Reading(chunk, probability),))

    def bare_confidence(self, sums: Posterior, row: int, gold: Sequence[Chunk]) -> tuple[float, int]:
        """The summed probabilities that words which nobody has labelled are bare, and how many words these are."""
        length = int(sums.lattice.lengths[row])
        bare = np.ones(length, np.bool_)
        for start, end, _ in gold:
            bare[start:end] = False
        logarithms = sums.forward[row, :length, 0] + sums.backward[row, :length, 0] - sums.log_partition[row]
        return float(np.exp(logarithms[bare]).sum()), int(bare.sum())

    def likely_chunks(self, sums: Posterior, row: int) -> Iterator[tuple[Chunk, float]]:
        """Every chunk whose probability is at least `LIKELY`, with it.

        A chunk is no more probable than that its label begins at its first word and has not ended before its last, so
        that few beginnings need to be followed, and none further than it is likely.
        """
        length = int(sums.lattice.lengths[row])
        for label in self.labels:
            single, begin = self._numbers[f"S-{label}"], self._numbers[f"B-{label}"]
            tags = np.array([single, begin])
            logarithms = sums.forward[row, :length, tags] + sums.backward[row, :length, tags] - sums.log_partition[row]
            ones, beginnings = np.exp(logarithms)  # (2, length)
            for start in np.flatnonzero(ones >= LIKELY):
                yield (int(start), int(start) + 1, label), min(1.0, float(ones[start]))
            for start in np.flatnonzero(beginnings >= LIKELY):
                yield from self._longer(sums, row, int(start), label)

    def _longer(self, sums: Posterior, row: int, start: int, label: str) -> Iterator[tuple[Chunk, float]]:
        """Likely chunks of two words or more that begin there."""
        begin, inner, last = (self._numbers[f"{prefix}-{label}"] for prefix in "BIE")
        lattice, whole = sums.lattice, sums.log_partition[row]
        before, score = begin, sums.forward[row, start, begin]
        for position in range(start + 1, int(lattice.lengths[row])):
            emissions = lattice.emissions[row, position]
            ended = score + lattice.transitions[before, last] + emissions[last] + sums.backward[row, position, last]
            probability = float(np.exp(ended - whole))
            if probability >= LIKELY:
                yield (start, position + 1, label), min(1.0, probability)
            score = score + lattice.transitions[before, inner] + emissions[inner]
            if np.exp(score + sums.backward[row, position, inner] - whole) < LIKELY:
                return
            before = inner

    def _probability(self, sums: Posterior, row: int, chunk: Chunk) -> float:
        """Of exactly that chunk; 0 where the model knows no such label."""
        start, end, label = chunk
        spelled = BIOES.encode([(0, end - start, label)], end - start)
        if spelled[0] not in self._numbers:
            return 0.0
        return sums.path_probability(row, start, np.array([self._numbers[tag] for tag in spelled]))

    def _bare(self, sums: Posterior, row: int, chunk: Chunk) -> Reading:
        start, end, _ = chunk
        return Reading(None, sums.path_probability(row, start, np.zeros(end - start, np.intp)))


def overlap(one: Chunk, other: Chunk) -> bool:
    """Whether two chunks share a word."""
    return one[0] < other[1] and other[0] < one[1]
