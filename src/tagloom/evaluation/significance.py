"""Whether one of two models is better on a set of sentences, or only luckier."""

from dataclasses import dataclass

import numpy as np

from tagloom.errors import DataError
from tagloom.evaluation.bootstrap import Floats, pieces, resampled_sums
from tagloom.evaluation.intervals import SEED, Interval, percentile_interval, share
from tagloom.evaluation.sentence_counts import SentenceCounts

_ROUNDING = 1e-12  # differences that are equal but for the order of sums


@dataclass(frozen=True, slots=True)
class PairedTest:
    """Two models on one set.

    Args:
        difference: micro F1 of the second less that of the first, -1 to 1; above 0 the second is better.
        interval: of the difference, 95 %, by the paired bootstrap.
        p_value: how often models that are equally good differ at least as much, either way; above 0, at most 1.
    """

    difference: float
    interval: Interval
    p_value: float


def paired_test(
    first: SentenceCounts, second: SentenceCounts, *, resamples: int = 10_000, seed: int = SEED
) -> PairedTest:
    """Compares two models' micro F1 on the same sentences.

    The interval comes from sets of sentences that are drawn anew, with both models' counts of each. The probability
    comes from approximate randomisation (Noreen 1989; Yeh 2000): were both equally good, it would not matter which of
    them gave which answer to a sentence, so that answers are swapped at random.

    Args:
        first: its counts.
        second: the counts of the other one.
        resamples: how many sets, and how many rounds of swaps, at least 1.
        seed: of the draws.

    Raises:
        DataError: the counts are of other sentences, other gold chunks or other modes.

    Example:
        >>> from tagloom.evaluation.sentence_counts import count_sentences
        >>> gold = [[(0, 1, "PNAME")]] * 8
        >>> test = paired_test(count_sentences(gold, [[]] * 8), count_sentences(gold, gold))
        >>> test.difference, test.interval.low, test.p_value < 0.05
        (1.0, 1.0, True)
    """
    _check_same_set(first, second)
    columns = [first.overall, first.predicted.sum(axis=1), second.overall, second.predicted.sum(axis=1)]
    rows = np.stack([*columns, first.gold.sum(axis=1)], axis=1, dtype=np.float64)  # (sentences, 5)
    difference = float(_difference(rows.sum(axis=0)))
    drawn = _difference(resampled_sums(rows, resamples=resamples, seed=seed))
    swapped = _difference(_swapped_sums(rows, resamples=resamples, seed=seed))
    as_large = int(np.count_nonzero(np.abs(swapped) >= abs(difference) - _ROUNDING))
    return PairedTest(difference, percentile_interval(drawn), (as_large + 1) / (resamples + 1))


def _difference(sums: Floats) -> Floats:
    """F1 of the second less that of the first: of correct and predicted of both, then gold chunks (..., 5): (...)."""
    first, second = (share(2 * sums[..., column], sums[..., column + 1] + sums[..., 4]) for column in (0, 2))
    difference: Floats = second - first
    return difference


def _swapped_sums(rows: Floats, *, resamples: int, seed: int) -> Floats:
    """The sums where of each sentence's answers a fair coin says whose they are, (resamples, 5).

    Of sentences that differ alike it only matters how many are swapped, which is binomial.
    """
    changes, sizes = np.unique(rows[:, 2:4] - rows[:, :2], axis=0, return_counts=True)  # (kinds, 2), (kinds,)
    random = np.random.default_rng(seed)
    sizes_drawn = (random.binomial(sizes, 0.5, size=(size, len(sizes))) for size in pieces(resamples, len(sizes)))
    moved = np.concatenate([drawn @ changes for drawn in sizes_drawn])  # (resamples, 2)
    sums: Floats = rows.sum(axis=0) + np.concatenate([moved, -moved, np.zeros((resamples, 1))], axis=1)
    return sums


def _check_same_set(first: SentenceCounts, second: SentenceCounts) -> None:
    if first.mode != second.mode:
        raise DataError(
            f"mode: received counts in {first.mode!r} and {second.mode!r}, expected one mode. Judge both in the same."
        )
    same = first.digest == second.digest and first.num_sentences == second.num_sentences
    if not same or (first.gold.sum(axis=1) != second.gold.sum(axis=1)).any():
        raise DataError(
            f"digest: received counts of {first.num_sentences:,} sentences ({_named(first)}) and of "
            f"{second.num_sentences:,} others ({_named(second)}), expected the same words with the same gold labels. "
            "Judge both models on one set."
        )


def _named(counts: SentenceCounts) -> str:
    return counts.digest[:12] or "no digest"
