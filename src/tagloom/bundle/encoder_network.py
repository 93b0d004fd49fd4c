"""Networks of encoders: what was learned of their layers becomes part of them."""

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

_LAYERS, _STATES = "mix.given", "states"


def mixed(network: bytes, weights: NDArray[np.float32]) -> bytes:
    """The network with a weighted sum of layers, `states` (batch, length, width), for layers one behind the other.

    Args:
        network: whose `states` are (batch, length, layers * width).
        weights: of the layers, (layers,).
    """
    model = onnx.ModelProto.FromString(network)
    graph = model.graph
    (output,) = graph.output
    batch, length, whole = output.type.tensor_type.shape.dim
    width = whole.dim_value // len(weights)
    for node in graph.node:
        node.output[:] = [_LAYERS if name == _STATES else name for name in node.output]
        node.input[:] = [_LAYERS if name == _STATES else name for name in node.input]
    graph.initializer.extend(
        [
            numpy_helper.from_array(np.array([0, 0, len(weights), width], np.int64), "mix.shape"),
            numpy_helper.from_array(weights.reshape(-1, 1).astype(np.float32), "mix.weights"),
            numpy_helper.from_array(np.array([2], np.int64), "mix.axis"),
        ]
    )
    graph.node.extend(
        [
            helper.make_node("Reshape", [_LAYERS, "mix.shape"], ["mix.layers"]),
            helper.make_node("Mul", ["mix.layers", "mix.weights"], ["mix.weighted"]),
            helper.make_node("ReduceSum", ["mix.weighted", "mix.axis"], [_STATES], keepdims=0),
        ]
    )
    axes = [batch.dim_param or batch.dim_value, length.dim_param or length.dim_value, width]
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info(_STATES, onnx.TensorProto.FLOAT, axes))
    content: bytes = model.SerializeToString()
    return content


def without_remarks(network: bytes) -> bytes:
    """The network without what its writer says of where its nodes come from."""
    model = onnx.ModelProto.FromString(network)
    graph = model.graph
    del graph.value_info[:]
    for described in (model, graph, *graph.node, *graph.initializer, *graph.input, *graph.output):
        del described.metadata_props[:]
        described.doc_string = ""
    content: bytes = model.SerializeToString()
    return content
