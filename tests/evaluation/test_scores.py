import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagloom.evaluation.counts import Counts
from tagloom.evaluation.scores import Score, macro, micro, score, weighted

counts = st.builds(
    lambda correct, spurious, missed: Counts(correct, correct + spurious, correct + missed),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
)


@pytest.mark.parametrize("nothing", [Counts(0, 0, 0), Counts(0, 3, 0), Counts(0, 0, 3)])
def test_division_by_zero_gives_zero(nothing: Counts) -> None:
    assert score(nothing) == Score(0.0, 0.0, 0.0, nothing.gold)


@given(counts)
def test_f1_is_the_harmonic_mean_of_precision_and_recall(one: Counts) -> None:
    figures = score(one)
    mean = 2 * figures.precision * figures.recall / ((figures.precision + figures.recall) or 1)
    assert figures.f1 == pytest.approx(mean, abs=1e-12)
    assert all(0 <= figure <= 1 for figure in (figures.precision, figures.recall, figures.f1))


def test_weighted_weighs_labels_by_their_gold_chunks() -> None:
    assert weighted({"A": Counts(3, 3, 3), "B": Counts(0, 4, 1), "C": Counts(0, 2, 0)}) == Score(0.75, 0.75, 0.75, 4)


def test_micro_weighs_chunks_and_macro_weighs_labels() -> None:
    both = {"A": Counts(9, 9, 9), "B": Counts(0, 1, 1)}
    assert micro(both) == Score(0.9, 0.9, 0.9, 10)
    assert macro(both) == Score(0.5, 0.5, 0.5, 10)


def test_a_label_that_was_only_predicted_lowers_the_mean_and_one_on_neither_side_does_not() -> None:
    only_predicted = {"A": Counts(2, 2, 2), "B": Counts(0, 1, 0), "C": Counts(0, 0, 0)}
    assert macro(only_predicted) == Score(0.5, 0.5, 0.5, 2)


def test_averages_over_no_labels_are_zero() -> None:
    assert micro({}) == macro({}) == weighted({}) == Score(0.0, 0.0, 0.0, 0)
