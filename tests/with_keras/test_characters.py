"""The character layer: the numbers of a bundle's network, masks, padding, saving."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers
from keras_taggers import numbers

from tagloom.bundle.networks import character_cnn
from tagloom.errors import ConfigError
from tagloom.inference.sessions import Network
from tagloom.keras.characters import CharacterCNN

CHARACTERS = np.array(
    [
        [[2, 3, 4, 5, 6], [7, 8, 0, 0, 0], [2, 0, 0, 0, 0]],
        [[6, 6, 1, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]],
    ],
    np.int32,
)


def random_layer(seed: int = 0, **options: Any) -> CharacterCNN:
    layer = CharacterCNN(9, 6, width=4, **options)
    layer.build(CHARACTERS.shape)
    random = np.random.default_rng(seed)
    layer.set_weights([random.normal(size=weight.shape) for weight in layer.get_weights()])
    return layer


def test_it_gives_the_numbers_of_a_bundles_network() -> None:
    layer = random_layer()
    embeddings, kernel, bias = (numbers(one).astype(np.float32) for one in (layer.embeddings, layer.kernel, layer.bias))
    words = CHARACTERS.reshape(-1, 5)[[0, 1, 2, 3]]
    expected = Network(character_cnn(embeddings, kernel, bias), "characters").run((4, 6), characters=words)
    np.testing.assert_allclose(numbers(layer(CHARACTERS)).reshape(-1, 6)[:4], expected, atol=1e-5)


def test_it_gives_the_numbers_of_an_embedding_a_convolution_and_a_maximum() -> None:
    layer = random_layer()
    table, kernel, bias = (numbers(one) for one in (layer.embeddings, layer.kernel, layer.bias))
    for word in (CHARACTERS[0, 0], CHARACTERS[0, 1, :2], CHARACTERS[0, 2, :1], CHARACTERS[1, 0, :3]):
        shown = np.pad(table[word], ((1, 1), (0, 0)))
        answers = [np.tensordot(shown[place : place + 3], kernel) for place in range(len(word))]
        vector = numbers(layer(word[None, None]))[0, 0]
        np.testing.assert_allclose(vector, np.max(answers, axis=0) + bias, atol=1e-5)


def test_padding_behind_a_word_changes_nothing() -> None:
    layer = random_layer()
    padded = np.pad(CHARACTERS, ((0, 0), (0, 0), (0, 7)))
    np.testing.assert_allclose(numbers(layer(padded)), numbers(layer(CHARACTERS)), atol=1e-6)


def test_a_place_without_a_word_has_zeros_and_is_masked() -> None:
    layer = random_layer()
    assert not numbers(layer(CHARACTERS))[1, 1:].any()
    np.testing.assert_array_equal(numbers(layer.compute_mask(CHARACTERS)), [[True] * 3, [True, False, False]])


def tagger(length: int | None) -> keras.Model:
    """Words beside characters, before an LSTM that reads backwards."""
    keras.utils.set_random_seed(1)
    words = keras.Input((length,), dtype="int32", name="words")
    characters = keras.Input((length, None), dtype="int32", name="characters")
    embedded = layers.Embedding(20, 5, mask_zero=True)(words)
    joined = layers.Concatenate()([embedded, CharacterCNN(9, 6, width=4)(characters)])
    states = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(joined)
    return keras.Model([words, characters], layers.Dense(7)(states))


@pytest.mark.parametrize("length", [None, 6])
def test_the_mask_of_the_words_passes_a_concatenation(length: int | None) -> None:
    model = tagger(length)
    words = np.array([[3, 4, 5], [6, 0, 0]], np.int32)
    if length is None:
        padded, some = model([words, CHARACTERS]), model([words[1:, :1], CHARACTERS[1:, :1]])
        np.testing.assert_allclose(numbers(padded)[1, :1], numbers(some)[0], atol=1e-6)
    else:
        free = tagger(None)
        free.set_weights(model.get_weights())
        wide = np.pad(words, ((0, 0), (0, 3))), np.pad(CHARACTERS, ((0, 0), (0, 3), (0, 0)))
        np.testing.assert_allclose(numbers(model(list(wide)))[0, :3], numbers(free([words, CHARACTERS]))[0], atol=1e-6)


def test_it_learns_and_is_saved_and_loaded_without_custom_objects(tmp_path: Path) -> None:
    model = tagger(3)
    words = np.array([[3, 4, 5], [6, 0, 0]], np.int32)
    before = model.layers[[type(layer) for layer in model.layers].index(CharacterCNN)].get_weights()
    model.compile("adam", "mse")
    model.fit([words, CHARACTERS], np.ones((2, 3, 7)), verbose=0)
    after = model.layers[[type(layer) for layer in model.layers].index(CharacterCNN)].get_weights()
    assert all(np.abs(old - new).max() > 0 for old, new in zip(before, after, strict=True))
    assert all(np.isfinite(weight).all() for weight in after)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(numbers(loaded([words, CHARACTERS])), numbers(model([words, CHARACTERS])), atol=1e-6)


def test_its_options_come_back_from_its_config() -> None:
    layer = CharacterCNN(9, 6, width=4, dropout=0.25, kernel_initializer="he_normal", name="spelling")
    copied = CharacterCNN.from_config(layer.get_config())
    assert copied.get_config() == layer.get_config()
    assert (copied.num_characters, copied.filters, copied.width, copied.dropout) == (9, 6, 4, 0.25)


def test_characters_begin_within_the_bounds_of_the_paper() -> None:
    layer = CharacterCNN(200, 6, width=12)
    layer.build((None, None, None))
    table = numbers(layer.embeddings)
    assert 0.45 < np.abs(table).max() <= 0.5


def test_dropout_leaves_out_numbers_in_training_alone() -> None:
    layer = random_layer(dropout=0.5)
    plain = numbers(random_layer()(CHARACTERS))
    np.testing.assert_allclose(numbers(layer(CHARACTERS, training=False)), plain, atol=1e-6)
    assert not np.allclose(numbers(layer(CHARACTERS, training=True)), plain)


def test_it_computes_in_its_own_precision_whatever_the_policy_is() -> None:
    layer, before = random_layer(), keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        again = random_layer(dtype="float32")
        found = numbers(again(CHARACTERS))
    finally:
        keras.config.set_dtype_policy(before)
    np.testing.assert_array_equal(found, numbers(layer(CHARACTERS)))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_characters": 0, "filters": 6}, "num_characters: expected 1 or more, received 0"),
        ({"num_characters": 9, "filters": 0}, "filters: expected 1 or more, received 0"),
        ({"num_characters": 9, "filters": 6, "width": 0}, "width: expected 1 or more, received 0"),
        ({"num_characters": 9, "filters": 6, "dropout": 1.0}, "dropout: expected a share, 0 to below 1, received 1.0"),
    ],
)
def test_what_is_out_of_range_is_refused(options: dict[str, float], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        CharacterCNN(**options)


def test_an_input_without_characters_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"input: expected character numbers \(batch, length, characters\)"):
        CharacterCNN(9, 6)(np.ones((2, 3), np.int32))
