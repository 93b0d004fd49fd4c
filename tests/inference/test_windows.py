"""Windows of long sentences: every word counts in just one, with context on each side that there is."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagloom.embeddings.windows import OVERLAP, WINDOW, windows
from tagloom.inference.predictor import Predictor
from tiny import LABELS, tiny_bundle

lengths = st.integers(1, 5000) | st.integers(1, 10).flatmap(
    lambda number: st.integers(-2, 2).map(lambda near: max(1, number * (WINDOW - 2 * OVERLAP) + 2 * OVERLAP + near))
)


@given(lengths)
def test_each_word_counts_in_just_one_window_in_order(length: int) -> None:
    kept = [position for window in windows(length) for position in range(window.kept_start, window.kept_end)]
    assert kept == list(range(length))


@given(lengths)
def test_a_window_lies_in_its_sentence_and_is_no_longer_than_may_be(length: int) -> None:
    for window in windows(length):
        assert 0 <= window.start <= window.kept_start < window.kept_end <= window.end <= length
        assert len(window) <= WINDOW


@given(lengths)
def test_what_counts_has_context_on_both_sides_but_at_the_sentences_ends(length: int) -> None:
    found = list(windows(length))
    for before, after in pairwise(found):
        assert before.end - before.kept_end == OVERLAP
        assert after.kept_start - after.start == OVERLAP
    assert found[0].start == 0
    assert found[-1].end == found[-1].kept_end == length


def test_emissions_of_a_long_sentence_equal_those_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    predictor = Predictor(tiny_bundle(layers=2, spread=0.3))  # one that forgets, as those that have learned do
    random = np.random.default_rng(3)
    words = [f"word{number}" for number in random.integers(0, 500, 4100)]
    ((numbers, lattice),) = predictor.lattices([words], 2)
    assert numbers == [0]
    assert lattice.emissions.shape == (1, 4100, 1 + 4 * len(LABELS))
    monkeypatch.setattr("tagloom.inference.emitter._LONG", 5000)
    ((_, whole),) = predictor.lattices([words])
    in_one_piece = whole.emissions
    np.testing.assert_allclose(lattice.emissions, in_one_piece, atol=1e-5)
    assert np.abs(in_one_piece).max() > 0.1
