import random

import numpy as np
import pytest

from tagloom.evaluation import bootstrap
from tagloom.evaluation.bootstrap import resampled_sums

ROWS = np.array([[1, 0], [1, 0], [0, 2], [0, 0], [3, 1], [1, 0]], np.float64)


@pytest.mark.parametrize("cost", [0, 1000], ids=["by kinds", "by sentences"])
def test_sums_are_spread_as_those_of_sentences_drawn_one_by_one(monkeypatch: pytest.MonkeyPatch, cost: int) -> None:
    monkeypatch.setattr(bootstrap, "_COST_OF_KIND", cost)
    choose = random.Random(71)
    by_hand = np.array([ROWS[choose.choices(range(len(ROWS)), k=len(ROWS))].sum(axis=0) for _ in range(20_000)])
    sums = resampled_sums(ROWS, resamples=20_000, seed=3)
    assert sums.shape == (20_000, 2)
    assert sums.mean(axis=0) == pytest.approx(by_hand.mean(axis=0), abs=0.06)
    assert np.cov(sums.T) == pytest.approx(np.cov(by_hand.T), abs=0.25)
    for level in (2.5, 25, 75, 97.5):
        assert np.percentile(sums, level, axis=0) == pytest.approx(np.percentile(by_hand, level, axis=0), abs=1)


@pytest.mark.parametrize("cost", [0, 1000], ids=["by kinds", "by sentences"])
def test_every_resample_is_as_large_as_the_set(monkeypatch: pytest.MonkeyPatch, cost: int) -> None:
    monkeypatch.setattr(bootstrap, "_COST_OF_KIND", cost)
    with_ones = np.concatenate([ROWS, np.ones((len(ROWS), 1))], axis=1)
    assert (resampled_sums(with_ones, resamples=50, seed=1)[:, 2] == len(ROWS)).all()


def test_neither_the_order_of_sentences_nor_what_is_held_at_once_changes_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sums = resampled_sums(ROWS, resamples=100, seed=5)
    assert np.array_equal(resampled_sums(ROWS[::-1], resamples=100, seed=5), sums)
    assert not np.array_equal(resampled_sums(ROWS, resamples=100, seed=6), sums)
    monkeypatch.setattr(bootstrap, "_MOST_CELLS", 1)
    assert np.array_equal(resampled_sums(ROWS, resamples=100, seed=5), sums)


def test_of_no_sentences_the_sums_are_zero() -> None:
    assert resampled_sums(np.zeros((0, 3)), resamples=4, seed=1).tolist() == [[0.0] * 3] * 4
