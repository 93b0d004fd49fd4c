"""Small bundles from plain arrays, as a model that Tagloom did not train becomes one: with no tagger behind them."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from tagloom.bundle.architecture import ALGORITHMS, Architecture
from tagloom.bundle.bundle import TRAINED_WITH, Bundle
from tagloom.bundle.networks import Array, character_cnn, character_lstm, tagging_network
from tagloom.bundle.shapes import weight_shapes
from tagloom.features.corpus import count_words
from tagloom.features.vocabulary import Vocabulary
from tagloom.schemes import scheme as scheme_of
from tagloom.tokenize import NAME as TOKENIZER
from tiny import LABELS, SENTENCES


def plain_bundle(
    algorithm: str = "bilstm-cnn-crf",
    *,
    scheme: str = "BIO",
    form: str = "surface",
    labels: tuple[str, ...] = LABELS,
    layers: int = 1,
    seed: int = 1,
    spread: float = 0.8,
) -> Bundle:
    """A bundle whose weights are random and spread so far that it finds entities."""
    architecture = Architecture(
        embeddings="learned:12",
        character_width=5,
        character_units=6,
        casing_width=0,
        units=9,
        layers=layers,
        **ALGORITHMS[algorithm],
    )
    vocabulary = Vocabulary.of(count_words(SENTENCES), form=form)
    shapes = weight_shapes(architecture, vocabulary, len(scheme_of(scheme).tags(labels)))
    random = np.random.default_rng(seed)
    weights = {name: random.normal(0, spread, shape).astype(np.float32) for name, shape in shapes.items()}
    return Bundle(
        labels=labels,
        scheme=scheme,
        tokenizer=TOKENIZER,
        algorithm=algorithm,
        architecture=architecture,
        training={TRAINED_WITH: "Keras 3.15.1 (jax)"},
        vocabulary=vocabulary,
        network=_network(layers, weights),
        characters=_characters(architecture.characters, weights),
        weights=weights,
        report={},
    )


def without_tag(bundle: Bundle, tag: str) -> Bundle:
    """The same bundle of a model that has no such tag: its score is so low that no path takes it."""
    bias = bundle.weights["dense_bias"].copy()
    bias[scheme_of(bundle.scheme).tags(bundle.labels).index(tag)] = -1e4
    weights = {**bundle.weights, "dense_bias": bias}
    return replace(bundle, weights=weights, network=_network(bundle.architecture.layers, weights))


def _network(layers: int, weights: Mapping[str, Array]) -> bytes:
    directions = [
        [_lstm(weights, f"encoder.{direction}.{layer}") for direction in ("forwards", "backwards")]
        for layer in range(layers)
    ]
    return tagging_network(directions, weights["dense"], weights["dense_bias"])


def _characters(kind: str, weights: Mapping[str, Array]) -> bytes | None:
    if kind == "none":
        return None
    table = weights["characters.table"]
    if kind == "cnn":
        return character_cnn(table, weights["characters.kernel"], weights["characters.bias"])
    return character_lstm(table, [_lstm(weights, "characters.onwards"), _lstm(weights, "characters.back")])


def _lstm(weights: Mapping[str, Array], name: str) -> dict[str, Array]:
    return {part: weights[f"{name}.{part}"] for part in ("kernel", "recurrent_kernel", "bias")}
