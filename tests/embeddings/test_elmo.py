"""ELMo: the published activations from torch and ONNX, what a sentence depends on, and files that are refused."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray

from tagloom.bundle.elmo_network import elmo_files, elmo_network
from tagloom.bundle.encoder_files import form_from_json
from tagloom.bundle.format import ENCODER
from tagloom.bundle.network_check import check_network
from tagloom.embeddings.elmo.characters import FRAME_ROWS, PADDING, framed_characters
from tagloom.embeddings.elmo.elmo_encoder import ElmoBatch
from tagloom.embeddings.elmo.elmo_folder import find_elmo
from tagloom.embeddings.elmo.layer_file import write_layers
from tagloom.embeddings.elmo.options import ElmoOptions
from tagloom.errors import BundleError, DataError
from tagloom.inference.elmo_layers import CarryingElmo
from tagloom.inference.encoding import elmo_encoder
from tagloom.models.bilm import BiLM, State
from tiny_elmo import TINY, tiny_elmo

Words = Sequence[str]
Reading = Callable[[Path, Sequence[Words], int], Iterator[NDArray[np.float32]]]

CLOSE = 2e-6
PUBLISHED = "elmo_tiny"

SENTENCES = [
    "My Nikon D90 has a bright viewfinder .".split(),
    [],
    ["日本", "👍", "ﬁ", "x" * 2000, "a\ud800b", "", "e\u0301"],
    [f"word{number % 90}" for number in range(2000)],
    ["the", "lens"],
]


def by_torch(folder: Path, sentences: Sequence[Words], batch_size: int) -> Iterator[NDArray[np.float32]]:
    """All layers, (layers, words, width), of sentences that go on from each other, in torch."""
    found = find_elmo(folder)
    model = BiLM(found.options, found.weights()).eval()
    states: list[State] | None = None
    for first in range(0, len(sentences), batch_size):
        some = sentences[first : first + batch_size]
        batch = ElmoBatch.of(some, found.options.word_form)
        if states is not None:
            states = [(outputs[:, : len(some)], cells[:, : len(some)]) for outputs, cells in states]
        tensors = (torch.from_numpy(values) for values in (batch.characters, batch.places, batch.lengths))
        with torch.inference_mode():
            layers, states = model(*tensors, states)
        for number, words in enumerate(some):
            yield layers[1 : len(words) + 1, number].transpose(0, 1).numpy()


def by_onnx(folder: Path, sentences: Sequence[Words], batch_size: int) -> Iterator[NDArray[np.float32]]:
    return CarryingElmo(find_elmo(folder), batch_size=batch_size).vectors(sentences)


READINGS: dict[str, Reading] = {"torch": by_torch, "onnx": by_onnx}


@pytest.mark.parametrize("reading", READINGS.values(), ids=READINGS)
def test_the_published_top_layer_of_three_lists_that_each_go_on(reading: Reading, shared_data: Path) -> None:
    folder = shared_data / PUBLISHED
    for number, lines in enumerate(json.loads((folder / "sentences.json").read_text("utf-8"))):
        found = reading(folder, [line.split() for line in lines], 1)
        with h5py.File(folder / f"lm_embeddings_{number}.hdf5") as expected:
            for place, layers in enumerate(found):
                onwards, back = expected[str(place)][()]
                np.testing.assert_allclose(layers[2], np.concatenate([onwards, back], axis=1), rtol=0, atol=CLOSE)


@pytest.mark.parametrize("reading", READINGS.values(), ids=READINGS)
def test_all_published_layers_of_batches_that_go_on(reading: Reading, shared_data: Path) -> None:
    folder = shared_data / PUBLISHED
    sentences = [line.split() for line in (folder / "all_layers" / "sentences.txt").read_text("utf-8").splitlines()]
    with h5py.File(folder / "all_layers" / "expected_embeddings.hdf5") as expected:
        for place, layers in enumerate(reading(folder, sentences, 10)):
            np.testing.assert_allclose(layers, expected[str(place)][()], rtol=0, atol=CLOSE)


def test_a_sentence_depends_on_no_other(tmp_path: Path) -> None:
    encoder = elmo_encoder(elmo_files(find_elmo(tiny_elmo(tmp_path / "elmo"))), threads=1)
    together = encoder.vectors(SENTENCES)
    for words, values in zip(SENTENCES, together, strict=True):
        assert values.shape == (len(words), 3 * 2 * TINY["projection"])
        (alone,) = encoder.vectors([words])
        np.testing.assert_allclose(alone, values, rtol=0, atol=1e-6)
        (fresh,) = by_torch(tmp_path / "elmo", [words], 1)
        np.testing.assert_allclose(values, fresh.transpose(1, 0, 2).reshape(values.shape), rtol=0, atol=1e-6)
    later = list(by_onnx(tmp_path / "elmo", [SENTENCES[0], SENTENCES[0]], 1))
    assert np.abs(later[0][1:] - later[1][1:]).max() > 1e-4  # with what is carried on it does


@pytest.mark.parametrize(
    "options",
    [
        {"activation": "tanh", "highways": 0},
        {"skips": False, "cell_clip": None, "projection_clip": None},
        {"layers": 1, "cell_clip": 0.01, "projection_clip": 0.001},
        {"layers": 3, "highways": 2, "filters": ((5, 3),)},
    ],
)
def test_every_kind_gives_the_same_in_torch_and_onnx(options: dict[str, Any], tmp_path: Path) -> None:
    folder = tiny_elmo(tmp_path / "elmo", **options)
    for one, other in zip(by_torch(folder, SENTENCES, 2), by_onnx(folder, SENTENCES, 2), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-6)
    bound = options.get("projection_clip")
    if bound:
        ((*_, top),) = by_onnx(folder, SENTENCES[:1], 1)
        assert np.abs(top).max() == np.float32(bound)


def test_padding_that_no_filter_can_tell_from_more_is_left_out(tmp_path: Path) -> None:
    folder = find_elmo(tiny_elmo(tmp_path / "elmo", longest_word=50))
    model = BiLM(folder.options, folder.weights()).eval()
    words = ["a", "lens", "viewfinder", "x" * 47]
    for some in (words[:1], words[:3], words):
        short = framed_characters(some, folder.options.word_form)
        whole = np.full((len(some) + FRAME_ROWS, 50), PADDING + 1, np.int32)
        whole[:, : short.shape[1]] = short
        assert (short.shape[1] < 50) == (len(some) < 4)
        with torch.inference_mode():
            torch.testing.assert_close(model.words(torch.from_numpy(short)), model.words(torch.from_numpy(whole)))


def test_the_files_are_written_as_they_are_read(tmp_path: Path) -> None:
    folder = find_elmo(tiny_elmo(tmp_path / "elmo"))
    model = BiLM(folder.options, folder.weights())
    for name, one in vars(model.weights()).items():
        for mine, read in zip(_flat(one), _flat(getattr(folder.weights(), name)), strict=True):
            np.testing.assert_array_equal(mine, read)
    assert ElmoOptions.of(folder.options.to_json(), "") == folder.options


def _flat(values: Any) -> Iterator[NDArray[np.float32]]:
    if isinstance(values, np.ndarray):
        yield values
    else:
        for one in vars(values).values() if hasattr(values, "__dict__") else values:
            yield from _flat(one)


def test_layers_of_many_sentences_are_written_whole(tmp_path: Path) -> None:
    number = 9_000  # more than HDF5 remembers before it reads back what it wrote
    write_layers(tmp_path / "layers.hdf5", (np.full((1, 1, 2), place, np.float32) for place in range(number)))
    with h5py.File(tmp_path / "layers.hdf5") as file:
        assert len(file) == number
        assert file[f"{number - 1}"][()].tolist() == [[[number - 1, number - 1]]]


# what is refused


def test_a_loop_holds_plain_operators_alone(tmp_path: Path) -> None:
    folder = find_elmo(tiny_elmo(tmp_path / "elmo"))
    network = elmo_network(folder.options, folder.weights())
    check_network(network, ENCODER, ENCODER)
    with pytest.raises(BundleError, match="received 'Concat'"):
        check_network(network, "network.onnx")  # which may have less than an encoder
    for operator in ("Scan", "Loop", "If"):
        model = onnx.ModelProto.FromString(network)
        scan = next(node for node in model.graph.node if node.op_type == "Scan")
        scan.attribute[0].g.node[0].op_type = operator
        with pytest.raises(BundleError, match=f"received '{operator}'"):
            check_network(model.SerializeToString(), ENCODER, ENCODER)
    model = onnx.ModelProto.FromString(network)
    body = next(node for node in model.graph.node if node.op_type == "Scan").attribute[0].g
    model.graph.node[0].attribute.add(name="body", g=body)
    with pytest.raises(BundleError, match=r"received graph.node.attribute.g\."):
        check_network(model.SerializeToString(), ENCODER, ENCODER)
    model = onnx.ModelProto.FromString(network)
    body = next(node for node in model.graph.node if node.op_type == "Scan").attribute[0].g
    body.node[0].attribute.add(name="body", g=onnx.GraphProto())
    with pytest.raises(BundleError, match=r"received graph.node.attribute.g.node.attribute.g\."):
        check_network(model.SerializeToString(), ENCODER, ENCODER)


@pytest.mark.parametrize(
    "form",
    [
        {"layers": 1, "longest": 3, "window": 1},
        {"layers": 1, "longest": 5, "window": 6},
        {"layers": 0, "longest": 5, "window": 1},
        {"layers": 1, "longest": 5, "window": 1, "pooling": "mean"},
        {"layers": True, "longest": 5, "window": 1},
        {"layers": 1, "longest": 10**9, "window": 1},
        {"layers": 1, "longest": 50, "pooling": "max"},
        None,
    ],
)
def test_a_form_that_no_encoder_has_is_refused(form: Any) -> None:
    with pytest.raises(BundleError, match="encoder: expected layers, longest and pooling"):
        form_from_json(form)


def change_options(place: str, value: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        content = json.loads((folder / "options.json").read_text("utf-8"))
        *above, name = place.split(".")
        entries = content
        for part in above:
            entries = entries[part]
        entries[name] = value
        (folder / "options.json").write_text(json.dumps(content), "utf-8")

    return change


def in_file(change: Callable[[h5py.File], object]) -> Callable[[Path], None]:
    def changed(folder: Path) -> None:
        with h5py.File(folder / "weights.hdf5", "a") as file:
            change(file)

    return changed


CELL = "RNN_1/RNN/MultiRNNCell/Cell1/LSTMCell"


def replaced(name: str, make: Callable[[h5py.File, str], object]) -> Callable[[Path], None]:
    def change(file: h5py.File) -> None:
        del file[name]
        make(file, name)

    return in_file(change)


def virtual(file: h5py.File, name: str) -> None:
    layout = h5py.VirtualLayout(shape=(4,), dtype="f4")
    layout[:] = h5py.VirtualSource("/etc/hostname", "values", shape=(4,))
    file.create_virtual_dataset(name, layout)


def elsewhere(file: h5py.File, name: str) -> None:
    file.create_dataset(name, shape=(4,), dtype="f4", external=[("/etc/hostname", 0, 16)])


def damaged(place: int) -> Callable[[Path], None]:
    """The file with bytes from there on written over."""

    def change(folder: Path) -> None:
        content = bytearray((folder / "weights.hdf5").read_bytes())
        content[place : place + 24] = bytes(range(24))
        (folder / "weights.hdf5").write_bytes(content)

    return change


ZEROS = np.zeros((261, TINY["character_width"]), np.float32)


def linked(link: Any) -> Callable[[h5py.File, str], None]:
    def make(file: h5py.File, name: str) -> None:
        file[name] = link

    return make


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (in_file(lambda file: file.__delitem__(CELL)), rf"expected {CELL}/W_0 \(8, 40\), found none"),
        (in_file(lambda file: file.__delitem__(f"{CELL}/B")), rf"expected {CELL}/B \(40,\), found none"),
        (in_file(lambda file: file.__delitem__("CNN_proj")), r"expected CNN_proj/W_proj \(14, 4\), found none"),
        (replaced("CNN/b_cnn_0", linked(h5py.ExternalLink("other.hdf5", "/b"))), "CNN/b_cnn_0 itself, received a link"),
        (replaced("CNN/b_cnn_0", linked(h5py.SoftLink("/CNN/b_cnn_1"))), "CNN/b_cnn_0 itself, received a link"),
        (replaced("CNN", linked(h5py.ExternalLink("other.hdf5", "/"))), "expected CNN itself, received a link"),
        (replaced("CNN/b_cnn_0", virtual), "CNN/b_cnn_0 in the file, received those of another one"),
        (replaced("CNN/b_cnn_0", elsewhere), "CNN/b_cnn_0 in the file, received those of another one"),
        (
            replaced("CNN/b_cnn_0", lambda file, name: file.create_dataset(name, data=np.zeros(5, np.float32))),
            r"expected CNN/b_cnn_0, numbers \(4,\), received float32 \(5,\)",
        ),
        (
            replaced("CNN/b_cnn_0", lambda file, name: file.create_dataset(name, data=["a"] * 4)),
            r"expected CNN/b_cnn_0, numbers \(4,\), received object \(4,\)",
        ),
        (
            replaced("CNN/b_cnn_0", lambda file, name: file.create_dataset(name, data=np.full(4, np.nan, "f4"))),
            "expected finite numbers as CNN/b_cnn_0",
        ),
        (lambda folder: (folder / "weights.hdf5").write_bytes(b"none"), "expected HDF5, received"),
        (damaged(40), "expected HDF5, received"),
        (damaged(900), "expected HDF5, received"),
        (
            replaced("CNN/b_cnn_0", lambda file, name: file.create_dataset(name, shape=(4,), dtype="f4")),
            "expected CNN/b_cnn_0 whole and not packed",
        ),
        (
            replaced("char_embed", lambda file, name: file.create_dataset(name, data=ZEROS, compression="gzip")),
            "expected char_embed whole and not packed",
        ),
        (change_options("lstm.cell_clip", 10**400), "expected cell_clip, a number above 0"),
        (lambda folder: (folder / "options.json").write_text("{"), "expected the options of an ELMo, received"),
        (lambda folder: (folder / "options.json").write_text("[]"), r"expected an object, received \[\]"),
        (lambda folder: (folder / "options.json").unlink(), "expected one file options.json of an ELMo, found none"),
        (
            change_options("lstm.dim", 0),
            r"options.json, lstm: expected dim, a whole number from 1 to \d+, received 0",
        ),
        (change_options("lstm.cell_clip", -1), r"expected cell_clip, a number above 0 and below 1e\+30, received -1"),
        (change_options("lstm.n_layers", 3), r"Cell2/LSTMCell/W_0 \(8, 40\), found none"),
        (change_options("char_cnn", None), "expected an object, received None"),
        (change_options("char_cnn.activation", "gelu"), "expected activation, relu or tanh, received 'gelu'"),
        (change_options("char_cnn.filters", [[1]]), r"expected filters, pairs of a window and a number"),
        (change_options("char_cnn.n_characters", 100), "expected n_characters, 262 or 261, received 100"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(change: Callable[[Path], None], told: str, tmp_path: Path) -> None:
    folder = tiny_elmo(tmp_path / "elmo")
    change(folder)
    with pytest.raises(DataError, match=told) as caught:
        find_elmo(folder).weights()
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"expected a folder with options\.json and weights.hdf5 of an ELMo, found no"):
        find_elmo(tmp_path / "none")


def test_other_weights_are_another_elmo(tmp_path: Path) -> None:
    folder = find_elmo(tiny_elmo(tmp_path / "elmo"))
    assert folder.digest == find_elmo(tmp_path / "elmo").digest != find_elmo(tiny_elmo(tmp_path / "other", 2)).digest
