"""How far a figure could be another with other sentences: 95 % intervals by the bootstrap (Efron 1979)."""

from collections.abc import Mapping
from typing import NamedTuple


class Interval(NamedTuple):
    """Least and greatest value of a figure, both between 0 and 1."""

    low: float
    high: float


Intervals = Mapping[str, Interval]
"""Of `precision`, `recall` and `f1`, or of `accuracy`, by the figure's name."""
