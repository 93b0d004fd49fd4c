"""An 8-bit network: nearly the same scores, read from disk like any other model."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from tagloom.bundle.bundle import Bundle
from tagloom.bundle.network_check import check_network
from tagloom.bundle.quantization import quantized
from tagloom.bundle.read import read_bundle
from tagloom.bundle.write import write_bundle
from tagloom.errors import BundleError
from tagloom.inference.predictor import Predictor
from tiny import SENTENCES, tiny_bundle


def constants(network: bytes) -> dict[str, np.ndarray]:
    return {one.name: numpy_helper.to_array(one) for one in onnx.ModelProto.FromString(network).graph.initializer}


@pytest.fixture(scope="module", params=["bilstm-crf", "bilstm-cnn", "bilstm-lstm-crf"])
def bundle(request: pytest.FixtureRequest) -> Bundle:
    return tiny_bundle(request.param, layers=2, spread=0.4)


def test_weights_are_off_by_half_a_step_at_most(bundle: Bundle) -> None:
    before, after = constants(bundle.network), constants(quantized(bundle).network)
    for name in ("layer0_kernels", "layer1_recurrent"):
        assert after[name].dtype == np.int8
        scale = after[f"{name}_scale"][:, None]  # (2, 1, 4 * units)
        back = (after[name] * scale).transpose(0, 2, 1)
        assert np.abs(back - before[name]).max() <= scale.max() * 0.5001
        assert np.abs(after[name]).max(axis=1).min() == 127  # of every gate the whole range is used


def test_scores_are_nearly_those_of_the_whole_network(bundle: Bundle) -> None:
    one, other = Predictor(bundle), Predictor(quantized(bundle))
    for (_, before), (_, after) in zip(one.lattices(SENTENCES), other.lattices(SENTENCES), strict=True):
        spread = before.emissions.std()
        assert 0 < np.abs(before.emissions - after.emissions).mean() < 0.05 * spread


def test_it_is_written_and_read_like_any_other(bundle: Bundle, tmp_path: Path) -> None:
    eight = quantized(bundle)
    write_bundle(eight, tmp_path / "model")
    read = read_bundle(tmp_path / "model")
    assert replace(read, weights={}) == replace(eight, weights={}, vocabulary=read.vocabulary)
    assert read.precision == "int8"
    assert "8 bits" in (tmp_path / "model" / "README.md").read_text()
    assert Predictor(read).chunks(SENTENCES) == Predictor(eight).chunks(SENTENCES)


def test_its_network_holds_nothing_that_is_not_allowed(bundle: Bundle) -> None:
    check_network(quantized(bundle).network, "network.onnx", "int8")


def test_a_gate_without_weights_stays_without() -> None:
    bundle = tiny_bundle()
    model = onnx.ModelProto.FromString(bundle.network)
    for one in model.graph.initializer:
        if one.name == "layer0_recurrent":
            one.CopyFrom(numpy_helper.from_array(np.zeros_like(numpy_helper.to_array(one)), one.name))
    eight = quantized(replace(bundle, network=model.SerializeToString()))
    assert not constants(eight.network)["layer0_recurrent"].any()
    assert Predictor(eight).tag(SENTENCES)


def test_it_is_not_done_twice() -> None:
    with pytest.raises(BundleError, match="expected one in float32, received one in 8 bits already"):
        quantized(quantized(tiny_bundle()))
