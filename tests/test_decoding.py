"""Best paths, sums and marginals against every path, one by one."""

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagloom.decoding import Lattice, best_paths, log_partition, posterior, viterbi
from tagloom.schemes import BIOES


def lattice_of(seed: int, lengths: list[int], num_tags: int, scale: float, forbidden: float) -> Lattice:
    random = np.random.default_rng(seed)
    transitions = random.normal(0, scale, (num_tags, num_tags))
    transitions[random.random((num_tags, num_tags)) < forbidden] = -np.inf
    transitions[:, 0] = random.normal(0, scale, num_tags)  # so that there is always a path
    emissions = random.normal(0, scale, (len(lengths), max(lengths), num_tags))
    start, end = random.normal(0, scale, (2, num_tags))
    return Lattice(emissions, transitions, start, end, np.array(lengths))


def every_path(lattice: Lattice, sentence: int) -> dict[tuple[int, ...], float]:
    one = lattice.sentence(sentence)
    num_tags = len(one.transitions)
    scores = {}
    for path in itertools.product(range(num_tags), repeat=int(one.lengths[0])):
        score = one.start_transitions[path[0]] + one.end_transitions[path[-1]]
        score += sum(one.emissions[0, position, tag] for position, tag in enumerate(path))
        score += sum(one.transitions[before, after] for before, after in itertools.pairwise(path))
        scores[path] = float(score)
    return scores


def summed(scores: list[float]) -> float:
    peak = max(scores)
    return float(peak + np.log(sum(np.exp(score - peak) for score in scores)))


lattices = st.builds(
    lattice_of,
    seed=st.integers(0, 10**6),
    lengths=st.lists(st.integers(1, 5), min_size=1, max_size=4),
    num_tags=st.integers(1, 4),
    scale=st.sampled_from([0.1, 1.0, 30.0, 500.0]),
    forbidden=st.sampled_from([0.0, 0.5]),
)


