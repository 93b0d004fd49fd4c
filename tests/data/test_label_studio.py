import contextlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from span_documents import (
    counts,
    damaged,
    documents,
    in_one_folder,
    marked,
    noticed,
    read_records,
    strings,
    write_records,
)

from tagloom.data import Dataset, read, write
from tagloom.errors import DataError
from tagloom.text import Document, Span, Token

TEXT = "A 🎉 D90 by Nikon"


def region(start: Any, end: Any, text: str | None, *labels: str, **further: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": list(labels)} | ({} if text is None else {"text": text})
    return {"id": "x", "from_name": "label", "to_name": "text", "type": "labels", "value": value} | further


def task(*results: dict[str, Any], **further: Any) -> dict[str, Any]:
    return {"id": 7, "data": {"text": TEXT}, "annotations": [{"result": list(results)}]} | further


def annotation(label: str, **further: Any) -> dict[str, Any]:
    return {"result": [region(4, 7, "D90", label)]} | further


@pytest.mark.parametrize("as_list", [False, True])
def test_a_task_is_recognised_and_read(tmp_path: Path, as_list: bool) -> None:
    results = [region(4, 7, "D90", "PNAME"), region(11, 16, "Nikon", "ORG", "MAKER")]
    data = {"text": TEXT, "camera": "nikon", "stars": 5}
    dataset = read_records(tmp_path, task(*results, data=data), as_list=as_list)
    assert dataset.sources[0].format == "label_studio"
    spans = (Span(4, 7, "PNAME"), Span(11, 16, "ORG"), Span(11, 16, "MAKER"))
    assert dataset.documents == (Document(TEXT, spans, "7", {"camera": "nikon", "stars": "5"}),)
    assert noticed(dataset) == {}


def test_old_completions_are_read(tmp_path: Path) -> None:
    completions = [annotation("A", created_at=5), annotation("B", created_at=6, skipped=True)]
    old = {"id": 7, "data": {"text": TEXT}, "completions": completions}
    assert marked(read_records(tmp_path, old).documents[0]) == [("D90", "A")]


@pytest.mark.parametrize(
    ("start", "end", "told", "found", "kinds"),
    [
        (4, 7, "D90", "D90", {}),
        (5, 8, "D90", "D90", {"shifted_spans": 1}),  # an emoji is two units of UTF-16
        (4, 6, "D90", "D90", {"shifted_spans": 1}),  # the end counts in
        (5, 7, "D90", "D90", {"shifted_spans": 1}),  # both
        (2, 4, "🎉", "🎉", {"shifted_spans": 1}),
        (5, 8, None, "90 ", {"blank_edged_spans": 1}),  # nothing says that it is wrong
        (4, 7, "D80", "D90", {"wrong_span_texts": 1}),
        (5, 99, "D90", None, {"wrong_span_texts": 1, "out_of_range_spans": 1}),
    ],
)
def test_offsets_are_taken_as_the_text_that_is_told_wants(
    tmp_path: Path, start: int, end: int, told: str | None, found: str | None, kinds: dict[str, int]
) -> None:
    dataset = read_records(tmp_path, task(region(start, end, told, "X")))
    assert marked(dataset.documents[0]) == ([] if found is None else [(found, "X")])
    assert noticed(dataset) == kinds


@given(text=strings(min_size=1), edges=st.tuples(st.integers(0, 30), st.integers(0, 30)))
@in_one_folder
def test_offsets_in_utf_16_become_code_points(tmp_path: Path, text: str, edges: tuple[int, int]) -> None:
    start, end = sorted(min(edge, len(text)) for edge in edges)
    stretch = text[start:end]
    units = [len(text[:edge].encode("utf-16-le")) // 2 for edge in (start, end)]
    data = {"text": text}
    (document,) = read_records(tmp_path, task(region(*units, stretch, "X"), data=data)).documents
    if stretch:
        assert marked(document) == [(stretch, "X")]


@pytest.mark.parametrize("told", ["D90\\nby", "D90\n\nby", "D90 by"])
def test_line_ends_in_the_text_that_is_told_may_differ(tmp_path: Path, told: str) -> None:
    dataset = read_records(tmp_path, task(region(2, 9, told, "X"), data={"text": "A D90\r\nby Nikon"}))
    assert marked(dataset.documents[0]) == [("D90\r\nby", "X")]
    assert noticed(dataset) == {}


@pytest.mark.parametrize(
    ("annotations", "label"),
    [
        ([annotation("A"), annotation("B")], "B"),
        ([annotation("A"), annotation("B"), annotation("C", was_cancelled=True)], "B"),
        (
            [
                annotation("A", created_at="2024-02-01T00:00:00Z"),
                annotation("B", created_at="2024-01-01T00:00:00Z", updated_at="2024-01-02T00:00:00Z"),
            ],
            "A",
        ),
        ([annotation("A", updated_at="2024-02-01T00:00:00Z"), annotation("B")], "A"),
        ([annotation("A", ground_truth=True), annotation("B", updated_at="2024-02-01T00:00:00Z")], "A"),
    ],
)
def test_of_several_annotations_the_truth_or_the_last_finished_one_counts(
    tmp_path: Path, annotations: list[dict[str, Any]], label: str
) -> None:
    dataset = read_records(tmp_path, task(annotations=annotations))
    assert marked(dataset.documents[0]) == [("D90", label)]
    assert noticed(dataset) == {"further_annotations": 1}


def test_predictions_count_where_no_annotation_is_finished(tmp_path: Path) -> None:
    predictions = [
        {"result": [region(0, 1, "A", "X")], "model_version": "v1"},
        {
            "result": [region(4, 7, "D90", "PNAME", score=0.5), region(0, 1, "A", "X")],
            "model_version": 2,
            "score": 0.25,
        },
    ]
    cancelled = [annotation("A", was_cancelled=True)]
    dataset = read_records(tmp_path, task(annotations=cancelled, predictions=predictions))
    origin = "label-studio 2"
    assert dataset.documents[0].spans == (Span(0, 1, "X", 0.25, origin), Span(4, 7, "PNAME", 0.5, origin))
    assert noticed(dataset) == {"machine_labels": 2, "further_annotations": 1, "unsorted_spans": 1}


def test_an_annotation_counts_more_than_a_prediction(tmp_path: Path) -> None:
    dataset = read_records(tmp_path, task(predictions=[{"result": [region(0, 1, "A", "X")], "score": 1}]))
    assert dataset.documents[0].spans == ()
    assert noticed(dataset) == {}


def test_what_nobody_labelled_is_left_out_and_counted(tmp_path: Path) -> None:
    unlabelled = {"id": 8, "data": {"text": "b"}, "predictions": []}
    cancelled = task(annotations=[annotation("A", was_cancelled=True)])
    dataset = read_records(tmp_path, unlabelled, task(), cancelled, as_list=True)
    assert [document.id for document in dataset.documents] == ["7"]
    assert noticed(dataset) == {"unannotated_documents": 2}


@pytest.mark.parametrize(
    ("data", "to_name", "text", "metadata"),
    [
        ({"review": TEXT, "stars": 5}, "text", TEXT, {"stars": "5"}),
        ({"review": TEXT, "title": "A D90", "text": "other"}, "review", TEXT, {"title": "A D90", "text": "other"}),
        ({"text": TEXT, "title": "A D90"}, "anything", TEXT, {"title": "A D90"}),
    ],
)
def test_the_text_is_what_the_result_names_or_is_called_text_or_is_alone(
    tmp_path: Path, data: dict[str, Any], to_name: str, text: str, metadata: dict[str, str]
) -> None:
    (document,) = read_records(tmp_path, task(region(4, 7, "D90", "X", to_name=to_name), data=data)).documents
    assert (document.text, document.metadata) == (text, metadata)


def test_what_is_no_label_of_this_text_is_counted(tmp_path: Path) -> None:
    results = [
        region(4, 7, "D90", "X"),
        region(0, 1, "A", "X", to_name="title"),
        region(0, 1, "A"),
        {"type": "choices", "to_name": "text", "value": {"choices": ["good"]}},
        {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right"},
    ]
    dataset = read_records(tmp_path, task(*results, data={"text": TEXT, "title": "A D90"}))
    assert marked(dataset.documents[0]) == [("D90", "X")]
    assert noticed(dataset) == {"unread_annotations": 4}


def test_regions_of_marked_up_text_are_read_by_their_offsets_in_all_of_it(tmp_path: Path) -> None:
    value = {
        "start": "/text()[1]",
        "end": "/text()[1]",
        "startOffset": 5,
        "endOffset": 8,
        "globalOffsets": {"start": 5, "end": 8},
        "text": "D90",
        "hypertextlabels": ["PNAME"],
    }
    dataset = read_records(tmp_path, task({"type": "hypertextlabels", "to_name": "text", "value": value}))
    assert marked(dataset.documents[0]) == [("D90", "PNAME")]


def test_the_short_export_is_read(tmp_path: Path) -> None:
    record = {
        "id": 7,
        "text": TEXT,
        "camera": "nikon",
        "ner": [{"start": 5, "end": 8, "text": "D90", "labels": ["PNAME"]}],
        "annotator": 1,
        "annotation_id": 3,
        "created_at": "2024-01-01T00:00:00Z",
        "updated_at": "2024-01-01T00:00:00Z",
        "lead_time": 2.5,
    }
    without = {"id": 8, "text": "b", "annotator": 1, "annotation_id": 4}
    for records in ([record, without], [without, record]):
        dataset = read_records(tmp_path, *records, as_list=True)
        assert dataset.sources[0].format == "label_studio"
        by_id = {document.id: document for document in dataset.documents}
        assert by_id["7"] == Document(TEXT, (Span(4, 7, "PNAME"),), "7", {"camera": "nikon"})
        assert by_id["8"] == Document("b", id="8")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"data": {}}, "received data with 0 strings () and none called 'text'"),
        ({"data": {"a": "x", "b": "y"}}, "received data with 2 strings (a, b) and none called 'text'"),
        ({"annotations": [5]}, "received annotations that are no objects"),
        ({"annotations": {"result": []}}, "received annotations that are no list"),
        ({"annotations": [{"result": ["x"]}]}, "received results that are no objects"),
        ({"annotations": [{"result": [{"type": "labels", "value": 5}]}]}, "received value that are no object"),
        ({"annotations": [{"result": [region("a", "b", "x", "X")]}]}, "received a region from 'a' to 'b', not whole"),
        ({"annotations": [{"result": [region(0, 1.5, "x", "X")]}]}, "received a region from 0 to 1.5, not whole"),
        ({"annotations": [{"result": [region(0, 1, "A", 5)]}]}, "received the label 5, not a string"),
        ({"id": [7]}, "received the id [7], not a string"),
        (
            {"annotations": [], "predictions": [{"result": [region(0, 1, "A", "X")], "score": "high"}]},
            "received the score 'high'",
        ),
    ],
)
def test_what_is_wrong_with_a_task_is_said(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=r"record 2: expected a document as a JSON object, .*" + re.escape(message)):
        read_records(tmp_path, task(), task() | change, as_list=True)


