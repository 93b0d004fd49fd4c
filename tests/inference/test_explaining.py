"""Explanations against every path, one by one."""

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagloom.decoding import Lattice, viterbi
from tagloom.errors import ConfigError, DataError
from tagloom.inference.chunk_reading import ChunkReading
from tagloom.inference.explaining import explain, explain_lattice, explain_sentence
from tagloom.inference.named_lattice import NamedLattice, lattice_from_json
from tagloom.inference.predictor import Predictor
from tagloom.schemes import BIO, IO
from tiny import SENTENCES, tiny_bundle

PREDICTOR = Predictor(tiny_bundle())
TAGS = [("O", "B-X", "I-X"), ("O", "X", "Y"), ("I-X", "O"), ("O", "B-X", "E-X", "S-X"), ("X",), ("B-X", "I-X", "I-Y")]


def lattice_of(seed: int, num_words: int, tags: tuple[str, ...], scale: float, temperature: float) -> NamedLattice:
    """Random scores, some of them forbidden; the first tag is always allowed, so that there is a path."""
    random = np.random.default_rng(seed)

    def scores(*shape: int) -> np.ndarray:
        drawn = random.normal(0, scale, shape)
        drawn[random.random(shape) < 0.25] = -np.inf
        drawn[..., 0] = random.normal(0, scale, shape[:-1])
        return drawn

    emissions, transitions = scores(1, num_words, len(tags)), scores(len(tags), len(tags))
    lattice = Lattice(emissions, transitions, scores(len(tags)), scores(len(tags)), np.array([num_words]))
    return NamedLattice(tuple("abcdef"[:num_words]), tags, lattice, temperature)


lattices = st.builds(
    lattice_of,
    seed=st.integers(0, 10**6),
    num_words=st.integers(1, 5),
    tags=st.sampled_from(TAGS),
    scale=st.sampled_from([0.3, 2.0, 400.0]),
    temperature=st.sampled_from([0.5, 1.0, 1.7]),
)


def every_path(given: NamedLattice) -> dict[tuple[str, ...], float]:
    """The raw score of each path that is allowed."""
    scores = {}
    lattice = given.lattice
    for path in itertools.product(range(len(given.tags)), repeat=len(given.words)):
        score = lattice.start_transitions[path[0]] + lattice.end_transitions[path[-1]]
        score += sum(lattice.emissions[0, position, tag] for position, tag in enumerate(path))
        score += sum(lattice.transitions[before, after] for before, after in itertools.pairwise(path))
        if np.isfinite(score):
            scores[tuple(given.tags[tag] for tag in path)] = float(score)
    return scores


def shares(given: NamedLattice) -> dict[tuple[str, ...], float]:
    """The probability of each path that is allowed."""
    scores = every_path(given)
    peak = max(scores.values())
    weights = {path: np.exp((score - peak) / given.temperature) for path, score in scores.items()}
    return {path: weight / sum(weights.values()) for path, weight in weights.items()}


def chunks_of(tags: tuple[str, ...]) -> list[tuple[int, int, str]]:
    if all(tag == "O" or "-" in tag for tag in tags):
        return BIO.decode_leniently(tags)
    return IO.decode([tag if tag == "O" else f"I-{tag}" for tag in tags])


@given(lattices, st.integers(1, 7))
def test_paths_are_the_best_of_every_path_in_order(given: NamedLattice, num_paths: int) -> None:
    found = explain_lattice(given, num_paths).paths
    scores, probabilities = every_path(given), shares(given)
    assert [path.score for path in found] == pytest.approx(sorted(scores.values(), reverse=True)[:num_paths])
    assert len({path.tags for path in found}) == len(found)
    for path in found:
        assert path.score == pytest.approx(scores[path.tags])
        assert path.probability == pytest.approx(probabilities[path.tags], abs=1e-9)


@given(lattices)
def test_marginals_are_the_shares_of_the_paths_with_a_tag(given: NamedLattice) -> None:
    marginals = explain_lattice(given).marginals
    by_hand = np.zeros_like(marginals)
    for path, share in shares(given).items():
        for position, tag in enumerate(path):
            by_hand[position, given.tags.index(tag)] += share
    np.testing.assert_allclose(marginals, by_hand, atol=1e-9)


@given(lattices)
def test_a_chunk_scores_the_share_of_the_paths_that_spell_it(given: NamedLattice) -> None:
    probabilities = shares(given)
    for path in explain_lattice(given, 9).paths:
        assert [(one.start, one.end, one.label) for one in path.chunks] == chunks_of(path.tags)
        for one in path.chunks:
            own = (one.start, one.end, one.label)
            by_hand = sum(share for other, share in probabilities.items() if own in chunks_of(other))
            assert one.score == pytest.approx(by_hand, abs=1e-9)


