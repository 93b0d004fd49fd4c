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

TEXT = "A 🎉 D90."
TOKENS = [
    {"text": "A", "start": 0, "end": 1, "id": 0, "ws": True},
    {"text": "🎉", "start": 2, "end": 3, "id": 1, "ws": True},
    {"text": "D90", "start": 4, "end": 7, "id": 2, "ws": False},
    {"text": ".", "start": 7, "end": 8, "id": 3, "ws": False},
]
TASK: dict[str, Any] = {
    "text": TEXT,
    "tokens": TOKENS,
    "spans": [{"start": 4, "end": 7, "token_start": 2, "token_end": 2, "label": "PNAME"}],
    "answer": "accept",
}


def test_a_task_is_recognised_and_read_with_its_tokens(tmp_path: Path) -> None:
    own = {"_input_hash": 123, "_task_hash": -7, "_view_id": "ner_manual", "_is_binary": False}
    further = {"meta": {"source": "reviews", "page": 3}, "_annotator_id": "ann", "options": []}
    dataset = read_records(tmp_path, TASK | own | further)
    assert dataset.sources[0].format == "prodigy"
    assert noticed(dataset) == {}
    (document,) = dataset.documents
    assert document.spans == (Span(4, 7, "PNAME"),)
    assert document.tokens == (Token(0, 1), Token(2, 3), Token(4, 7), Token(7, 8))
    assert document.metadata == {"source": "reviews", "page": "3", "_annotator_id": "ann"}


def test_tasks_without_tokens_or_without_an_answer_are_read(tmp_path: Path) -> None:
    dataset = read_records(tmp_path, {"text": "D90", "spans": [{"start": 0, "end": 3, "label": "PNAME"}]})
    assert dataset.documents == (Document("D90", (Span(0, 3, "PNAME"),), "1"),)


def test_a_task_without_spans_is_a_document_without_labels(tmp_path: Path) -> None:
    unlabelled = {key: value for key, value in TASK.items() if key != "spans"}
    assert read_records(tmp_path, unlabelled).documents[0].spans == ()


def test_what_was_rejected_or_ignored_is_left_out_and_counted(tmp_path: Path) -> None:
    answers = ["accept", "reject", "ignore", "reject", None]
    dataset = read_records(tmp_path, *[TASK | {"answer": answer} for answer in answers])
    assert [document.id for document in dataset.documents] == ["1", "5"]
    assert noticed(dataset) == {"rejected_examples": 2, "ignored_examples": 1}


def test_a_span_may_be_told_in_tokens_alone_the_last_one_included(tmp_path: Path) -> None:
    dataset = read_records(tmp_path, TASK | {"spans": [{"token_start": 1, "token_end": 2, "label": "X"}]})
    assert marked(dataset.documents[0]) == [("🎉 D90", "X")]


def test_marks_of_an_encoder_are_no_tokens_and_pieces_of_words_are(tmp_path: Path) -> None:
    tokens = [
        {"text": "[CLS]", "start": 0, "end": 0, "id": 0, "tokenizer_id": 101},
        {"text": "d", "start": 0, "end": 1, "id": 1, "tokenizer_id": 7},
        {"text": "##90", "start": 1, "end": 3, "id": 2, "tokenizer_id": 8},
        {"text": "[SEP]", "start": 0, "end": 0, "id": 3, "tokenizer_id": 102},
    ]
    spans = [{"start": 0, "end": 3, "token_start": 1, "token_end": 2, "label": "PNAME"}]
    (document,) = read_records(tmp_path, {"text": "D90", "tokens": tokens, "spans": spans}).documents
    assert document.tokens == (Token(0, 1), Token(1, 3))


def test_a_machine_label_is_one_until_somebody_accepts_it(tmp_path: Path) -> None:
    spans = [{"start": 4, "end": 7, "label": "PNAME", "score": 0.5, "source": "model x"}]
    dataset = read_records(tmp_path, TASK | {"spans": spans}, TASK | {"spans": spans, "answer": None})
    accepted, proposed = (document.spans for document in dataset.documents)
    assert accepted == (Span(4, 7, "PNAME"),)
    assert proposed == (Span(4, 7, "PNAME", 0.5, "model x"),)
    assert noticed(dataset) == {"machine_labels": 1}


def test_relations_and_choices_are_counted(tmp_path: Path) -> None:
    dataset = read_records(tmp_path, TASK | {"relations": [{"head": 0, "child": 2}], "accept": ["a", "b"]})
    assert noticed(dataset) == {"unread_annotations": 3}


