import random
from itertools import pairwise

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_recall_curve

from tagloom.evaluation.calibration import Threshold, calibration, reliability


def scores_and_truth(seed: int, num_spans: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores that are too sure of themselves."""
    choose = np.random.default_rng(seed)
    scores = choose.beta(4, 1, num_spans)
    return scores, choose.random(num_spans) < scores**2


def test_the_expected_error_is_the_one_by_hand() -> None:
    scores = np.array([0.05, 0.15, 0.11, 0.95, 0.91, 1.0, 0.55])
    right = np.array([False, True, False, True, True, False, True])
    gaps = [1 * abs(0.05 - 0), 2 * abs(0.13 - 0.5), 3 * abs((0.95 + 0.91 + 1.0) / 3 - 2 / 3), 1 * abs(0.55 - 1)]
    found = reliability(scores, right)
    assert found.expected_error == pytest.approx(sum(gaps) / 7, abs=1e-12)
    assert [one.count for one in found.bins] == [1, 2, 0, 0, 0, 1, 0, 0, 0, 3]
    assert (found.bins[1].confidence, found.bins[1].precision) == pytest.approx((0.13, 0.5))
    assert (found.bins[2].confidence, found.bins[2].precision) == (0.0, 0.0)


def test_a_range_has_its_least_score_and_the_last_one_its_greatest_too() -> None:
    scores = np.array([0.0, 0.1, 0.2, 0.3, 0.6, 0.7, 0.9, 1.0])
    counts = [one.count for one in reliability(scores, scores > 2).bins]
    assert counts == [1, 1, 1, 1, 0, 0, 1, 1, 0, 2]
    assert [one.low for one in reliability(scores, scores > 2).bins[:4]] == [0.0, 0.1, 0.2, 0.3]


@pytest.mark.parametrize("seed", range(5))
def test_the_diagram_is_that_of_scikit_learn(seed: int) -> None:
    scores, right = scores_and_truth(seed, 500)
    precision, confidence = calibration_curve(right, scores, n_bins=10)
    filled = [one for one in reliability(scores, right).bins if one.count]
    assert [one.precision for one in filled] == pytest.approx(precision)
    assert [one.confidence for one in filled] == pytest.approx(confidence)


def test_scores_that_mean_what_they_say_have_hardly_an_error_and_others_have() -> None:
    choose = np.random.default_rng(9)
    scores = choose.random(20_000)
    assert reliability(scores, choose.random(20_000) < scores).expected_error < 0.01
    assert reliability(scores, choose.random(20_000) < scores**3).expected_error > 0.15


def test_every_threshold_keeps_the_scores_from_it_on() -> None:
    scores, right = np.array([0.2, 0.9, 0.9, 0.5]), np.array([False, True, False, True])
    found = calibration(scores, scores, right, 5)
    assert found.thresholds == [
        Threshold(0.2, precision=0.5, recall=0.4, f1=pytest.approx(4 / 9), kept=4),
        Threshold(0.5, precision=pytest.approx(2 / 3), recall=0.4, f1=0.5, kept=3),
        Threshold(0.9, precision=0.5, recall=0.2, f1=pytest.approx(2 / 7), kept=2),
    ]


def test_precision_and_recall_by_threshold_are_those_of_scikit_learn() -> None:
    scores, right = scores_and_truth(6, 90)
    found = calibration(scores, scores, right, int(right.sum()))
    precision, recall, thresholds = precision_recall_curve(right, scores)
    assert [one.threshold for one in found.thresholds] == pytest.approx(thresholds)
    assert [one.precision for one in found.thresholds] == pytest.approx(precision[:-1])
    assert [one.recall for one in found.thresholds] == pytest.approx(recall[:-1])


def test_of_many_scores_at_most_101_thresholds_stay_spread_over_all() -> None:
    scores, right = scores_and_truth(7, 5000)
    thresholds = calibration(scores, scores, right, 6000).thresholds
    assert len(thresholds) == 101
    assert (thresholds[0].threshold, thresholds[0].kept) == (scores.min(), 5000)
    assert (thresholds[-1].threshold, thresholds[-1].kept) == (scores.max(), 1)
    kept = [one.kept for one in thresholds]
    assert all(40 <= before - after <= 60 for before, after in pairwise(kept))
    assert thresholds[0].recall == right.sum() / 6000


def test_a_wanted_precision_has_the_least_threshold_that_gives_it_on_ten_spans() -> None:
    choose = random.Random(8)
    scores = np.array([choose.random() for _ in range(300)])
    right = np.array([choose.random() < 0.9 * score for score in scores])
    found = calibration(scores, scores, right, 400)
    assert [one.precision for one in found.wanted] == [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]
    for wanted in found.wanted:
        reached = [
            threshold
            for threshold in sorted(scores)
            if (scores >= threshold).sum() >= 10 and right[scores >= threshold].mean() >= wanted.precision
        ]
        assert (wanted.found.threshold if wanted.found else None) == (reached[0] if reached else None)
    assert found.wanted[0].found is not None
    assert found.wanted[-1].found is None


@pytest.mark.parametrize(("num_spans", "is_found"), [(9, False), (10, True)])
def test_on_fewer_than_ten_spans_no_precision_is_believed(num_spans: int, is_found: bool) -> None:
    scores = np.full(num_spans, 0.8)
    found = calibration(scores, scores, scores > 0, num_spans)
    assert {wanted.found is not None for wanted in found.wanted} == {is_found}


def test_before_and_after_are_told_apart() -> None:
    scores, right = scores_and_truth(9, 3000)
    found = calibration(scores, scores**2, right, 3000)
    assert found.before == reliability(scores, right)
    assert found.after == reliability(scores**2, right)
    assert found.after.expected_error < found.before.expected_error


def test_without_spans_there_is_nothing_to_calibrate() -> None:
    assert calibration(np.zeros(0), np.zeros(0), np.zeros(0, np.bool_), 3) is None


def test_where_nothing_is_gold_precision_and_recall_are_zero() -> None:
    found = calibration(np.array([0.5]), np.array([0.5]), np.array([False]), 0)
    assert found.thresholds == [Threshold(0.5, 0.0, 0.0, 0.0, 1)]
