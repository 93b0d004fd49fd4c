"""Networks in 8 bits: weights as whole numbers from -127 to 127, with a scale for each unit and gate.

What comes in is made 8 bits wide as it comes, by ONNX Runtime's `DynamicQuantizeLSTM`. Cells and outputs stay in single
precision. Jacob et al. 2018, symmetric, by channel.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from tagloom.bundle.bundle import Bundle
from tagloom.bundle.encoder_quantization import MOST, encoder_in_eight_bits
from tagloom.bundle.format import EIGHT_BITS, QUANTIZED_LSTM
from tagloom.bundle.rewriting import rewritten
from tagloom.errors import BundleError

_INPUTS = 5  # of our LSTMs: vectors, kernels, recurrent kernels, biases, lengths


def quantized(bundle: Bundle) -> Bundle:
    """The same model with 8-bit networks, twice as fast where the processor multiplies 8-bit numbers (VNNI).

    The network of the characters, which runs once a word, and all weights kept to train on stay as they are, and so do
    the scores in its report, which are no longer its own: judge it anew.

    Raises:
        BundleError: it is in 8 bits already.
    """
    if bundle.precision == EIGHT_BITS:
        raise BundleError("the model: expected one in float32, received one in 8 bits already.")
    encoder = bundle.encoder
    return replace(
        bundle,
        network=_quantized(bundle.network),
        precision=EIGHT_BITS,
        encoder=None if encoder is None else replace(encoder, network=encoder_in_eight_bits(encoder.network)),
    )


def _quantized(network: bytes) -> bytes:
    model = onnx.ModelProto.FromString(network)
    constants = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    domain, operator = QUANTIZED_LSTM
    nodes: list[Any] = []
    replaced: dict[str, NDArray[Any]] = {}
    for node in model.graph.node:
        if node.op_type != "LSTM":
            nodes.append(node)
            continue
        vectors, kernels, recurrent, biases, lengths = node.input[:_INPUTS]
        scales = []
        for name in (kernels, recurrent):
            replaced[name], scale = _in_eight_bits(constants[name])
            zeros = np.zeros(scale.shape, np.int8)
            replaced |= {f"{name}_scale": scale, f"{name}_zero": zeros}
            scales += [f"{name}_scale", f"{name}_zero"]
        inputs = [vectors, kernels, recurrent, biases, lengths, "", "", "", *scales]
        attributes = {one.name: helper.get_attribute_value(one) for one in node.attribute}
        nodes.append(helper.make_node(operator, inputs, list(node.output), name=node.name, domain=domain, **attributes))
    model.opset_import.append(helper.make_opsetid(domain, 1))
    return rewritten(model, nodes, constants | replaced)


def _in_eight_bits(weights: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Weights (directions, 4 * units, inputs) as whole numbers (directions, inputs, 4 * units), and their scales."""
    turned = weights.transpose(0, 2, 1)
    scale = np.maximum(np.abs(turned).max(axis=1), np.finfo(np.float32).tiny) / MOST  # (directions, 4 * units)
    return np.round(turned / scale[:, None]).astype(np.int8), scale.astype(np.float32)