def test_a_span_whose_text_is_another_is_named(tmp_path: Path) -> None:
    dataset = read_records(tmp_path, TASK | {"spans": [{"start": 3, "end": 6, "label": "X", "text": "D90"}]})
    assert noticed(dataset) == {"wrong_span_texts": 1, "blank_edged_spans": 1}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"answer": "yes"}, "received the answer 'yes', not accept, reject or ignore"),
        ({"answer": ["accept"]}, "received the answer ['accept'], not accept, reject or ignore"),
        ({"spans": ["D90"]}, "received the span 'D90'"),
        ({"spans": {}, "tokens": 5}, "received tokens that are no list"),
        ({"spans": [{"start": 4, "label": "X"}]}, "received an entity from 4 to None, not whole numbers"),
        ({"spans": [{"token_start": 1, "token_end": 4, "label": "X"}]}, "received a span from token 1 to 4 of 4"),
        ({"tokens": [*TOKENS[:2], TOKENS[2] | {"end": 99}]}, "tokens that do not fit the text: one from 4 to 99"),
        ({"tokens": [TOKENS[1], TOKENS[0]]}, "tokens that do not fit the text: one from 0 to 1 after 3"),
        ({"tokens": [TOKENS[0] | {"start": 2, "end": 3}]}, "tokens that do not fit the text: 'A' where '🎉' stands"),
        ({"tokens": [{"text": "A"}]}, "received a token from None to None, not whole numbers"),
        ({"tokens": ["A"]}, "received the token 'A'"),
        ({"answer": None, "spans": [TASK["spans"][0] | {"score": "1"}]}, "received the score '1'"),
    ],
)
def test_what_is_wrong_with_a_task_is_said(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=r"corpus:2: expected a document as a JSON object, .*" + re.escape(message)):
        read_records(tmp_path, TASK, TASK | change)


VALID = [
    TASK,
    TASK | {"spans": [{"token_start": 0, "token_end": 1, "label": "X", "score": 0.5, "source": "x"}], "answer": None},
]


@in_one_folder
@given(data=st.data())
def test_damaged_records_raise_nothing_but_a_data_error(tmp_path: Path, data: st.DataObject) -> None:
    valid = data.draw(st.sampled_from(VALID))
    path = write_records(tmp_path, valid, data.draw(damaged(valid)))
    with contextlib.suppress(DataError):
        read(path, format="prodigy")


@in_one_folder
@given(
    drawn=st.lists(documents(may_be_proposed=True, has_tokens=True), min_size=1, max_size=3),
    ids=st.lists(strings(), min_size=3, max_size=3, unique=True),
)
def test_what_is_written_is_read_again(tmp_path: Path, drawn: list[Document], ids: list[str]) -> None:
    expected = tuple(replace(document, id=name) for document, name in zip(drawn, ids, strict=False))
    path = tmp_path / "corpus.jsonl"
    assert write(Dataset(expected), path, format="prodigy") == ()
    again = read(path)
    assert again.sources[0].format == "prodigy"
    assert again.documents == expected


def test_a_written_task_says_its_tokens_and_which_ones_a_span_covers(tmp_path: Path) -> None:
    document = Document(
        TEXT,
        (Span(0, 3, "X"), Span(4, 7, "PNAME"), Span(4, 6, "Y")),
        tokens=(Token(0, 1), Token(2, 3), Token(4, 7), Token(7, 8)),
    )
    write(Dataset((document,)), tmp_path / "corpus", format="prodigy")
    task = json.loads((tmp_path / "corpus").read_text("utf-8"))
    assert task["tokens"] == TOKENS
    assert task["answer"] == "accept"
    assert task["spans"] == [
        {"start": 0, "end": 3, "label": "X", "token_start": 0, "token_end": 1},
        {"start": 4, "end": 7, "label": "PNAME", "token_start": 2, "token_end": 2},
        {"start": 4, "end": 6, "label": "Y"},
    ]


def test_machine_labels_are_written_as_not_yet_answered(tmp_path: Path) -> None:
    document = Document("D90", (Span(0, 3, "PNAME", 0.5, "gazetteer cameras.txt:12"),))
    write(Dataset((document,)), tmp_path / "corpus", format="prodigy")
    task = json.loads((tmp_path / "corpus").read_text("utf-8"))
    assert "answer" not in task
    assert task["spans"][0]["source"] == "gazetteer cameras.txt:12"


def test_what_prodigy_has_no_place_for_is_said(tmp_path: Path) -> None:
    document = Document(
        "A D90",
        tokens=(Token(0, 1), Token(2, 5)),
        sentence_bounds=((0, 1), (1, 2)),
        columns={"POS": ("DT", "NN")},
        source_tags=("O", "I-X"),
    )
    lost = counts(write(Dataset((document,)), tmp_path / "corpus", format="prodigy"))
    assert lost == {"lost_sentences": 1, "lost_columns": 1, "lost_source_tags": 1}
