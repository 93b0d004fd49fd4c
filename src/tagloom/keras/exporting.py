"""A Keras model as a bundle, ready for `tagloom evaluate`, `predict`, `serve` and `deploy`."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras

from tagloom.bundle.architecture import ALGORITHMS, Architecture
from tagloom.bundle.bundle import TRAINED_WITH, Bundle
from tagloom.bundle.networks import character_cnn, character_lstm, tagging_network
from tagloom.bundle.write import write_bundle
from tagloom.errors import BundleError
from tagloom.keras.comparison import expect_equal
from tagloom.keras.encoder import Encoder
from tagloom.keras.reading.arrays import Array, array
from tagloom.keras.reading.model import ReadModel, read_model
from tagloom.keras.reading.refusal import OWN_ENCODER, refused
from tagloom.keras.reading.scores import Scores
from tagloom.keras.reading.tags import NEVER, TagOrder
from tagloom.keras.reading.vocabulary import character_table, vocabulary_of, word_table
from tagloom.tokenize import NAME as TOKENIZER

_log = logging.getLogger(__name__)

TOLERANCE = 1e-4
"""Most that the emissions of a bundle may differ by from the model's, where nobody says otherwise."""


def export(model: Any, encoder: Encoder, folder: str | Path, *, tolerance: float = TOLERANCE) -> Path:
    """Writes a trained Keras model as a bundle.

    A bundle holds what the house's own network computes: `Embedding(mask_zero=True)`; `CharacterCNN` beside it, or
    `Embedding(mask_zero=True)` and `TimeDistributed(Bidirectional(LSTM))`, or no characters; one or more
    `Bidirectional(LSTM(return_sequences=True))` of equally many units; `Dense` with softmax, plain or before a `CRF`;
    dropout and noise anywhere. Any other layer is refused by its name. Before it is written, the bundle's
    emissions and best paths are compared with the model's on generated sentences.

    A bundle never breaks the tags' scheme, so its tags are those of a `CRF` that has the scheme; of one without, and of
    softmax, where the best tags do not break it.

    Args:
        model: functional or Sequential, trained; its inputs are the encoder's word numbers (batch, length), and
            character numbers (batch, length, characters) if it looks at characters.
        encoder: that made the numbers which it was trained with; that a word has the right row nobody can check.
        folder: of the bundle; it must not exist.
        tolerance: most that an emission may differ by from the model's. A device that rounds products, or mixed
            precision, needs more.

    Returns:
        The folder, which `tagloom.load` takes.

    Raises:
        BundleError: there is a layer that no bundle holds, the encoder has other sizes or tags than the model, the two
            differ by more than the tolerance, or the folder exists.

    Example: `predictor = tagloom.load(export(model, encoder, "camera"))`
    """
    target = Path(folder)
    if target.exists():
        raise BundleError(f"{target}: expected nothing of that name yet, found something. Name another, or remove it.")
    if not isinstance(encoder, Encoder):
        raise BundleError(
            f"encoder: expected an Encoder, received {type(encoder).__name__}. Make one of your dictionaries."
        )
    read = read_model(model)
    order = TagOrder.of(encoder)
    bundle = _bundle(read, encoder, order)
    expect_equal(bundle, read, encoder, order, tolerance=tolerance)
    write_bundle(bundle, target)
    return target


def _bundle(read: ReadModel, encoder: Encoder, order: TagOrder) -> Bundle:
    _expect_its_inputs(read.model, encoder)
    _expect_its_tags(read.scores, encoder)
    words, characters, scores = read.beginning.words, read.beginning.characters, read.scores
    if len(words.table) > encoder.num_words:
        _log.warning(
            "layer %r has %s rows, and the encoder knows %s: is it the encoder that the model was trained with?",
            words.layer.name, f"{len(words.table):,}", f"{encoder.num_words:,}",
        )  # fmt: skip
    dense, bias = order.vectors(scores.dense), order.vectors(scores.dense_bias, NEVER)
    weights = {
        "words.0.table": word_table(words.table, encoder, words.layer),
        **_character_weights(read, encoder),
        **_encoder_weights(read),
        "dense": dense,
        "dense_bias": bias,
        **_chain_weights(scores, order),
    }
    return Bundle(
        labels=order.labels,
        scheme=encoder.scheme,
        tokenizer=TOKENIZER,
        algorithm=_algorithm("none" if characters is None else characters.kind, _decoder(scores)),
        architecture=_architecture(read),
        training={TRAINED_WITH: f"Keras {keras.__version__} ({keras.backend.backend()})"},
        vocabulary=vocabulary_of(encoder),
        network=tagging_network(read.layers, dense, bias),
        characters=_character_network(weights),
        weights=weights,
        report={},
    )


