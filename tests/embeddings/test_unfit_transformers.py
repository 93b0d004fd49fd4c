"""Transformers that cannot be used, or not as they say: each is told of in one line, before anything is learned."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from tagloom.bundle.encoder_files import TransformerFiles
from tagloom.bundle.format import ENCODER, MEMBERS
from tagloom.embeddings.elmo.elmo_folder import find_elmo
from tagloom.embeddings.encoders.encoder import Encoder
from tagloom.embeddings.encoders.model_folder import find_model
from tagloom.embeddings.encoders.subwords import LONGEST as MOST
from tagloom.errors import DataError
from tagloom.inference.encoding import encoder_of
from tagloom.runs.config import TrainingConfig
from tagloom.training.contexts.context import Context
from tagloom.training.contexts.frozen import FrozenContext
from tagloom.training.contexts.opening import open_context
from tiny_transformers import LONGEST, WIDTH, context, tiny_transformer

Weights = dict[str, torch.Tensor]

TUNED = {"algorithm": "transformer-crf"}
WORDS = ["view", "the", "lens", "日本"] * 60
"""More than any of these transformers reads at once."""


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where what is worked out is kept."""
    monkeypatch.setenv("TAGLOOM_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def refusal(folder: Path, **options: Any) -> str:
    """What is said of a transformer that is refused."""
    with pytest.raises(DataError) as told:
        context(folder, **options)
    line = str(told.value)
    assert line.startswith(f"{folder}"), line
    assert line.isprintable(), line
    return line


def changed(bert: Path, folder: Path, change: Callable[[Weights], object]) -> Path:
    """The same transformer with other weights."""
    shutil.copytree(bert, folder)
    weights = load_file(folder / "model.safetensors")
    change(weights)
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    return folder


def configured(bert: Path, folder: Path, **entries: Any) -> Path:
    """The same transformer with other entries in its `config.json`, and nothing said beside it."""
    shutil.copytree(bert, folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **entries}))
    (folder / "tokenizer_config.json").unlink()
    return folder


def without_second_layer(weights: Weights) -> None:
    for name in [name for name in weights if "layer.1." in name]:
        del weights[name]


# weights


def test_missing_weights_are_named_rather_than_drawn(bert: Path, tmp_path: Path) -> None:
    told = refusal(changed(bert, tmp_path / "one", without_second_layer))
    assert "found none for encoder.layer.1.attention.output.LayerNorm.bias, " in told
    assert " and 13 more." in told
    assert "shape (64, 16), received (60, 16)" in refusal(
        changed(
            bert,
            tmp_path / "two",
            lambda weights: weights.update({"embeddings.word_embeddings.weight": torch.ones(60, WIDTH)}),
        )
    )
    assert "found none for embeddings.LayerNorm.bias" in refusal(
        changed(bert, tmp_path / "three", lambda weights: (weights.clear(), weights.update(other=torch.ones(1))))
    )


def test_a_transformer_without_a_pooler_is_whole(bert: Path, tmp_path: Path) -> None:
    def change(weights: Weights) -> None:
        del weights["pooler.dense.weight"], weights["pooler.dense.bias"]

    found = encoder(context(changed(bert, tmp_path / "model", change))).vectors([WORDS])
    np.testing.assert_array_equal(found, encoder(context(bert)).vectors([WORDS]))


def test_weights_that_are_no_numbers_are_named(bert: Path, tmp_path: Path) -> None:
    folder = changed(
        bert, tmp_path / "model", lambda weights: weights["embeddings.word_embeddings.weight"][63].fill_(np.nan)
    )
    assert "received others in embeddings.word_embeddings.weight." in refusal(folder)


