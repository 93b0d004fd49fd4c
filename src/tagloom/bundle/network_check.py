"""What a network from a bundle may hold: its file is walked field by field before ONNX Runtime sees it.

An ONNX file is a protobuf message: keys, each a field's number and wire type, and their values
(https://protobuf.dev/programming-guides/encoding/; onnx.proto3). The tables below have every field of ONNX's messages.
What is refused in them, or not in them at all, is in no network, so that no function, training step or file beside it
can hide, and no nested graph but the flat one of a loop over words. The package `onnx` would read the same in a quarter
of a second that each prediction waits for.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from tagloom.bundle.format import ALLOWED_OPERATORS, FLOAT32, LOOP, PAD
from tagloom.errors import BundleError

Fields = Mapping[int, tuple[str, Any]]
"""By number a field's name and what its content is: `PLAIN`, `REFUSED`, or the fields of a message."""

PLAIN, REFUSED = "plain", "refused"

_DIMENSION: Fields = {1: ("dim_value", PLAIN), 2: ("dim_param", PLAIN), 3: ("denotation", PLAIN)}
_SHAPE: Fields = {1: ("dim", _DIMENSION)}
_TENSOR_TYPE: Fields = {1: ("elem_type", PLAIN), 2: ("shape", _SHAPE)}
_TYPE: Fields = {
    1: ("tensor_type", _TENSOR_TYPE),
    4: ("sequence_type", REFUSED),
    5: ("map_type", REFUSED),
    6: ("denotation", PLAIN),
    7: ("opaque_type", REFUSED),
    8: ("sparse_tensor_type", REFUSED),
    9: ("optional_type", REFUSED),
}
_VALUE: Fields = {
    1: ("name", PLAIN),
    2: ("type", _TYPE),
    3: ("doc_string", PLAIN),
    4: ("metadata_props", REFUSED),
}
_TENSOR: Fields = {
    1: ("dims", PLAIN),
    2: ("data_type", PLAIN),
    3: ("segment", REFUSED),
    4: ("float_data", PLAIN),
    5: ("int32_data", PLAIN),
    6: ("string_data", REFUSED),
    7: ("int64_data", PLAIN),
    8: ("name", PLAIN),
    9: ("raw_data", PLAIN),
    10: ("double_data", REFUSED),
    11: ("uint64_data", REFUSED),
    12: ("doc_string", PLAIN),
    13: ("external_data", REFUSED),
    14: ("data_location", REFUSED),
    16: ("metadata_props", REFUSED),
}
_ATTRIBUTE_FIELD = 5  # of a node
_TEXT_FIELD, _GRAPH_FIELD = 4, 6  # of an attribute

_ATTRIBUTE: Fields = {
    1: ("name", PLAIN),
    2: ("f", PLAIN),
    3: ("i", PLAIN),
    _TEXT_FIELD: ("s", PLAIN),
    5: ("t", REFUSED),
    _GRAPH_FIELD: ("g", REFUSED),
    7: ("floats", PLAIN),
    8: ("ints", PLAIN),
    9: ("strings", PLAIN),
    10: ("tensors", REFUSED),
    11: ("graphs", REFUSED),
    13: ("doc_string", PLAIN),
    14: ("tp", REFUSED),
    15: ("type_protos", REFUSED),
    20: ("type", PLAIN),
    21: ("ref_attr_name", REFUSED),
    22: ("sparse_tensor", REFUSED),
    23: ("sparse_tensors", REFUSED),
}
_NODE: Fields = {
    1: ("input", PLAIN),
    2: ("output", PLAIN),
    3: ("name", PLAIN),
    4: ("op_type", PLAIN),
    _ATTRIBUTE_FIELD: ("attribute", _ATTRIBUTE),
    6: ("doc_string", PLAIN),
    7: ("domain", PLAIN),
    8: ("overload", REFUSED),
    9: ("metadata_props", REFUSED),
    10: ("device_configurations", REFUSED),
}
_GRAPH: Fields = {
    1: ("node", _NODE),
    2: ("name", PLAIN),
    5: ("initializer", _TENSOR),
    10: ("doc_string", PLAIN),
    11: ("input", _VALUE),
    12: ("output", _VALUE),
    13: ("value_info", _VALUE),
    14: ("quantization_annotation", REFUSED),
    15: ("sparse_initializer", REFUSED),
    16: ("metadata_props", REFUSED),
}
_LOOPING: Fields = {**_NODE, _ATTRIBUTE_FIELD: ("attribute", {**_ATTRIBUTE, _GRAPH_FIELD: ("g", _GRAPH)})}
_WHOLE_GRAPH: Fields = {**_GRAPH, 1: ("node", _LOOPING)}
_OPERATOR_SET: Fields = {1: ("domain", PLAIN), 2: ("version", PLAIN)}
MODEL: Fields = {
    1: ("ir_version", PLAIN),
    2: ("producer_name", PLAIN),
    3: ("producer_version", PLAIN),
    4: ("domain", PLAIN),
    5: ("model_version", PLAIN),
    6: ("doc_string", PLAIN),
    7: ("graph", _WHOLE_GRAPH),
    8: ("opset_import", _OPERATOR_SET),
    14: ("metadata_props", REFUSED),
    20: ("training_info", REFUSED),
    25: ("functions", REFUSED),
    26: ("configuration", REFUSED),
}

