"""Figures equal those of nervaluate's own evaluator, whatever the chunks."""

import random
from collections.abc import Mapping
from typing import Any

import pytest
from judging_cases import random_sides
from nervaluate import Evaluator

from tagloom.errors import ConfigError
from tagloom.evaluation.scores import Score
from tagloom.evaluation.semeval import count_correct
from tagloom.evaluation.sentence_counts import count_sentences
from tagloom.text import Chunk

NUM_PAIRS = 10_000
THEIRS = {"partial": "partial", "type": "ent_type", "exact": "exact", "strict": "strict"}


def by_nervaluate(gold: list[list[Chunk]], predicted: list[list[Chunk]]) -> Mapping[str, Any]:
    both = (
        [[{"label": label, "start": first, "end": end - 1} for first, end, label in own] for own in side]
        for side in (gold, predicted)
    )
    return Evaluator(*both, tags=["A", "B", "C"], loader="dict").evaluate()


def assert_same(ours: Score, theirs: Any) -> None:
    figures = (theirs.precision, theirs.recall, theirs.f1)
    assert (ours.precision, ours.recall, ours.f1) == pytest.approx(figures, abs=1e-12)
    assert ours.support == theirs.possible


def test_every_figure_equals_nervaluates_on_random_chunks() -> None:
    choose = random.Random(51)
    num_different = 0
    for _ in range(NUM_PAIRS):
        gold, predicted = random_sides(choose, choose.randint(1, 4), "ABC"[: choose.randint(1, 3)])
        expected = by_nervaluate(gold, predicted)
        for mode, name in THEIRS.items():
            scores = count_sentences(gold, predicted, mode=mode).scores()
            assert_same(scores.micro, expected["overall"][name])
            assert scores.labels.keys() == expected["entities"].keys()
            for label, score in scores.labels.items():
                assert_same(score, expected["entities"][label][name])
        num_different += expected["overall"]["partial"].f1 != expected["overall"]["ent_type"].f1
    assert num_different > NUM_PAIRS / 4


@pytest.mark.parametrize(
    ("predicted", "partial", "by_type", "exact"),
    [
        ((2, 5, "A"), 1, 1, 1),
        ((2, 5, "B"), 1, 0, 1),
        ((4, 6, "A"), 0.5, 1, 0),
        ((4, 6, "B"), 0.5, 0, 0),
        ((5, 6, "A"), 0, 0, 0),
        ((1, 2, "A"), 0, 0, 0),
    ],
)
def test_edges_and_labels_count_as_the_task_has_it(
    predicted: Chunk, partial: float, by_type: float, exact: float
) -> None:
    counted = [count_correct([(2, 5, "A")], [predicted], mode) for mode in ("partial", "type", "exact")]
    assert counted == [partial, by_type, exact]


def test_all_labels_together_may_have_more_right_than_each_alone() -> None:
    counts = count_sentences([[(0, 2, "A")], [(0, 1, "B")]], [[(0, 2, "B")], [(0, 1, "B")]], mode="partial")
    assert counts.correct.tolist() == [[0, 0], [0, 1]]
    assert counts.overall.tolist() == [1, 1]
    scores = counts.scores()
    assert scores.micro.f1 == 1
    assert scores.macro.f1 == pytest.approx(1 / 3)


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ConfigError, match="mode: received 'loose', expected one of strict, conlleval, partial, type"):
        count_sentences([], [], mode="loose")
