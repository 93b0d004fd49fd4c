"""How long things are: a few figures and a histogram."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

_MAX_BINS = 40


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a histogram: how many lengths lie from `least` to `most`, both included."""

    least: int
    most: int
    count: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """The spread of some lengths, in words. All figures are 0 where there are none.

    Args:
        least: the shortest.
        median: half of them are at most so long.
        mean: their mean.
        percentile_95: of 100 of them 95 are at most so long.
        most: the longest.
        histogram: equally wide bars from the shortest to `percentile_95` and on, the last one up to the longest.
    """

    least: int = 0
    median: float = 0.0
    mean: float = 0.0
    percentile_95: int = 0
    most: int = 0
    histogram: tuple[Bin, ...] = ()

    @classmethod
    def of(cls, lengths: ArrayLike) -> "Lengths":
        """The spread of these.

        Example:
            >>> spread = Lengths.of([1, 2, 2, 7])
            >>> spread.median, spread.mean, spread.most
            (2.0, 3.0, 7)
            >>> [(each.least, each.count) for each in spread.histogram if each.count]
            [(1, 1), (2, 2), (7, 1)]
        """
        values = np.asarray(lengths, np.int64)
        if not len(values):
            return cls()
        return cls(
            least=int(values.min()),
            median=float(np.median(values)),
            mean=float(values.mean()),
            percentile_95=int(np.percentile(values, 95, method="inverted_cdf")),
            most=int(values.max()),
            histogram=_histogram(np.bincount(values)),
        )

    def to_json(self) -> dict[str, Any]:
        """As a JSON object; of the histogram `[least, most, count]` a bar."""
        return {
            "min": self.least,
            "median": self.median,
            "mean": self.mean,
            "p95": self.percentile_95,
            "max": self.most,
            "histogram": [[each.least, each.most, each.count] for each in self.histogram],
        }


def _histogram(counts: np.ndarray[Any, np.dtype[np.int64]]) -> tuple[Bin, ...]:
    """Bars of how often each length occurs, the rarest long ones in one bar."""
    least, most = int(np.flatnonzero(counts)[0]), len(counts) - 1
    total = np.cumsum(counts)
    usual = int(np.searchsorted(total, 0.995 * total[-1])) + 1
    width = -(-(usual - least + 1) // _MAX_BINS)
    edges = list(range(least, min(usual, most) + 1, width))
    ends = [*(edge - 1 for edge in edges[1:]), most]
    return tuple(Bin(edge, end, int(counts[edge : end + 1].sum())) for edge, end in zip(edges, ends, strict=True))
