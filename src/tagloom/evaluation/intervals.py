"""How far a figure could be another with other sentences: 95 % intervals by the bootstrap (Efron 1979)."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from tagloom.evaluation.bootstrap import Floats, resampled_sums
from tagloom.evaluation.sentence_counts import SentenceCounts

RESAMPLES, SEED = 1000, 13
_LEVELS = 0.025, 0.975


class Interval(NamedTuple):
    """Least and greatest value of a figure: of a share both between 0 and 1, of a difference between -1 and 1."""

    low: float
    high: float


Intervals = Mapping[str, Interval]
"""Of `precision`, `recall` and `f1`, or of `accuracy`, by the figure's name."""


class ScoreIntervals(NamedTuple):
    """The intervals of each label, and of `micro`, `macro` and `weighted`; apart, since a label may be called so."""

    labels: Mapping[str, Intervals]
    averages: Mapping[str, Intervals]


def score_intervals(counts: SentenceCounts, *, resamples: int = RESAMPLES, seed: int = SEED) -> ScoreIntervals:
    """Percentile intervals of every score: each resample is scored as if it were the set.

    A figure that is undefined in a resample is 0 there, as in `scores`: a label with few chunks has a wide interval.

    Args:
        counts: of each sentence.
        resamples: how many sets of sentences are drawn, at least 1.
        seed: of the draws.
    """
    columns = [counts.correct, counts.predicted, counts.gold, counts.overall[:, None]]
    sums = resampled_sums(np.concatenate(columns, axis=1, dtype=np.float32), resamples=resamples, seed=seed)
    correct, predicted, gold = np.split(sums[:, :-1], 3, axis=1)  # (resamples, labels) each
    labels = _figures(correct, predicted, gold)  # (resamples, labels, 3)
    found = {name: _score_intervals(labels[:, column]) for column, name in enumerate(counts.labels)}
    is_present = (predicted + gold > 0).astype(np.float64)
    averages = {
        "micro": _figures(sums[:, -1], predicted.sum(axis=1), gold.sum(axis=1)),
        "macro": _mean(labels, is_present),
        "weighted": _mean(labels, gold),
    }
    return ScoreIntervals(found, {name: _score_intervals(figures) for name, figures in averages.items()})


def accuracy_interval(right: Floats, lengths: Floats, *, resamples: int = RESAMPLES, seed: int = SEED) -> Interval:
    """The percentile interval of the share of words whose tag is right.

    Args:
        right: number of such words of each sentence, (sentences,).
        lengths: number of words of each sentence, (sentences,).
        resamples: how many sets of sentences are drawn, at least 1.
        seed: of the draws.
    """
    sums = resampled_sums(np.stack([right, lengths], axis=1), resamples=resamples, seed=seed)
    return percentile_interval(share(sums[:, 0], sums[:, 1]))


def percentile_interval(figures: Floats) -> Interval:
    """What 95 % of the resamples' figures lie between, (resamples,)."""
    low, high = np.quantile(figures, _LEVELS).tolist()
    return Interval(low, high)


def share(part: Floats, whole: Floats) -> Floats:
    """Part by whole, of one shape or such as broadcast to one; 0 where the whole is."""
    zeros = np.zeros(np.broadcast_shapes(part.shape, whole.shape))
    shares: Floats = np.divide(part, whole, out=zeros, where=whole > 0)
    return shares


def _score_intervals(figures: Floats) -> Intervals:
    """Of precision, recall and F1, (resamples, 3)."""
    names = ("precision", "recall", "f1")
    return {name: percentile_interval(column) for name, column in zip(names, figures.T, strict=True)}


def _figures(correct: Floats, predicted: Floats, gold: Floats) -> Floats:
    """Precision, recall and F1 of counts (...): (..., 3)."""
    shares = share(correct, predicted), share(correct, gold), share(2 * correct, predicted + gold)
    return np.stack(shares, axis=-1)


def _mean(figures: Floats, weights: Floats) -> Floats:
    """The labels' figures (resamples, labels, 3), weighed by (resamples, labels): (resamples, 3)."""
    return share((figures * weights[..., None]).sum(axis=1), weights.sum(axis=1, keepdims=True))
