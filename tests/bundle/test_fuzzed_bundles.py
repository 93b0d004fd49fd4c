"""Whatever bytes of a bundle change, with digests put right: it predicts or is refused, and nothing else happens."""

import json
from pathlib import Path
from typing import Any

import pytest
from damage import change_json, edited, perhaps_refused, seal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagloom.bundle.format import CHARACTERS, CONFIG, NETWORK, REPORT, VOCABULARY, WEIGHTS
from tagloom.bundle.read import read_bundle
from tagloom.bundle.write import pack
from tagloom.features.word_index import FORMS
from tagloom.inference.predictor import load

Changes = list[tuple[int, int, bytes]]

edits = st.lists(
    st.tuples(st.integers(0, 2**32), st.sampled_from([0, 1, 2, 8]), st.binary(max_size=9)), min_size=1, max_size=4
)


@pytest.mark.parametrize("name", [CONFIG, VOCABULARY, NETWORK, CHARACTERS, WEIGHTS, REPORT])
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=edits)
def test_whatever_bytes_change_a_bundle_predicts_or_is_refused(model: Path, name: str, changes: Changes) -> None:
    sound = {file.name: file.read_bytes() for file in model.iterdir()}
    try:
        (model / name).write_bytes(edited(sound.get(name, b"{}"), changes))
        if name != CONFIG:
            seal(model)
        with perhaps_refused():
            assert all(0 <= (span.score or 0.0) <= 1 for span in load(model)("My Nikon D90 日本👍"))
    finally:
        (model / REPORT).unlink(missing_ok=True)
        for file, content in sound.items():
            (model / file).write_bytes(content)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["crf", "cnn", "BIO", "BIOES", "surface", "lower", 1, 2, 3]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def replaced(content: Any, path: list[int], value: object) -> Any:
    """The content with the value at a path of entries, counted in order at each depth."""
    if not path or not isinstance(content, dict | list) or not content:
        return value
    keys = list(content) if isinstance(content, dict) else range(len(content))
    key = keys[path[0] % len(keys)]
    copy: Any = dict(content) if isinstance(content, dict) else list(content)
    copy[key] = replaced(content[key], path[1:], value)
    return copy


@pytest.mark.parametrize("name", [CONFIG, VOCABULARY])
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.lists(st.integers(0, 99), max_size=4), value=json_values)
def test_whatever_value_stands_in_a_json_file_the_bundle_predicts_or_is_refused(
    model: Path, name: str, path: list[int], value: object
) -> None:
    predicts_or_is_refused(model, name, path, value)


@pytest.mark.parametrize("name", [CONFIG, VOCABULARY])
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.lists(st.integers(0, 99), max_size=4), value=json_values)
def test_whatever_value_stands_in_a_json_file_a_bundle_in_bio_predicts_or_is_refused(
    plain_model: Path, name: str, path: list[int], value: object
) -> None:
    predicts_or_is_refused(plain_model, name, path, value)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    version=st.sampled_from([1, 2, 3, 4, 5]) | json_values,
    scheme=st.sampled_from(["BIO", "BIOES"]) | json_values,
    forms=st.lists(st.sampled_from(["folded", "lower", "surface"]), max_size=2) | json_values,
)
def test_whatever_is_said_of_format_scheme_and_form_the_bundle_predicts_or_is_refused(
    plain_model: Path, version: object, scheme: object, forms: object
) -> None:
    sound = {file: (plain_model / file).read_bytes() for file in (CONFIG, VOCABULARY)}
    try:
        change_json(plain_model / VOCABULARY, lambda vocabulary: vocabulary["tables"][0].update(forms=forms))
        seal(plain_model)
        change_json(plain_model / CONFIG, lambda config: config.update(format_version=version, scheme=scheme))
        with perhaps_refused():
            load(plain_model)("My Nikon D90 日本👍")
            assert (version, scheme) == (5, "BIO")
            assert isinstance(forms, list)
            assert set(forms) <= FORMS.keys()
    finally:
        for file, content in sound.items():
            (plain_model / file).write_bytes(content)


def predicts_or_is_refused(model: Path, name: str, path: list[int], value: object) -> None:
    """Puts a value into a JSON file of a bundle, looks what comes of it, and takes it out again."""
    sound = {file: (model / file).read_bytes() for file in (CONFIG, name)}
    (model / name).write_text(json.dumps(replaced(json.loads(sound[name]), path, value)), "utf-8")
    try:
        if name != CONFIG:
            seal(model)
        with perhaps_refused():
            load(model)("My Nikon D90 日本👍")
    finally:
        for file, content in sound.items():
            (model / file).write_bytes(content)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=edits)
def test_whatever_bytes_of_a_zip_change_it_is_read_or_refused(model: Path, changes: Changes) -> None:
    target = model.with_suffix(".loom")
    pack(model, target)
    content = target.read_bytes()
    places = [place % 2000 - 1000 for place, _, _ in changes]  # both ends, where a zip says what it holds
    near = [(place % len(content), length, new) for place, (_, length, new) in zip(places, changes, strict=True)]
    target.write_bytes(edited(content, near))
    with perhaps_refused():
        assert read_bundle(target).labels
