"""Bundles that are incomplete, altered, too new or malicious: one clear line each, and nothing is executed."""

import json
import os
import pickle
import re
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from damage import change_json, refusal, replace_file, seal
from safetensors.numpy import load, save

from tagloom.bundle.format import CARD, CHARACTERS, CONFIG, MEMBERS, NETWORK, REPORT, VOCABULARY, WEIGHTS
from tagloom.bundle.read import read_bundle
from tagloom.errors import BundleError
from tagloom.inference.predictor import load as load_predictor
from tiny import tiny_bundle

# What is missing, cut, altered or too large


def test_a_path_with_nothing_is_no_model(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none") == ": expected a model (a folder, or a .loom file), found nothing there."


@pytest.mark.parametrize("name", [CONFIG, VOCABULARY, NETWORK, CHARACTERS, WEIGHTS, CARD])
def test_a_missing_file_is_named(model: Path, name: str) -> None:
    (model / name).unlink()
    assert refusal(model) == f": expected a file {name}, found none. Is this a model's folder?"


@pytest.mark.parametrize("name", [VOCABULARY, NETWORK, CHARACTERS, WEIGHTS])
def test_a_file_without_an_entry_in_the_config_is_named(model: Path, name: str) -> None:
    change_json(model / CONFIG, lambda config: config["files"].pop(name))
    assert refusal(model) == f"{CONFIG}: expected an entry for {name} among its files, received none."


@pytest.mark.parametrize("name", [VOCABULARY, NETWORK, CHARACTERS, WEIGHTS, CARD])
@pytest.mark.parametrize("change", [lambda content: content[:-1], lambda content: b"X" + content[1:]])
def test_a_cut_or_altered_file_is_named(model: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    (model / name).write_bytes(change((model / name).read_bytes()))
    assert re.match(rf"{name}: expected \d+ bytes with SHA-256 \w{{64}}, received \d+ with \w{{64}}", refusal(model))


@pytest.mark.parametrize("name", [VOCABULARY, NETWORK, CHARACTERS, WEIGHTS, CARD])
def test_a_file_that_is_larger_than_its_entry_is_not_read_on(model: Path, name: str) -> None:
    size = (model / name).stat().st_size
    (model / name).write_bytes((model / name).read_bytes() + b"X")
    assert refusal(model) == f"{name}: expected at most {size} bytes, received more."


@pytest.mark.parametrize("name", [CONFIG, VOCABULARY, CARD])
def test_a_file_beyond_the_limit_of_all_bundles_is_not_read(model: Path, name: str) -> None:
    limit = MEMBERS[name].limit
    (model / name).write_bytes(b"[" * (limit + 1))
    if name != CONFIG:
        seal(model)
    assert refusal(model) == f"{name}: expected at most {limit} bytes, received more."


@pytest.mark.parametrize("name", [NETWORK, CHARACTERS, WEIGHTS])
def test_a_file_larger_than_its_architecture_needs_is_not_read(model: Path, name: str) -> None:
    with (model / name).open("r+b") as file:
        file.truncate(3_000_000)
    seal(model)
    assert re.fullmatch(rf"{name}: expected at most \d{{5,7}} bytes, received more\.", refusal(model))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(model: Path) -> None:
    (model / WEIGHTS).chmod(0)
    assert refusal(model) == f"{WEIGHTS}: expected a file to read, received Permission denied."


# config.json


def test_a_newer_format_asks_for_a_newer_tagloom(model: Path) -> None:
    change_json(model / CONFIG, lambda config: config.update(format_version=6, more=1))
    assert refusal(model) == f"{CONFIG}: expected format 5 or older, received 6. Install a newer Tagloom."


def with_one_table(vocabulary: dict[str, Any], *, has_form: bool) -> None:
    """Rewrites a vocabulary as formats had it whose models looked words up in one table."""
    (table,) = vocabulary.pop("tables")
    vocabulary["words"] = table["words"]
    if has_form:
        (vocabulary["form"],) = table["forms"]


def make_older(model: Path, version: int) -> None:
    """Rewrites a bundle as that version of the format had it."""
    change_json(model / VOCABULARY, lambda vocabulary: with_one_table(vocabulary, has_form=version >= 3))
    weights = load((model / WEIGHTS).read_bytes())
    renamed = {name.replace("words.0.", "words."): values for name, values in weights.items()}
    (model / WEIGHTS).write_bytes(save(renamed))
    seal(model)
    change_json(model / CONFIG, lambda config: config.update(format_version=version))
    change_json(model / CONFIG, lambda config: config.pop("encoder"))
    if version < 4:
        change_json(model / CONFIG, lambda config: config.pop("precision"))
    if version == 1:
        change_json(model / CONFIG, lambda config: config.pop("temperature"))


@pytest.mark.parametrize(("version", "temperature"), [(1, 1.0), (2, 2.5), (3, 2.5), (4, 2.5)])
def test_a_bundle_of_an_older_format_is_read_as_what_it_could_not_say_was_then(
    model: Path, version: int, temperature: float
) -> None:
    change_json(model / CONFIG, lambda config: config.update(temperature=2.5))
    sound = read_bundle(model)
    make_older(model, version)
    read = read_bundle(model)
    said = read.temperature, read.vocabulary.tables[0].forms, read.scheme, read.precision
    assert said == (temperature, ("folded",), "BIOES", "float32")
    assert replace(read, weights={}, temperature=2.5) == replace(sound, weights={})


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_format_had_no_tags_but_those_of_bioes(model: Path, version: int) -> None:
    make_older(model, version)
    change_json(model / CONFIG, lambda config: config.update(scheme="BIO"))
    assert refusal(model) == f"{CONFIG}: scheme: expected BIOES, received 'BIO'."


def test_a_precision_that_there_is_none_of_is_refused(model: Path) -> None:
    change_json(model / CONFIG, lambda config: config.update(precision="int4"))
    assert refusal(model) == f"{CONFIG}: precision: expected float32 or int8, received 'int4'."


def test_a_temperature_in_format_1_is_refused(model: Path) -> None:
    change_json(model / CONFIG, lambda config: config.update(format_version=1))
    assert refusal(model).startswith(f"{CONFIG}: expected the entries ['algorithm', ")


def test_a_vocabulary_that_does_not_say_its_tables_is_refused(model: Path) -> None:
    change_json(model / VOCABULARY, lambda vocabulary: vocabulary.pop("tables"))
    seal(model)
    line = refusal(model)
    assert line == f"{VOCABULARY}: expected tables, characters, max_word_length; KeyError('tables')."


def test_a_vocabulary_that_does_not_say_its_form_is_refused(model: Path) -> None:
    make_older(model, 4)
    change_json(model / VOCABULARY, lambda vocabulary: vocabulary.pop("form"))
    seal(model)
    assert refusal(model).startswith(f"{VOCABULARY}: forms: expected some of folded, lower, ")


@pytest.mark.parametrize("tables", [0, 2])
def test_a_vocabulary_of_another_number_of_tables_than_embeddings_is_refused(model: Path, tables: int) -> None:
    change_json(model / VOCABULARY, lambda vocabulary: vocabulary.update(tables=tables * vocabulary["tables"]))
    seal(model)
    line = refusal(model)
    assert line == f"{VOCABULARY}: expected 1 tables of words for learned:12, received {tables}."


def test_a_scheme_of_other_tags_than_the_weights_are_for_is_refused(model: Path) -> None:
    change_json(model / CONFIG, lambda config: config.update(scheme="BIO"))
    assert refusal(model) == f"{WEIGHTS}: decoder.end_transitions: expected float32 (5,), received float32 (9,)."


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b'{"a": NaN}', b"9" * 5000, b"[]", b"null"])
@pytest.mark.parametrize("name", [CONFIG, VOCABULARY])
def test_what_is_no_json_object_is_refused(model: Path, name: str, content: bytes) -> None:
    (model / name).write_bytes(content)
    if name != CONFIG:
        seal(model)
    assert refusal(model).startswith(f"{name}: expected ")


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("format_version", 0),
        ("format_version", True),
        ("format_version", "1"),
        ("algorithm", 3),
        ("algorithm", ""),
        ("algorithm", "a" * 1000),
        ("labels", "PNAME"),
        ("labels", []),
        ("labels", [1, 2]),
        ("labels", ["A", "A"]),
        ("labels", ["A", ""]),
        ("labels", ["A", "B\n"]),
        ("labels", ["A", "\ud83d"]),
        ("labels", [f"L{number}" for number in range(300)]),
        ("scheme", "IOB1"),
        ("scheme", "IOB2"),
        ("scheme", "bio"),
        ("scheme", ["BIOES"]),
        ("tokenizer", None),
        ("tokenizer", "a\x1b[2J"),
        ("architecture", []),
        ("architecture", {}),
        ("training", []),
        ("training", {"seed": [[1]]}),
        ("temperature", 0),
        ("temperature", -1.5),
        ("temperature", "1"),
        ("temperature", True),
        ("temperature", 1e9),
        ("files", []),
        ("files", {"weights.safetensors": 3}),
        ("files", {"weights.safetensors": {"size": 3}}),
        ("files", {"weights.safetensors": {"size": -3, "sha256": "0" * 64}}),
        ("files", {"weights.safetensors": {"size": 3, "sha256": "0" * 1000}}),
        ("files", {"../weights.safetensors": {"size": 3, "sha256": "0" * 64}}),
        ("files", {"config.json": {"size": 3, "sha256": "0" * 64}}),
    ],
)
def test_an_entry_of_the_config_of_a_wrong_kind_is_named(model: Path, entry: str, value: object) -> None:
    change_json(model / CONFIG, lambda config: config.update({entry: value}))
    line = refusal(model)
    assert re.match(rf"{CONFIG}: (expected a )?{entry}\b.* received ", line)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_not_finite_is_refused(model: Path, number: str) -> None:
    text = (model / CONFIG).read_text("utf-8")
    (model / CONFIG).write_text(text.replace('"seed": 1', f'"rate": {number}'), "utf-8")
    assert refusal(model) == f"{CONFIG}: expected JSON in UTF-8, received the number {number}."


