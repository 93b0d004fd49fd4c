import json
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from judging_cases import REVIEWS, judged, random_sides

from tagloom.errors import DataError
from tagloom.evaluation.counts import Counts, count, total
from tagloom.evaluation.scores import macro, micro, score, weighted
from tagloom.evaluation.sentence_counts import SentenceCounts, count_sentences


def test_summed_over_sentences_they_are_the_counts_of_the_set() -> None:
    choose = random.Random(61)
    for _ in range(200):
        gold, predicted = random_sides(choose, 5)
        counts, expected = count_sentences(gold, predicted), count(gold, predicted)
        sums = [each.sum(axis=0) for each in (counts.correct, counts.predicted, counts.gold)]
        assert dict(zip(counts.labels, (Counts(*row) for row in zip(*sums, strict=True)), strict=True)) == expected
        assert counts.overall.sum() == total(expected.values()).correct
        scores = counts.scores()
        assert (scores.micro, scores.macro, scores.weighted) == (micro(expected), macro(expected), weighted(expected))
        assert scores.labels == {label: score(one) for label, one in expected.items()}


def test_each_row_holds_the_counts_of_its_sentence_alone() -> None:
    gold, predicted = random_sides(random.Random(62), 40)
    counts = count_sentences(gold, predicted)
    for number, both in enumerate(zip(gold, predicted, strict=True)):
        own = count(*([side] for side in both))
        for column, label in enumerate(counts.labels):
            row = (counts.correct[number, column], counts.predicted[number, column], counts.gold[number, column])
            assert Counts(*row) == own.get(label, Counts())


def test_the_digest_is_of_words_and_gold_chunks_alone() -> None:
    digests = [SentenceCounts.of(judged(*rows)).digest for rows in (REVIEWS, REVIEWS[:4], [*REVIEWS[1:], REVIEWS[0]])]
    assert len({*digests}) == 3
    assert all(len(digest) == 64 for digest in digests)
    words, gold, _ = REVIEWS[0]
    other_words, more_words, other_gold, other_found = (
        SentenceCounts.of(judged(row, *REVIEWS[1:])).digest
        for row in ((words.upper(), gold, []), (f"{words} !", gold, []), (words, [], []), (words, gold, []))
    )
    assert len({*digests, other_words, more_words, other_gold}) == 6
    assert other_found == digests[0]


def test_words_that_no_encoding_holds_have_a_digest() -> None:
    assert SentenceCounts.of(judged(("lone \ud800", [], []))).digest


@pytest.mark.parametrize("mode", ["strict", "partial", "type"])
def test_read_from_json_they_are_the_same(mode: str) -> None:
    counts = count_sentences(*random_sides(random.Random(63), 30), mode=mode, digest="0f" * 32)
    content = json.loads(json.dumps(counts.to_json()))
    again = SentenceCounts.from_json(content)
    for name in ("correct", "predicted", "gold", "overall"):
        ours, theirs = getattr(counts, name), getattr(again, name)
        assert np.array_equal(ours, theirs), name
        assert ours.dtype == theirs.dtype, name
    assert (again.labels, again.mode, again.digest) == (counts.labels, mode, "0f" * 32)
    assert (content["overall"] is None) is (mode != "partial")


def test_without_sentences_or_chunks_they_are_read_too() -> None:
    for sides in (([], []), ([[], []], [[], []])):
        again = SentenceCounts.from_json(json.loads(json.dumps(count_sentences(*sides).to_json())))
        assert again.num_sentences == len(sides[0])
        assert again.labels == ()
        assert again.scores().micro.support == 0


def test_only_what_is_not_zero_is_written() -> None:
    gold = [[], [], [(0, 1, "B")], [], [(0, 1, "A"), (3, 4, "A")]]
    predicted = [[], [], [(0, 1, "A")], [], [(0, 1, "A")]]
    assert count_sentences(gold, predicted).to_json()["entries"] == {
        "sentence": [2, 2, 4],
        "label": [0, 1, 0],
        "correct": [0, 0, 1],
        "predicted": [1, 0, 1],
        "gold": [0, 1, 2],
    }


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda content: content.pop("entries"), "entries: expected an object, received None"),
        (lambda content: content.update(sentences=10**9), "sentences: expected at most 100,000,000 sentences times"),
        (lambda content: content.update(sentences=2), "sentence: expected whole numbers from 0 to 1, received"),
        (lambda content: content.update(labels=["B", "A"]), "labels: expected different strings in order"),
        (lambda content: content.update(labels=["A", 3]), "labels: expected different strings in order"),
        (lambda content: content.update(labels=["A"]), "label: expected whole numbers from 0 to 0, received"),
        (lambda content: content.update(mode="loose"), "mode: expected one of strict, conlleval, partial, type, exact"),
        (lambda content: content.update(digest="abc"), "digest: expected the 64 hexadecimal digits"),
        (lambda content: content["entries"].update(gold=[1]), "gold: expected 3 entries, as in the first column"),
        (lambda content: content["entries"].update(gold=[1, "2", 0]), "gold: expected figures of 0 or more"),
        (lambda content: content["entries"].update(gold=[1, [2], 0]), "gold: expected figures of 0 or more"),
        (lambda content: content["entries"].update(gold=[1, -1, 2]), "gold: expected figures of 0 or more"),
        (lambda content: content["entries"].update(gold=[1, float("nan"), 2]), "gold: expected figures of 0 or more"),
        (lambda content: content["entries"].update(gold=[1, 10**30, 2]), "gold: expected figures of 0 or more"),
        (lambda content: content["entries"].update(gold=[1, 3 * 10**9, 2]), "gold: expected figures of 0 to 4194304"),
        (lambda content: content["entries"].update(gold=[1, 1.5, 2]), "correct: expected whole counts, or halves"),
        (
            lambda content: content["entries"].update(correct=[1, 0, 1]),
            "correct: expected at most as many as predicted",
        ),
        (lambda content: content["entries"].update(sentence=[2, 2.5, 4]), "sentence: expected whole numbers"),
        (lambda content: content["entries"].update(label=[0, 0, 0]), "sentence: expected each place once"),
        (
            lambda content: content.update(overall={"sentence": [4], "correct": [3]}),
            "correct: expected at most as many",
        ),
        (lambda content: content.update(overall=[4]), "overall: expected an object"),
    ],
)
def test_json_that_no_counts_give_is_refused(spoil: Callable[[dict[str, Any]], object], message: str) -> None:
    gold = [[], [], [(0, 1, "B")], [], [(0, 1, "A"), (3, 4, "A")]]
    predicted = [[], [], [(0, 1, "A")], [], [(0, 1, "A")]]
    content = count_sentences(gold, predicted, digest="0f" * 32).to_json()
    SentenceCounts.from_json(content)
    spoil(content)
    with pytest.raises(DataError, match=f"sentence counts: {message}"):
        SentenceCounts.from_json(content)