_MOST_FIELDS = 100_000  # ours have some hundreds
_LONGEST_NAME = 200  # bytes
_NODE_OF_LOOP = "graph.node.attribute.g.node"
_CONSTANT = "constant"  # the mode of a pad that reads nothing of what it is put around
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_FIXED = {_FIXED64: 8, _FIXED32: 4}


def check_network(content: bytes, name: str, precision: str = FLOAT32) -> None:
    """Lets pass a graph of allowed operators with its constants inside, flat but for loops.

    Args:
        content: of an `.onnx` file.
        name: of that file in an error.
        precision: that its bundle says it computes in, one of `format.PRECISIONS`; `format.ENCODER` of an encoder.

    Raises:
        BundleError: it is no ONNX model, or holds another operator or anything that is refused.
    """
    try:
        for number, (place, value) in enumerate(_values(memoryview(content), MODEL, "")):
            if number > _MOST_FIELDS:
                raise BundleError(f"{name}: expected at most {_MOST_FIELDS} fields in a network, received more.")
            _check(place, value, name, ALLOWED_OPERATORS[precision])
    except _RefusedError as error:
        raise BundleError(f"{name}: expected a flat graph of plain operators, received {error}.") from error
    except _MalformedError as error:
        raise BundleError(f"{name}: expected an ONNX model, received {len(content)} bytes that are none.") from error


class _MalformedError(Exception):
    """Bytes that are no protobuf message."""


class _RefusedError(Exception):
    """A field that no network may have."""


def _check(place: str, value: memoryview, name: str, allowed: Set[tuple[str, str]]) -> None:
    if place in ("graph.node", _NODE_OF_LOOP):
        operator = _operator(value)
        known = allowed - {LOOP} if place == _NODE_OF_LOOP else allowed
        if operator not in known:
            received = _told([(operator[0][:80], operator[1][:80])])
            raise BundleError(f"{name}: expected operators {_told(sorted(known))}, received {received!r}.")
        if operator != LOOP and any(field == _GRAPH_FIELD for field, _ in _in_attributes(value)):
            raise _RefusedError(f"{place}.attribute.g")
        modes = (_text(text) for field, text in _in_attributes(value) if field == _TEXT_FIELD)
        if operator == PAD and (other := next((mode for mode in modes if mode != _CONSTANT), None)) is not None:
            raise _RefusedError(f"a pad of mode {other[:80]!r}")
    if place == "opset_import.domain" and _text(value) not in {domain for domain, _ in allowed}:
        domains = " and ".join(sorted({domain or "ONNX itself" for domain, _ in allowed}))
        raise BundleError(f"{name}: expected operators of {domains}, received some of {_text(value)[:80]!r}.")


def _in_attributes(node: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Number and value of each field of a node's attributes."""
    for number, value in _read_fields(node):
        if number == _ATTRIBUTE_FIELD:
            yield from _read_fields(value)


def _operator(node: memoryview) -> tuple[str, str]:
    """Domain and name of a node's operator.

    Raises:
        _RefusedError: one of them is told twice, so that readers could differ.
    """
    found: dict[str, str] = {}
    for number, value in _read_fields(node):
        field, _ = _NODE.get(number, ("", REFUSED))
        if field in found:
            raise _RefusedError(f"graph.node.{field} twice")
        if field in ("domain", "op_type"):
            found[field] = _text(value)
    return found.get("domain", ""), found.get("op_type", "")


def _told(operators: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{domain}.{operator}".lstrip(".") for domain, operator in operators)


def _text(value: memoryview) -> str:
    return bytes(value[:_LONGEST_NAME]).decode("utf-8", "replace")


def _values(content: memoryview, fields: Fields, place: str) -> Iterator[tuple[str, memoryview]]:
    """Place and bytes of every field, at whatever depth.

    Raises:
        _MalformedError, _RefusedError: it cannot be read, or may not be there.
    """
    for number, value in _read_fields(content):
        field, kind = fields.get(number, (f"field {number}", REFUSED))
        inside = f"{place}.{field}".lstrip(".")
        if kind is REFUSED:
            raise _RefusedError(inside)
        yield inside, value
        if kind is not PLAIN:
            yield from _values(value, kind, inside)


def _read_fields(content: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Number and value of each field of a message."""
    position = 0
    while position < len(content):
        key, position = _read_varint(content, position)
        number, wire_type = key >> 3, key & 7
        begin = position
        if wire_type == _VARINT:
            _, position = _read_varint(content, position)
        elif wire_type == _LENGTH:
            length, begin = _read_varint(content, position)
            position = begin + length
        elif wire_type in _FIXED:
            position += _FIXED[wire_type]
        else:
            raise _MalformedError
        if position > len(content):
            raise _MalformedError
        yield number, content[begin:position]


def _read_varint(content: memoryview, position: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and the position behind it."""
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(content):
            break
        byte = content[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
    raise _MalformedError
