import random
from collections.abc import Sequence

import pytest
from judging_cases import REVIEWS, Row, judged, random_sides, sentence

from tagloom.evaluation.breakdowns import Breakdown, Slice, breakdowns
from tagloom.evaluation.counts import count, total
from tagloom.evaluation.known import Known
from tagloom.evaluation.scores import score

TRAINING = [
    ("A Nikon D90", [(1, 3, "PNAME")]),
    ("The Nikon  D90 again", [(1, 3, "PNAME")]),
    ("See the sunset", [(2, 3, "PSCENE")]),
]
KNOWN = Known.of(sentence(words, chunks) for words, chunks in TRAINING)


def slices(name: str, rows: Sequence[Row], known: Known | None = KNOWN) -> dict[str, tuple[int, int, float]]:
    """Of each slice its gold and predicted entities and its F1."""
    (found,) = (one for one in breakdowns(judged(*rows), known) if one.name == name)
    return {one.name: (one.score.support, one.predicted, one.score.f1) for one in found.slices}


def test_what_training_has_is_told_from_what_it_has_not() -> None:
    rows: list[Row] = [
        ("My Nikon D90", [(1, 3, "PNAME")], [(1, 3, "PNAME", 0.9)]),
        ("a nikon d90", [(1, 3, "PNAME")], []),
        ("nice sunset", [(1, 2, "PNAME")], [(1, 2, "PSCENE", 0.9)]),
        ("A d90", [(1, 2, "PNAME")], [(0, 2, "PNAME", 0.9)]),
    ]
    assert slices("seen", rows) == {
        "seen with this label": (1, 2, pytest.approx(2 / 3)),
        "seen only with another label": (1, 0, 0.0),
        "never seen": (2, 1, 0.0),
    }


TIMES = {0: "0 times", 1: "1 time", 2: "2-4 times", 4: "2-4 times", 5: "5-9 times", 9: "5-9 times"}
WORDS = {1: "1-10 words", 10: "1-10 words", 11: "11-20 words", 20: "11-20 words", 21: "21-40 words", 40: "21-40 words"}


@pytest.mark.parametrize(("times", "name"), [*TIMES.items(), (10, "10 or more times"), (400, "10 or more times")])
def test_entities_are_divided_by_how_often_training_has_them(times: int, name: str) -> None:
    known = Known.of([sentence("A D90", [(1, 2, "PNAME")])] * times + [sentence("D90", [(0, 1, "PSCENE")])] * 20)
    assert slices("frequency", [("this D90", [(1, 2, "PNAME")], [])], known) == {name: (1, 0, 0.0)}


@pytest.mark.parametrize(
    ("length", "name"), [(1, "1 word"), (4, "4 words"), (5, "5 or more words"), (9, "5 or more words")]
)
def test_entities_are_divided_by_their_length(length: int, name: str) -> None:
    words = " ".join("w" * 9)
    assert slices("entity_length", [(words, [(0, length, "A")], [(0, length, "A", 0.5)])]) == {name: (1, 1, 1.0)}


@pytest.mark.parametrize(
    ("length", "name"),
    [*WORDS.items(), (41, "41-80 words"), (80, "41-80 words"), (81, "81 or more words"), (300, "81 or more words")],
)
def test_entities_are_divided_by_the_length_of_their_sentence(length: int, name: str) -> None:
    assert slices("sentence_length", [(" ".join("w" * length), [(0, 1, "A")], [])]) == {name: (1, 0, 0.0)}


def test_a_chunk_with_wrong_edges_counts_where_it_and_its_gold_chunk_are_of() -> None:
    assert slices("entity_length", [("the Canon EOS", [(1, 3, "A")], [(1, 2, "A", 0.5)])]) == {
        "1 word": (0, 1, 0.0),
        "2 words": (1, 0, 0.0),
    }


def test_the_slices_of_each_division_hold_every_entity_once() -> None:
    gold, predicted = random_sides(random.Random(111), 60)
    choose = random.Random(112)
    rows = [
        (" ".join(choose.choices("abc", k=9)), own, [(*chunk, 0.5) for chunk in found])
        for own, found in zip(gold, predicted, strict=True)
    ]
    known = Known.of(judged(*rows[::3]).sentences)
    counts = total(count(gold, predicted).values())
    for breakdown in breakdowns(judged(*rows), known):
        assert sum(one.score.support for one in breakdown.slices) == counts.gold
        assert sum(one.predicted for one in breakdown.slices) == counts.predicted
        correct = sum(one.score.precision * one.predicted for one in breakdown.slices)
        assert correct == pytest.approx(counts.correct)


def test_a_division_without_entities_has_no_slices() -> None:
    assert [one.slices for one in breakdowns(judged(("Go on", [], [])))] == [[], []]


def test_a_slice_has_the_strict_score_of_its_entities() -> None:
    seen, *_ = breakdowns(judged(*REVIEWS), KNOWN)
    assert isinstance(seen, Breakdown)
    counts = count([[(0, 1, "A")], [(0, 1, "A")]], [[(0, 1, "A")], []])["A"]
    assert seen.slices[0] == Slice("seen with this label", score(counts), 1)
