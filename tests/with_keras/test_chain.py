"""The CRF's sums and best paths against every path, their gradients against what those say."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import keras
import numpy as np
import pytest
from chains import MASKS, MadeChain, made_chain
from differentiation import compiled, gradients
from hypothesis import given, settings
from hypothesis import strategies as st

from tagloom.keras.chain import Transitions, best_paths, marginals, negative_log_likelihood

SCALES = st.sampled_from([0.1, 1.0, 5.0])
SEEDS = st.integers(0, 10**6)
SCHEMES = st.sampled_from([None, "BIO"])
FEW = settings(max_examples=40)
TOLERANCE = {"rtol": 1e-5, "atol": 1e-5}

GAPS = [[True, True, True, False], [False, True, False, True], [False, False, False, False], [False, False, True, True]]


def everything(emissions: Any, between: Any, start: Any, end: Any, within: Any, tags: Any) -> tuple[Any, Any, Any]:
    """Losses, marginals and best paths."""
    arguments = emissions, Transitions(between, start, end), within
    return negative_log_likelihood(*arguments, tags), marginals(*arguments), best_paths(*arguments)


everything_compiled = compiled(everything)


def found_for(made: MadeChain) -> list[np.ndarray]:
    return [keras.ops.convert_to_numpy(own) for own in everything_compiled(*made.arrays)]


@FEW
@given(SEEDS, MASKS, SCALES)
def test_loss_and_marginals_are_those_over_every_path(seed: int, within: list[list[bool]], scale: float) -> None:
    made = made_chain(seed, within, scale)
    losses, probabilities, _ = found_for(made)
    np.testing.assert_allclose(losses, made.negative_log_likelihood(), **TOLERANCE)
    np.testing.assert_allclose(probabilities, made.marginals(), **TOLERANCE)


@FEW
@given(SEEDS, MASKS, SCALES, SCHEMES)
def test_the_best_path_is_that_of_every_path(
    seed: int, within: list[list[bool]], scale: float, scheme_name: str | None
) -> None:
    made = made_chain(seed, within, scale, scheme_name=scheme_name)
    np.testing.assert_array_equal(found_for(made)[2], made.best_paths())


def test_of_equal_paths_the_one_with_the_lower_tags_is_best() -> None:
    made = made_chain(0, [[True] * 4] * 3, 0.0)
    assert found_for(made)[2].tolist() == [[0] * 4] * 3


def test_a_row_of_one_place_is_a_sentence() -> None:
    made = made_chain(5, [[True]], 1.0)
    losses, probabilities, paths = (keras.ops.convert_to_numpy(own) for own in everything(*made.arrays))
    np.testing.assert_allclose(losses, made.negative_log_likelihood(), **TOLERANCE)
    np.testing.assert_allclose(probabilities, made.marginals(), **TOLERANCE)
    np.testing.assert_array_equal(paths, made.best_paths())


def test_compiled_and_eager_give_the_same() -> None:
    made = made_chain(3, GAPS, 1.0)
    for eager, in_graph in zip(everything(*made.arrays), found_for(made), strict=True):
        np.testing.assert_allclose(keras.ops.convert_to_numpy(eager), in_graph, **TOLERANCE)


def test_the_gradient_by_emissions_is_the_marginals_less_the_right_path() -> None:
    made = made_chain(7, GAPS, 1.0)
    found = _gradients(made)[0]
    right = np.eye(4)[made.tags] * made.within[:, :, None]
    np.testing.assert_allclose(found, made.marginals() - right, **TOLERANCE)


def test_the_gradient_by_transitions_is_that_of_differences() -> None:
    made = made_chain(11, GAPS, 1.0)
    for number, gradient in enumerate(_gradients(made)[1:]):
        expected = np.zeros(gradient.shape)
        for place in np.ndindex(gradient.shape):
            expected[place] = _difference(made, number, place)
        np.testing.assert_allclose(gradient, expected, rtol=1e-3, atol=1e-3)


def _gradients(made: MadeChain) -> list[np.ndarray]:
    """Of the summed loss, by emissions, transitions, start and end."""
    *_, within, tags = made.arrays

    def summed(emissions: Any, *transitions: Any) -> Any:
        return keras.ops.sum(negative_log_likelihood(emissions, Transitions(*transitions), within, tags))

    return gradients(summed, [made.emissions, *made.transitions])


def _difference(made: MadeChain, number: int, place: tuple[int, ...], by: float = 1e-2) -> float:
    """What the summed loss, by brute force, gains by a small step of one score."""
    ends = []
    for sign in (1, -1):
        moved = [own.copy() for own in made.transitions]
        moved[number][place] += sign * by
        stepped = MadeChain(made.emissions, tuple(moved), made.within, made.tags)
        ends.append(stepped.negative_log_likelihood().sum())
    return float(ends[0] - ends[1]) / (2 * by)


def test_a_sentence_of_two_thousand_words_keeps_its_digits() -> None:
    made = made_chain(1, [[True] * 2000], 3.0)
    best = found_for(made)[2].astype(np.int32)
    losses = found_for(replace(made, tags=best))[0]
    np.testing.assert_allclose(losses, [_in_doubles(made, best[0])], rtol=1e-5)


def _in_doubles(made: MadeChain, tags: np.ndarray) -> float:
    """The loss of one long sentence, word by word in double precision."""
    emissions = made.emissions[0].astype(np.float64)
    between, start, end = (own.astype(np.float64) for own in made.transitions)
    forward, right = start + emissions[0], start[tags[0]] + emissions[0, tags[0]]
    for emission, (before, tag) in zip(emissions[1:], pairwise(tags), strict=True):
        forward = np.logaddexp.reduce(forward[:, None] + between, axis=0) + emission
        right += between[before, tag] + emission[tag]
    return float(np.logaddexp.reduce(forward + end) - right - end[tags[-1]])


@pytest.mark.parametrize("scale", [200.0, 3000.0])
def test_scores_that_differ_by_hundreds_neither_underflow_nor_overflow(scale: float) -> None:
    made = made_chain(2, GAPS, scale)
    np.testing.assert_allclose(found_for(made)[0], made.negative_log_likelihood(), rtol=1e-5, atol=1e-2)


@pytest.mark.parametrize("wrong", [-1, -100, 4, 17])
def test_a_number_that_is_no_tag_is_not_taken_for_one(wrong: int) -> None:
    made = made_chain(2, [[True, True, False]], 1.0)
    behind, inside = made.tags.copy(), made.tags.copy()
    behind[0, 2] = wrong
    losses = found_for(replace(made, tags=behind))[0]
    np.testing.assert_allclose(losses, made.negative_log_likelihood(), **TOLERANCE)
    inside[0, 1] = wrong
    assert np.isnan(found_for(replace(made, tags=inside))[0]).all()