@pytest.mark.parametrize("change", [lambda config: config.pop("tokenizer"), lambda config: config.update(more=1)])
def test_a_missing_or_unknown_entry_of_the_config_is_refused(model: Path, change: Callable[[Any], object]) -> None:
    change_json(model / CONFIG, change)
    assert refusal(model).startswith(f"{CONFIG}: expected the entries ['algorithm', ")


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("units", 0),
        ("units", 10**9),
        ("units", 9.0),
        ("units", True),
        ("units", "9"),
        ("layers", 100),
        ("casing_width", -1),
        ("character_width", None),
        ("character_units", 10**30),
        ("dropout", 1.5),
        ("dropout", "0"),
        ("recurrent_dropout", -0.1),
        ("characters", "transformer"),
        ("characters", ["cnn"]),
        ("decoder", "CRF"),
        ("kernel_initializer", 3),
        ("kernel_initializer", "a" * 10_000),
        ("embeddings", ""),
        ("embeddings", ["learned:3"]),
        ("embeddings", "learned:0"),
        ("embeddings", "learned:" + "9" * 900),
        ("embeddings", "vectors:/etc/passwd"),
    ],
)
def test_an_entry_of_the_architecture_out_of_its_range_is_named(model: Path, entry: str, value: object) -> None:
    change_json(model / CONFIG, lambda config: config["architecture"].update({entry: value}))
    line = refusal(model)
    assert line.startswith(f"{CONFIG}: architecture: {entry}: ")
    assert "expected " in line
    assert "received " in line


