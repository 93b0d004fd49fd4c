"""What all JSON of a document a record has in common: mixed shapes, numbers that are none, what is no JSON."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tagloom.data import Dataset, Source, read, write
from tagloom.errors import DataError
from tagloom.text import Document, Span

SPAN = {"start": 2, "end": 5, "label": "PNAME"}
FIRST: dict[str, dict[str, Any]] = {
    "json_lines": {"text": "A D90", "entities": [SPAN]},
    "prodigy": {"text": "A D90", "spans": [SPAN]},
    "doccano": {"text": "A D90", "label": [[2, 5, "PNAME"]]},
}
OTHER: dict[str, dict[str, Any]] = {
    "json_lines": {"entities": [], "label": [[2, 5, "PNAME"]]},
    "prodigy": {"entities": [SPAN]},
}
OTHER |= {"doccano": {"label": [], "spans": [SPAN]}}


def put(folder: Path, *lines: str) -> Path:
    path = folder / "corpus.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("used", FIRST)
def test_labels_in_another_shape_are_told(tmp_path: Path, used: str) -> None:
    other: dict[str, Any] = {"id": "7", "text": "A D90"} | OTHER[used]
    (key,) = (key for key, value in OTHER[used].items() if value)
    dataset = read(put(tmp_path, json.dumps(FIRST[used]), json.dumps(other)))
    assert dataset.sources[0].format == used
    (finding,) = dataset.sources[0].findings
    assert (finding.kind, finding.count) == ("unread_annotations", 1)
    assert finding.examples == (f"document 7: {key!r} of another shape, kept as metadata",)


@pytest.mark.parametrize("used", FIRST)
def test_metadata_that_is_no_list_or_an_empty_one_is_none(tmp_path: Path, used: str) -> None:
    record = {"annotations": [], "labels": "none"} | FIRST[used]
    assert read(put(tmp_path, json.dumps(record)), format=used).sources[0].findings == ()


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_is_none_is_refused(tmp_path: Path, number: str) -> None:
    line = f'{{"text": "A D90", "entities": [{{"start": 2, "end": 5, "label": "X", "score": {number}}}]}}'
    with pytest.raises(DataError, match=rf"jsonl:1: expected .*received {number}, which is no number of JSON"):
        read(put(tmp_path, line), format="json_lines")


def test_a_score_beyond_all_numbers_is_refused(tmp_path: Path) -> None:
    line = json.dumps({"text": "A D90", "entities": [SPAN | {"score": 0.5}]}).replace("0.5", "1e999")
    with pytest.raises(DataError, match=r"jsonl:1: expected .*received the score inf"):
        read(put(tmp_path, line))


@pytest.mark.parametrize("format_name", ["json_lines", "json", "prodigy"])
def test_a_score_that_is_no_number_is_not_written(tmp_path: Path, format_name: str) -> None:
    document = Document("A D90", (Span(2, 5, "PNAME", float("nan"), "model"),), id="7")
    with pytest.raises(DataError, match="document '7': expected finite scores"):
        write(Dataset((document,), (Source((), "json_lines"),)), tmp_path / "a", format=format_name)


def test_what_is_no_json_is_told_by_its_line_and_column(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=re.escape("jsonl:2: expected a document as a JSON object, Expecting value in")):
        read(put(tmp_path, json.dumps(FIRST["json_lines"]), "nonsense"))
    (tmp_path / "a.json").write_text('[\n{"text": "A D90", "entities": []},\n  nonsense]', encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.json:3: .*Expecting value in column 3\."):
        read(tmp_path / "a.json")


def test_an_empty_list_is_said_to_hold_no_documents(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[\n]\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.json: expected labelled documents, found none"):
        read(tmp_path / "a.json")
