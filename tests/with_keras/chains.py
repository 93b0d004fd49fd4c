"""Random chains, and everything about them by brute force: a sum over every path, in double precision."""

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import keras
import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from tagloom.schemes import scheme

TAGS = ("O", "B-X", "I-X", "B-Y")


@dataclass(frozen=True)
class MadeChain:
    """A batch of random sentences; words stand where `within` says.

    Args:
        emissions: (batch, length, tags).
        transitions: (tags, tags), start (tags,), end (tags,).
        within: (batch, length).
        tags: some tag for each place, (batch, length).
    """

    emissions: NDArray[np.float32]
    transitions: tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]
    within: NDArray[np.bool_]
    tags: NDArray[np.int32]

    @property
    def arrays(self) -> tuple[Any, ...]:
        """Emissions, transitions, start, end, within and tags as tensors."""
        return tuple(
            keras.ops.convert_to_tensor(own) for own in (self.emissions, *self.transitions, self.within, self.tags)
        )

    def words(self, row: int) -> list[int]:
        """The places of a row's words."""
        return [int(place) for place in np.flatnonzero(self.within[row])]

    def score(self, row: int, path: tuple[int, ...]) -> float:
        """Of one path through a row's words, term by term."""
        between, start, end = (own.astype(np.float64) for own in self.transitions)
        total = start[path[0]] + end[path[-1]]
        for place, tag in zip(self.words(row), path, strict=True):
            total += float(self.emissions[row, place, tag])
        return float(total + sum(between[pair] for pair in itertools.pairwise(path)))

    @cached_property
    def paths(self) -> list[dict[tuple[int, ...], float]]:
        """The score of every path of each row; none of a row without words."""
        numbers = range(self.emissions.shape[2])
        every = [itertools.product(numbers, repeat=len(self.words(row))) for row in range(len(self.within))]
        return [{path: self.score(row, path) for path in own if path} for row, own in enumerate(every)]

    def log_partition(self, row: int) -> float:
        return float(np.logaddexp.reduce(list(self.paths[row].values())))

    def negative_log_likelihood(self) -> NDArray[np.float64]:
        """(batch,)."""
        right = [tuple(int(self.tags[row, place]) for place in self.words(row)) for row in range(len(self.within))]
        pairs = enumerate(right)
        return np.array([self.log_partition(row) - self.paths[row][path] if path else 0.0 for row, path in pairs])

    def marginals(self) -> NDArray[np.float64]:
        """(batch, length, tags)."""
        found = np.zeros(self.emissions.shape)
        for row, own in enumerate(self.paths):
            places = self.words(row)
            for path, score in own.items():
                found[row, places, list(path)] += np.exp(score - self.log_partition(row))
        return found

    def best_paths(self) -> NDArray[np.int64]:
        """(batch, length); 0 where there is no word."""
        found = np.zeros(self.within.shape, np.int64)
        for row, own in enumerate(self.paths):
            if own:
                found[row, self.words(row)] = max(own, key=lambda path: own[path])
        return found


def made_chain(seed: int, within: list[list[bool]], scale: float, *, scheme_name: str | None = None) -> MadeChain:
    """A chain with scores of about that size; forbidden transitions are minus infinity."""
    random = np.random.default_rng(seed)
    num_tags, shape = len(TAGS), np.array(within).shape

    def normal(*of: int) -> NDArray[np.float32]:
        return (scale * random.standard_normal(of)).astype(np.float32)

    scores = normal(num_tags, num_tags), normal(num_tags), normal(num_tags)
    if scheme_name is not None:
        start, between, end = scheme(scheme_name).transition_masks(TAGS)
        pairs = zip((between, start, end), scores, strict=True)
        scores = tuple(np.where(mask, own, np.float32(-np.inf)) for mask, own in pairs)  # type: ignore[assignment]
    tags = random.integers(0, num_tags, shape).astype(np.int32)
    return MadeChain(normal(*shape, num_tags), scores, np.array(within), tags)


ROWS, LENGTH = 3, 4

MASKS = st.lists(st.lists(st.booleans(), min_size=LENGTH, max_size=LENGTH), min_size=ROWS, max_size=ROWS)
"""Which places of a batch hold words: padding before, behind or between them, and rows without any. All are of one
shape, so that a function is compiled once."""
