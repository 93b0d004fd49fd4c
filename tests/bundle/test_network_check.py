"""What a network may hold, against the package that wrote the format."""

import pickle
from collections.abc import Callable
from typing import Any

import onnx
import pytest
from google.protobuf.message import DecodeError
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from tagloom.bundle.architecture import ALGORITHMS
from tagloom.bundle.format import ALLOWED_OPERATORS, EIGHT_BITS, ENCODER, FLOAT32
from tagloom.bundle.network_check import MODEL, PLAIN, REFUSED, Fields, check_network
from tagloom.bundle.quantization import quantized
from tagloom.errors import BundleError
from tiny import tiny_bundle

NETWORK = tiny_bundle().network
CHARACTERS = tiny_bundle("bilstm-lstm-crf").characters or b""
VALUE = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])


def changed(change: Callable[[Any], object]) -> bytes:
    model = onnx.ModelProto.FromString(NETWORK)
    change(model)
    return bytes(model.SerializeToString())


def node(operator: str, **attributes: Any) -> Any:
    return helper.make_node(operator, ["vectors"], ["x"], **attributes)


def varint(number: int) -> bytes:
    """As protobuf writes a whole number."""
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + varint(number >> 7)


def refusal(content: bytes) -> str:
    with pytest.raises(BundleError) as caught:
        check_network(content, "network.onnx")
    line = str(caught.value)
    assert line.startswith("network.onnx: expected ")
    assert "\n" not in line
    assert len(line) < 400
    return line


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_our_own_networks_pass(algorithm: str) -> None:
    bundle = tiny_bundle(algorithm, layers=2)
    for content in (bundle.network, bundle.characters):
        if content is not None:
            check_network(content, "network.onnx")


def test_the_tables_have_the_fields_of_onnx() -> None:
    compared = set()

    def compare(fields: Fields, descriptor: Any) -> None:
        compared.add(descriptor.name)
        known = descriptor.fields_by_number
        for number, (name, kind) in fields.items():
            if number in known:  # an older onnx knows fewer
                assert known[number].name == name
                if kind not in (PLAIN, REFUSED):
                    compare(kind, known[number].message_type)
                elif kind is PLAIN:
                    assert known[number].message_type is None

    compare(MODEL, onnx.ModelProto.DESCRIPTOR)
    assert {"ModelProto", "GraphProto", "NodeProto", "AttributeProto", "TensorProto", "ValueInfoProto"} <= compared


@pytest.mark.parametrize("operator", ["Loop", "If", "Scan", "Identity", "SequenceAt", "lstm", ""])
def test_another_operator_is_named(operator: str) -> None:
    line = refusal(changed(lambda model: model.graph.node.append(node(operator))))
    assert line.endswith(f", received {operator!r}.")


def test_an_operator_of_another_domain_is_refused() -> None:
    content = changed(lambda model: model.graph.node.append(node("LSTM", domain="com.evil")))
    assert refusal(content).endswith("received 'com.evil.LSTM'.")
    content = changed(lambda model: model.graph.node.append(node("LSTM", domain="com.microsoft")))
    assert refusal(content).endswith("received 'com.microsoft.LSTM'.")
    content = changed(lambda model: model.graph.node.append(node("DynamicQuantizeLSTM")))
    assert refusal(content).endswith("received 'DynamicQuantizeLSTM'.")
    imported = changed(lambda model: model.opset_import.append(helper.make_opsetid("ai.onnx.ml", 3)))
    assert refusal(imported).endswith("received some of 'ai.onnx.ml'.")


def test_an_encoder_may_pad_with_what_it_is_given_alone() -> None:
    def padding(**attributes: Any) -> bytes:
        kinds = "Conv Equal Gather MatMul Pad Reshape Transpose Where".split()
        nodes = [node(kind, **(attributes if kind == "Pad" else {})) for kind in kinds]
        return bytes(helper.make_model(helper.make_graph(nodes, "some", [VALUE], [VALUE])).SerializeToString())

    for allowed in ({}, {"mode": "constant"}, {"mode": "constant", "pads": [1, 1]}):
        check_network(padding(**allowed), "encoder.onnx", ENCODER)
    for mode in ("reflect", "edge", "wrap", "", "constantly"):
        with pytest.raises(BundleError, match=f"received a pad of mode '{mode}'\\.$"):
            check_network(padding(mode=mode), "encoder.onnx", ENCODER)
    with pytest.raises(BundleError, match="received 'Pad'"):
        check_network(padding(), "network.onnx")