@pytest.mark.parametrize("change", [lambda parts: parts.pop("units"), lambda parts: parts.update(more=1)])
def test_a_missing_or_unknown_part_of_the_architecture_is_refused(model: Path, change: Callable[[Any], object]) -> None:
    change_json(model / CONFIG, lambda config: change(config["architecture"]))
    assert refusal(model).startswith(f"{CONFIG}: architecture: expected the entries ['casing_width', ")


# vocabulary.json, report.json


@pytest.mark.parametrize(
    "entries",
    [
        {"tables": "abc"},
        {"tables": [{"words": ["a", 1], "forms": ["folded"], "has_pieces": False}]},
        {"tables": [{"words": ["a", "a"], "forms": ["folded"], "has_pieces": False}]},
        {"tables": [{"words": [], "forms": "folded"}]},
        {"tables": [{"words": [], "forms": ["FOLDED"]}]},
        {"characters": {"a": 1}},
        {"characters": [["a"]]},
        {"max_word_length": 0},
        {"max_word_length": 10**9},
        {"max_word_length": True},
        {"max_word_length": 2.0},
    ],
)
def test_a_vocabulary_of_other_values_is_refused(model: Path, entries: dict[str, object]) -> None:
    change_json(model / VOCABULARY, lambda content: content.update(entries))
    seal(model)
    assert refusal(model).startswith(f"{VOCABULARY}: ")


def test_a_vocabulary_of_another_size_than_the_weights_is_refused(model: Path) -> None:
    change_json(model / VOCABULARY, lambda content: content["tables"][0]["words"].append("more"))
    seal(model)
    assert refusal(model) == f"{WEIGHTS}: words.0.table: expected float32 (30, 12), received float32 (29, 12)."


@pytest.mark.parametrize("report", [[], {}, {"labels": []}, {"labels": {"A": {"f1": "high"}}}])
def test_a_report_without_its_figures_is_refused(model: Path, report: object) -> None:
    replace_file(model, REPORT, json.dumps(report).encode())
    assert refusal(model).startswith(f"{REPORT}: expected labels, micro, mode and sentences of a report, received ")