def _expect_its_inputs(model: Any, encoder: Encoder) -> None:
    """Lets pass a model that takes the encoder's arrays."""
    arrays = ("length", encoder.length), ("word_length", encoder.word_length)
    for tensor in model.inputs:
        for (name, size), axis in zip(arrays, tensor.shape[1:], strict=False):
            if axis not in (None, size):
                raise BundleError(
                    f"input {tensor.name!r}: expected the encoder's {name} {size}, received {axis}. {OWN_ENCODER}"
                )


def _expect_its_tags(scores: Scores, encoder: Encoder) -> None:
    """Lets pass a model that has the encoder's tags, in its order."""
    tags, crf = list(encoder.tag2idx), scores.crf
    if scores.num_tags != len(tags):
        raise refused(scores.layer, f"{len(tags)} units, one a tag of the encoder", f"{scores.num_tags}", OWN_ENCODER)
    if crf is not None and crf.tags is not None and list(crf.tags) != tags:
        raise refused(crf, f"the encoder's tags {', '.join(tags)}", ", ".join(crf.tags), OWN_ENCODER)
    if crf is not None and crf.scheme not in (None, encoder.scheme):
        raise refused(crf, f"the encoder's scheme {encoder.scheme}", crf.scheme, OWN_ENCODER)


def _algorithm(characters: str, decoder: str) -> str:
    """The preset of these parts; of characters by LSTM before softmax there is none, and its name is made alike."""
    parts = {"characters": characters, "decoder": decoder}
    return next((name for name, preset in ALGORITHMS.items() if preset == parts), f"bilstm-{characters}")


def _decoder(scores: Scores) -> str:
    return "softmax" if scores.crf is None else "crf"


def _architecture(read: ReadModel) -> Architecture:
    characters = read.beginning.characters
    looked_at = (
        {"characters": "none"}
        if characters is None
        else {
            "characters": characters.kind,
            "character_width": characters.table.shape[1],
            "character_units": characters.units,
        }
    )
    return Architecture(
        embeddings=f"learned:{read.beginning.words.table.shape[1]}",
        casing_width=0,
        units=read.units,
        layers=len(read.layers),
        dropout=0.0,
        decoder=_decoder(read.scores),
        **looked_at,
    )


def _character_weights(read: ReadModel, encoder: Encoder) -> dict[str, Array]:
    part = read.beginning.characters
    if part is None:
        return {}
    arrays = {"table": character_table(part.table, encoder, part.layer), **part.arrays}
    return {f"characters.{name}": values for name, values in arrays.items()}


def _encoder_weights(read: ReadModel) -> dict[str, Array]:
    return {
        f"encoder.{way}.{number}.{name}": values
        for number, directions in enumerate(read.layers)
        for way, lstm in zip(("forwards", "backwards"), directions, strict=True)
        for name, values in lstm.items()
    }


def _chain_weights(scores: Scores, order: TagOrder) -> dict[str, Array]:
    crf = scores.crf
    if crf is None:
        return {}
    return {
        "decoder.transitions": order.pairs(array(crf.transitions)),
        "decoder.start_transitions": order.vectors(array(crf.start_transitions)),
        "decoder.end_transitions": order.vectors(array(crf.end_transitions)),
    }


def _character_network(weights: Mapping[str, Array]) -> bytes | None:
    """The network of a bundle with these weights that gives characters' vectors, if it has one."""
    own = {name.removeprefix("characters."): values for name, values in weights.items() if name.startswith("char")}
    if not own:
        return None
    if "kernel" in own:
        return character_cnn(own["table"], own["kernel"], own["bias"])
    names = "kernel", "recurrent_kernel", "bias"
    return character_lstm(own["table"], [{name: own[f"{way}.{name}"] for name in names} for way in ("onwards", "back")])
