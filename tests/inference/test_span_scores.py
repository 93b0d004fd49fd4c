"""The score of a span against every path, one by one, in each scheme that a bundle may be in."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from plain import plain_bundle
from tagloom.bundle.architecture import ALGORITHMS
from tagloom.decoding import Lattice
from tagloom.inference.chunk_reading import ChunkReading
from tagloom.inference.predictor import Predictor
from tagloom.text import Chunk
from tiny import SENTENCES

SCHEMES = ("BIO", "BIOES")
WORDS = (["Nikon", "D90", "has", "日"], ["Superb"], ["a", "b"])

every_scheme = pytest.mark.parametrize("scheme", SCHEMES)


def every_chunk(length: int, labels: tuple[str, ...]) -> list[Chunk]:
    """Whatever stretch of so many words with whatever label."""
    places = itertools.combinations(range(length + 1), 2)
    return [(first, last, label) for first, last in places for label in labels]


def shares(predictor: Predictor, lattice: Lattice) -> Iterator[tuple[list[str], float]]:
    """The tags of each allowed path of one sentence and its share of all, at the model's temperature."""
    emissions = lattice.emissions[0].astype(float)
    scores = {}
    for path in itertools.product(range(len(predictor.tags)), repeat=len(emissions)):
        tags = [predictor.tags[tag] for tag in path]
        if not predictor.scheme.violations(tags):
            score = lattice.start_transitions[path[0]] + lattice.end_transitions[path[-1]]
            score += sum(emissions[position, tag] for position, tag in enumerate(path))
            score += sum(lattice.transitions[before, after] for before, after in itertools.pairwise(path))
            scores[tuple(tags)] = float(score) / predictor.temperature
    whole = np.logaddexp.reduce(list(scores.values()))
    return ((list(tags), float(np.exp(score - whole))) for tags, score in scores.items())


@every_scheme
@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("temperature", [1.0, 2.5])
def test_the_score_of_any_span_is_the_share_of_all_paths_with_exactly_it(
    scheme: str, algorithm: str, temperature: float
) -> None:
    for seed in range(3):
        bundle = plain_bundle(algorithm, scheme=scheme, labels=("A",), seed=seed)
        predictor = Predictor(replace(bundle, temperature=temperature))
        for words in WORDS:
            ((_, lattice),) = predictor.lattices([words], 1)
            paths = list(shares(predictor, lattice))
            chunks = every_chunk(len(words), ("A",))
            by_hand = [sum(share for tags, share in paths if one in predictor.scheme.decode(tags)) for one in chunks]
            assert predictor.scores(lattice, [chunks])[0] == pytest.approx(by_hand, abs=1e-6)  # scores are float32


@every_scheme
@pytest.mark.parametrize("algorithm", ["bilstm-cnn", "bilstm-cnn-crf"])
def test_spans_that_begin_at_a_word_and_the_tags_that_begin_none_there_are_all_that_can_be(
    scheme: str, algorithm: str
) -> None:
    predictor = Predictor(plain_bundle(algorithm, scheme=scheme))
    for numbers, lattice in predictor.lattices(SENTENCES):
        sums = predictor.posterior(lattice)
        marginals = sums.marginals()
        begins = np.array([tag[0] in "BS" for tag in predictor.tags])
        for place, number in enumerate(numbers):
            length = len(SENTENCES[number])
            chunks = every_chunk(length, predictor.bundle.labels)
            alone = lattice.sentence(place)
            scores = np.array(predictor.scores(alone, [chunks])[0])
            for word in range(length):
                from_here = scores[[first == word for first, _, _ in chunks]].sum()
                assert from_here == pytest.approx(marginals[place, word, begins].sum(), abs=1e-9)
                assert from_here + marginals[place, word, ~begins].sum() == pytest.approx(1, abs=1e-9)


def test_in_bio_a_span_that_may_go_on_scores_less_than_its_tags() -> None:
    predictor = Predictor(plain_bundle(labels=("A",)))
    ((_, lattice),) = predictor.lattices([["Nikon", "D90", "has"]])
    sums = predictor.posterior(lattice)
    begin, inner = predictor.tags.index("B-A"), predictor.tags.index("I-A")
    whole, longer = (sums.path_probability(0, 0, np.array(tags)) for tags in ([begin], [begin, inner]))
    ((score,),) = predictor.scores(lattice, [[(0, 1, "A")]])
    assert longer > 0.001
    assert score == pytest.approx(whole - longer, abs=1e-9)


def test_a_span_that_nearly_always_goes_on_keeps_its_digits() -> None:
    predictor = Predictor(plain_bundle(labels=("A",)))
    emissions = np.zeros((1, 3, 3))
    emissions[0, :, predictor.tags.index("I-A")] = 60.0
    ((_, lattice),) = predictor.lattices([["a", "b", "c"]])
    forced = replace(lattice, emissions=emissions)
    paths = list(shares(predictor, forced))
    by_hand = sum(share for tags, share in paths if tags[0] == "B-A" and tags[1] != "I-A")
    ((score,),) = predictor.scores(forced, [[(0, 1, "A")]])
    assert 0 < by_hand < 1e-16
    assert score == pytest.approx(by_hand, rel=1e-9, abs=0)


@every_scheme
def test_scores_in_a_batch_and_in_windows_are_those_of_each_sentence_read_as_chunks_alone(scheme: str) -> None:
    predictor = Predictor(plain_bundle(scheme=scheme))
    long = [word for number in range(400) for word in ("Nikon", f"D{number}", "has", "日")]
    reading = ChunkReading.of(predictor.tags)
    for numbers, lattice in predictor.lattices([*SENTENCES, long]):
        chunks = predictor.best_chunks(lattice)
        for place, (number, own) in enumerate(zip(numbers, predictor.scores(lattice, chunks), strict=True)):
            sums = predictor.posterior(lattice.sentence(place))
            assert own == pytest.approx([reading.probability(sums, chunk) for chunk in chunks[place]], abs=1e-9)
            assert own or number < len(SENTENCES)


@every_scheme
def test_tags_of_a_plain_bundle_keep_to_its_scheme_also_across_windows(scheme: str) -> None:
    predictor = Predictor(plain_bundle(scheme=scheme))
    long = [word for number in range(900) for word in ("Nikon", f"D{number}", "has")]
    (tags,) = predictor.tag([long])
    assert predictor.scheme.violations(tags) == []
    assert len(tags) == len(long) > 2 * 1024
    (whole,) = predictor.chunks([long])
    assert predictor.scheme.decode(tags) == [chunk[:3] for chunk in whole]
    assert whole
