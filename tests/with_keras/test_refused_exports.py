"""What no bundle can hold is refused by the layer's name, with what to do."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import keras_taggers
import numpy as np
import pytest
from keras import layers
from keras_taggers import tagger

from tagloom.errors import BundleError
from tagloom.keras.characters import CharacterCNN
from tagloom.keras.crf import CRF
from tagloom.keras.encoder import Encoder
from tagloom.keras.exporting import export

ENCODER = keras_taggers.encoder()
NUM_WORDS, NUM_CHARACTERS, NUM_TAGS = ENCODER.num_words, ENCODER.num_characters, len(ENCODER.tag2idx)

Layers = list[Any]


def words(**options: Any) -> Layers:
    return [keras.Input((None,), dtype="int32"), layers.Embedding(NUM_WORDS, 4, **{"mask_zero": True, **options})]


def bilstm(**options: Any) -> Any:
    wrapper = {name: options.pop(name) for name in ("merge_mode", "backward_layer", "name") if name in options}
    return layers.Bidirectional(layers.LSTM(3, **{"return_sequences": True, **options}), **wrapper)


def wider_bilstm() -> Any:
    return layers.Bidirectional(layers.LSTM(4, return_sequences=True))


def backwards(**options: Any) -> Any:
    return layers.LSTM(3, return_sequences=True, go_backwards=True, **options)


def scores(**options: Any) -> Any:
    return layers.Dense(NUM_TAGS, **options)


class Doubled(layers.Layer):
    def call(self, inputs: Any) -> Any:
        return 2 * inputs

    def compute_mask(self, _: Any, previous_mask: Any = None) -> Any:
        return previous_mask


CHAINS: dict[str, tuple[Callable[[], Layers], str]] = {
    "embedding without a mask": (
        lambda: [*words(mask_zero=False, name="lookup"), bilstm(), scores()],
        r"layer 'lookup' \(Embedding\): expected mask_zero=True, received mask_zero=False\. Set it and train again",
    ),
    "gru": (
        lambda: [*words(), layers.GRU(3, return_sequences=True, name="memory"), scores()],
        r"layer 'memory' \(GRU\): expected .*, received GRU\. Use Bidirectional\(LSTM",
    ),
    "bidirectional gru": (
        lambda: [*words(), layers.Bidirectional(layers.GRU(3, return_sequences=True), name="memory"), scores()],
        r"layer 'memory' \(Bidirectional\(GRU\)\): expected .*Bidirectional\(LSTM\).* Use Bidirectional\(LSTM",
    ),
    "one-way lstm": (
        lambda: [*words(), layers.LSTM(3, return_sequences=True, name="memory"), scores()],
        r"layer 'memory' \(LSTM\): .* Use Bidirectional\(LSTM",
    ),
    "merged states": (
        lambda: [*words(), bilstm(merge_mode="sum", name="memory"), scores()],
        r"layer 'memory' \(Bidirectional\(LSTM\)\): expected merge_mode='concat', received 'sum'",
    ),
    "activation": (
        lambda: [*words(), bilstm(activation="relu", name="memory"), scores()],
        r"layer 'memory' .*: expected activation='tanh', received 'relu'",
    ),
    "recurrent activation": (
        lambda: [*words(), bilstm(recurrent_activation="hard_sigmoid", name="memory"), scores()],
        r"layer 'memory' .*: expected recurrent_activation='sigmoid', received 'hard_sigmoid'",
    ),
    "another backward layer": (
        lambda: [*words(), bilstm(backward_layer=backwards(activation="relu"), name="memory"), scores()],
        r"layer 'memory' .*: expected activation='tanh', received 'relu'",
    ),
    "directions exchanged": (
        lambda: [
            *words(),
            layers.Bidirectional(backwards(), backward_layer=layers.LSTM(3, return_sequences=True), name="memory"),
            scores(),
        ],
        r"layer 'memory' .*: expected go_backwards=False, received True",
    ),
    "layers of different units": (
        lambda: [
            *words(),
            bilstm(name="memory"),
            layers.Bidirectional(layers.LSTM(4, return_sequences=True)),
            scores(),
        ],
        r"layer 'memory' .*: expected 4 units, as behind it, received 3",
    ),
    "no lstm": (
        lambda: [*words(name="lookup"), scores()],
        r"layer 'lookup' \(Embedding\): expected Bidirectional\(LSTM.* right before the last Dense, received Embedding",
    ),
    "hidden dense": (
        lambda: [*words(), bilstm(), layers.Dense(8, name="hidden"), scores()],
        r"layer 'hidden' \(Dense\): expected Bidirectional\(LSTM.* before the last Dense, received Dense\. Put one",
    ),
    "activation of the last layer": (
        lambda: [*words(), bilstm(), scores(activation="tanh", name="last")],
        r"layer 'last' \(Dense\): expected no activation or softmax, received 'tanh'",
    ),
    "softmax before a crf": (
        lambda: [*words(), bilstm(), scores(activation="softmax", name="last"), CRF(NUM_TAGS)],
        r"layer 'last' \(Dense\): expected plain scores before a CRF, received activation='softmax'",
    ),
    "softmax layer": (
        lambda: [*words(), bilstm(), scores(), layers.Softmax(name="last")],
        r"layer 'last' \(Softmax\): .* Use Dense\(tags, activation='softmax'\)",
    ),
    "normalisation": (
        lambda: [*words(), layers.LayerNormalization(name="norm"), bilstm(), scores()],
        r"layer 'norm' \(LayerNormalization\): .* Leave it out, and train again\.",
    ),
    "layer of somebody's own": (
        lambda: [*words(), bilstm(), Doubled(name="twice"), scores()],
        r"layer 'twice' \(Doubled\): expected .*, received Doubled",
    ),
    "states alone": (
        lambda: [*words(), bilstm(name="memory")],
        r"layer 'memory' \(Bidirectional\(LSTM\)\): expected Dense\(tags\)",
    ),
    "other tags than the encoder's": (
        lambda: [*words(), bilstm(), layers.Dense(7, name="last")],
        r"layer 'last' \(Dense\): expected 5 units, one a tag of the encoder, received 7",
    ),
    "tags in another order": (
        lambda: [*words(), bilstm(), scores(), CRF(list(ENCODER.tag2idx)[::-1], name="chain")],
        r"layer 'chain' \(CRF\): expected the encoder's tags O, .*, received I-PNAME",
    ),
    "fewer rows than words": (
        lambda: [words()[0], layers.Embedding(9, 4, mask_zero=True, name="lookup"), bilstm(), scores()],
        rf"layer 'lookup' \(Embedding\): expected {NUM_WORDS} rows or more, as word2idx has, received 9",
    ),
    "a length of its own": (
        lambda: [keras.Input((12,), dtype="int32", name="ids"), *words()[1:], bilstm(), scores()],
        r"input 'ids': expected the encoder's length 20, received 12",
    ),
    "vectors for input": (
        lambda: [keras.Input((None, 4)), layers.Dropout(0.1), bilstm(name="memory"), scores()],
        r"layer '.*' \(InputLayer\): expected an embedding of word numbers",
    ),
}


@pytest.mark.parametrize("name", CHAINS)
def test_a_chain_with_something_else_is_refused(name: str, tmp_path: Path) -> None:
    make, message = CHAINS[name]
    with pytest.raises(BundleError, match=message):
        export(keras.Sequential(make()), ENCODER, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def spelling_model(vectors: Callable[[Any], Any], *, join: Any = None) -> keras.Model:
    """Words beside what a function makes of their characters."""
    ids, spelling = keras.Input((20,), dtype="int32"), keras.Input((20, 9), dtype="int32")
    joined = (join or layers.Concatenate())([words()[1](ids), vectors(spelling)])
    return keras.Model([ids, spelling], scores()(bilstm()(joined)))


def by_lstm(embedding: Any, **options: Any) -> Callable[[Any], Any]:
    return lambda spelling: layers.TimeDistributed(
        layers.Bidirectional(layers.LSTM(3, **options)), name="letters_memory"
    )(embedding(spelling))


def by_convolution(spelling: Any) -> Any:
    embedded = layers.Embedding(NUM_CHARACTERS, 3)(spelling)
    answers = layers.TimeDistributed(layers.Conv1D(4, 3, padding="same"), name="filters")(embedded)
    return layers.TimeDistributed(layers.GlobalMaxPooling1D(), name="highest")(answers)


def letters(**options: Any) -> Any:
    return layers.Embedding(NUM_CHARACTERS, 3, name="letters", **options)


SPELLINGS: dict[str, tuple[Callable[[], keras.Model], str]] = {
    "convolution": (
        lambda: spelling_model(by_convolution),
        r"layer 'filters' \(TimeDistributed\(Conv1D\)\): .* Read characters with .*CharacterCNN",
    ),
    "characters without a mask": (
        lambda: spelling_model(by_lstm(letters())),
        r"layer 'letters' \(Embedding\): expected mask_zero=True",
    ),
    "a mask that is dropped": (
        lambda: spelling_model(by_lstm(layers.TimeDistributed(letters(mask_zero=True), name="dropping"))),
        r"layer 'dropping' \(TimeDistributed\(Embedding\)\): .* TimeDistributed drops the mask",
    ),
    "activation of the characters' lstm": (
        lambda: spelling_model(by_lstm(letters(mask_zero=True), activation="relu")),
        r"layer '.*' \(Bidirectional\(LSTM\)\): expected activation='tanh', received 'relu'",
    ),
    "sum of words and characters": (
        lambda: spelling_model(CharacterCNN(NUM_CHARACTERS, 4), join=layers.Add(name="sum")),
        r"layer 'sum' \(Add\): .* Leave it out",
    ),
    "side by side along the sentence": (
        lambda: spelling_model(CharacterCNN(NUM_CHARACTERS, 4), join=layers.Concatenate(axis=1, name="join")),
        r"layer 'join' \(Concatenate\): expected axis=-1, received axis=1",
    ),
    "fewer rows than characters": (
        lambda: spelling_model(CharacterCNN(5, 4, name="letters")),
        r"layer 'letters' \(CharacterCNN\): expected \d+ rows or more, as char2idx has, received 5",
    ),
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_characters_that_are_read_otherwise_are_refused(name: str, tmp_path: Path) -> None:
    make, message = SPELLINGS[name]
    with pytest.raises(BundleError, match=message):
        export(make(), ENCODER, tmp_path / "model")


def test_three_vectors_of_a_word_are_refused(tmp_path: Path) -> None:
    ids = keras.Input((20,), dtype="int32")
    joined = layers.Concatenate(name="join")([words()[1](ids) for _ in range(3)])
    with pytest.raises(BundleError, match=r"layer 'join' \(Concatenate\): .*received Embedding, Embedding, Embedding"):
        export(keras.Model(ids, scores()(bilstm()(joined))), ENCODER, tmp_path / "model")


def test_a_layer_that_is_called_twice_is_refused(tmp_path: Path) -> None:
    ids, memory = keras.Input((20,), dtype="int32"), layers.Bidirectional(layers.LSTM(2, return_sequences=True))
    memory.name = "memory"
    states = memory(memory(words()[1](ids)))
    with pytest.raises(BundleError, match=r"layer 'memory' .*: expected one call, received 2"):
        export(keras.Model(ids, scores()(states)), ENCODER, tmp_path / "model")


def test_an_operation_in_place_of_a_layer_is_refused(tmp_path: Path) -> None:
    ids = keras.Input((20,), dtype="int32")
    states = keras.ops.tanh(bilstm()(words()[1](ids)))
    with pytest.raises(BundleError, match=r"operation of keras\.ops 'tanh.*' \(Tanh\): expected Bidirectional\(LSTM"):
        export(keras.Model(ids, scores()(states)), ENCODER, tmp_path / "model")


def test_states_that_are_given_at_the_start_are_refused(tmp_path: Path) -> None:
    ids = keras.Input((20,), dtype="int32")
    start = [keras.Input((3,)) for _ in range(4)]
    states = bilstm(name="memory")(words()[1](ids), initial_state=start)
    with pytest.raises(BundleError, match=r"layer 'memory' .*: expected no tensor beside its input"):
        export(keras.Model([ids, *start], scores()(states)), ENCODER, tmp_path / "model")


def test_two_outputs_are_refused(tmp_path: Path) -> None:
    ids = keras.Input((20,), dtype="int32")
    states = bilstm()(words()[1](ids))
    with pytest.raises(BundleError, match="expected one output, received 2"):
        export(keras.Model(ids, [scores()(states), scores()(states)]), ENCODER, tmp_path / "model")


def test_a_model_without_a_graph_is_refused(tmp_path: Path) -> None:
    class Own(keras.Model):
        pass

    with pytest.raises(BundleError, match="expected a functional or Sequential one, received Own"):
        export(Own(), ENCODER, tmp_path / "model")
    with pytest.raises(BundleError, match=r"\(Sequential\): expected a built model.* Begin it with keras.Input"):
        export(keras.Sequential([scores()]), ENCODER, tmp_path / "model")


def test_the_encoder_of_another_model_is_refused(tmp_path: Path) -> None:
    outside = Encoder(word2idx={"a": 2}, tag2idx={"O": 0}, length=4)
    plain = Encoder(word2idx={"a": 2}, tag2idx={"O": 0, "I-PNAME": 1}, length=4, scheme="IO")
    with pytest.raises(BundleError, match="expected tags of a label, received O alone"):
        export(tagger(outside, decoder="scores"), outside, tmp_path / "model")
    with pytest.raises(BundleError, match="expected tags in BIO or BIOES, received IO"):
        export(tagger(plain, decoder="scores"), plain, tmp_path / "model")
    silent = replace(ENCODER, char2idx={})
    with pytest.raises(BundleError, match=r"\(CharacterCNN\): expected an encoder with characters"):
        export(tagger(ENCODER, characters="cnn", decoder="scores"), silent, tmp_path / "model")
    other = replace(ENCODER, scheme="IOB1")
    with pytest.raises(BundleError, match="received IOB1"):
        export(tagger(ENCODER), other, tmp_path / "model")


def test_a_crf_that_reads_padding_is_refused(tmp_path: Path) -> None:
    ids = keras.Input((20,), dtype="int32")
    states = scores()(bilstm()(words()[1](ids)))
    model = keras.Model(ids, CRF(NUM_TAGS, name="chain")(states, mask=keras.ops.greater_equal(ids, 0)))
    with pytest.raises(BundleError, match=r"layer 'chain' \(CRF\): expected the mask of the embedding"):
        export(model, ENCODER, tmp_path / "model")


def test_an_lstm_that_reads_padding_is_refused(tmp_path: Path) -> None:
    ids = keras.Input((20,), dtype="int32")
    states = bilstm()(words()[1](ids), mask=keras.ops.greater_equal(ids, 0))
    model = keras.Model(ids, scores()(states))
    keras_taggers.randomise(model)
    with pytest.raises(BundleError, match="expected the model's emissions"):
        export(model, ENCODER, tmp_path / "model")


def test_an_lstm_that_reads_padding_is_refused_however_short_the_encoders_rows_are(tmp_path: Path) -> None:
    ids = keras.Input((None,), dtype="int32")
    states = bilstm()(words()[1](ids), mask=keras.ops.greater_equal(ids, 0))
    model = keras.Model(ids, scores()(states))
    keras_taggers.randomise(model)
    with pytest.raises(BundleError, match="expected the model's emissions"):
        export(model, replace(ENCODER, length=1), tmp_path / "model")


def test_weights_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    model = tagger(ENCODER, decoder="scores")
    model.layers[-1].bias.assign(np.full(NUM_TAGS, np.nan))
    with pytest.raises(BundleError, match="expected finite numbers"):
        export(model, ENCODER, tmp_path / "model")
