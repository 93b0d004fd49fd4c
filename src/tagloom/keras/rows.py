"""What an encoder takes: sentences or their words on the way in, a model's predictions on the way back."""

import reprlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tagloom.errors import ConfigError, DataError
from tagloom.text import Sentence

Integers = NDArray[np.int32]
Words = Sequence[Sentence] | Sequence[Sequence[str]]
"""Sentences, or the words of each."""


def words_of(sentence: Sentence | Sequence[str]) -> Sequence[str]:
    """The words of a sentence.

    Raises:
        ConfigError: it is a text, or of something else than words.
    """
    if isinstance(sentence, str):
        raise ConfigError(
            f"sentences: expected the words of each, received the text {reprlib.repr(sentence)}. Divide it into words: "
            "tagloom.tokenize.sentences(Document(text))."
        )
    if isinstance(sentence, Sentence):
        return sentence.words
    other = next((word for word in sentence if not isinstance(word, str)), None)
    if other is not None:
        raise ConfigError(
            f"sentences: expected the words of each, received {reprlib.repr(other)} among them. Give the sentences of "
            "the data, tagloom.from_frame(frame).sentences(), or of each the words alone."
        )
    return sentence


def expect_sentences(sentences: Sequence[Any]) -> None:
    """Lets pass sentences with their spans.

    Raises:
        ConfigError: one is something else.
    """
    other = next((one for one in sentences if not isinstance(one, Sentence)), None)
    if other is not None:
        raise ConfigError(
            f"sentences: expected sentences with their spans, received {reprlib.repr(other)}. "
            "Give those of a dataset: tagloom.from_frame(frame).sentences()."
        )


def length_of(sentence: Sentence | Sequence[str]) -> int:
    """How many words it has."""
    return len(sentence.tokens) if isinstance(sentence, Sentence) else len(sentence)


def tag_numbers_of(predicted: ArrayLike, shape: tuple[int, int, int]) -> NDArray[np.integer]:
    """Numbers of tags, (sentences, length).

    Args:
        predicted: such numbers, or scores (sentences, length, tags), of which the highest is taken.
        shape: the numbers of sentences, of words that a row has room for, and of tags.

    Raises:
        DataError: it is of another shape, or not of such numbers.
    """
    array = np.asarray(predicted)
    is_scores = array.shape == shape
    if not is_scores and array.shape != shape[:2]:
        raise DataError(
            f"predicted: expected {shape[:2]} or {shape} for {shape[0]} sentences, received {array.shape}. "
            "Give what the model predicts of this encoder's arrays of the same sentences."
        )
    numbers = array.argmax(axis=2) if is_scores else array
    if numbers.dtype.kind not in "iu" or (numbers.size and not 0 <= numbers.min() <= numbers.max() < shape[2]):
        raise DataError(
            f"predicted: expected numbers of tags, 0 to {shape[2] - 1}, received others. "
            "Give the model's scores, or the argmax of them."
        )
    return numbers
