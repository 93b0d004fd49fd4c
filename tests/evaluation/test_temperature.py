"""One temperature: found where probabilities are honest, kept near 1 by few spans, and never another best path."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tagloom.decoding import Lattice, log_partition, viterbi
from tagloom.evaluation.temperature import fit_temperature


def drawn(number: int, temperature: float, seed: int = 7) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Log-odds of spans, and which are right where their log-odds are divided by that temperature."""
    random = np.random.default_rng(seed)
    odds = random.normal(1.5, 2.0, number)
    return odds, random.random(number) < 1 / (1 + np.exp(-odds / temperature))


def fitted(odds: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    return fit_temperature(lambda temperature: 1 / (1 + np.exp(-odds / temperature)), right)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 1.7, 4.0])
def test_the_temperature_that_made_the_outcomes_is_found(temperature: float) -> None:
    assert fitted(*drawn(20_000, temperature)) == pytest.approx(temperature, rel=0.05)


def test_fewer_spans_move_it_less() -> None:
    odds, right = drawn(4_000, 4.0)
    by_number = [fitted(odds[:number], right[:number]) for number in (0, 4, 40, 4_000)]
    assert by_number == sorted(by_number)
    assert by_number[0] == 1.0
    assert by_number[1] < 1.6
    assert by_number[-1] == pytest.approx(4.0, rel=0.15)


def test_a_part_on_which_all_is_right_does_not_make_the_scores_certain() -> None:
    temperature = fitted(np.full(30, 2.0), np.ones(30, np.bool_))
    assert 0.25 < temperature < 1


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5), st.integers(2, 4), st.floats(0.1, 10), st.integers(0, 2**32 - 1))
def test_the_best_path_stays_and_probabilities_are_those_of_divided_scores(
    length: int, num_tags: int, temperature: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    transitions = np.where(
        random.random((num_tags, num_tags)) < 0.2, -np.inf, random.normal(0, 2, (num_tags, num_tags))
    )
    np.fill_diagonal(transitions, 0.5)  # so that some path is allowed
    lattice = Lattice(
        random.normal(0, 2, (1, length, num_tags)),
        transitions,
        random.normal(0, 1, num_tags),
        random.normal(0, 1, num_tags),
        np.array([length]),
    )
    tempered = lattice.tempered(temperature)
    assert viterbi(tempered)[0].tolist() == viterbi(lattice)[0].tolist()
    by_hand = np.logaddexp.reduce(
        [score(lattice, path) / temperature for path in product(range(num_tags), repeat=length)]
    )
    assert log_partition(tempered)[0] == pytest.approx(by_hand, abs=1e-9)


def score(lattice: Lattice, path: tuple[int, ...]) -> float:
    steps = sum(lattice.transitions[one, other] for one, other in pairwise(path))
    words = sum(lattice.emissions[0, place, tag] for place, tag in enumerate(path))
    return float(lattice.start_transitions[path[0]] + words + steps + lattice.end_transitions[path[-1]])
