"""What is suspicious, and how much, by the log-odds of two readings and their labels' thresholds."""

import math

import pytest

from tagloom.text import Chunk
from tagloom.training.confident_learning import (
    EXTRA,
    KINDS,
    MISSING,
    WRONG_BOUNDS,
    WRONG_LABEL,
    SelfConfidence,
    Suspect,
    suspects,
)
from tagloom.training.readings import Place, Reading

THRESHOLDS = {"PNAME": 0.8, "PFEATURE": 0.6, None: 0.99}
PRODUCT: Chunk = (1, 3, "PNAME")


def place(
    given: Chunk | None, probability: float, suggested: Chunk | None, suggestion: float, sentence: int = 0
) -> Place:
    return Place(sentence, Reading(given, probability), (Reading(suggested, suggestion),))


def ranked(*places: Place) -> list[Suspect]:
    return suspects(places, THRESHOLDS)


@pytest.mark.parametrize(
    ("given", "suggested", "kind"),
    [
        (PRODUCT, (1, 3, "PFEATURE"), WRONG_LABEL),
        (PRODUCT, (1, 4, "PFEATURE"), WRONG_LABEL),
        (PRODUCT, (2, 4, "PNAME"), WRONG_BOUNDS),
        (PRODUCT, None, EXTRA),
        (None, PRODUCT, MISSING),
    ],
)
def test_each_pair_of_readings_has_its_kind(given: Chunk | None, suggested: Chunk | None, kind: str) -> None:
    (suspect,) = ranked(place(given, 0.001, suggested, 0.995))
    assert suspect.kind == kind
    assert kind in KINDS


def test_the_score_is_the_difference_of_log_odds_each_from_its_threshold() -> None:
    (suspect,) = ranked(place(PRODUCT, 0.1, None, 0.9))
    assert suspect.score == pytest.approx(math.log(9) - math.log(99) - (math.log(1 / 9) - math.log(4)))


def test_a_label_of_which_models_are_seldom_sure_is_accused_less() -> None:
    sure, unsure = place((1, 2, "PNAME"), 0.01, None, 0.99), place((1, 2, "PFEATURE"), 0.01, None, 0.99, sentence=1)
    assert [suspect.sentence for suspect in ranked(unsure, sure)] == [0, 1]


def test_what_is_as_probable_as_it_usually_is_is_no_suspect() -> None:
    assert ranked(place(PRODUCT, 0.8, None, 0.19), place(None, 0.9, PRODUCT, 0.1)) == []


def test_a_bare_stretch_of_which_models_are_unusually_unsure_is_a_suspect_but_no_confident_one() -> None:
    (suspect,) = ranked(place(None, 0.6, PRODUCT, 0.4))
    assert not suspect.is_confident


@pytest.mark.parametrize(("suggestion", "expected"), [(0.79, False), (0.8, True)])
def test_a_confident_suggestion_passes_the_threshold_of_its_label(suggestion: float, expected: bool) -> None:
    (suspect,) = ranked(place(None, 0.01, PRODUCT, suggestion))
    assert suspect.is_confident is expected


def test_one_suggestion_for_two_places_is_listed_once() -> None:
    whole: Chunk = (1, 4, "PNAME")
    worst, other = place((1, 2, "PNAME"), 0.001, whole, 0.9), place((3, 4, "PNAME"), 0.01, whole, 0.9)
    elsewhere = place((3, 4, "PNAME"), 0.01, whole, 0.9, sentence=1)
    assert [(one.sentence, one.given.chunk) for one in ranked(other, worst, elsewhere)] == [
        (0, (1, 2, "PNAME")),
        (1, (3, 4, "PNAME")),
    ]


def test_of_bare_stretches_that_overlap_the_most_suspicious_stays() -> None:
    (suspect,) = ranked(place(None, 0.02, (1, 3, "PNAME"), 0.6), place(None, 0.01, (2, 3, "PNAME"), 0.3))
    assert suspect.suggested.chunk == (1, 3, "PNAME")


def test_certainty_gives_a_finite_score() -> None:
    (suspect,) = ranked(place(PRODUCT, 0.0, None, 1.0))
    assert math.isfinite(suspect.score)


def test_thresholds_are_means_over_places_and_over_bare_words() -> None:
    confidence = SelfConfidence()
    for label, probability, count in (("PNAME", 0.5, 1), ("PNAME", 0.9, 1), (None, 9.5, 10), (None, 0.0, 0)):
        confidence.add(label, probability, count)
    assert confidence.thresholds() == {"PNAME": 0.7, None: 0.95}
    assert confidence.count("PNAME") == 2
