"""What every embedding holds to: its width and order, any words, and the same vectors in training and in a bundle."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tiny_training import config, reviews

from tagloom.bundle.bundle import Bundle
from tagloom.bundle.read import read_bundle
from tagloom.bundle.write import write_bundle
from tagloom.embeddings.windows import WINDOW
from tagloom.features.corpus import Corpus
from tagloom.features.ngrams import ngrams
from tagloom.inference.predictor import Predictor
from tagloom.inference.word_vectors import WordVectors
from tagloom.models.inputs import Inputs
from tagloom.training.bundling import bundle_of
from tagloom.training.parts import Parts
from tagloom.training.trainer import Trainer
from tiny_elmo import tiny_elmo
from tiny_transformers import WIDTH, tiny_transformer
from vector_files import fasttext, glove

SENTENCES = [
    "My Nikon D90 has a bright viewfinder .".split(),
    ["unheardof"],
    [],
    ["\u00ad", "\u200b", "\u0085", "日本", "👍", "ﬁ", "x" * 2000, "e\u0301", "A\u030a", "-LRB-", "\u202e"],
    [f"word{number % 700}" for number in range(2000)],
    "the lens of the Canon is sharp , and the menus are not".split(),
]
"""Known words, an unknown one, none, odd ones, and 2,000."""


def words() -> list[str]:
    """Of the reviews, in lower case."""
    parts = reviews().train, reviews().dev
    return sorted(Counter(word.lower() for part in parts for one in part.sentences() for word in one.words))


def vectors(folder: Path) -> str:
    """Of every other word of the reviews."""
    chance = np.random.default_rng(1)
    own = {word: chance.normal(size=3).round(3).tolist() for word in words()[::2]}
    return f"vectors:{glove(folder / 'some.txt', own)}"


def subwords(folder: Path) -> str:
    """A model of fastText, in which every word has a vector."""
    table = np.random.default_rng(1).normal(size=(len(words()) + 40, 3)).astype(np.float32)
    return f"vectors:{fasttext(folder / 'model.bin', words(), table)}"


def transformer(folder: Path) -> str:
    """One that reads 40 pieces at once."""
    return f"transformer:{tiny_transformer(folder / 'bert')}"


EMBEDDINGS: dict[str, tuple[Callable[[Path], str], int, dict[str, Any]]] = {
    "learned": (lambda _: "learned:7", 7, {}),
    "vectors": (vectors, 3, {}),
    "vectors, tuned": (vectors, 3, {"tune_vectors": True}),
    "vectors of fastText": (subwords, 3, {"spare_words": 0}),  # else only a bundle makes words of stretches
    "transformer": (transformer, WIDTH, {"encoder_layers": 3}),
    "transformer, mean": (transformer, WIDTH, {"encoder_layers": 1, "pooling": "mean"}),
    "transformer, trained": (transformer, WIDTH, {"algorithm": "transformer-crf", "encoder_layers": 2}),
    "transformer, trained, mean": (transformer, WIDTH, {"algorithm": "transformer-softmax", "pooling": "mean"}),
    "elmo": (lambda folder: f"elmo:{tiny_elmo(folder / 'elmo')}", 8, {}),
    "elmo, top layer": (lambda folder: f"elmo:{tiny_elmo(folder / 'elmo')}", 8, {"encoder_layers": 1}),
    "minilm": (lambda _: "minilm", 384, {"encoder_layers": 2}),
    "distilled": (lambda folder: f"distilled:{tiny_transformer(folder / 'bert')}:5", 5, {}),
    "three joined": (lambda folder: f"{transformer(folder)} + learned:4 + {vectors(folder)}", WIDTH + 7, {}),
}
"""How each is named, its width, and further options."""


@pytest.fixture(params=EMBEDDINGS)
def asked(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Trainer, int]:
    """A trainer after three steps with an embedding, and how wide that is."""
    name, width, options = EMBEDDINGS[request.param]
    return trained(name(tmp_path), **options), width


def trained(embeddings: str, **options: Any) -> Trainer:
    chosen = config(embeddings=embeddings, embedding_dropout=0.1, **options)
    one = Trainer(chosen, Parts.of(reviews().train.sentences(), reviews().dev.sentences(), chosen))
    for sentences in one.batch_order():
        one.learn(sentences)
    return one


def by_trainer(one: Trainer, sentences: list[list[str]]) -> list[NDArray[np.float32]]:
    """Scores of each tag for each word, (length, tags), from the network that was trained."""
    corpus = Corpus.of(sentences, None, one.parts.vocabulary, {})
    context, batch = one.parts.context, corpus.batch(np.arange(len(corpus)))
    inputs = Inputs.of(corpus, batch)
    if context is not None:
        inputs = context.added(inputs, sentences)
    found = one.tagger.eval()(inputs).detach().numpy()
    return [scores[: len(own)] for scores, own in zip(found, sentences, strict=True)]


def by_bundle(bundle: Bundle, sentences: list[list[str]]) -> dict[int, NDArray[np.float32]]:
    """The same from a bundle, by the number of each sentence that has words."""
    read = Predictor(bundle).lattices(sentences)
    return {
        number: emissions[:length]
        for numbers, lattice in read
        for number, emissions, length in zip(numbers, lattice.emissions, lattice.lengths, strict=True)
    }


def test_an_embedding_gives_the_same_in_training_and_in_a_bundle(asked: tuple[Trainer, int], tmp_path: Path) -> None:
    one, width = asked
    assert one.tagger.architecture.embedding_width == width
    write_bundle(bundle_of(one), tmp_path / "model")
    bundle = read_bundle(tmp_path / "model")
    assert replace(bundle, weights={}) == replace(bundle_of(one), weights={})
    found = by_bundle(bundle, SENTENCES)
    assert sorted(found) == [number for number, own in enumerate(SENTENCES) if own]
    some = [own for own in SENTENCES if own]
    most = 2e-3 * max(np.abs(scores).max() for scores in found.values())  # frozen vectors are kept in half precision
    for expected, number in zip(by_trainer(one, some), sorted(found), strict=True):
        is_in_windows = len(expected) > WINDOW  # at whose edges a network without training still remembers a little
        np.testing.assert_allclose(found[number], expected, atol=10 * most if is_in_windows else most)
    alone = [by_bundle(bundle, [own])[0] for own in some]
    for scores, number in zip(alone, sorted(found), strict=True):
        np.testing.assert_allclose(scores, found[number], atol=1e-4)


def test_the_same_seed_gives_the_same_weights_and_another_order_the_same_vectors(tmp_path: Path) -> None:
    for name, (make, _, options) in EMBEDDINGS.items():
        if name == "minilm":
            continue  # as any transformer
        folder = tmp_path / name.replace(" ", "-")
        folder.mkdir()
        first, second = (trained(make(folder), **options) for _ in range(2))
        for tensor, values in first.tagger.arrays().items():
            np.testing.assert_array_equal(second.tagger.arrays()[tensor], values, err_msg=f"{name}: {tensor}")
        ahead, back = by_bundle(bundle_of(first), SENTENCES), by_bundle(bundle_of(first), SENTENCES[::-1])
        for number, scores in ahead.items():
            np.testing.assert_allclose(back[len(SENTENCES) - 1 - number], scores, atol=1e-4, err_msg=name)


def test_a_word_that_a_distilled_model_lacks_is_made_of_its_pieces(tmp_path: Path) -> None:
    one = trained(f"distilled:{tiny_transformer(tmp_path / 'bert')}:5")
    bundle = bundle_of(one)
    (index,) = bundle.vocabulary.tables
    vectors = WordVectors(bundle)
    table, (row,) = vectors.look_up(["Viewabc"])
    pieces = [index.words.index(piece) + 1 for piece in ("view", "##a", "##b", "##c")]
    np.testing.assert_allclose(table[row, :5], bundle.weights["words.0.table"][pieces].mean(axis=0), rtol=1e-5)
    table, (row,) = vectors.look_up(["~"])
    assert (table[row, :5] == 0).all()


def test_a_word_that_a_model_of_fasttext_lacks_is_made_of_its_stretches(tmp_path: Path) -> None:
    bundle = bundle_of(trained(subwords(tmp_path)))
    write_bundle(bundle, tmp_path / "model")
    vectors = WordVectors(read_bundle(tmp_path / "model"))
    table, (known, unknown, odd) = vectors.look_up(["viewfinder", "viewfinderish", "日本"])
    (index,) = bundle.vocabulary.tables
    own = [f"\x1f{ngram}" for ngram in ngrams("viewfinderish", 3, 6)]
    rows = [index.words.index(ngram) + 1 for ngram in own if ngram in index.words]
    assert len(rows) > 20
    np.testing.assert_allclose(table[unknown, :3], bundle.weights["words.0.table"][rows].mean(axis=0), rtol=1e-5)
    assert np.abs(table[known, :3]).sum() > 0
    assert (table[odd, :3] == 0).all()
    assert vectors.num_unknown == 2
