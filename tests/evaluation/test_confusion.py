import random

import numpy as np
from judging_cases import random_sides

from tagloom.evaluation.confusion import OUTCOMES, Confusion, confusion
from tagloom.evaluation.counts import count
from tagloom.evaluation.matching import match
from tagloom.text import Chunk


def confused(gold: list[list[Chunk]], predicted: list[list[Chunk]]) -> Confusion:
    return confusion(gold, predicted, [match(*both) for both in zip(gold, predicted, strict=True)])


def test_edges_and_labels_are_told_apart() -> None:
    gold = [[(0, 2, "A"), (3, 5, "A"), (6, 8, "B")], [(0, 2, "B"), (4, 5, "A")], [(0, 2, "A")]]
    predicted = [[(0, 2, "A"), (3, 5, "B"), (6, 7, "B")], [(1, 2, "C"), (6, 7, "C")], [(0, 2, "A")]]
    found = confused(gold, predicted)
    assert found.labels == ["A", "B", "C"]
    assert found.same_edges == [[2, 1, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0]]
    assert found.other_edges == [[0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    none = dict.fromkeys(OUTCOMES, 0)
    assert found.outcomes == {
        "A": none | {"correct": 2, "wrong_label": 1, "missed": 1},
        "B": none | {"wrong_edge": 1, "wrong_both": 1},
        "C": none | {"invented": 1},
    }


def test_rows_sum_to_gold_chunks_and_columns_to_predicted_ones() -> None:
    for seed in range(50):
        gold, predicted = random_sides(random.Random(seed), 20)
        found, counts = confused(gold, predicted), count(gold, predicted)
        same, other = np.array(found.same_edges), np.array(found.other_edges)
        for place, label in enumerate(found.labels):
            assert same[place].sum() + other[place].sum() == counts[label].gold
            assert same[:, place].sum() + other[:, place].sum() == counts[label].predicted
            assert same[place, place] == found.outcomes[label]["correct"] == counts[label].correct
            assert other[place, place] == found.outcomes[label]["wrong_edge"]
            assert same[place, -1] == found.outcomes[label]["missed"]
            assert same[-1, place] == found.outcomes[label]["invented"]
            gold_outcomes = sum(found.outcomes[label].values()) - found.outcomes[label]["invented"]
            assert gold_outcomes == counts[label].gold
        assert not other[-1].any()
        assert not other[:, -1].any()


def test_without_chunks_there_is_nothing_to_confuse() -> None:
    assert confused([[]], [[]]) == Confusion([], [[0]], [[0]], {})
