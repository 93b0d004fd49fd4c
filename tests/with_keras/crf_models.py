"""Small Keras models that end in a CRF, and sentences for them."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from tagloom.keras import CRF

TAGS = ["O", "B-X", "I-X", "B-Y"]
NUM_WORDS, LENGTH = 20, 6


def sentences(num: int = 48, seed: int = 0) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Words (num, LENGTH), 0 behind the last, and tags that a model can learn: X begins at 5 and goes on at 6 to 9."""
    random = np.random.default_rng(seed)
    words = random.integers(1, NUM_WORDS, (num, LENGTH))
    lengths = random.integers(1, LENGTH + 1, num)
    words[np.arange(LENGTH) >= lengths[:, None]] = 0
    tags = np.where(words == 5, 1, np.where(words == 4, 3, 0))
    for place in range(1, LENGTH):
        goes_on = (words[:, place] > 5) & (words[:, place] < 10) & np.isin(tags[:, place - 1], (1, 2))
        tags[goes_on, place] = 2
    return words.astype(np.int32), tags.astype(np.int32)


def model(crf: CRF | None = None, *, functional: bool = False, seed: int = 3, **options: Any) -> keras.Model:
    """Embedding, dense and CRF, compiled; a functional model has a BiLSTM too, which takes long to compile."""
    keras.utils.set_random_seed(seed)
    crf = crf or CRF(TAGS, scheme="BIO")
    encoder = [keras.layers.Bidirectional(keras.layers.LSTM(4, return_sequences=True))] if functional else []
    dense = keras.layers.Dense(crf.num_tags)
    layers = [
        keras.layers.Embedding(NUM_WORDS, 8, mask_zero=True),
        *encoder,
        keras.layers.TimeDistributed(dense) if functional else dense,
        crf,
    ]
    words = keras.Input((None,), dtype="int32")
    if functional:
        values = words
        for layer in layers:
            values = layer(values)
        made = keras.Model(words, values)
    else:
        made = keras.Sequential([words, *layers])
    optimizer = keras.optimizers.Adam(options.pop("learning_rate", 0.05))
    made.compile(optimizer=optimizer, loss=crf.loss, metrics=[crf.accuracy], **options)
    return made
