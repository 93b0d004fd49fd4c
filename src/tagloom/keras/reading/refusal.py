"""What is said of a layer that a bundle cannot hold."""

from collections.abc import Mapping
from typing import Any

import keras

from tagloom.errors import BundleError

CHAIN = (
    "Embedding(mask_zero=True), CharacterCNN beside it or none, Bidirectional(LSTM), Dense, and softmax or CRF, with "
    "dropout and noise anywhere"
)
"""What a model may be made of."""

OWN_ENCODER = "Give the encoder that the model was trained with."

_IN_BIDIRECTIONAL = "Use Bidirectional(LSTM(units, return_sequences=True))."
_CHARACTERS = "Read characters with tagloom.keras.CharacterCNN, whose maximum leaves padding out."

_ADVICE: Mapping[str, str] = {
    "LSTM": _IN_BIDIRECTIONAL,
    "GRU": _IN_BIDIRECTIONAL,
    "SimpleRNN": _IN_BIDIRECTIONAL,
    "RNN": _IN_BIDIRECTIONAL,
    "Conv1D": _CHARACTERS,
    "MaxPooling1D": _CHARACTERS,
    "GlobalMaxPooling1D": _CHARACTERS,
    "Softmax": "Use Dense(tags, activation='softmax'): Softmax takes the mask of words for one of tags.",
    "Activation": "Leave it out: a CRF stands last, and softmax right behind the Dense.",
    "Masking": "Use Embedding(mask_zero=True), which makes the mask.",
}
_OTHERWISE = "Leave it out, and train again."


def named(layer: Any) -> str:
    """A layer's, or an operation's, name and class as an error says them, with what it wraps."""
    kind = "layer" if isinstance(layer, keras.layers.Layer) else "operation of keras.ops"
    wraps = isinstance(layer, keras.layers.Bidirectional | keras.layers.TimeDistributed)
    return f"{kind} {layer.name!r} ({_class_of(layer) if wraps else type(layer).__name__})"


def advice(layer: Any) -> str:
    """What to do about a layer that has no place in a bundle."""
    return _ADVICE.get(type(_innermost(layer)).__name__, _OTHERWISE)


def refused(layer: Any, expected: str, received: str, remedy: str) -> BundleError:
    """The error that names the layer.

    Args:
        layer: what cannot be exported.
        expected: of it, or in its place.
        received: of it.
        remedy: what to do, a sentence.
    """
    return BundleError(f"{named(layer)}: expected {expected}, received {received}. {remedy}")


def misplaced(layer: Any, expected: str) -> BundleError:
    """The error that names a layer which stands where another should.

    Args:
        layer: what stands there.
        expected: what should.
    """
    return refused(layer, expected, _class_of(layer), advice(layer))


def _innermost(layer: Any) -> Any:
    if isinstance(layer, keras.layers.Bidirectional):
        return _innermost(layer.forward_layer)
    return _innermost(layer.layer) if isinstance(layer, keras.layers.TimeDistributed) else layer


def _class_of(layer: Any) -> str:
    if isinstance(layer, keras.layers.Bidirectional):
        return f"Bidirectional({_class_of(layer.forward_layer)})"
    if isinstance(layer, keras.layers.TimeDistributed):
        return f"TimeDistributed({_class_of(layer.layer)})"
    return type(layer).__name__
