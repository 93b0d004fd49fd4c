"""Bundles written and read: every algorithm, folder and zip, the same numbers as the network that was trained."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from plain import plain_bundle
from tagloom.bundle.architecture import ALGORITHMS, Architecture
from tagloom.bundle.bundle import Bundle
from tagloom.bundle.card import card
from tagloom.bundle.format import CHARACTERS, CONFIG, ENCODER, MEMBERS, NETWORK, TOKENIZER, VOCABULARY
from tagloom.bundle.read import read_bundle
from tagloom.bundle.shapes import weight_shapes
from tagloom.bundle.write import pack, write_bundle
from tagloom.errors import BundleError
from tagloom.features.corpus import Corpus
from tagloom.features.vocabulary import Vocabulary
from tagloom.features.word_index import WordIndex
from tagloom.inference.predictor import Predictor, load
from tagloom.inference.sessions import Network
from tagloom.inference.word_vectors import WordVectors
from tagloom.models.inputs import Inputs
from tagloom.models.tagger import Tagger
from tiny import LABELS, SENTENCES, tiny_bundle, tiny_tagger

ODD_SENTENCES = [*SENTENCES, ["unheard", "D" * 500, "👩‍👩‍👧", "尼", "\u200d", "x", "", "!"], ["e\u0301t\u00e9"]]
TEXT = "My Nikon D90 has a bright viewfinder. 日本👍 The 24-70mm is superb!"
REPORT = {
    "labels": {"PNAME": {"precision": 0.5, "recall": 1.0, "f1": 2 / 3, "support": 7}},
    "micro": {"precision": 0.5, "recall": 1.0, "f1": 2 / 3, "support": 7},
    "mode": "strict",
    "part": "test",
    "sentences": 12,
}


def emissions(bundle: Bundle, sentences: list[list[str]]) -> NDArray[np.float32]:
    """What the bundle's networks give, (batch, length, tags)."""
    lengths = np.array([len(words) for words in sentences], np.int32)
    table, rows = WordVectors(bundle).look_up([word for words in sentences for word in words])
    vectors = np.zeros((lengths.max(), len(sentences), table.shape[1]), np.float32)
    for number, own in enumerate(np.split(rows, np.cumsum(lengths)[:-1])):
        vectors[: len(own), number] = table[own]
    shape = len(sentences), int(lengths.max()), 1 + 4 * len(bundle.labels)
    return Network(bundle.network, NETWORK).run(shape, vectors=vectors, lengths=lengths)


def trained_emissions(tagger: Tagger, vocabulary: Vocabulary, sentences: list[list[str]]) -> NDArray[np.float32]:
    corpus = Corpus.of(sentences, None, vocabulary, {})
    inputs = Inputs.of(corpus, corpus.batch(np.arange(len(sentences))))
    return np.asarray(tagger(inputs).detach().numpy())


def content_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("layers", [1, 2])
def test_a_bundles_networks_give_what_the_trained_network_gives(tmp_path: Path, algorithm: str, layers: int) -> None:
    tagger, vocabulary = tiny_tagger(algorithm, layers=layers)
    write_bundle(tiny_bundle(algorithm, layers=layers), tmp_path / "model")
    bundle = read_bundle(tmp_path / "model")
    together = emissions(bundle, ODD_SENTENCES)
    expected = trained_emissions(tagger, vocabulary, ODD_SENTENCES)
    for number, words in enumerate(ODD_SENTENCES):
        alone = emissions(bundle, [words])[0]
        np.testing.assert_allclose(alone, expected[number, : len(words)], atol=1e-5, rtol=0)
        np.testing.assert_allclose(together[number, : len(words)], alone, atol=1e-5, rtol=0)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("casing_width", [0, 3])
def test_weights_have_the_shapes_that_a_bundle_is_read_by(algorithm: str, casing_width: int) -> None:
    preset = ALGORITHMS[algorithm]
    architecture = Architecture(
        embeddings="learned:4 + learned:3", casing_width=casing_width, units=5, layers=3, character_units=2, **preset
    )
    vocabulary = Vocabulary((WordIndex(("a", "b")), WordIndex(("c",))), ("a",))
    arrays = Tagger(architecture, vocabulary, LABELS, seed=1).arrays()
    assert {name: array.shape for name, array in arrays.items()} == weight_shapes(architecture, vocabulary, 9)


@pytest.mark.parametrize("made", [tiny_bundle, plain_bundle])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_what_is_written_is_read(tmp_path: Path, algorithm: str, made: Callable[[str], Bundle]) -> None:
    bundle = replace(made(algorithm), report=REPORT)
    write_bundle(bundle, tmp_path / "model")
    read = read_bundle(tmp_path / "model")
    assert replace(read, weights={}) == replace(bundle, weights={})
    assert read.weights.keys() == bundle.weights.keys()
    for name, values in bundle.weights.items():
        np.testing.assert_array_equal(read.weights[name], values)


