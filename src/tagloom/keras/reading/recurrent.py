"""Bidirectional LSTMs: what a bundle's network computes of them, and their weights in its order.

Keras keeps a kernel as (inputs, 4 * units) with the gates i, f, c, o; a bundle's is (4 * units, inputs) with the same.
"""

from typing import Any

import keras
import numpy as np

from tagloom.keras.reading.arrays import Array, array
from tagloom.keras.reading.refusal import misplaced, refused

Directions = tuple[dict[str, Array], dict[str, Array]]
"""`kernel`, `recurrent_kernel` and `bias` of the LSTM onwards and of the one back."""

_TANH = keras.activations.tanh, keras.ops.tanh
_SIGMOID = keras.activations.sigmoid, keras.ops.sigmoid


def read_bidirectional(layer: Any, *, return_sequences: bool) -> Directions:
    """The weights of a `Bidirectional(LSTM)`.

    Args:
        layer: the `Bidirectional`.
        return_sequences: whether it should give all states, or the last ones.

    Raises:
        BundleError: it is not of that kind, or computes something else than a plain LSTM each way.
    """
    both = layer.forward_layer, layer.backward_layer
    if not all(isinstance(one, keras.layers.LSTM) for one in both):
        raise misplaced(layer, "Bidirectional(LSTM)")
    _expect(layer, "merge_mode", layer.merge_mode, "concat")
    for one, backwards in zip(both, (False, True), strict=True):
        _expect(layer, "go_backwards", one.go_backwards, backwards)
        _expect(layer, "return_sequences", one.return_sequences, return_sequences)
        _expect(layer, "return_state", one.return_state, False)
        _expect(layer, "stateful", one.stateful, False)
        _expect_activation(layer, "activation", one.activation, _TANH)
        _expect_activation(layer, "recurrent_activation", one.recurrent_activation, _SIGMOID)
        _expect(layer, "units", one.units, both[0].units)
    return _read(both[0]), _read(both[1])


def _read(lstm: Any) -> dict[str, Array]:
    cell = lstm.cell
    return {
        "kernel": array(cell.kernel).T,
        "recurrent_kernel": array(cell.recurrent_kernel).T,
        "bias": array(cell.bias) if lstm.use_bias else np.zeros(4 * lstm.units, np.float32),
    }


def _expect(layer: Any, option: str, received: Any, expected: Any) -> None:
    if received != expected:
        raise refused(layer, f"{option}={expected!r}", repr(received), "Train it so: a bundle's LSTM has no other.")


def _expect_activation(layer: Any, option: str, received: Any, expected: tuple[Any, ...]) -> None:
    if received not in expected:
        name = getattr(received, "__name__", type(received).__name__)
        remedy = "Train it so: a bundle's LSTM has no other."
        raise refused(layer, f"{option}={expected[0].__name__!r}", repr(name), remedy)
