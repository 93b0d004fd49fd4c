"""How much the scores of spans are worth: what share of those with a score of 0.8 is right."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

_NUM_BINS = 10
_MOST_THRESHOLDS = 101
_WANTED = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
_FEWEST_SPANS = 10  # on which a wanted precision is believed


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
        precision: of what is kept, 0 to 1.
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
        wanted: the least threshold that reaches each of the precisions 0.5, 0.6, 0.7, 0.8, 0.9, 0.95 and 0.99, as far
            as one does so on at least 10 spans.
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


def calibration(raw_scores: Floats, scores: Floats, right: Booleans, num_gold: int) -> Calibration | None:
    """How much the scores of some spans are worth; None where there is none.

    Args:
        raw_scores: of each span at temperature 1, (spans,), 0 to 1.
        scores: of each span with the model's temperature, (spans,), 0 to 1.
        right: whether it is gold, (spans,).
        num_gold: number of gold spans, found or not.
    """
    if not len(right):
        return None
    every = _every_threshold(scores, right, num_gold)
    some = np.unique(np.linspace(0, len(every) - 1, _MOST_THRESHOLDS).astype(np.int64))
    return Calibration(
        reliability(raw_scores, right),
        reliability(scores, right),
        thresholds=[every[place] for place in some],
        wanted=[Wanted(precision, _least_that_reaches(precision, every)) for precision in _WANTED],
    )


def reliability(scores: Floats, right: Booleans) -> Reliability:
    """How often spans are right against how sure the model is of them.

    Args:
        scores: of each span, (spans,), 0 to 1.
        right: whether it is, (spans,).

    Example:
        >>> found = reliability(np.array([0.95, 0.95, 0.75, 0.75]), np.array([True, True, True, False]))
        >>> round(found.expected_error, 3), found.bins[7].precision
        (0.15, 0.5)
    """
    edges = np.arange(_NUM_BINS + 1) / _NUM_BINS
    places = np.clip(np.searchsorted(edges, scores, side="right") - 1, 0, _NUM_BINS - 1)
    counts = np.bincount(places, minlength=_NUM_BINS)
    confidence = np.bincount(places, weights=scores, minlength=_NUM_BINS)
    num_right = np.bincount(places, weights=right, minlength=_NUM_BINS)
    filled = np.maximum(counts, 1)
    error = float(np.abs(num_right - confidence).sum() / max(1, len(scores)))
    columns = (edges[:-1], edges[1:], counts, confidence / filled, num_right / filled)
    return Reliability(error, [Bin(*row) for row in zip(*(column.tolist() for column in columns), strict=True)])


def _every_threshold(scores: Floats, right: Booleans, num_gold: int) -> list[Threshold]:
    """What each different score leaves as a threshold, rising."""
    order = np.argsort(scores)
    different, first = np.unique(scores[order], return_index=True)
    kept = len(scores) - first
    num_right = np.cumsum(right[order][::-1])[::-1][first]
    columns = (different, num_right / kept, num_right / max(1, num_gold), 2 * num_right / (kept + num_gold), kept)
    return [Threshold(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _least_that_reaches(precision: float, thresholds: Sequence[Threshold]) -> Threshold | None:
    enough = (one for one in thresholds if one.precision >= precision and one.kept >= _FEWEST_SPANS)
    return next(enough, None)