def test_the_same_bundle_gives_the_same_bytes_as_folder_and_as_zip(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_bundle(tiny_bundle(), tmp_path / name)
        pack(tmp_path / name, tmp_path / f"{name}.loom")
    write_bundle(read_bundle(tmp_path / "one.loom"), tmp_path / "again")
    assert content_of(tmp_path / "one") == content_of(tmp_path / "two") == content_of(tmp_path / "again")
    assert (tmp_path / "one.loom").read_bytes() == (tmp_path / "two.loom").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.loom") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_folder_and_zip_predict_the_same(tmp_path: Path) -> None:
    write_bundle(tiny_bundle(), tmp_path / "model")
    pack(tmp_path / "model", tmp_path / "model.loom")
    spans = load(tmp_path / "model")(TEXT)
    assert spans
    assert spans == load(tmp_path / "model.loom")(TEXT) == Predictor(tiny_bundle())(TEXT)


def test_of_a_runs_folder_its_model_is_loaded(tmp_path: Path) -> None:
    write_bundle(tiny_bundle(), tmp_path / "models" / "00000001")
    (tmp_path / "model").symlink_to("models/00000001")
    assert load(tmp_path)(TEXT)


def test_no_file_but_the_vocabulary_holds_a_word_that_was_trained_on(tmp_path: Path) -> None:
    write_bundle(replace(tiny_bundle(), report=REPORT), tmp_path / "model")
    holding = {
        name
        for name, content in content_of(tmp_path / "model").items()
        for word in ("Nikon", "viewfinder", "24-70mm", "日")
        if word.lower().encode() in content.lower()
    }
    assert holding == {VOCABULARY}
    assert b" ".join(word.encode() for word in SENTENCES[0]) not in (tmp_path / "model" / VOCABULARY).read_bytes()


def test_every_file_is_known_and_has_its_size_and_digest_in_the_config(tmp_path: Path) -> None:
    write_bundle(replace(tiny_bundle(), report=REPORT), tmp_path / "model")
    names = {path.name for path in (tmp_path / "model").iterdir()}
    assert names == MEMBERS.keys() - {ENCODER, TOKENIZER}  # which no transformer has
    assert set(json.loads((tmp_path / "model" / CONFIG).read_text("utf-8"))["files"]) == names - {CONFIG}


def test_a_model_without_characters_has_no_network_for_them(tmp_path: Path) -> None:
    write_bundle(tiny_bundle("bilstm-crf"), tmp_path / "model")
    assert not (tmp_path / "model" / CHARACTERS).exists()
    assert read_bundle(tmp_path / "model").characters is None


def test_the_card_names_labels_and_scores(tmp_path: Path) -> None:
    labels = {"A|B": REPORT["micro"]}
    bundle = replace(tiny_bundle(labels=("A|B", "PNAME")), report={**REPORT, "labels": labels})
    write_bundle(bundle, tmp_path / "model")
    card = (tmp_path / "model" / "README.md").read_text("utf-8")
    assert "# A tagger for A|B, PNAME" in card
    assert "## Scores on its test part (strict, 12 sentences)" in card
    assert "| A\\|B | 0.500 | 1.000 | 0.667 | 7 |" in card


def test_the_card_says_what_trained_a_model_and_how_it_looks_words_up() -> None:
    ours, other = card(tiny_bundle(seed=7)), card(plain_bundle("bilstm-crf"))
    assert "Trained with Tagloom: `bilstm-cnn-crf`, embeddings `learned:12`, " in ours
    assert "9 LSTM units per direction, 1 layer(s), seed 7.\n" in ours
    assert (
        "It knows 28 words of `learned:12` (looked up in lower case, every digit as a zero) and 42 characters. Tags"
        in ours
    )
    assert "Trained with Keras 3.15.1 (jax): `bilstm-crf`, embeddings `learned:12`, " in other
    assert "9 LSTM units per direction, 1 layer(s).\n" in other
    assert "It knows 29 words of `learned:12` (looked up as they are written). Tags are in BIO; " in other
    assert "(looked up in lower case) and 42 characters." in card(plain_bundle(form="lower"))


@pytest.mark.parametrize("scheme", ["IO", "IOB1", "BILOU", ""])
def test_a_bundle_in_another_scheme_is_not_written(tmp_path: Path, scheme: str) -> None:
    with pytest.raises(BundleError, match=f"scheme: expected BIO or BIOES, received '{scheme}'"):
        write_bundle(replace(tiny_bundle(), scheme=scheme), tmp_path / "model")


def test_half_a_surrogate_pair_in_a_word_survives(tmp_path: Path) -> None:
    bundle = tiny_bundle()
    (table,) = bundle.vocabulary.tables
    vocabulary = replace(bundle.vocabulary, tables=(replace(table, words=("\ud83d!", *table.words[1:])),))
    write_bundle(replace(bundle, vocabulary=vocabulary), tmp_path / "model")
    assert read_bundle(tmp_path / "model").vocabulary == vocabulary


@pytest.mark.parametrize("labels", [(), ("A", "A"), ("",), ("A\n",), ("\ud83d",), tuple(map(str, range(257)))])
def test_labels_that_could_not_be_read_again_are_not_written(tmp_path: Path, labels: tuple[str, ...]) -> None:
    with pytest.raises(BundleError, match="labels: expected 1 to 256 different names, received"):
        write_bundle(replace(tiny_bundle(), labels=labels), tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_reading_and_predicting_load_neither_torch_nor_onnx() -> None:
    code = "import sys, tagloom.inference.predictor; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert {"torch", "onnx", "google.protobuf"}.isdisjoint(loaded)
