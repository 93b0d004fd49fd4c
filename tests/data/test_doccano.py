import contextlib
import re
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


@pytest.mark.parametrize("as_list", [False, True])
@pytest.mark.parametrize(
    "record",
    [
        {"id": 7, "text": TEXT, "label": [[4, 7, "PNAME"], [11, 16, "ORG"]]},
        {"id": "7", "text": TEXT, "labels": [[4, 7, "PNAME"], [11, 16, "ORG"]], "Comments": []},
        {"id": 7, "data": TEXT, "label": [[4, 7, "PNAME"], [11, 16, "ORG"]]},
        {
            "id": 7,
            "text": TEXT,
            "entities": [
                {"id": 1, "label": "PNAME", "start_offset": 4, "end_offset": 7},
                {"id": 2, "label": "ORG", "start_offset": 11, "end_offset": 16},
            ],
            "relations": [],
        },
    ],
)
def test_every_shape_of_doccano_is_recognised_and_read(tmp_path: Path, record: dict[str, Any], as_list: bool) -> None:
    dataset = read_records(tmp_path, record, as_list=as_list)
    assert dataset.sources[0].format == "doccano"
    assert dataset.documents == (Document(TEXT, (Span(4, 7, "PNAME"), Span(11, 16, "ORG")), "7"),)
    assert noticed(dataset) == {}


def test_a_first_document_without_labels_is_recognised(tmp_path: Path) -> None:
    dataset = read_records(tmp_path, {"text": "a", "label": []}, {"text": "bc", "label": [[0, 1, "X"]]})
    assert [(document.id, len(document.spans)) for document in dataset.documents] == [("1", 0), ("2", 1)]


@pytest.mark.parametrize("labels", [["positive"], "positive", [[0, 1]]])
def test_labels_of_whole_texts_are_not_taken_for_spans(tmp_path: Path, labels: Any) -> None:
    with pytest.raises(DataError, match="expected one of: "):
        read_records(tmp_path, {"text": "a", "label": labels})


def test_relations_are_counted_and_left_out(tmp_path: Path) -> None:
    relations = [{"id": 0, "from_id": 1, "to_id": 2, "type": "by"}, {"id": 1, "from_id": 2, "to_id": 1, "type": "of"}]
    dataset = read_records(tmp_path, {"text": TEXT, "entities": [], "relations": relations})
    assert noticed(dataset) == {"unread_annotations": 2}


def test_further_columns_and_what_stands_in_meta_are_metadata(tmp_path: Path) -> None:
    record = {
        "text": "a",
        "label": [],
        "camera": "nikon",
        "stars": 5,
        "nothing": None,
        "meta": {"camera": "D90", "page": 7},
        "Comments": ["is this right?"],
    }
    (document,) = read_records(tmp_path, record).documents
    assert document.metadata == {
        "camera": "nikon",
        "stars": "5",
        "meta.camera": "D90",
        "page": "7",
        "Comments": '["is this right?"]',
    }


def test_spans_that_cannot_be_are_named_with_their_document(tmp_path: Path) -> None:
    labels = [[4, 7, "X"], [4, 7, "X"], [5, 99, "X"], [3, 3, "X"], [3, 7, "X"], [-2, 1, "X"]]
    dataset = read_records(tmp_path, {"id": "review 7", "text": TEXT, "label": labels})
    assert [(span.start, span.end) for span in dataset.documents[0].spans] == [(3, 7), (4, 7)]
    assert noticed(dataset) == {
        "duplicate_spans": 1,
        "out_of_range_spans": 2,
        "empty_spans": 1,
        "blank_edged_spans": 1,
        "unsorted_spans": 1,
    }
    assert all("document review 7" in finding.examples[0] for finding in dataset.sources[0].findings)


def test_a_span_with_a_blank_edge_that_is_said_twice_is_a_duplicate(tmp_path: Path) -> None:
    dataset = read_records(tmp_path, {"text": "a b", "label": [[1, 3, "X"], [1, 3, "X"]]})
    assert noticed(dataset) == {"blank_edged_spans": 1, "duplicate_spans": 1}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": 5}, "received the text 5, not a string"),
        ({"label": {}}, "received label that are no list"),
        ({"label": [[0, 1]]}, "received the entity [0, 1]"),
        ({"label": [["0", 1, "X"]]}, "received an entity from '0' to 1, not whole numbers"),
        ({"label": [[0, 1, 7]]}, "received the label 7, not a string"),
        ({"label": [[0, 1, ""]]}, "received an entity from 0 to 1 with an empty label"),
        ({"relations": 5}, "received relations that are no list"),
        ({"id": ["7"]}, "received the id ['7'], not a string"),
        ({"text": "\ud83c five"}, "can't encode character"),
    ],
)
def test_what_is_wrong_with_a_record_is_said(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    good = {"text": "A D90", "label": []}
    with pytest.raises(DataError, match=r"corpus:2: expected a document as a JSON object, .*" + re.escape(message)):
        read_records(tmp_path, good, good | change)


VALID = [
    {"id": 7, "text": TEXT, "label": [[4, 7, "PNAME"]], "meta": {"camera": "nikon"}},
    {"text": TEXT, "entities": [{"id": 1, "label": "PNAME", "start_offset": 4, "end_offset": 7}], "relations": [{}]},
]


@in_one_folder
@given(data=st.data())
def test_damaged_records_raise_nothing_but_a_data_error(tmp_path: Path, data: st.DataObject) -> None:
    valid = data.draw(st.sampled_from(VALID))
    path = write_records(tmp_path, valid, data.draw(damaged(valid)))
    with contextlib.suppress(DataError):
        read(path, format="doccano")


@in_one_folder
@given(
    drawn=st.lists(documents(), min_size=1, max_size=3), ids=st.lists(strings(), min_size=3, max_size=3, unique=True)
)
def test_what_is_written_is_read_again(tmp_path: Path, drawn: list[Document], ids: list[str]) -> None:
    expected = tuple(Document(one.text, one.spans, name, one.metadata) for one, name in zip(drawn, ids, strict=False))
    path = tmp_path / "corpus.jsonl"
    assert "lost_metadata" not in counts(write(Dataset(expected), path, format="doccano"))
    again = read(path)
    assert again.sources[0].format == "doccano"
    assert again.documents == expected


def test_what_doccano_has_no_place_for_is_said(tmp_path: Path) -> None:
    document = Document(
        "A D90",
        (Span(2, 5, "PNAME", 0.5, "gazetteer"),),
        tokens=(Token(0, 1), Token(2, 5)),
        columns={"POS": ("DT", "NN")},
    )
    lost = counts(write(Dataset((document,)), tmp_path / "corpus", format="doccano"))
    assert lost == {"lost_words": 1, "lost_columns": 1, "lost_scores": 1, "lost_origins": 1}
    assert marked(read(tmp_path / "corpus").documents[0]) == [("D90", "PNAME")]
