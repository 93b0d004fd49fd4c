"""Lattices that a person wrote: what they may say, and what is told of those that are wrong."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tagloom.errors import DataError
from tagloom.inference.explaining import explain_lattice
from tagloom.inference.named_lattice import lattice_from_json, read_lattice

SOUND: dict[str, Any] = {
    "tags": ["O", "X"],
    "emissions": [[1, 2.5], [0, -1]],
    "transitions": [[0, 1], [None, "-inf"]],
}


def test_what_may_be_left_out_is_nothing() -> None:
    given = lattice_from_json(SOUND, "lattice.json")
    assert given.words == ("word 1", "word 2")
    assert given.temperature == 1.0
    assert not given.lattice.start_transitions.any()
    assert not given.lattice.end_transitions.any()
    np.testing.assert_array_equal(given.lattice.transitions, [[0, 1], [-np.inf, -np.inf]])


def test_one_word_and_one_tag_are_enough() -> None:
    given = lattice_from_json({"tags": ["X"], "emissions": [[-3]], "transitions": [[None]]}, "lattice.json")
    (path,) = explain_lattice(given).paths
    assert (path.score, path.probability, path.tags) == (-3.0, 1.0, ("X",))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"emission": []}, "key 'emission': there is none of that name. Did you mean emissions?"),
        ({"z": 1}, "key 'z': there is none of that name. Known are tags, emissions, transitions, words, "),
        ({"tags": "OX"}, 'tags: expected a list of at least one text, received "OX"'),
        ({"tags": []}, "tags: expected a list of at least one text, received a list of 0"),
        ({"tags": ["O", 7]}, "tags, number 2: expected a text, received 7"),
        ({"tags": ["O", ""]}, "tags, number 2: expected different names, received an empty one"),
        ({"tags": ["O", "O"]}, "tags, number 2: expected different names, received 'O' for the second time"),
        ({"tags": [str(tag) for tag in range(2000)]}, "tags: expected at most 1,025, received 2,000"),
        ({"words": ["a"]}, "words: expected 2, one a row of emissions, received 1"),
        ({"words": [["a"], "b"]}, "words, number 1: expected a text, received a list of 1"),
        ({"emissions": []}, "emissions: expected a row for each word, at least one, received a list of 0"),
        ({"emissions": 3}, "emissions: expected a row for each word, at least one, received 3"),
        ({"emissions": [[1, 2], [1]]}, "emissions, row 2: expected 2 scores, one a tag, received 1"),
        ({"emissions": [[1, 2], "x"]}, 'emissions, row 2: expected 2 scores, one a tag, received "x"'),
        ({"emissions": [[1, 2], [1, "2"]]}, "emissions, row 2, tag X: expected a number from -1e+09 to 1e+09, or null"),
        ({"emissions": [[1, 2], [1, True]]}, "emissions, row 2, tag X: expected a number from"),
        ({"emissions": [[1, 2], [1, 10**400]]}, "emissions, row 2, tag X: expected a number from"),
        ({"emissions": [[1, 2], [1, 1e10]]}, "received 10000000000.0"),
        ({"emissions": [[0, 0]] * 250_001}, "emissions: expected at most 500,000 scores, words times tags, received"),
        ({"transitions": [[0, 0]]}, "transitions: expected 2 rows, one a tag to go from, received 1"),
        ({"transitions": [[0, 0, 0], [0, 0]]}, "transitions, row 1: expected 2 scores, one a tag, received 3"),
        ({"start_transitions": [0]}, "start_transitions: expected 2 scores, one a tag, received 1"),
        ({"end_transitions": {}}, "end_transitions: expected 2 scores, one a tag, received an object of 0"),
        ({"temperature": 0}, "temperature: expected a number from 0.01 to 100, received 0"),
        ({"temperature": "1"}, 'temperature: expected a number from 0.01 to 100, received "1"'),
        ({"start_transitions": [None, None]}, "no path is allowed: every way to word 1 ('word 1') is forbidden"),
        ({"transitions": [[None, None], [None, None]]}, "no path is allowed: every way to word 2 ('word 2') is"),
        ({"emissions": [[1, 2], [None, None]]}, "no path is allowed: every way to word 2 ('word 2') is forbidden"),
        ({"end_transitions": [None, None]}, "no path is allowed: no tag of the last word may end the sentence"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_wrong_is_told_with_its_place(change: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError) as caught:
        lattice_from_json(SOUND | change, "lattice.json")
    assert str(caught.value).startswith("lattice.json: ")
    assert message in str(caught.value)


@pytest.mark.parametrize("key", ["tags", "emissions", "transitions"])
def test_what_is_missing_is_named(key: str) -> None:
    with pytest.raises(DataError, match=f"received none of the name {key}. Add it"):
        lattice_from_json({other: value for other, value in SOUND.items() if other != key}, "lattice.json")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", ":1: expected a lattice as a JSON object, Expecting value in column 1"),
        ('{"tags":\n ["O",}', ":2: expected a lattice as a JSON object, "),
        ("[" * 100_000, "expected a lattice as a JSON object, "),
        ("[1]", "expected a JSON object with tags, emissions, transitions, received a list of 1"),
        ('{"tags": [NaN]}', 'expected finite scores, received NaN. Give numbers; null or "-inf" forbids.'),
        ('{"tags": [-Infinity]}', "expected finite scores, received -Infinity"),
        ('{"tags": [], "tags": []}', "expected each key once, received 'tags' twice"),
        ('{"emissions": [[1e999]], "tags": ["O"], "transitions": [[0]]}', "emissions, row 1, tag O: expected a number"),
        (b"\xff\xfe\x00", "expected a lattice as a JSON object"),
    ],
)
def test_what_is_no_lattice_is_told_with_its_file(content: str | bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "lattice.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DataError) as caught:
        read_lattice(path)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)


def test_an_enormous_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lattice.json"
    path.write_text(json.dumps(SOUND), "utf-8")
    assert read_lattice(path).tags == ("O", "X")
    monkeypatch.setattr("tagloom.inference.named_lattice._MOST_BYTES", 20)
    with pytest.raises(DataError, match="expected a lattice of at most 0 MiB, received more"):
        read_lattice(path)
