"""The table of word vectors: it grows, begins afresh, and threads may share it."""

from multiprocessing.pool import ThreadPool

import numpy as np
import pytest

from tagloom.bundle.architecture import ALGORITHMS
from tagloom.inference import word_vectors
from tagloom.inference.predictor import Predictor
from tagloom.inference.word_vectors import WordVectors
from tiny import tiny_bundle

WORDS = ["Nikon", "D90", "日", "unheard", "viewfinder", "supercalifragilistic" * 9, "!"]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_word_has_one_vector_whatever_it_is_asked_with(algorithm: str) -> None:
    vectors = WordVectors(tiny_bundle(algorithm))
    table, rows = vectors.look_up([*WORDS, "Nikon"])
    assert rows[0] == rows[-1]
    assert len(set(rows)) == len(WORDS)
    assert not table[0].any()
    for word, row in zip(WORDS, rows[:-1], strict=True):
        alone, (place,) = WordVectors(tiny_bundle(algorithm)).look_up([word])
        np.testing.assert_allclose(alone[place], table[row], atol=1e-6)


def test_a_table_that_was_given_is_not_changed_by_later_words() -> None:
    vectors = WordVectors(tiny_bundle())
    table, rows = vectors.look_up(WORDS)
    before = table[rows].copy()
    for number in range(300):
        vectors.look_up([f"word{number}"])
    np.testing.assert_array_equal(table[rows], before)
    again, places = vectors.look_up(WORDS)
    np.testing.assert_array_equal(places, rows)
    np.testing.assert_array_equal(again[places], before)


@pytest.mark.parametrize(("limit", "most"), [("MAX_WORDS", 5), ("MAX_CHARACTERS", 40)])
def test_with_more_words_than_it_keeps_it_begins_afresh(limit: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_vectors, limit, most)
    vectors = WordVectors(tiny_bundle())
    expected = {word: table[row] for word in WORDS for table, (row,) in [WordVectors(tiny_bundle()).look_up([word])]}
    sizes = []
    for number in range(60):
        words = [WORDS[number % len(WORDS)], f"word{number}"]
        table, rows = vectors.look_up(words)
        np.testing.assert_allclose(table[rows[0]], expected[words[0]], atol=1e-6)
        sizes.append(len(vectors._rows))
    assert max(sizes) <= 10
    assert sizes != sorted(sizes)


def test_threads_that_share_a_predictor_find_what_one_finds_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_vectors, "MAX_WORDS", 50)  # so that the table begins afresh while others read it
    texts = [f"My Nikon D{number} has a bright{number} viewfinder. 日本👍 {number}-70mm" for number in range(80)]
    alone = [Predictor(tiny_bundle())(text) for text in texts]
    assert any(alone)
    shared = Predictor(tiny_bundle())
    with ThreadPool(4) as pool:
        together = pool.map(shared, texts, chunksize=1)
    for expected, found in zip(alone, together, strict=True):
        assert [(span.start, span.end, span.label) for span in found] == [
            (span.start, span.end, span.label) for span in expected
        ]
        assert [span.score for span in found] == pytest.approx([span.score for span in expected], abs=1e-5)
