"""What a CRF costs in Keras: a training step of BiLSTM and CRF beside the same model with softmax.

Batch 32, length 50, 17 tags, 100 units a direction; the two are trained in turn, and the quickest round of each counts.

    KERAS_BACKEND=jax python benchmarks/keras_crf.py
"""

import argparse

import keras
import numpy as np
from figures import best_of, show
from keras import layers

from tagloom.keras import CRF

BATCH, LENGTH, TAGS, WORDS, STEPS = 32, 50, 17, 10_000, 20


def data() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(13)
    words = random.integers(1, WORDS, (BATCH * STEPS, LENGTH)).astype(np.int32)
    words[np.arange(LENGTH) >= random.integers(10, LENGTH + 1, BATCH * STEPS)[:, None]] = 0
    return words, random.integers(0, TAGS, words.shape).astype(np.int32)


def tagger(decoder: str) -> keras.Model:
    keras.utils.set_random_seed(13)
    body = [
        layers.Input((LENGTH,), dtype="int32"),
        layers.Embedding(WORDS, 100, mask_zero=True),
        layers.Bidirectional(layers.LSTM(100, return_sequences=True)),
    ]
    if decoder == "softmax":
        model = keras.Sequential([*body, layers.TimeDistributed(layers.Dense(TAGS, activation="softmax"))])
        model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        return model
    crf = CRF(TAGS)
    model = keras.Sequential([*body, layers.TimeDistributed(layers.Dense(TAGS)), crf])
    model.compile("adam", loss=crf.loss, metrics=[crf.accuracy])
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    words, tags = data()
    models = {decoder: tagger(decoder) for decoder in ("softmax", "crf")}
    seconds = dict.fromkeys(models, float("inf"))
    for round_number in range(arguments.rounds + 1):
        for decoder, model in models.items():
            took = best_of(1, lambda model=model: model.fit(words, tags, batch_size=BATCH, shuffle=False, verbose=0))
            if round_number:  # the first compiles
                seconds[decoder] = min(seconds[decoder], took)
    figures = {f"{decoder}, ms a step": 1000 * took / STEPS for decoder, took in seconds.items()}
    figures["crf / softmax"] = seconds["crf"] / seconds["softmax"]
    versions = {"keras": keras.__version__, "backend": keras.backend.backend()}
    show(f"a training step in Keras on {keras.backend.backend()}", figures, versions, as_json=arguments.json)


if __name__ == "__main__":
    main()
