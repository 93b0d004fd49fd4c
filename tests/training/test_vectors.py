"""Trainings that look words up in a file of vectors: frozen or tuned, resumed, and as a bundle."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny_training import config, reviews

from tagloom.bundle.read import read_bundle
from tagloom.errors import TrainingError
from tagloom.inference.predictor import Predictor, load
from tagloom.models.inputs import Inputs
from tagloom.training.bundling import bundle_of
from tagloom.training.checkpoint import restore_checkpoint, save_checkpoint
from tagloom.training.parts import Parts
from tagloom.training.train import train
from tagloom.training.trainer import Trainer

WIDTH = 5


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Vectors of half the words of the reviews, and of some others."""
    counts = Counter(
        word.lower() for part in (reviews().train, reviews().dev) for one in part.sentences() for word in one.words
    )
    words = [*sorted(counts)[::2], *(f"spare{number}" for number in range(9))]
    return write(tmp_path / "some.txt", words, seed=1)


def write(path: Path, words: list[str], seed: int) -> Path:
    values = np.random.default_rng(seed).normal(size=(len(words), WIDTH)).round(3)
    lines = (f"{word} {' '.join(map(str, own))}\n" for word, own in zip(words, values.tolist(), strict=True))
    path.write_text("".join(lines), "utf-8")
    return path


def trainer(file: Path, **options: Any) -> Trainer:
    chosen = config(**{"embeddings": f"vectors:{file} + learned:4", **options})
    return Trainer(chosen, Parts.of(reviews().train.sentences(), reviews().dev.sentences(), chosen))


def learn(one: Trainer, steps: int) -> None:
    for sentences in [*one.batch_order(), *one.batch_order()][:steps]:
        one.learn(sentences)


def test_frozen_vectors_stay_and_tuned_ones_move(file: Path) -> None:
    frozen, tuned = trainer(file), trainer(file, tune_vectors=True)
    before = frozen.tagger.words[0].table.clone()
    for one in (frozen, tuned):
        learn(one, 3)
    np.testing.assert_array_equal(frozen.tagger.words[0].table, before)
    assert not np.array_equal(tuned.tagger.words[0].table, before)
    assert not np.array_equal(frozen.tagger.words[1].table, trainer(file).tagger.words[1].table)


@pytest.mark.parametrize("tunes", [False, True])
@pytest.mark.parametrize("algorithm", ["bilstm-cnn-crf", "bilstm-softmax"])
def test_a_bundle_gives_the_emissions_of_the_network_that_was_trained(file: Path, tunes: bool, algorithm: str) -> None:
    one = trainer(file, tune_vectors=tunes, algorithm=algorithm, embedding_dropout="0.2,0.1")
    learn(one, 3)
    predictor = Predictor(bundle_of(one))
    corpus = one.parts.dev.corpus
    expected = one.tagger.eval()(Inputs.of(corpus, corpus.batch(np.arange(len(corpus))))).detach().numpy()
    words = [sentence.words for sentence in reviews().dev.sentences()]
    for numbers, lattice in predictor.lattices(words):
        for number, emissions, length in zip(numbers, lattice.emissions, lattice.lengths, strict=True):
            np.testing.assert_allclose(emissions[:length], expected[number, :length], atol=1e-5)


def test_spare_words_are_known_to_the_bundle(file: Path) -> None:
    vocabulary = bundle_of(trainer(file)).vocabulary
    assert vocabulary.is_known(["SPARE8", "spare", "spare0"]).tolist() == [True, False, True]
    assert not bundle_of(trainer(file, spare_words=0)).vocabulary.is_known(["spare8"]).any()


def test_a_run_tells_what_its_vectors_cover_and_no_path_is_in_its_bundle(file: Path, tmp_path: Path) -> None:
    run = train(reviews(), tmp_path / "run", config(embeddings=f"vectors:{file}", epochs=1))
    bundle = read_bundle(run.path / "model")
    assert bundle.architecture.embeddings == f"vectors:some.txt:{WIDTH}"
    assert str(file.parent) not in (run.path / "model" / "config.json").read_text("utf-8")
    assert '"found": ' in run.environment.read_text("utf-8")
    load(run.path)("My Nikon D90 has a bright viewfinder .")


@pytest.mark.parametrize("tunes", [False, True])
def test_a_resumed_training_ends_with_the_same_weights(file: Path, tunes: bool, tmp_path: Path) -> None:
    whole, begun, resumed = (trainer(file, tune_vectors=tunes) for _ in range(3))
    learn(whole, 6)
    learn(begun, 3)
    restore_checkpoint(resumed, save_checkpoint(begun, tmp_path))
    for sentences in [*resumed.batch_order(), *resumed.batch_order()][3:6]:
        resumed.learn(sentences)
    for name, values in whole.tagger.arrays().items():
        np.testing.assert_array_equal(resumed.tagger.arrays()[name], values, err_msg=name)


def test_a_checkpoint_holds_no_frozen_vectors_and_is_refused_beside_others(file: Path, tmp_path: Path) -> None:
    checkpoint = save_checkpoint(trainer(file), tmp_path / "checkpoints")
    assert b"words.0.table" not in (checkpoint / "weights.safetensors").read_bytes()
    words = [line.split(" ")[0] for line in file.read_text("utf-8").split("\n")[:-1]]
    write(file, words, seed=2)
    with pytest.raises(TrainingError, match="expected the data that the run began with"):
        restore_checkpoint(trainer(file), checkpoint)
