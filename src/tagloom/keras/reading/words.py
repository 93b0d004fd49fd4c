"""The beginning of a model: what a word is looked up in, and what its characters give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras

from tagloom.keras.characters import CharacterCNN
from tagloom.keras.reading.arrays import Array, array
from tagloom.keras.reading.graph import Step, expect_input, past_noise
from tagloom.keras.reading.recurrent import read_bidirectional
from tagloom.keras.reading.refusal import CHAIN, misplaced, refused

_OF_WORDS = "an embedding of word numbers (batch, length)"
_OF_CHARACTERS = "CharacterCNN, or Embedding(mask_zero=True) and TimeDistributed(Bidirectional(LSTM))"


@dataclass(frozen=True, eq=False)
class WordPart:
    """The word embedding.

    Args:
        layer: for errors.
        table: (rows, width).
    """

    layer: Any
    table: Array


@dataclass(frozen=True, eq=False)
class CharacterPart:
    """What looks at a word's characters.

    Args:
        layer: that holds the table, for errors.
        kind: one of `bundle.architecture.CHARACTERS`.
        table: vector of each character, (characters, width).
        arrays: the other weights by their names in a bundle, without `characters.` before them.
        units: filters, or units per direction.
    """

    layer: Any
    kind: str
    table: Array
    arrays: Mapping[str, Array]
    units: int


@dataclass(frozen=True, eq=False)
class Beginning:
    """What gives a word's vector.

    Args:
        words: the word embedding.
        characters: None where characters are not looked at.
        are_characters_first: whether their vector stands before the word's.
    """

    words: WordPart
    characters: CharacterPart | None
    are_characters_first: bool = False


def read_beginning(step: Step) -> Beginning:
    """The embedding, alone or beside the characters.

    Raises:
        BundleError: it is something else, or padding would be read for words.
    """
    if not isinstance(step.layer, keras.layers.Concatenate):
        return Beginning(_read_words(step), None)
    if step.layer.axis not in (-1, 2):
        raise refused(step.layer, "axis=-1", f"axis={step.layer.axis}", "Put a word's vectors side by side.")
    branches = [past_noise(branch) for branch in step.before]
    of_words = [number for number, branch in enumerate(branches) if isinstance(branch.layer, keras.layers.Embedding)]
    if len(branches) != 2 or len(of_words) != 1:
        received = ", ".join(type(branch.layer).__name__ for branch in branches)
        raise refused(step.layer, f"one word embedding and {_OF_CHARACTERS}", received, f"A bundle holds {CHAIN}.")
    place = of_words[0]
    characters = _read_characters(branches[1 - place])
    return Beginning(_read_words(branches[place]), characters, are_characters_first=place == 1)


def _read_words(step: Step) -> WordPart:
    if not isinstance(step.layer, keras.layers.Embedding):
        raise misplaced(step.layer, _OF_WORDS)
    _expect_numbers(step, 2, _OF_WORDS)
    _expect_masked(step.layer)
    return WordPart(step.layer, array(step.layer.embeddings))


def _read_characters(step: Step) -> CharacterPart:
    layer = step.layer
    if isinstance(layer, CharacterCNN):
        _expect_numbers(step, 3, _OF_CHARACTERS)
        arrays = {"kernel": array(layer.kernel), "bias": array(layer.bias)}
        return CharacterPart(layer, "cnn", array(layer.embeddings), arrays, layer.filters)
    if not isinstance(layer, keras.layers.TimeDistributed) or not isinstance(layer.layer, keras.layers.Bidirectional):
        raise misplaced(layer, _OF_CHARACTERS)
    directions = read_bidirectional(layer.layer, return_sequences=False)
    embedding = step.only
    _expect_mask_of_characters(embedding.layer)
    _expect_numbers(embedding, 3, _OF_CHARACTERS)
    named = zip(("onwards", "back"), directions, strict=True)
    arrays = {f"{way}.{name}": values for way, lstm in named for name, values in lstm.items()}
    units = layer.layer.forward_layer.units
    return CharacterPart(embedding.layer, "lstm", array(embedding.layer.embeddings), arrays, units)


def _expect_numbers(step: Step, rank: int, expected: str) -> None:
    """Lets pass what reads an input of the model, of that many axes."""
    source = step.only
    expect_input(source)
    shape = source.layer.batch_shape
    if len(shape) != rank:
        raise refused(step.layer, expected, f"an input {shape}", "Give numbers as the encoder's arrays have them.")


def _expect_masked(layer: Any) -> None:
    if not layer.mask_zero:
        remedy = "Set it and train again: without it the LSTM that reads backwards begins with the padding."
        raise refused(layer, "mask_zero=True", "mask_zero=False", remedy)


def _expect_mask_of_characters(layer: Any) -> None:
    if isinstance(layer, keras.layers.TimeDistributed) and isinstance(layer.layer, keras.layers.Embedding):
        remedy = (
            "Keras's TimeDistributed drops the mask, so that the LSTM reads padding: call Embedding(mask_zero=True) "
            "itself on the characters, and train again."
        )
        raise refused(layer, "Embedding(mask_zero=True)", "TimeDistributed(Embedding)", remedy)
    if not isinstance(layer, keras.layers.Embedding):
        raise misplaced(layer, "an embedding of character numbers (batch, length, characters)")
    _expect_masked(layer)
