"""An ONNX graph while it is written: operator set 17, IR 9."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

_OPSET, _IR = 17, 9


class Graph:
    """A graph being written: nodes in order, constants by name."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, values: Any) -> str:
        """A constant of these values."""
        self.constants.append(numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name

    def add(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """A node with one output."""
        self.nodes.append(helper.make_node(operator, list(inputs), [output], name=output, **attributes))
        return output

    def body(self, name: str, inputs: Sequence[Any], outputs: Sequence[Any]) -> Any:
        """The graph as what a loop does at each step."""
        return helper.make_graph(self.nodes, name, list(inputs), list(outputs), self.constants)

    def serialized(self, name: str, inputs: Sequence[Any], outputs: Sequence[Any]) -> bytes:
        """The whole model as the content of an `.onnx` file."""
        graph = self.body(name, inputs, outputs)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], producer_name="tagloom")
        model.ir_version = _IR
        onnx.checker.check_model(model)
        content: bytes = model.SerializeToString()
        return content