@given(lattices)
def test_temperature_moves_probabilities_and_neither_paths_nor_scores(given: NamedLattice) -> None:
    warm, plain = explain_lattice(given), explain_lattice(replace(given, temperature=1.0))
    assert [path.tags for path in warm.paths] == [path.tags for path in plain.paths]
    assert [path.score for path in warm.paths] == [path.score for path in plain.paths]
    (best,) = viterbi(given.lattice.tempered(given.temperature))
    assert every_path(given)[tuple(given.tags[tag] for tag in best)] == pytest.approx(warm.best.score)


@given(lattices)
def test_the_terms_of_a_path_sum_to_its_score(given: NamedLattice) -> None:
    explanation = explain_lattice(given)
    for path in explanation.paths:
        assert sum(term.score for term in explanation.terms(path)) == pytest.approx(path.score)


@given(lattices)
def test_json_is_a_lattice_with_the_same_explanation(given: NamedLattice) -> None:
    explanation = explain_lattice(given, 4)
    again = explain_lattice(lattice_from_json(json.loads(json.dumps(explanation.to_json())), "again"), 4)
    assert again.paths == explanation.paths
    assert again.to_json() == explanation.to_json()


@settings(max_examples=20)
@given(lattices)
def test_forbidden_transitions_are_marked_and_on_no_path(given: NamedLattice) -> None:
    explanation = explain_lattice(given, 9)
    np.testing.assert_array_equal(explanation.forbidden, np.isneginf(given.lattice.transitions))
    for path in explanation.paths:
        for before, after in itertools.pairwise(path.tags):
            assert not explanation.forbidden[given.tags.index(before), given.tags.index(after)]


@pytest.mark.parametrize("temperature", [1.0, 2.5])
@pytest.mark.parametrize("words", SENTENCES, ids=len)
def test_a_model_is_explained_as_it_predicts(words: list[str], temperature: float) -> None:
    predictor = Predictor(replace(tiny_bundle(), temperature=temperature))
    explanation = explain_sentence(predictor, words)
    best = explanation.best
    assert [list(best.tags)] == predictor.tag([words])
    ((*expected,),) = predictor.chunks([words])
    found = [(one.start, one.end, one.label, pytest.approx(one.score, abs=1e-5)) for one in best.chunks]
    assert found == expected
    assert explanation.temperature == temperature


def test_the_sentence_that_was_asked_for_is_explained() -> None:
    text = "It works. I like my Nikon D90!"
    assert explain(PREDICTOR, text).words == ("It", "works", ".")
    assert explain(PREDICTOR, text, sentence=2).words == ("I", "like", "my", "Nikon", "D90", "!")
    for number in (0, 3):
        with pytest.raises(DataError, match=f"sentence: expected 1 to 2, .* received {number}"):
            explain(PREDICTOR, text, sentence=number)


@pytest.mark.parametrize("text", ["", " \n\t\u200b"])
def test_a_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(DataError, match=r"text: expected words to explain, received .* Give a sentence"):
        explain(PREDICTOR, text)


@pytest.mark.parametrize("num_paths", [0, -1, 101])
def test_a_senseless_number_of_paths_is_refused(num_paths: int) -> None:
    with pytest.raises(ConfigError, match=f"num_paths: expected 1 to 100, received {num_paths}"):
        explain(PREDICTOR, "A D90", num_paths)


def test_a_long_sentence_is_explained_as_a_whole() -> None:
    words = [word for number in range(400) for word in ("Nikon", f"D{number}", "has")]
    explanation = explain_sentence(PREDICTOR, words, 2)
    assert [list(explanation.best.tags)] == PREDICTOR.tag([words])
    assert np.allclose(explanation.marginals.sum(axis=1), 1)


def test_the_tags_that_tell_most_are_those_of_the_paths() -> None:
    lattice = Lattice(np.array([[[9.0, 1.0, 0.0, 2.0]]]), np.zeros((4, 4)), np.zeros(4), np.zeros(4), np.array([1]))
    explanation = explain_lattice(NamedLattice(("a",), ("A", "B", "C", "D"), lattice), 1)
    assert explanation.telling_tags(1) == ["A"]
    assert explanation.telling_tags(2) == ["A", "D"]
    assert explanation.telling_tags(9) == ["A", "B", "C", "D"]


def test_tags_of_a_scheme_beside_one_that_is_none_are_labels() -> None:
    assert ChunkReading.of(("O", "B-X", "Y")).chunks([1, 1, 2, 0]) == [(0, 2, "B-X"), (2, 3, "Y")]
