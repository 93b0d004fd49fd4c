"""How much the scores of spans are worth: what share of those with a score of 0.8 is right."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bin:
    """The predicted spans within a range of scores.

    Args:
        low: the least score, included.
        high: the greatest, excluded but in the last bin.
        count: how many spans.
        confidence: their mean score, 0 to 1; 0 where there is none.
        precision: the share of them that is right, 0 to 1; 0 where there is none.
    """

    low: float
    high: float
    count: int
    confidence: float
    precision: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """The reliability diagram of some scores (Niculescu-Mizil & Caruana 2005).

    Args:
        expected_error: expected calibration error over ten equal ranges (Naeini et al. 2015, Guo et al. 2017), 0 to 1.
        bins: the ranges.
    """

    expected_error: float
    bins: Sequence[Bin]


@dataclass(frozen=True, slots=True)
class Threshold:
    """What is left where spans with a lower score are left out.

    Args:
        threshold: the least score that is kept, 0 to 1.
        precision: of what is kept, 0 to 1; 1 where nothing is.
        recall: of what is kept, 0 to 1.
        f1: of both.
        kept: number of spans.
    """

    threshold: float
    precision: float
    recall: float
    f1: float
    kept: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """How much scores are worth, before and after calibration.

    Args:
        before: at temperature 1.
        after: with the model's temperature; what a user sees.
        thresholds: precision and recall against threshold, rising; at most 101.
        wanted: the least threshold that reaches each of the precisions 0.5, 0.6, 0.7, 0.8, 0.9, 0.95 and 0.99, as far as
            one does so on at least 10 spans.
    """

    before: Reliability
    after: Reliability
    thresholds: Sequence[Threshold]
    wanted: Sequence["Wanted"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A precision that somebody may want, and what gives it.

    Args:
        precision: that is wanted.
        found: what gives it; None where nothing does.
    """

    precision: float
    found: Threshold | None
