"""Documents that nobody has labelled yet are left out and counted, or kept."""

import json
from pathlib import Path

import pytest

from tagloom.data import read
from tagloom.errors import ConfigError, DataError
from tagloom.text import Span


def test_texts_of_brat_without_annotations(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text("D90")
    (tmp_path / "1.ann").write_text("T1\tPNAME 0 3\tD90\n")
    (tmp_path / "2.txt").write_text("menu")
    (left,) = read(tmp_path).sources
    assert (left.num_documents, [finding.kind for finding in left.findings]) == (1, ["unannotated_documents"])
    kept = read(tmp_path, unlabelled="keep")
    assert [(document.id, document.text) for document in kept.documents] == [("1", "D90"), ("2", "menu")]
    assert (kept.entities, kept.sources[0].findings) == ({"PNAME": 1}, ())


def test_tasks_of_label_studio_without_annotations(tmp_path: Path) -> None:
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps([{"id": 4, "data": {"text": "D90"}, "annotations": []}]))
    with pytest.raises(DataError, match="expected labelled documents, found none"):
        read(path)
    (document,) = read(path, unlabelled="keep").documents
    assert (document.id, document.text, document.spans) == ("4", "D90", ())


@pytest.mark.parametrize("format_name", [None, "json_lines"])
def test_records_without_entities(tmp_path: Path, format_name: str | None) -> None:
    path = tmp_path / "texts.jsonl"
    labelled = {"text": "D90", "entities": [[0, 3, "PNAME"]]}
    path.write_text(json.dumps({"text": "menu"}) + "\n" + json.dumps(labelled) + "\n")
    with pytest.raises(DataError):
        read(path, format=format_name)
    dataset = read(path, format=format_name, unlabelled="keep")
    assert [document.spans for document in dataset.documents] == [(), (Span(0, 3, "PNAME"),)]
    assert dataset.sources[0].format == "json_lines"


def test_records_of_other_programs_stay_theirs(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text(json.dumps({"text": "D90", "spans": [{"start": 0, "end": 3, "label": "PNAME"}]}) + "\n")
    dataset = read(path, unlabelled="keep")
    assert (dataset.sources[0].format, dataset.entities) == ("prodigy", {"PNAME": 1})


def test_another_way_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="unlabelled: expected one of leave_out, keep, received 'drop'"):
        read(tmp_path, unlabelled="drop")
