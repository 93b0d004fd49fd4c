"""Networks as ONNX graphs, written from plain arrays: operators that ONNX Runtime fuses, and nothing else.

Operator set 17, IR 9. An LSTM's gates are in ONNX's order i, o, f, c; arrays come in torch's, i, f, c, o.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper

from tagloom.bundle.graph import Graph

Array = NDArray[np.float32]


def tagging_network(layers: Sequence[Sequence[Mapping[str, Array]]], dense: Array, dense_bias: Array) -> bytes:
    """`vectors` float32 (time, batch, width) and `lengths` int32 (batch,) to `emissions` (batch, time, tags).

    Args:
        layers: for each BiLSTM layer both directions' `kernel` (4 * units, inputs), `recurrent_kernel` and `bias`.
        dense: weights from the last layer's states to emissions, (tags, 2 * units); without layers from the vectors.
        dense_bias: (tags,).
    """
    graph = Graph()
    values = "vectors"
    for number, directions in enumerate(layers):
        values = _bidirectional(graph, f"layer{number}", values, "lengths", directions)
    scores = graph.add("MatMul", [values, graph.constant("dense", dense.T)], "scores")
    biased = graph.add("Add", [scores, graph.constant("dense_bias", dense_bias)], "biased")
    graph.add("Transpose", [biased], "emissions", perm=[1, 0, 2])
    width = layers[0][0]["kernel"].shape[1] if layers else dense.shape[1]
    return graph.serialized(
        "network",
        [
            helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["time", "batch", width]),
            helper.make_tensor_value_info("lengths", TensorProto.INT32, ["batch"]),
        ],
        [helper.make_tensor_value_info("emissions", TensorProto.FLOAT, ["batch", "time", len(dense)])],
    )


def character_cnn(table: Array, kernel: Array, bias: Array) -> bytes:
    """`characters` int32 (words, longest), 0 behind, to `vectors` (words, filters).

    Args:
        table: vector of each character, (characters, width); that of 0 counts as zeros.
        kernel: (window, width, filters).
        bias: (filters,).
    """
    graph = Graph()
    masked = table.copy()
    masked[0] = 0.0
    embedded = graph.add("Gather", [graph.constant("table", masked), "characters"], "embedded")
    across = graph.add("Transpose", [embedded], "across", perm=[0, 2, 1])  # (words, width, longest)
    pads = [kernel.shape[0] // 2] * 2
    weights = graph.constant("kernel", kernel.transpose(2, 1, 0))  # (filters, width, window)
    answers = graph.add("Conv", [across, weights, graph.constant("bias", bias)], "answers", pads=pads)
    behind = graph.add("Equal", ["characters", graph.constant("padding", np.array(0, np.int32))], "behind")
    behind = graph.add("Unsqueeze", [behind, graph.constant("axis", np.array([1], np.int64))], "behind_all")
    lowest = graph.constant("lowest", np.array(np.finfo(np.float32).min, np.float32))
    shown = graph.add("Where", [behind, lowest, answers], "shown")
    graph.add("ReduceMax", [shown], "vectors", axes=[2], keepdims=0)
    return _character_network(graph, len(bias))


def character_lstm(table: Array, directions: Sequence[Mapping[str, Array]]) -> bytes:
    """`characters` int32 (words, longest), 0 behind, to `vectors` (words, 2 * units): the last state each way.

    Args:
        table: vector of each character, (characters, width).
        directions: `kernel`, `recurrent_kernel` and `bias` of the LSTM onwards and of the one back.
    """
    graph = Graph()
    behind = graph.add("Equal", ["characters", graph.constant("padding", np.array(0, np.int32))], "behind")
    present = graph.add("Cast", [graph.add("Not", [behind], "within")], "present", to=TensorProto.INT32)
    axis = graph.constant("axis", np.array([1], np.int64))
    lengths = graph.add("ReduceSum", [present, axis], "lengths", keepdims=0)
    across = graph.add("Transpose", ["characters"], "across", perm=[1, 0])
    embedded = graph.add("Gather", [graph.constant("table", table), across], "embedded")  # (longest, words, width)
    last = _lstm(graph, "characters", embedded, lengths, directions)[1]  # (2, words, units)
    turned = graph.add("Transpose", [last], "turned", perm=[1, 0, 2])
    width = 2 * directions[0]["recurrent_kernel"].shape[1]
    graph.add("Reshape", [turned, graph.constant("shape", np.array([-1, width], np.int64))], "vectors")
    return _character_network(graph, width)


def _bidirectional(
    graph: Graph, name: str, values: str, lengths: str, directions: Sequence[Mapping[str, Array]]
) -> str:
    """States of both directions side by side, (time, batch, 2 * units)."""
    states = _lstm(graph, name, values, lengths, directions)[0]  # (time, 2, batch, units)
    turned = graph.add("Transpose", [states], f"{name}_turned", perm=[0, 2, 1, 3])
    width = 2 * directions[0]["recurrent_kernel"].shape[1]
    shape = graph.constant(f"{name}_shape", np.array([0, 0, width], np.int64))
    return graph.add("Reshape", [turned, shape], f"{name}_joined")


def _lstm(
    graph: Graph, name: str, values: str, lengths: str, directions: Sequence[Mapping[str, Array]]
) -> tuple[str, str]:
    """All states (time, 2, batch, units) and the last ones (2, batch, units)."""
    units = directions[0]["recurrent_kernel"].shape[1]
    kernels = np.stack([_in_onnx_order(one["kernel"]) for one in directions])  # (2, 4 * units, inputs)
    recurrent = np.stack([_in_onnx_order(one["recurrent_kernel"]) for one in directions])
    biases = np.stack([_in_onnx_order(one["bias"]) for one in directions])  # (2, 4 * units)
    inputs = [
        values,
        graph.constant(f"{name}_kernels", kernels),
        graph.constant(f"{name}_recurrent", recurrent),
        graph.constant(f"{name}_biases", np.concatenate([biases, np.zeros_like(biases)], axis=1)),
        lengths,
    ]
    outputs = f"{name}_states", f"{name}_last"
    graph.nodes.append(
        helper.make_node("LSTM", inputs, list(outputs), name=name, direction="bidirectional", hidden_size=units)
    )
    return outputs


def _in_onnx_order(gates: Array) -> Array:
    """Rows of the gates i, f, c, o as i, o, f, c."""
    i, f, c, o = np.split(gates, 4)
    return np.concatenate([i, o, f, c])


def _character_network(graph: Graph, width: int) -> bytes:
    return graph.serialized(
        "characters",
        [helper.make_tensor_value_info("characters", TensorProto.INT32, ["words", "longest"])],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["words", width])],
    )
