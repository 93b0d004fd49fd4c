import random
from itertools import product

import numpy as np
import pytest
from judging_cases import REVIEWS, judged, random_chunks

from tagloom.errors import DataError
from tagloom.evaluation.counts import count
from tagloom.evaluation.scores import micro
from tagloom.evaluation.sentence_counts import SentenceCounts, count_sentences
from tagloom.evaluation.significance import paired_test
from tagloom.text import Chunk

Side = list[list[Chunk]]


def two_models(seed: int, num_sentences: int) -> tuple[Side, Side, Side]:
    """Gold chunks, and what a worse and a better model found."""
    choose = random.Random(seed)
    gold = [random_chunks(choose, 9) for _ in range(num_sentences)]
    worse, better = (
        [own if choose.random() < share else random_chunks(choose, 9) for own in gold] for share in (0.3, 0.6)
    )
    return gold, worse, better


def difference(gold: Side, first: Side, second: Side) -> float:
    return micro(count(gold, second)).f1 - micro(count(gold, first)).f1


@pytest.mark.parametrize("seed", range(8))
def test_p_is_that_of_all_swaps(seed: int) -> None:
    gold, first, second = two_models(seed, 9)
    seen = abs(difference(gold, first, second))
    as_large = 0
    for swaps in product([False, True], repeat=9):
        pairs = [
            both[::-1] if swap else both for swap, both in zip(swaps, zip(first, second, strict=True), strict=True)
        ]
        as_large += abs(difference(gold, *map(list, zip(*pairs, strict=True)))) >= seen - 1e-12
    test = paired_test(count_sentences(gold, first), count_sentences(gold, second), resamples=40_000)
    assert test.difference == pytest.approx(difference(gold, first, second), abs=1e-12)
    assert test.p_value == pytest.approx(as_large / 2**9, abs=0.01)


def test_the_interval_is_that_of_sentences_drawn_for_both_models_at_once() -> None:
    gold, first, second = two_models(91, 60)
    choose = random.Random(92)
    drawn = []
    for _ in range(3000):
        numbers = choose.choices(range(60), k=60)
        drawn.append(difference(*([side[number] for number in numbers] for side in (gold, first, second))))
    test = paired_test(count_sentences(gold, first), count_sentences(gold, second))
    assert test.interval == pytest.approx(np.percentile(drawn, (2.5, 97.5)), abs=0.02)


def test_the_other_way_round_the_difference_changes_its_sign_and_p_stays() -> None:
    gold, first, second = two_models(93, 60)
    counts = [count_sentences(gold, side) for side in (first, second)]
    there, back = paired_test(*counts), paired_test(*reversed(counts))
    assert there.difference == -back.difference
    assert there.p_value == pytest.approx(back.p_value, abs=0.02)


def test_a_much_better_model_is_found_so_and_the_same_model_is_not() -> None:
    gold, worse, better = two_models(94, 300)
    counts = [count_sentences(gold, side) for side in (worse, better)]
    test = paired_test(*counts)
    assert test.interval.low > 0
    assert test.p_value == pytest.approx(1 / 10_001)
    same = paired_test(counts[0], counts[0])
    assert (same.difference, same.interval, same.p_value) == (0.0, (0.0, 0.0), 1.0)


def test_equally_good_models_seldom_seem_different() -> None:
    found = 0
    for seed in range(200):
        choose = random.Random(seed)
        gold = [random_chunks(choose, 9) for _ in range(30)]
        sides = ([own if choose.random() < 0.5 else random_chunks(choose, 9) for own in gold] for _ in range(2))
        found += paired_test(*(count_sentences(gold, side) for side in sides), resamples=200).p_value <= 0.05
    assert found <= 20  # 10 of 200 are to be expected


def test_a_seed_fixes_every_figure() -> None:
    gold, first, second = two_models(95, 40)
    counts = [count_sentences(gold, side) for side in (first, second)]
    assert paired_test(*counts) == paired_test(*counts)
    assert paired_test(*counts, seed=14) != paired_test(*counts)


def test_counts_of_other_sentences_or_modes_are_refused() -> None:
    counts, fewer = (SentenceCounts.of(judged(*rows)) for rows in (REVIEWS, REVIEWS[1:]))
    with pytest.raises(DataError, match=r"counts of 5 sentences \(\w{12}\) and of 4 others .* same gold labels"):
        paired_test(counts, fewer)
    other_words = [(words.replace("Nikon", "Canon"), gold, found) for words, gold, found in REVIEWS]
    with pytest.raises(DataError, match="Judge both models on one set"):
        paired_test(counts, SentenceCounts.of(judged(*other_words)))
    with pytest.raises(DataError, match="received counts in 'strict' and 'type', expected one mode"):
        paired_test(counts, SentenceCounts.of(judged(*REVIEWS), mode="type"))
    with pytest.raises(DataError, match=r"\(no digest\)"):
        paired_test(count_sentences([[(0, 1, "A")]], [[]]), count_sentences([[]], [[]]))


def test_no_sentences_are_no_evidence() -> None:
    nothing = count_sentences([], [])
    assert paired_test(nothing, nothing).p_value == 1