@pytest.mark.parametrize("field", ["op_type", "domain"])
def test_an_operator_that_is_told_twice_is_refused(field: str) -> None:
    told = onnx.NodeProto(**{field: ""}).SerializeToString()
    for again in (1, 200_000):
        one = node("LSTM", domain="").SerializeToString() + told * (1 + again)
        graph = b"\x0a" + varint(len(one)) + one
        content = NETWORK + b"\x3a" + varint(len(graph)) + graph
        assert refusal(content).endswith(f"received graph.node.{field} twice.")


def test_an_8_bit_network_passes_only_where_its_bundle_says_that_it_is_one() -> None:
    eight = quantized(tiny_bundle()).network
    check_network(eight, "network.onnx", EIGHT_BITS)
    with pytest.raises(BundleError, match=r"received 'com.microsoft.DynamicQuantizeLSTM'"):
        check_network(eight, "network.onnx")
    with pytest.raises(BundleError, match=r"received 'LSTM'"):
        check_network(NETWORK, "network.onnx", EIGHT_BITS)


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("graph.node.attribute.g", lambda model: model.graph.node[0].attribute.add(name="body", g=model.graph)),
        ("graph.node.attribute.graphs", lambda model: model.graph.node[0].attribute.add(graphs=[model.graph])),
        ("graph.node.attribute.t", lambda model: model.graph.node[0].attribute.add(t=model.graph.initializer[0])),
        ("graph.node.attribute.sparse_tensor", lambda model: model.graph.node[0].attribute.add(sparse_tensor={})),
        ("graph.node.overload", lambda model: setattr(model.graph.node[0], "overload", "x")),
        ("functions", lambda model: model.functions.add(name="LSTM")),
        ("training_info", lambda model: model.training_info.add()),
        ("metadata_props", lambda model: model.metadata_props.add(key="a", value="b")),
        ("graph.sparse_initializer", lambda model: model.graph.sparse_initializer.add()),
        ("graph.initializer.external_data", lambda model: model.graph.initializer[0].external_data.add(key="location")),
        ("graph.initializer.data_location", lambda model: setattr(model.graph.initializer[0], "data_location", 1)),
        ("graph.initializer.string_data", lambda model: model.graph.initializer[0].string_data.append(b"x")),
        ("graph.input.type.sequence_type", lambda model: model.graph.input.add().type.sequence_type.SetInParent()),
    ],
)
def test_what_could_hide_something_is_refused_by_its_place(place: str, change: Callable[[Any], object]) -> None:
    assert refusal(changed(change)).endswith(f"expected a flat graph of plain operators, received {place}.")


def test_a_field_that_onnx_does_not_have_is_refused() -> None:
    assert refusal(NETWORK + b"\xfa\x3f\x01a").endswith("received field 1023.")


@pytest.mark.parametrize(
    "content",
    [
        NETWORK[:-1],
        NETWORK[:100],
        b"\x00",
        b"\x08",
        b"\x0b\x0c",
        b"\x3a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        b"\x08" + b"\xff" * 11,
        b"\x09\0",
        pickle.dumps({"a": [1]}),
        b"<html>",
    ],
)
def test_what_is_no_network_is_refused(content: bytes) -> None:
    refusal(content)


def test_a_network_of_countless_fields_is_refused() -> None:
    assert refusal(b"\x08\x01" * 200_000) == "network.onnx: expected at most 100000 fields in a network, received more."


def hidden(model: Any) -> bool:
    """Whether a model holds anything but allowed operators and constants, as the package `onnx` reads it."""
    graph = model.graph
    return bool(
        model.functions
        or model.training_info
        or graph.sparse_initializer
        or any(tensor.external_data or tensor.data_location for tensor in graph.initializer)
        or any((one.domain, one.op_type) not in ALLOWED_OPERATORS[FLOAT32] for one in graph.node)
        or any(
            attribute.HasField("g") or attribute.HasField("t") or attribute.graphs or attribute.tensors
            for one in graph.node
            for attribute in one.attribute
        )
    )


@settings(max_examples=1500)
@given(
    st.sampled_from([NETWORK, CHARACTERS]),
    st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 9), st.binary(max_size=9)), min_size=1, max_size=3),
)
def test_nothing_that_onnx_would_find_passes_unseen(content: bytes, changes: list[tuple[int, int, bytes]]) -> None:
    for place, length, new in changes:
        start = place % len(content)
        content = content[:start] + new + content[start + length :]
    try:
        check_network(content, "network.onnx")
        assert not hidden(onnx.ModelProto.FromString(content))
    except (BundleError, DecodeError):
        pass