VALID = [
    task(region(5, 8, "D90", "PNAME")),
    task(annotations=[], predictions=[{"result": [region(4, 7, "D90", "PNAME", score=0.5)], "model_version": "x"}]),
    {"id": 7, "text": TEXT, "ner": [{"start": 5, "end": 8, "text": "D90", "labels": ["PNAME"]}], "annotation_id": 1},
]


@in_one_folder
@given(data=st.data())
def test_damaged_records_raise_nothing_but_a_data_error(tmp_path: Path, data: st.DataObject) -> None:
    valid = data.draw(st.sampled_from(VALID))
    path = write_records(tmp_path, valid, data.draw(damaged(valid)))
    with contextlib.suppress(DataError):
        read(path, format="label_studio")


@in_one_folder
@given(
    drawn=st.lists(documents(may_be_proposed=True), min_size=1, max_size=3),
    ids=st.lists(strings(), min_size=3, max_size=3, unique=True),
)
def test_what_is_written_is_read_again(tmp_path: Path, drawn: list[Document], ids: list[str]) -> None:
    expected = tuple(replace(document, id=name) for document, name in zip(drawn, ids, strict=False))
    path = tmp_path / "corpus.json"
    assert write(Dataset(expected), path, format="label_studio") == ()
    again = read(path)
    assert again.sources[0].format == "label_studio"
    assert again.documents == expected


