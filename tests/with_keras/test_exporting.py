"""Keras models as bundles: the same emissions, the same tags, the same scores."""

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import keras
import keras_taggers
import numpy as np
import pytest
from keras import layers
from keras_taggers import SENTENCES, arrays, numbers, randomise, tagger
from numpy.typing import NDArray

import tagloom
from tagloom.bundle.networks import tagging_network
from tagloom.bundle.read import read_bundle
from tagloom.bundle.write import pack
from tagloom.data.packaged import camera_reviews
from tagloom.errors import BundleError
from tagloom.inference.predictor import Predictor
from tagloom.keras.characters import CharacterCNN
from tagloom.keras.crf import CRF
from tagloom.keras.encoder import Encoder
from tagloom.keras.exporting import export
from tagloom.keras.outputs import emissions_of
from tagloom.keras.reading.tags import TagOrder

MODELS: dict[str, dict[str, Any]] = {
    "crf": {},
    "softmax, two layers": {"decoder": "softmax", "num_layers": 2},
    "softmax as a layer, characters by cnn": {"decoder": "activation", "characters": "cnn"},
    "scores, characters by lstm": {"decoder": "scores", "characters": "lstm"},
    "crf, two layers, characters by cnn": {"num_layers": 2, "characters": "cnn"},
    "crf, characters by cnn first, a length of its own": {"characters": "cnn", "characters_first": True, "length": 20},
    "crf, characters by lstm first, no biases": {"characters": "lstm", "characters_first": True, "use_bias": False},
}
ALGORITHMS = {
    "crf": "bilstm-crf",
    "softmax, two layers": "bilstm-softmax",
    "softmax as a layer, characters by cnn": "bilstm-cnn",
    "scores, characters by lstm": "bilstm-lstm",
    "crf, two layers, characters by cnn": "bilstm-cnn-crf",
    "crf, characters by cnn first, a length of its own": "bilstm-cnn-crf",
    "crf, characters by lstm first, no biases": "bilstm-lstm-crf",
}
KNOWN = [word for sentence in SENTENCES for word in sentence]
RANDOM = np.random.default_rng(1)
MADE = [[str(word) for word in RANDOM.choice(KNOWN, RANDOM.integers(1, 21))] for _ in range(40)]
READ = [*SENTENCES, *MADE]


@dataclass(frozen=True)
class Exported:
    """A model, its bundle, and what the model gives of `READ`."""

    encoder: Encoder
    model: keras.Model
    folder: Path
    outputs: NDArray[np.float32]

    @classmethod
    def of(cls, encoder: Encoder, model: keras.Model, folder: Path) -> "Exported":
        outputs = model.predict(arrays(model, encoder, READ), batch_size=len(READ), verbose=0)
        return cls(encoder, model, export(model, encoder, folder), outputs)

    @cached_property
    def predictor(self) -> Predictor:
        return tagloom.load(self.folder)

    @property
    def columns(self) -> list[int]:
        """The model's number of each of the bundle's tags."""
        return [self.encoder.tag2idx[tag] for tag in self.predictor.tags]

    def expected(self) -> list[NDArray[np.float32]]:
        """Keras's emissions of each sentence, less their mean at each word, (words, tags of the bundle)."""
        if isinstance(self.model.layers[-1], CRF):
            scores = numbers(emissions_of(self.outputs))
        else:
            scores = self.outputs if self.model.layers[-1].name == "scores" else np.log(self.outputs)
        return [_centred(scores[row, : len(words)][:, self.columns]) for row, words in enumerate(READ)]

    def received(self) -> list[NDArray[np.float32]]:
        """The same by the bundle."""
        found: dict[int, NDArray[np.float32]] = {}
        for rows, lattice in self.predictor.lattices(READ):
            found |= {row: lattice.emissions[place, : len(READ[row])] for place, row in enumerate(rows)}
        return [_centred(found[row]) for row in range(len(READ))]


def _centred(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    return scores - scores.mean(axis=1, keepdims=True)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Exported]:
    """Each of `MODELS`, made once."""

    @functools.cache
    def make(name: str) -> Exported:
        encoder = keras_taggers.encoder()
        return Exported.of(encoder, tagger(encoder, **MODELS[name]), tmp_path_factory.mktemp("exported") / "model")

    return make


@pytest.mark.parametrize("name", MODELS)
def test_emissions_of_a_bundle_are_those_of_the_model(name: str, exported: Callable[[str], Exported]) -> None:
    one = exported(name)
    for expected, received in zip(one.expected(), one.received(), strict=True):
        np.testing.assert_allclose(received, expected, atol=1e-4)


