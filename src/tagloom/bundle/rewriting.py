"""A network with other nodes and constants in place of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from onnx import numpy_helper


def rewritten(model: Any, nodes: Sequence[Any], constants: Mapping[str, Any]) -> bytes:
    """The model with these nodes and constants in place of its own."""
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(
        numpy_helper.from_array(np.asarray(values, order="C"), name) for name, values in constants.items()
    )
    content: bytes = model.SerializeToString()
    return content
