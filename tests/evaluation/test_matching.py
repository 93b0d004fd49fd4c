import random
from itertools import product

import pytest
from judging_cases import random_chunks

from tagloom.evaluation.confusion import OUTCOMES
from tagloom.evaluation.matching import Matching, match
from tagloom.text import Chunk


@pytest.mark.parametrize(
    ("predicted", "gold_outcome", "predicted_outcome"),
    [
        ((2, 5, "A"), "correct", "correct"),
        ((2, 5, "B"), "wrong_label", "wrong_label"),
        ((3, 6, "A"), "wrong_edge", "wrong_edge"),
        ((3, 6, "B"), "wrong_both", "wrong_both"),
        ((5, 6, "A"), "missed", "invented"),
    ],
)
def test_each_outcome(predicted: Chunk, gold_outcome: str, predicted_outcome: str) -> None:
    matching = match([(2, 5, "A")], [predicted])
    assert (matching.gold, matching.predicted) == ((gold_outcome,), (predicted_outcome,))
    assert matching.partners == ((None,) if gold_outcome == "missed" else (0,))


def test_the_greatest_overlap_wins_whatever_the_label() -> None:
    assert match([(0, 5, "A")], [(0, 2, "A"), (2, 6, "B")]) == Matching(
        (1,), ("wrong_both",), ("invented", "wrong_both")
    )


def test_of_equal_overlaps_the_earlier_wins() -> None:
    assert match([(0, 4, "A")], [(0, 2, "B"), (2, 4, "A")]).partners == (0,)
    assert match([(0, 2, "B"), (2, 4, "A")], [(0, 4, "A")]).partners == (0, None)


def test_what_a_better_pair_left_over_is_paired_with_what_is_left() -> None:
    matching = match([(0, 4, "A"), (4, 6, "A")], [(1, 5, "A"), (5, 7, "A")])
    assert matching.partners == (0, 1)
    assert {*matching.gold, *matching.predicted} == {"wrong_edge"}


def greedy(gold: list[Chunk], predicted: list[Chunk]) -> list[int | None]:
    """The rule, read to the letter over all pairs: equal edges first, then overlap, then the earlier."""
    partners: list[int | None] = [None] * len(gold)
    pairs = []
    for right, guess in product(range(len(gold)), range(len(predicted))):
        overlap = len({*range(*gold[right][:2])} & {*range(*predicted[guess][:2])})
        if overlap:
            pairs.append((gold[right][:2] != predicted[guess][:2], -overlap, right, guess))
    for *_, right, guess in sorted(pairs):
        if partners[right] is None and guess not in partners:
            partners[right] = guess
    return partners


def test_pairs_are_those_of_the_rule_on_random_chunks() -> None:
    choose = random.Random(101)
    for _ in range(3000):
        gold, predicted = (random_chunks(choose, 9) for _ in range(2))
        matching = match(gold, predicted)
        assert list(matching.partners) == greedy(gold, predicted)
        for right, guess in enumerate(matching.partners):
            outcome = "missed" if guess is None else matching.predicted[guess]
            assert matching.gold[right] == outcome
            same = guess is not None and gold[right] == predicted[guess]
            assert (outcome == "correct") is same
        alone = [guess for guess in range(len(predicted)) if guess not in matching.partners]
        assert [matching.predicted[guess] for guess in alone] == ["invented"] * len(alone)
        assert {*matching.gold, *matching.predicted} <= {*OUTCOMES}