# weights.safetensors


def change_weights(model: Path, change: Callable[[dict[str, Any]], object]) -> str:
    weights = load((model / WEIGHTS).read_bytes())
    change(weights)
    replace_file(model, WEIGHTS, save(weights))
    return refusal(model)


def test_a_missing_tensor_is_named(model: Path) -> None:
    line = change_weights(model, lambda weights: weights.pop("decoder.transitions"))
    assert line == f"{WEIGHTS}: expected a tensor decoder.transitions (9, 9), received none."


def test_an_unknown_tensor_is_named(model: Path) -> None:
    line = change_weights(model, lambda weights: weights.update(more=np.zeros(3, np.float32)))
    assert line == f"{WEIGHTS}: expected no tensor 'more', received one (3,)."


@pytest.mark.parametrize(("dtype", "shape"), [("float32", (8, 8)), ("float32", (81,)), ("float16", (9, 9))])
def test_a_tensor_of_another_shape_or_type_is_named(model: Path, dtype: str, shape: tuple[int, ...]) -> None:
    line = change_weights(model, lambda weights: weights.update({"decoder.transitions": np.zeros(shape, dtype)}))
    assert line == f"{WEIGHTS}: decoder.transitions: expected float32 (9, 9), received {dtype} {shape}."


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_tensor_with_a_number_that_is_not_finite_is_named(model: Path, value: float) -> None:
    line = change_weights(model, lambda weights: weights["dense"].__setitem__((3, 4), value))
    assert line == f"{WEIGHTS}: dense: expected finite numbers, received others. Train anew."


@pytest.mark.parametrize(
    "header",
    [
        b"{}",
        b"",
        b"{",
        b"\xff",
        b"[" * 10_000,
        b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}',
        b'{"a":{"dtype":"F32","shape":[18446744073709551615,2],"data_offsets":[0,4]}}',
        b'{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}',
        b'{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}',
        b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}',
    ],
)
def test_a_malformed_header_of_the_weights_is_refused(model: Path, header: bytes) -> None:
    replace_file(model, WEIGHTS, struct.pack("<Q", len(header)) + header + b"\0" * 4)
    assert refusal(model).startswith(f"{WEIGHTS}: expected ")


@pytest.mark.parametrize("content", [b"", b"\0" * 7, b"\xff" * 20, struct.pack("<Q", 2**63) + b"{}"])
def test_what_is_no_safetensors_is_refused(model: Path, content: bytes) -> None:
    replace_file(model, WEIGHTS, content)
    assert refusal(model).startswith(f"{WEIGHTS}: expected tensors in safetensors, received ")


class Executed:
    """What a pickle would run."""

    def __init__(self, evidence: Path) -> None:
        self.evidence = evidence

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.evidence),)


@pytest.mark.parametrize("name", [CONFIG, VOCABULARY, NETWORK, CHARACTERS, WEIGHTS])
def test_a_pickle_in_place_of_a_file_is_refused_and_not_executed(model: Path, tmp_path: Path, name: str) -> None:
    pickled = pickle.dumps(Executed(tmp_path / "executed"))
    (model / name).write_bytes(pickled)
    if name != CONFIG:
        seal(model)
    assert refusal(model).startswith(f"{name}: expected ")
    assert not (tmp_path / "executed").exists()
    pickle.loads(pickled)
    assert (tmp_path / "executed").exists()  # it would have


# Networks that do not fit


def test_networks_that_do_not_fit_one_another_are_refused(model: Path) -> None:
    other = tiny_bundle("bilstm-lstm-crf")
    replace_file(model, CHARACTERS, other.characters or b"")
    with pytest.raises(BundleError, match=rf"{CHARACTERS}: expected one output float32 \(\d+, 6\), received .*12\)"):
        load_predictor(model)


def test_a_network_for_other_labels_is_refused(model: Path) -> None:
    replace_file(model, NETWORK, tiny_bundle(labels=("A", "B", "C")).network)
    with pytest.raises(BundleError, match=rf"{NETWORK}: expected one output float32 \(2, 2, 9\), received .*13\)"):
        load_predictor(model)


def test_a_network_that_onnx_runtime_refuses_is_named_and_nothing_is_printed(
    model: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    content = (model / NETWORK).read_bytes()
    for damaged in (
        content.replace(b"scores", b"score\xff", 1),
        content.replace(b"lengths", b"length\xff", 1),
        b"\x08\x09",
    ):
        replace_file(model, NETWORK, damaged)
        with pytest.raises(BundleError, match=rf"{NETWORK}: expected ") as caught:
            load_predictor(model)
        assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")