@pytest.mark.parametrize("name", [name for name in MODELS if "crf" in name])
def test_tags_of_a_bundle_are_keras_best_paths(name: str, exported: Callable[[str], Exported]) -> None:
    one = exported(name)
    expected = one.encoder.tag_names(one.outputs, READ)
    assert one.predictor.tag(READ) == expected
    assert len({tag for own in expected for tag in own}) >= 4


def test_marginals_of_a_bundle_are_the_layers(exported: Callable[[str], Exported]) -> None:
    one = exported("crf")
    marginals = numbers(one.model.layers[-1].marginals(one.outputs))
    for rows, lattice in one.predictor.lattices(READ):
        received = one.predictor.posterior(lattice).marginals()
        for place, row in enumerate(rows):
            length = len(READ[row])
            expected = marginals[row, :length][:, one.columns]
            np.testing.assert_allclose(received[place, :length], expected, atol=1e-4)


@pytest.mark.parametrize("name", MODELS)
def test_a_bundle_says_what_it_is_and_what_trained_it(name: str, exported: Callable[[str], Exported]) -> None:
    config = json.loads((exported(name).folder / "config.json").read_text("utf-8"))
    assert config["algorithm"] == ALGORITHMS[name]
    assert config["training"] == {"trained_with": f"Keras {keras.__version__} ({keras.backend.backend()})"}
    assert config["architecture"]["casing_width"] == 0
    assert config["architecture"]["embeddings"] == "learned:6"


@pytest.mark.parametrize("word_form", ["lower", "folded"])
def test_words_are_looked_up_in_the_encoders_form(word_form: str, tmp_path: Path) -> None:
    encoder = keras_taggers.encoder(word_form=word_form)
    one = Exported.of(encoder, tagger(encoder), tmp_path / "model")
    assert one.predictor.bundle.vocabulary.tables[0].forms == (word_form,)
    for expected, received in zip(one.expected(), one.received(), strict=True):
        np.testing.assert_allclose(received, expected, atol=1e-4)
    rows = one.predictor.bundle.vocabulary.tables[0].numbers(["d90", "D90", "D80"])
    assert rows[0] == rows[1] > 0
    assert (rows[2] == rows[0]) == (word_form == "folded")


def test_tags_in_another_order_and_without_some_come_out_right(tmp_path: Path) -> None:
    tags = "E-PNAME", "S-art", "B-PNAME", "O", "S-PNAME"
    encoder = keras_taggers.encoder(tags=tags, scheme="BIOES")
    one = Exported.of(encoder, tagger(encoder), tmp_path / "model")
    bundle = read_bundle(one.folder)
    assert (bundle.labels, bundle.scheme) == (("PNAME", "art"), "BIOES")
    expected = encoder.tag_names(one.outputs, READ)
    assert one.predictor.tag(READ) == expected
    assert {tag for own in expected for tag in own} == set(tags)
    assert all(0 < score <= 1 for own in one.predictor.chunks(READ) for *_, score in own)
    row, transitions = one.predictor.tags.index("S-art"), numbers(one.model.layers[-1].transitions)
    assert bundle.weights["decoder.transitions"][row, 0] == pytest.approx(transitions[1, 3])
    assert not bundle.weights["decoder.transitions"][one.predictor.tags.index("I-art")].any()


def test_a_sequential_model_is_exported(tmp_path: Path) -> None:
    encoder = keras_taggers.encoder()
    model = keras.Sequential()
    model.add(keras.Input((None,), dtype="int32"))
    model.add(layers.Embedding(encoder.num_words, 6, mask_zero=True))
    model.add(layers.Bidirectional(layers.LSTM(4, return_sequences=True)))
    model.add(layers.TimeDistributed(layers.Dense(5)))
    model.add(CRF(5))
    randomise(model)
    one = Exported.of(encoder, model, tmp_path / "model")
    for expected, received in zip(one.expected(), one.received(), strict=True):
        np.testing.assert_allclose(received, expected, atol=1e-4)


def test_models_inside_a_model_are_opened(tmp_path: Path) -> None:
    encoder = keras_taggers.encoder()
    word, spelling = keras.Input((20,), dtype="int32"), keras.Input((20, 9), dtype="int32")
    embedded = layers.Embedding(encoder.num_words, 6, mask_zero=True)(word)
    joined = layers.Concatenate()([embedded, CharacterCNN(encoder.num_characters, 4)(spelling)])
    states = layers.Bidirectional(layers.LSTM(4, return_sequences=True))(joined)
    inner = keras.Model([spelling, word], layers.Dropout(0.1)(states))
    inputs = keras.Input((20,), dtype="int32"), keras.Input((20, 9), dtype="int32")
    model = keras.Model(inputs, layers.Dense(5, name="scores")(inner([inputs[1], inputs[0]])))
    randomise(model)
    one = Exported.of(encoder, model, tmp_path / "model")
    for expected, received in zip(one.expected(), one.received(), strict=True):
        np.testing.assert_allclose(received, expected, atol=1e-4)


