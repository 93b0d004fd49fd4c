import random

import numpy as np
import pytest
from judging_cases import random_sides

from tagloom.evaluation.counts import Counts, count
from tagloom.evaluation.intervals import accuracy_interval, score_intervals
from tagloom.evaluation.scores import macro, micro, score, weighted
from tagloom.evaluation.sentence_counts import count_sentences

FIGURES = ("precision", "recall", "f1")


def test_intervals_are_those_of_sets_drawn_and_scored_one_by_one() -> None:
    choose = random.Random(81)
    gold, predicted = random_sides(choose, 40)
    found = score_intervals(count_sentences(gold, predicted), resamples=4000)
    intervals = {**found.labels, **found.averages}
    drawn: dict[str, list[list[float]]] = {name: [] for name in intervals}
    for _ in range(2000):
        numbers = choose.choices(range(40), k=40)
        counts = count([gold[number] for number in numbers], [predicted[number] for number in numbers])
        averages = {"micro": micro(counts), "macro": macro(counts), "weighted": weighted(counts)}
        scores = {label: score(counts.get(label, Counts())) for label in "ABC"} | averages
        for name, one in scores.items():
            drawn[name].append([getattr(one, figure) for figure in FIGURES])
    assert drawn.keys() == {*"ABC", "micro", "macro", "weighted"}
    for name, figures in drawn.items():
        expected = np.percentile(figures, (2.5, 97.5), axis=0).T
        for figure, edges in zip(FIGURES, expected, strict=True):
            assert intervals[name][figure] == pytest.approx(edges, abs=0.02), (name, figure)


def test_the_wanted_share_of_intervals_holds_the_figure_of_all_sentences() -> None:
    gold, predicted = random_sides(random.Random(82), 6000, "A")
    true_f1 = count_sentences(gold, predicted).scores().micro.f1
    held = 0
    for start in range(0, 6000, 60):
        part = slice(start, start + 60)
        low, high = score_intervals(count_sentences(gold[part], predicted[part]), resamples=400).averages["micro"]["f1"]
        held += low <= true_f1 <= high
    assert 88 <= held <= 99  # of 100 at 95 %


def test_where_all_is_right_there_is_no_doubt() -> None:
    gold = [[(0, 1, "A")], [(1, 2, "B")], [(1, 2, "A"), (3, 4, "B")]]
    found = score_intervals(count_sentences(gold, gold))
    assert {interval for name in ("micro", "weighted") for interval in found.averages[name].values()} == {(1.0, 1.0)}
    assert found.averages["macro"]["f1"] == (1.0, 1.0)


def test_the_interval_of_the_accuracy_is_that_of_drawn_sentences() -> None:
    choose = random.Random(83)
    lengths = np.array([choose.randint(1, 30) for _ in range(60)], np.float64)
    right = np.array([choose.randint(0, int(length)) for length in lengths], np.float64)
    draws = [choose.choices(range(60), k=60) for _ in range(4000)]
    expected = np.percentile([right[draw].sum() / lengths[draw].sum() for draw in draws], (2.5, 97.5))
    assert accuracy_interval(right, lengths, resamples=4000) == pytest.approx(expected, abs=0.01)


def test_of_nothing_the_intervals_are_zero() -> None:
    assert score_intervals(count_sentences([], [])).averages["macro"]["recall"] == (0.0, 0.0)
    assert score_intervals(count_sentences([[]], [[]])).averages["micro"]["f1"] == (0.0, 0.0)
    assert accuracy_interval(np.zeros(0), np.zeros(0)) == (0.0, 0.0)