@pytest.fixture(scope="module", params=["every step is weighed", "forbidden steps are passed over"])
def steps(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if request.param.startswith("forbidden"):
            patch.setattr("tagloom.decoding.best_path._CACHED", 0)
        yield


@pytest.mark.usefixtures("steps")
@given(lattices)
def test_viterbi_finds_the_best_of_every_path(lattice: Lattice) -> None:
    for sentence, path in enumerate(viterbi(lattice)):
        scores = every_path(lattice, sentence)
        assert scores[tuple(int(tag) for tag in path)] == pytest.approx(max(scores.values()), rel=1e-9)


@pytest.mark.parametrize("num_labels", [3, 40])
def test_paths_are_the_same_whether_forbidden_steps_are_passed_over_or_not(
    num_labels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(5)
    start, between, end = BIOES.transition_masks(BIOES.tags([f"L{number}" for number in range(num_labels)]))
    num_tags, lengths = len(between), random.integers(1, 12, 30)
    forbidden = np.float32(-np.inf)
    scores = random.integers(-3, 4, (num_tags, num_tags)).astype(np.float32)  # so that many paths are equally good
    lattice = Lattice(
        random.integers(-3, 4, (30, 12, num_tags)).astype(np.float32),
        np.where(between, scores, forbidden),
        np.where(start, np.float32(0), forbidden),
        np.where(end, np.float32(0), forbidden),
        lengths,
    )
    found = []
    for cached in (0, 1000, 10**9):
        monkeypatch.setattr("tagloom.decoding.best_path._CACHED", cached)
        found.append([path.tolist() for path in viterbi(lattice)])
    assert found[0] == found[1] == found[2]


@given(lattices)
def test_log_partition_is_the_sum_over_every_path(lattice: Lattice) -> None:
    for sentence, value in enumerate(log_partition(lattice)):
        assert value == pytest.approx(summed(list(every_path(lattice, sentence).values())), rel=1e-9, abs=1e-9)


def test_a_path_that_vanishes_at_one_word_and_wins_in_the_end_is_not_lost() -> None:
    none = -np.inf
    lattice = Lattice(
        np.array([[[-29, -158, 220], [-474, -72, 229], [483, -128, -38], [-30, none, 21], [-88, none, -67]]], float),
        np.array([[420, none, 84], [27, -40, 7], [-27, 101, -284]], float),  # 0 to 0, which wins, has 474 - 84 less
        np.array([264, none, 62], float),
        np.array([-509, -273, 89], float),
        np.array([5]),
    )
    sums = posterior(lattice)
    assert sums.log_partition[0] == pytest.approx(summed(list(every_path(lattice, 0).values())))
    assert sums.marginals()[0].argmax(axis=1).tolist() == [0, 0, 0, 0, 2]


@given(lattices)
def test_marginals_are_the_shares_of_every_path(lattice: Lattice) -> None:
    marginals = posterior(lattice).marginals()
    for sentence, length in enumerate(lattice.lengths):
        scores = every_path(lattice, sentence)
        whole = summed(list(scores.values()))
        by_hand = np.zeros((length, len(lattice.transitions)))
        for path, score in scores.items():
            by_hand[np.arange(length), path] += np.exp(score - whole)
        np.testing.assert_allclose(marginals[sentence, :length], by_hand, atol=1e-9)
        assert not marginals[sentence, length:].any()


@given(lattices, st.data())
def test_probability_of_a_stretch_is_the_share_of_the_paths_with_it(lattice: Lattice, data: st.DataObject) -> None:
    sentence = data.draw(st.integers(0, len(lattice.lengths) - 1))
    length = int(lattice.lengths[sentence])
    first = data.draw(st.integers(0, length - 1))
    scores = every_path(lattice, sentence)
    likely = max(scores, key=lambda path: scores[path])
    last = data.draw(st.integers(first, length - 1))
    stretch = likely[first : last + 1]
    whole = summed(list(scores.values()))
    by_hand = sum(np.exp(score - whole) for path, score in scores.items() if path[first : last + 1] == stretch)
    assert posterior(lattice).path_probability(sentence, first, np.array(stretch)) == pytest.approx(by_hand, abs=1e-9)


@given(lattices, st.data())
def test_a_stretch_that_may_not_go_on_has_the_share_of_the_paths_that_do_not(
    lattice: Lattice, data: st.DataObject
) -> None:
    sentence = data.draw(st.integers(0, len(lattice.lengths) - 1))
    length = int(lattice.lengths[sentence])
    first = data.draw(st.integers(0, length - 1))
    last = data.draw(st.integers(first, length - 1))
    continuations = data.draw(st.lists(st.integers(0, len(lattice.transitions) - 1), unique=True))
    scores = every_path(lattice, sentence)
    stretch = max(scores, key=lambda path: scores[path])[first : last + 1]
    whole = summed(list(scores.values()))
    by_hand = sum(
        np.exp(score - whole)
        for path, score in scores.items()
        if path[first : last + 1] == stretch and not {*path[last + 1 : last + 2]} & {*continuations}
    )
    found = posterior(lattice).path_probability(sentence, first, np.array(stretch), continuations=continuations)
    assert found == pytest.approx(by_hand, abs=1e-9)


@given(lattices, st.integers(1, 6))
def test_best_paths_are_the_first_of_every_path_in_order(lattice: Lattice, num_paths: int) -> None:
    for sentence, found in enumerate(best_paths(lattice, num_paths)):
        scores = every_path(lattice, sentence)
        allowed = sorted((score for score in scores.values() if np.isfinite(score)), reverse=True)
        assert [score for _, score in found] == pytest.approx(allowed[:num_paths], rel=1e-9, abs=1e-9)
        assert len({tuple(path) for path, _ in found}) == len(found)
        for path, score in found:
            assert scores[tuple(int(tag) for tag in path)] == pytest.approx(score, rel=1e-9, abs=1e-9)


@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(1, 4), st.integers(1, 90))
def test_of_equal_paths_every_one_is_found_once_and_the_first_is_that_of_viterbi(
    seed: int, length: int, num_tags: int, num_paths: int
) -> None:
    random = np.random.default_rng(seed)
    emissions = random.integers(0, 2, (1, length, num_tags)).astype(float)
    transitions = random.integers(0, 2, (num_tags, num_tags)).astype(float)
    lattice = Lattice(emissions, transitions, np.zeros(num_tags), np.zeros(num_tags), np.array([length]))
    (found,) = best_paths(lattice, num_paths)
    assert [list(found[0][0])] == [list(path) for path in viterbi(lattice)]
    assert len({tuple(path) for path, _ in found}) == len(found) == min(num_paths, num_tags**length)


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from([1.0, 400.0]))
def test_a_sentence_scores_the_same_alone_and_in_a_batch(seed: int, scale: float) -> None:
    lattice = lattice_of(seed, [3, 12, 1, 7], 5, scale, 0.4)
    together = posterior(lattice)
    for sentence in range(4):
        alone = posterior(lattice.sentence(sentence))
        assert alone.log_partition[0] == pytest.approx(together.log_partition[sentence], rel=1e-12)
        length = lattice.lengths[sentence]
        np.testing.assert_allclose(alone.marginals()[0], together.marginals()[sentence, :length], atol=1e-12)


def test_scores_that_differ_by_hundreds_survive() -> None:
    emissions = np.array([[[0.0, 900.0], [900.0, 0.0], [0.0, 0.0]]])
    transitions = np.array([[-400.0, 0.0], [-700.0, 0.0]])
    lattice = Lattice(emissions, transitions, np.zeros(2), np.zeros(2), np.array([3]))
    assert log_partition(lattice)[0] == pytest.approx(1100.0, abs=1e-6)
    assert [list(path) for path in viterbi(lattice)] == [[1, 0, 1]]
    assert np.isfinite(posterior(lattice).marginals()).all()


def test_the_worked_lattice_prefers_the_outside_word_by_51_to_45() -> None:
    tags = ["PNAME", "O", "PFEATURE"]
    emissions = np.array([[[15, 0, 0], [8, 12, 0], [0, 0, 11], [0, 0, 5]]], dtype=float)
    transitions = np.array([[2, 4, 2], [0, 0, 2], [0, 0, 1]], dtype=float)
    lattice = Lattice(emissions, transitions, np.array([1.0, 0, 0]), np.zeros(3), np.array([4]))
    (path,) = viterbi(lattice)
    assert [tags[tag] for tag in path] == ["PNAME", "O", "PFEATURE", "PFEATURE"]
    scores = every_path(lattice, 0)
    assert scores[0, 1, 2, 2] == 51.0
    assert scores[0, 0, 2, 2] == 45.0
    assert [score for _, score in best_paths(lattice, 2)[0]] == [51.0, 45.0]
