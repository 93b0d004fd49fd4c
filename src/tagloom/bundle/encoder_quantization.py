"""Encoders in 8 bits: their products with constant matrices, and the vectors of their subwords.

What a product is of is made 8 bits wide as it comes (`DynamicQuantizeLinear`, `MatMulInteger`); attention and norms
stay in single precision. Whole numbers from -127 to 127, symmetric, with a scale for each column of a matrix and each
row of a table (Jacob et al. 2018).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from tagloom.bundle.rewriting import rewritten

MOST = 127

_LEAST = 2**16  # numbers of a table from which on it is worth while


def encoder_in_eight_bits(network: bytes) -> bytes:
    """The network of an encoder with its products and tables in 8 bits."""
    return _Narrowing(network).network()


class _Narrowing:
    """A network while its constants become narrower."""

    def __init__(self, network: bytes) -> None:
        self._model = onnx.ModelProto.FromString(network)
        self._constants = {one.name: numpy_helper.to_array(one) for one in self._model.graph.initializer}
        self._uses: dict[str, set[tuple[str, int]]] = {name: set() for name in self._constants}
        for node in self._model.graph.node:
            for place, name in enumerate(node.input):
                self._uses.setdefault(name, set()).add((node.op_type, place))
        self._replaced: dict[str, NDArray[Any]] = {}
        self._inputs: dict[str, tuple[str, str, str]] = {}  # by name of what is multiplied its 8 bits, scale and zero

    def network(self) -> bytes:
        nodes = [new for node in self._model.graph.node for new in self._narrowed(node)]
        return rewritten(self._model, nodes, self._constants | self._replaced)

    def _narrowed(self, node: Any) -> Iterator[Any]:
        if node.op_type == "MatMul" and self._is_matrix(node.input[1], ("MatMul", 1)):
            yield from self._product(node)
        elif node.op_type == "Gather" and self._is_matrix(node.input[0], ("Gather", 0), _LEAST) and not _axis(node):
            yield from self._rows(node)
        else:
            yield node

    def _is_matrix(self, name: str, use: tuple[str, int], least: int = 0) -> bool:
        """Whether it is a constant matrix that is used in this way alone, by an operator as its input of a number."""
        constant = self._constants.get(name)
        if constant is None or self._uses[name] != {use}:
            return False
        return constant.ndim == 2 and constant.dtype == np.float32 and constant.size >= least

    def _product(self, node: Any) -> Iterator[Any]:
        values, weights = node.input
        if values not in self._inputs:
            self._inputs[values] = (f"{values}.q", f"{values}.scale", f"{values}.zero")
            yield helper.make_node("DynamicQuantizeLinear", [values], self._inputs[values])
        narrow, scale, zero = self._inputs[values]
        self._narrow(weights, axis=0)
        whole, wide, scales = (f"{node.output[0]}.{part}" for part in ("whole", "wide", "scales"))
        yield helper.make_node("MatMulInteger", [narrow, weights, zero], [whole])
        yield helper.make_node("Cast", [whole], [wide], to=onnx.TensorProto.FLOAT)
        yield helper.make_node("Mul", [scale, f"{weights}.scale"], [scales])
        yield helper.make_node("Mul", [wide, scales], list(node.output))

    def _rows(self, node: Any) -> Iterator[Any]:
        table, numbers = node.input
        self._narrow(table, axis=1)
        whole, wide, scales = (f"{node.output[0]}.{part}" for part in ("whole", "wide", "scales"))
        yield helper.make_node("Gather", [table, numbers], [whole])
        yield helper.make_node("Cast", [whole], [wide], to=onnx.TensorProto.FLOAT)
        yield helper.make_node("Gather", [f"{table}.scale", numbers], [scales])
        yield helper.make_node("Mul", [wide, scales], list(node.output))

    def _narrow(self, name: str, axis: int) -> None:
        """A constant as whole numbers, and the scale along an axis: of each column (columns,), or row (rows, 1)."""
        if name not in self._replaced:
            values = self._constants[name]
            scale = np.maximum(np.abs(values).max(axis=axis, keepdims=True), np.finfo(np.float32).tiny) / MOST
            self._replaced[name] = np.rint(values / scale).astype(np.int8)
            self._replaced[f"{name}.scale"] = (scale if axis else scale[0]).astype(np.float32)


def _axis(node: Any) -> int:
    return next((int(one.i) for one in node.attribute if one.name == "axis"), 0)
