"""What a network from a bundle may hold. It is looked through before ONNX Runtime sees it."""

import onnx
from google.protobuf.message import DecodeError

from tagloom.bundle.format import ALLOWED_OPERATORS
from tagloom.errors import BundleError


def check_network(content: bytes, name: str) -> None:
    """Lets pass a flat graph of allowed operators with its constants inside.

    Raises:
        BundleError: it is no ONNX model, or holds another operator, a function, a nested graph or external data.
    """
    try:
        model = onnx.ModelProto.FromString(content)
    except DecodeError as error:
        raise BundleError(f"{name}: expected an ONNX model, received {len(content)} bytes that are none.") from error
    if model.functions or model.training_info or model.graph.sparse_initializer:
        raise BundleError(f"{name}: expected a plain graph, received functions, training steps or sparse constants.")
    for node in model.graph.node:
        if node.op_type not in ALLOWED_OPERATORS or node.domain:
            operator = f"{node.domain}.{node.op_type}".lstrip(".")
            raise BundleError(
                f"{name}: expected operators {', '.join(sorted(ALLOWED_OPERATORS))}, received {operator!r}."
            )
        for attribute in node.attribute:
            if attribute.HasField("g") or attribute.graphs or attribute.HasField("t") or attribute.tensors:
                raise BundleError(f"{name}: expected no graph or tensor in an attribute, received {attribute.name!r}.")
    for tensor in model.graph.initializer:
        if tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data:
            raise BundleError(f"{name}: expected constants inside the file, received external data {tensor.name!r}.")
