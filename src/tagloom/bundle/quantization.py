"""Networks in 8 bits: weights as whole numbers from -127 to 127, with a scale for each unit and gate.

What comes in is made 8 bits wide as it comes, by ONNX Runtime: of LSTMs by `DynamicQuantizeLSTM`, of an encoder's
products by `DynamicQuantizeLinear` and `MatMulInteger`. Cells, outputs, attention and norms stay in single precision.
Jacob et al. 2018, symmetric, by channel.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from tagloom.bundle.bundle import Bundle
from tagloom.bundle.format import EIGHT_BITS, QUANTIZED_LSTM
from tagloom.errors import BundleError

_MOST = 127
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
        encoder=None if encoder is None else replace(encoder, network=with_products_in_eight_bits(encoder.network)),
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
    return _rewritten(model, nodes, constants | replaced)


def with_products_in_eight_bits(network: bytes) -> bytes:
    """The network with its products with constant matrices in 8 bits."""
    model = onnx.ModelProto.FromString(network)
    constants = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    nodes: list[Any] = []
    replaced: dict[str, NDArray[Any]] = {}
    narrowed: dict[str, tuple[str, str, str]] = {}  # by the name of an input its 8 bits, scale and zero
    for node in model.graph.node:
        matrix = constants.get(node.input[1]) if node.op_type == "MatMul" else None
        if matrix is None or matrix.ndim != 2:
            nodes.append(node)
            continue
        values, weights = node.input
        if values not in narrowed:
            narrowed[values] = (f"{values}.q", f"{values}.scale", f"{values}.zero")
            nodes.append(helper.make_node("DynamicQuantizeLinear", [values], narrowed[values]))
        narrow, scale, zero = narrowed[values]
        if weights not in replaced:
            replaced[weights], by_column = _by_column(matrix)
            replaced[f"{weights}.scale"] = by_column
        whole, wide, scales = (f"{node.output[0]}.{part}" for part in ("whole", "wide", "scales"))
        nodes += [
            helper.make_node("MatMulInteger", [narrow, weights, zero], [whole]),
            helper.make_node("Cast", [whole], [wide], to=onnx.TensorProto.FLOAT),
            helper.make_node("Mul", [scale, f"{weights}.scale"], [scales]),
            helper.make_node("Mul", [wide, scales], list(node.output)),
        ]
    return _rewritten(model, nodes, constants | replaced)


def _by_column(weights: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Weights (inputs, outputs) as whole numbers, and the scale of each output, (outputs,)."""
    scale = np.maximum(np.abs(weights).max(axis=0), np.finfo(np.float32).tiny) / _MOST
    return np.rint(weights / scale).astype(np.int8), scale.astype(np.float32)


def _in_eight_bits(weights: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Weights (directions, 4 * units, inputs) as whole numbers (directions, inputs, 4 * units), and their scales."""
    turned = weights.transpose(0, 2, 1)
    scale = np.maximum(np.abs(turned).max(axis=1), np.finfo(np.float32).tiny) / _MOST  # (directions, 4 * units)
    return np.round(turned / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def _rewritten(model: Any, nodes: list[Any], constants: dict[str, Any]) -> bytes:
    """The model with these nodes and constants in place of its own."""
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(
        numpy_helper.from_array(np.asarray(values, order="C"), name) for name, values in constants.items()
    )
    content: bytes = model.SerializeToString()
    return content
