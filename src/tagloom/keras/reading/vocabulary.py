"""From the rows of a Keras embedding to those of a bundle's tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from tagloom.features.vocabulary import PADDING, Vocabulary
from tagloom.features.word_index import WordIndex
from tagloom.keras.encoder import Encoder
from tagloom.keras.reading.arrays import Array
from tagloom.keras.reading.refusal import OWN_ENCODER, refused


def vocabulary_of(encoder: Encoder) -> Vocabulary:
    """The words and characters of an encoder, each in the order of its rows."""
    words, characters = _in_order(encoder.word2idx), _in_order(encoder.char2idx)
    return Vocabulary((WordIndex(words, (encoder.word_form,)),), characters, encoder.word_length)


def word_table(table: Array, encoder: Encoder, layer: Any) -> Array:
    """The vectors of the unknown word and of each word of the vocabulary, in its order.

    Args:
        table: of the Keras model, (rows, width).
        encoder: that says which word has which row.
        layer: the embedding, for errors.

    Raises:
        BundleError: a word has a row that the table lacks.
    """
    rows = [encoder.unknown_word, *sorted(encoder.word2idx.values())]
    return _taken(table, rows, "word2idx", layer)


def character_table(table: Array, encoder: Encoder, layer: Any) -> Array:
    """The vectors of padding, of the unknown character and of each character of the vocabulary, in its order.

    Args:
        table: of the Keras model, (rows, width).
        encoder: that says which character has which row.
        layer: that holds the table, for errors.

    Raises:
        BundleError: the encoder has no characters, or one has a row that the table lacks.
    """
    if not encoder.char2idx:
        raise refused(layer, "an encoder with characters", "one without", OWN_ENCODER)
    rows = [PADDING, encoder.unknown_character, *sorted(encoder.char2idx.values())]
    return _taken(table, rows, "char2idx", layer)


def _in_order(numbers: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(numbers, key=numbers.__getitem__))


def _taken(table: Array, rows: Sequence[int], name: str, layer: Any) -> Array:
    if max(rows) >= len(table):
        raise refused(layer, f"{max(rows) + 1} rows or more, as {name} has", f"{len(table)}", OWN_ENCODER)
    return table[rows]
