"""Vectors of words from their characters, as a Keras layer."""

import math
from typing import Any

import keras
from keras import ops

from tagloom.bundle.architecture import WINDOW
from tagloom.errors import ConfigError
from tagloom.features.vocabulary import PADDING
from tagloom.keras.tensor import Tensor


@keras.saving.register_keras_serializable("tagloom")
class CharacterCNN(keras.layers.Layer):
    """Filters over windows of three characters, the highest answer of each (Chiu & Nichols 2016; Ma & Hovy 2016).

    It takes character numbers int32 (batch, length, characters), 0 behind a word's end, and gives (batch, length,
    filters): the numbers of an embedding, a convolution and a maximum over the characters of each word, where padding
    counts as zeros before the convolution and never wins the maximum. A place without a word has zeros, and is masked.
    So `Concatenate` with a masked word embedding keeps the words' mask.

    A filter's answer is a sum over its window, so what each character adds at each place of the window is worked out
    once for the whole alphabet, and the words only look it up.

    Args:
        num_characters: rows, padding and the unknown character included.
        filters: width of a word's vector.
        width: of a character's vector.
        dropout: share of the numbers in the characters' vectors that a training step leaves out, 0 to below 1.
        embeddings_initializer: of the characters' vectors; None: uniform within +-sqrt(3 / width), as Ma & Hovy's.
        kernel_initializer: of the filters.
        **kwargs: as every layer's (`name`, `dtype`, `trainable`).

    Raises:
        ConfigError: a number is out of its range.

    Example:
        >>> import numpy as np
        >>> CharacterCNN(80, 50)(np.array([[[5, 7, 2, 0], [9, 0, 0, 0], [0, 0, 0, 0]]])).shape
        (1, 3, 50)
    """

    def __init__(
        self,
        num_characters: int,
        filters: int,
        *,
        width: int = 30,
        dropout: float = 0.0,
        embeddings_initializer: Any = None,
        kernel_initializer: Any = "glorot_uniform",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._expect("num_characters", num_characters, num_characters >= 1, "1 or more")
        self._expect("filters", filters, filters >= 1, "1 or more")
        self._expect("width", width, width >= 1, "1 or more")
        self._expect("dropout", dropout, 0 <= dropout < 1, "a share, 0 to below 1")
        bound = math.sqrt(3 / width)
        table = keras.initializers.RandomUniform(-bound, bound)
        self.num_characters, self.filters, self.width = num_characters, filters, width
        self.embeddings_initializer = keras.initializers.get(embeddings_initializer or table)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.dropout = dropout
        self._noise = keras.layers.Dropout(dropout, dtype=self.dtype_policy)
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Makes the weights.

        Raises:
            ConfigError: the input is not of characters of words of sentences.
        """
        expected = "character numbers (batch, length, characters)"
        self._expect("input", tuple(input_shape), len(input_shape) == 3, expected)
        self.embeddings = self.add_weight(
            name="embeddings", shape=(self.num_characters, self.width), initializer=self.embeddings_initializer
        )
        self.kernel = self.add_weight(
            name="kernel", shape=(WINDOW, self.width, self.filters), initializer=self.kernel_initializer
        )
        self.bias = self.add_weight(name="bias", shape=(self.filters,), initializer="zeros")

    def call(self, inputs: Tensor, training: bool | None = None) -> Tensor:
        """Vectors of words, (batch, length, filters).

        Args:
            inputs: character numbers, (batch, length, characters).
            training: whether to leave a share of the characters' vectors out.
        """
        characters = ops.cast(inputs, "int32")
        table = self._noise(ops.convert_to_tensor(self.embeddings), training=training)  # (alphabet, width)
        is_shown = ops.not_equal(ops.arange(self.num_characters), PADDING)[:, None]
        shown = ops.where(is_shown, table, ops.zeros_like(table))
        added = ops.matmul(shown[None], ops.convert_to_tensor(self.kernel))  # (window, alphabet, filters)
        side = WINDOW // 2
        padded = ops.pad(characters, ((0, 0), (0, 0), (side, side)), constant_values=PADDING)
        looked_up = [
            ops.take(added[place], padded[:, :, place : place - 2 * side or None], axis=0) for place in range(WINDOW)
        ]
        answers = sum(looked_up[1:], looked_up[0])  # (batch, length, characters, filters)
        is_character = ops.not_equal(characters, PADDING)[..., None]
        highest = ops.max(ops.where(is_character, answers, ops.full_like(answers, float("-inf"))), axis=2)
        vectors = highest + ops.convert_to_tensor(self.bias)
        return ops.where(ops.any(is_character, axis=2), vectors, ops.zeros_like(vectors))

    def compute_mask(self, inputs: Tensor, previous_mask: Tensor = None) -> Tensor:  # noqa: ARG002  # Keras's form
        """Whether a place holds a word, (batch, length)."""
        return ops.any(ops.not_equal(inputs, PADDING), axis=-1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """(batch, length, filters)."""
        return (*input_shape[:-1], self.filters)

    def get_config(self) -> dict[str, Any]:
        """Its arguments."""
        return {
            **super().get_config(),
            "num_characters": self.num_characters,
            "filters": self.filters,
            "width": self.width,
            "dropout": self.dropout,
            "embeddings_initializer": keras.initializers.serialize(self.embeddings_initializer),
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }

    def _expect(self, name: str, received: Any, holds: bool, expected: str) -> None:
        if not holds:
            raise ConfigError(
                f"layer {self.name!r} (CharacterCNN): {name}: expected {expected}, received {received!r}."
            )