def written(path: Path, document: Document) -> tuple[dict[str, Any], dict[str, int]]:
    lost = counts(write(Dataset((document,)), path, format="label_studio"))
    (record,) = json.loads(path.read_text("utf-8"))
    return record, lost


def test_what_a_person_marked_is_an_annotation_and_the_rest_a_prediction(tmp_path: Path) -> None:
    proposed = [Span(4, 7, "PNAME", 0.5, "gazetteer a.txt:7"), Span(11, 16, "ORG", 0.75, "gazetteer a.txt:9")]
    document = Document(TEXT, (Span(0, 1, "X"), *proposed), "review 7", {"camera": "nikon", "text": "b"})
    record, lost = written(tmp_path / "corpus.json", document)
    assert record["data"] == {
        "text": TEXT,
        "tagloom_id": "review 7",
        "camera": "nikon",
        "metadata": {"text": "b"},
    }
    assert [result["value"]["text"] for result in record["annotations"][0]["result"]] == ["A"]
    (prediction,) = record["predictions"]
    assert (prediction["model_version"], prediction["score"]) == ("gazetteer a.txt", 0.625)
    assert [result["value"]["labels"] for result in prediction["result"]] == [["PNAME"], ["ORG"]]
    assert [result["meta"] for result in prediction["result"]] == [{"text": [span.origin]} for span in proposed]
    assert lost == {"lost_spans": 2}  # an annotation stands for all of a task when it is read
    assert read(tmp_path / "corpus.json").documents[0].spans == (Span(0, 1, "X"),)


@pytest.mark.parametrize(
    ("origins", "version"),
    [
        (["label-studio v1"], "v1"),
        (["model x", "model x"], "model x"),
        (["gazetteer a:1", "gazetteer b:1"], "several"),
        ([None], "tagloom"),
    ],
)
def test_the_version_of_a_prediction_is_its_origin(tmp_path: Path, origins: list[str | None], version: str) -> None:
    spans = tuple(Span(place, 2, "X", 0.5, origin) for place, origin in enumerate(origins))
    record, _ = written(tmp_path / "corpus.json", Document("ab", spans))
    assert record["predictions"][0]["model_version"] == version
    assert record["annotations"] == []


def test_a_document_without_labels_is_written_as_labelled_with_none(tmp_path: Path) -> None:
    record, lost = written(tmp_path / "corpus.json", Document("ab", id="7"))
    assert (record["annotations"], record["predictions"], lost) == ([{"result": []}], [], {})


def test_what_label_studio_has_no_place_for_is_said(tmp_path: Path) -> None:
    document = Document("A D90", tokens=(Token(0, 1), Token(2, 5)), columns={"POS": ("DT", "NN")})
    assert written(tmp_path / "corpus.json", document)[1] == {"lost_words": 1, "lost_columns": 1}
