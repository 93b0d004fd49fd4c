"""The end of a model: from states to scores of tags, and what makes tags of these."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from tagloom.keras.crf import CRF
from tagloom.keras.reading.arrays import Array, array
from tagloom.keras.reading.graph import Step, past_noise
from tagloom.keras.reading.refusal import misplaced, refused

_LINEAR, _SOFTMAX = keras.activations.linear, keras.activations.softmax


@dataclass(frozen=True, eq=False)
class Scores:
    """The last layers of a model.

    Args:
        layer: the `Dense` (or its `TimeDistributed`), for errors.
        dense: weights from states to emissions, (tags, states).
        dense_bias: (tags,).
        crf: the CRF layer; None where the scores are read word by word.
        are_probabilities: whether the model gives probabilities rather than emissions.
    """

    layer: Any
    dense: Array
    dense_bias: Array
    crf: Any
    are_probabilities: bool

    @property
    def num_tags(self) -> int:
        """How many tags there are."""
        return len(self.dense_bias)


def read_scores(last: Step) -> tuple[Scores, Step]:
    """The end of the model, and the call before it.

    Raises:
        BundleError: it is no `Dense` with softmax, scores or a CRF behind it.
    """
    step, crf, are_probabilities = past_noise(last), None, False
    if isinstance(step.layer, CRF):
        step, crf = step.only, step.layer
    elif isinstance(step.layer, keras.layers.Activation):
        if isinstance(step.only.layer, CRF):
            raise misplaced(step.layer, "nothing behind the CRF")
        are_probabilities = _is_softmax(step.layer, step.layer.activation)
        step = step.only
    dense = step.layer.layer if isinstance(step.layer, keras.layers.TimeDistributed) else step.layer
    if not isinstance(dense, keras.layers.Dense):
        raise misplaced(step.layer, "Dense(tags), whose scores softmax or CRF reads")
    if _is_softmax(step.layer, dense.activation):
        if crf is not None or are_probabilities:
            behind = "a CRF" if crf is not None else "softmax"
            remedy = "Leave its activation out: what follows reads scores, not probabilities."
            raise refused(step.layer, f"plain scores before {behind}", "activation='softmax'", remedy)
        are_probabilities = True
    bias = array(dense.bias) if dense.use_bias else np.zeros(dense.units, np.float32)
    return Scores(step.layer, array(dense.kernel).T, bias, crf, are_probabilities), step.only


def _is_softmax(layer: Any, activation: Any) -> bool:
    """Whether it is softmax, and not none at all."""
    if activation not in (_LINEAR, _SOFTMAX, None):
        name = getattr(activation, "__name__", type(activation).__name__)
        remedy = "Leave it out: tags are read from plain scores."
        raise refused(layer, "no activation or softmax", repr(name), remedy)
    return activation is _SOFTMAX