def test_a_transformer_that_no_model_may_hold_is_refused_before_it_is_loaded(
    bert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transformers.AutoModel.from_pretrained", lambda *_, **__: pytest.fail("loaded"))
    folder = tmp_path / "model"
    shutil.copytree(bert, folder)
    size = 3 * 2**29  # numbers in half precision, which take twice as much in a model
    head = json.dumps({"a": {"dtype": "F16", "shape": [2, size // 2], "data_offsets": [0, 2 * size]}}).encode()
    with (folder / "model.safetensors").open("wb") as stream:
        stream.write(len(head).to_bytes(8, "little") + head)
        stream.truncate(8 + len(head) + 2 * size)
    for options in ({}, TUNED):
        told = refusal(folder, **options)
        assert "expected a transformer of at most 2.15 GB in single precision, as a model may hold it, " in told
        assert "received one of 6.44 GB. Choose a smaller one" in told


def test_a_network_that_comes_out_too_large_is_refused(bert: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = (bert / "model.safetensors").stat().st_size
    monkeypatch.setitem(MEMBERS, ENCODER, replace(MEMBERS[ENCODER], limit=size))
    assert "expected a transformer of at most 0.00 GB" in refusal(bert)


# networks


@pytest.mark.parametrize("options", [{}, TUNED], ids=["frozen", "trained"])
@pytest.mark.parametrize(
    ("kind", "expected"),
    [("fnet", "received 'DFT'. Choose another"), ("convbert", "expected a transformer that reads a sentence beside")],
)
def test_what_a_bundle_may_not_hold_or_depends_on_padding_is_refused_before_the_first_epoch(
    kind: str, expected: str, options: dict[str, Any], tmp_path: Path, kept: Path
) -> None:
    assert expected in refusal(tiny_transformer(tmp_path / kind, kind), **options)
    assert not [file for file in kept.rglob("*") if file.is_file()]


def test_what_cannot_be_written_as_a_graph_is_told_with_its_cause(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    told = refusal(tiny_transformer(tmp_path / "t5", "t5"))
    assert told.endswith("as a graph, received You must specify exactly one of input_ids or inputs_embeds.")
    assert capfd.readouterr() == ("", "")


# what is read at once


@pytest.mark.parametrize("options", [{}, TUNED], ids=["frozen", "trained"])
def test_fewer_subwords_are_read_at_once_where_a_transformer_reads_fewer_than_it_says(
    options: dict[str, Any], tmp_path: Path
) -> None:
    folder = tiny_transformer(tmp_path / "model", "data2vec-text")
    (folder / "tokenizer_config.json").unlink()
    opened = context(folder, **options)
    files = opened.files(opened.module())
    assert isinstance(files, TransformerFiles)
    assert (find_model(str(folder)).longest, files.form.longest) == (LONGEST, LONGEST - 2)
    (values,) = encoder_of(files).vectors([WORDS])
    assert len(values) == len(WORDS)


def test_a_transformer_that_reads_too_few_subwords_is_named(tmp_path: Path) -> None:
    folder = tiny_transformer(tmp_path / "model", "ibert")
    (folder / "tokenizer_config.json").unlink()
    told = refusal(folder)
    assert "tokenizer.json: expected an encoder that reads 8 subwords at once or more, received one of 7." in told


def test_no_transformer_reads_more_at_once_than_is_ever_read(bert: Path, tmp_path: Path) -> None:
    folder = configured(bert, tmp_path / "model", max_position_embeddings=131_072)
    assert find_model(str(folder)).longest == MOST


def test_features_of_other_windows_are_not_taken(bert: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(bert, folder)
    for longest in (LONGEST, 24):
        (folder / "tokenizer_config.json").write_text(json.dumps({"model_max_length": longest}))
        opened = context(folder)
        assert isinstance(opened, FrozenContext)
        opened.keep([WORDS])
        layers = opened._layers([WORDS]).reshape(len(WORDS), -1)
        np.testing.assert_allclose(layers, encoder(opened).vectors([WORDS])[0], atol=1e-2)


def encoder(opened: Context) -> Encoder:
    found = encoder_of(opened.files(None))
    assert isinstance(found, Encoder)
    return found


# configs and names


@pytest.mark.parametrize(
    "entries",
    [
        {"max_position_embeddings": "abc"},
        {"max_position_embeddings": [512]},
        {"model_type": "roberta", "pad_token_id": "<pad>"},
        {"num_hidden_layers": "two"},
        {"num_hidden_layers": True},
    ],
)
def test_what_should_be_a_number_is_named(entries: dict[str, Any], bert: Path, tmp_path: Path) -> None:
    folder = configured(bert, tmp_path / "model", **entries)
    name, value = list(entries.items())[-1]
    told = refusal(folder, **TUNED)
    assert told == f"{folder}/config.json: {name}: expected a whole number, received {value!r}. Correct it."


def test_a_width_that_is_no_number_is_named(bert: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"config\.json: hidden_size: expected a whole number, received 16\.5\."):
        _ = find_model(str(configured(bert, tmp_path / "model", hidden_size=16.5))).width


def test_what_should_be_a_number_of_a_tokenizer_is_named(bert: Path, tmp_path: Path) -> None:
    folder = configured(bert, tmp_path / "model")
    for told, longest in ((1e30, LONGEST), (20, 20), (None, LONGEST)):
        (folder / "tokenizer_config.json").write_text(json.dumps({"model_max_length": told}))
        assert find_model(str(folder)).longest == longest
    (folder / "tokenizer_config.json").write_text(json.dumps({"model_max_length": "512"}))
    assert "tokenizer_config.json: model_max_length: expected a whole number, received '512'." in refusal(folder)


@pytest.mark.parametrize("embeddings", ["transformer:~nouser/x", "elmo:~nouser"])
def test_a_home_folder_that_nobody_has_is_told_of(embeddings: str) -> None:
    with pytest.raises(DataError, match="expected the home folder of somebody, found none"):
        open_context(TrainingConfig(embeddings=embeddings))


def test_what_distils_and_trains_an_elmo_tells_of_it_too() -> None:
    for find in (find_model, find_elmo):
        with pytest.raises(DataError, match="~nouser/x: expected the home folder of somebody"):
            find("~nouser/x")


@pytest.mark.parametrize("name", ["/no/such/folder", "./none", "../none", "~/no-such-folder", "a/b/c", "some/folder/"])
def test_what_can_only_be_a_folder_is_not_asked_for_on_the_hub(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda *_, **__: pytest.fail("asked"))
    with pytest.raises(DataError, match=r"found no such folder\. Name another folder") as told:
        find_model(name)
    assert str(told.value).startswith(f"{name}: expected the folder of a transformer")


def test_a_file_is_no_transformer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda *_, **__: pytest.fail("asked"))
    monkeypatch.chdir(tmp_path)
    Path("some.txt").write_text("a 1 2\n")
    for name in ("some.txt", str(tmp_path / "some.txt")):
        with pytest.raises(DataError, match=r"found what is no folder\. Name another folder"):
            find_model(name)