def test_the_weights_of_a_bundle_are_those_of_its_network(exported: Callable[[str], Exported]) -> None:
    bundle = exported("crf, two layers, characters by cnn").predictor.bundle
    weights, names = bundle.weights, ("kernel", "recurrent_kernel", "bias")
    ways = "forwards", "backwards"
    layers = [[{name: weights[f"encoder.{way}.{n}.{name}"] for name in names} for way in ways] for n in range(2)]
    assert tagging_network(layers, weights["dense"], weights["dense_bias"]) == bundle.network


def test_a_loaded_model_gives_the_same_bundle(exported: Callable[[str], Exported], tmp_path: Path) -> None:
    one = exported("crf, characters by cnn first, a length of its own")
    one.model.save(tmp_path / "tagger.keras")
    one.encoder.save(tmp_path / "encoder.json")
    loaded, encoder = keras.saving.load_model(tmp_path / "tagger.keras"), Encoder.load(tmp_path / "encoder.json")
    again = export(loaded, encoder, tmp_path / "again")
    for name in ("config.json", "weights.safetensors", "vocabulary.json", "network.onnx", "characters.onnx"):
        assert (one.folder / name).read_bytes() == (again / name).read_bytes()


def test_a_bundle_is_packed_and_reads_text_of_any_length(exported: Callable[[str], Exported], tmp_path: Path) -> None:
    folder = exported("crf, two layers, characters by cnn").folder
    pack(folder, tmp_path / "model.loom")
    text = "My Nikon D90 has a bright viewfinder and the 24-70mm is sharp " * 200
    found = tagloom.load(folder)(text)
    assert len(found) > 0
    assert tagloom.load(tmp_path / "model.loom")(text) == found


def test_a_wrong_bundle_is_never_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tagloom.keras import exporting

    encoder = keras_taggers.encoder()
    model = tagger(encoder)
    whole = exporting.tagging_network

    def forgets_a_bias(layers: Any, dense: Any, dense_bias: Any) -> bytes:
        return whole(layers, dense, dense_bias + np.eye(len(dense_bias), dtype=np.float32)[0])

    monkeypatch.setattr(exporting, "tagging_network", forgets_a_bias)
    with pytest.raises(BundleError, match=r"emissions and best paths to 0\.0001, received .* differ by 0\.\d"):
        export(model, encoder, tmp_path / "model")
    assert not (tmp_path / "model").exists()
    export(model, encoder, tmp_path / "model", tolerance=3)


def test_a_bundle_with_wrong_transitions_is_never_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = keras_taggers.encoder()
    monkeypatch.setattr(TagOrder, "pairs", lambda _, values: -5 * values.T)
    with pytest.raises(BundleError, match="expected the model's emissions and best paths"):
        export(tagger(encoder), encoder, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_a_folder_that_exists_is_left_alone(tmp_path: Path) -> None:
    encoder = keras_taggers.encoder()
    with pytest.raises(BundleError, match="expected nothing of that name yet, found something"):
        export(tagger(encoder), encoder, tmp_path)


def test_a_trained_model_scores_the_same_through_its_bundle(tmp_path: Path) -> None:
    keras.utils.set_random_seed(3)
    reviews = camera_reviews()
    encoder = Encoder.of(reviews, word_form="folded", length=12)
    train, test = ([one for one in part.sentences() if len(one.words) <= 12] for part in (reviews.train, reviews.test))
    crf = CRF(list(encoder.tag2idx), scheme=encoder.scheme)
    model = keras.Sequential(
        [
            keras.Input((12,), dtype="int32"),
            layers.Embedding(encoder.num_words, 24, mask_zero=True),
            layers.Bidirectional(layers.LSTM(12, return_sequences=True)),
            layers.Dense(len(encoder.tag2idx)),
            crf,
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.05), loss=crf.loss)
    model.fit(encoder.words(train[:256]), encoder.tags(train[:256]), batch_size=64, epochs=6, verbose=0)
    predictor = tagloom.load(export(model, encoder, tmp_path / "model"))
    tags = encoder.tag_names(model.predict(encoder.words(test), batch_size=len(test), verbose=0), test)
    gold, found = [one.chunks() for one in test], [predictor.scheme.decode(own) for own in tags]
    right = sum(len({*own} & {*true}) for own, true in zip(found, gold, strict=True))
    f1 = 2 * right / (sum(map(len, found)) + sum(map(len, gold)))
    assert tagloom.judge(predictor, test).micro.f1 == pytest.approx(f1, abs=1e-12)
    assert f1 > 0.2
