"""What can be read at each place, against a count over every path."""

import itertools

import numpy as np
import pytest

from tagloom.decoding import Lattice, posterior
from tagloom.schemes import BIOES
from tagloom.text import Chunk
from tagloom.training.readings import LIKELY, Place, Reader

TAGS = BIOES.tags(("PFEATURE", "PNAME"))
LENGTH = 4

Paths = list[tuple[tuple[str, ...], float]]


def lattice(seed: int) -> Lattice:
    """A sentence of four words in a batch with a longer one."""
    random = np.random.default_rng(seed)
    start, between, end = BIOES.transition_masks(TAGS)
    scores = random.normal(0, 1.5, (2, LENGTH + 2, len(TAGS)))
    return Lattice(
        scores,
        np.where(between, random.normal(0, 1, between.shape), -np.inf),
        np.where(start, 0.0, -np.inf),
        np.where(end, 0.0, -np.inf),
        np.array([LENGTH + 2, LENGTH]),
    )


def paths(one: Lattice) -> Paths:
    """Every path of the shorter sentence that BIOES allows, with its probability."""
    found = []
    for path in itertools.product(range(len(TAGS)), repeat=LENGTH):
        score = one.start_transitions[path[0]] + one.end_transitions[path[-1]]
        score += sum(one.emissions[1, word, tag] for word, tag in enumerate(path))
        score += sum(one.transitions[before, after] for before, after in itertools.pairwise(path))
        if np.isfinite(score):
            found.append((tuple(TAGS[tag] for tag in path), float(np.exp(score))))
    total = sum(weight for _, weight in found)
    return [(tags, weight / total) for tags, weight in found]


def of_chunk(every: Paths, chunk: Chunk) -> float:
    return sum(weight for tags, weight in every if chunk in BIOES.decode(tags))


def of_bare(every: Paths, start: int, end: int) -> float:
    return sum(weight for tags, weight in every if set(tags[start:end]) == {"O"})


def places(seed: int, gold: list[Chunk]) -> tuple[list[Place], Paths]:
    one = lattice(seed)
    return list(Reader(TAGS).places(7, posterior(one), 1, gold)), paths(one)


@pytest.mark.parametrize("seed", range(5))
def test_exactly_the_likely_chunks_are_found_with_their_probability(seed: int) -> None:
    one = lattice(seed)
    every = paths(one)
    stretches = [(start, end) for start in range(LENGTH) for end in range(start + 1, LENGTH + 1)]
    chunks = [(*stretch, label) for stretch in stretches for label in ("PFEATURE", "PNAME")]
    expected = {chunk: of_chunk(every, chunk) for chunk in chunks if of_chunk(every, chunk) >= LIKELY}
    assert len(expected) > 2
    assert dict(Reader(TAGS).likely_chunks(posterior(one), 1)) == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(5))
def test_a_place_is_a_gold_chunk_or_a_likely_stretch_that_none_overlaps(seed: int) -> None:
    gold: list[Chunk] = [(1, 3, "PNAME")]
    found, every = places(seed, gold)
    likely = [chunk for chunk, _ in Reader(TAGS).likely_chunks(posterior(lattice(seed)), 1)]
    apart = [chunk for chunk in likely if chunk[1] <= 1 or chunk[0] >= 3]
    assert [place.given.chunk for place in found] == [gold[0], *[None] * len(apart)]
    assert [place.rivals[0].chunk for place in found[1:]] == apart
    assert {place.sentence for place in found} == {7}
    assert found[0].given.probability == pytest.approx(of_chunk(every, gold[0]))
    for place in found[1:]:
        start, end, _ = place.rivals[0].chunk or (0, 0, "")
        assert place.given.probability == pytest.approx(of_bare(every, start, end))


@pytest.mark.parametrize("seed", range(5))
def test_rivals_of_a_gold_chunk_overlap_it_or_leave_it_bare_and_the_best_comes_first(seed: int) -> None:
    gold: list[Chunk] = [(1, 3, "PNAME")]
    found, every = places(seed, gold)
    rivals = found[0].rivals
    assert gold[0] not in [rival.chunk for rival in rivals]
    assert all(rival.chunk is None or (rival.chunk[0] < 3 and rival.chunk[1] > 1) for rival in rivals)
    (bare,) = (rival for rival in rivals if rival.chunk is None)
    assert bare.probability == pytest.approx(of_bare(every, 1, 3))
    probabilities = [rival.probability for rival in rivals]
    assert probabilities == sorted(probabilities, reverse=True)


@pytest.mark.parametrize("seed", range(5))
def test_the_confidence_in_bare_words_sums_over_those_that_no_chunk_has(seed: int) -> None:
    one = lattice(seed)
    every = paths(one)
    summed, number = Reader(TAGS).bare_confidence(posterior(one), 1, [(1, 3, "PNAME")])
    assert number == 2
    assert summed == pytest.approx(of_bare(every, 0, 1) + of_bare(every, 3, 4))


def test_a_label_that_the_model_does_not_know_has_no_probability() -> None:
    found, _ = places(0, [(0, 2, "BRAND")])
    assert found[0].given.probability == 0
    assert Reader(TAGS).labels == ("PFEATURE", "PNAME")
