import json
import re
from pathlib import Path
from typing import Any

import pytest

from tagloom.data import Dataset, read, write
from tagloom.errors import DataError
from tagloom.text import Document, Span, Token

DOCUMENT = Document(
    text="A D90.\nIt 🎉 works",
    spans=(Span(0, 5, "OUTER"), Span(2, 5, "PNAME", 0.5)),
    id="review 7",
    metadata={"camera": "nikon"},
    tokens=(Token(0, 1), Token(2, 5), Token(5, 6), Token(7, 9), Token(10, 11), Token(12, 17)),
    sentence_bounds=((0, 3), (3, 6)),
    source_tags=("O", "I-PNAME", "O", "O", "O", "O"),
    columns={"POS": ("DT", "NN", ".", "PRP", "SYM", "VBZ")},
)


def read_lines(folder: Path, *values: Any) -> Dataset:
    path = folder / "corpus.jsonl"
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return read(path)


def test_all_that_a_document_holds_comes_back(tmp_path: Path) -> None:
    documents = (DOCUMENT, Document("untokenised", (Span(0, 2, "X"),), "2"), Document("", id="3"))
    write(Dataset(documents), tmp_path / "corpus.jsonl", format="json_lines")
    dataset = read(tmp_path / "corpus.jsonl")
    assert dataset.documents == documents
    (source,) = dataset.sources
    assert (source.format, source.scheme, source.num_documents) == ("json_lines", None, 3)
    assert (source.num_sentences, source.num_tokens) == (2, 6)


def test_a_document_without_an_id_is_called_by_its_line(tmp_path: Path) -> None:
    dataset = read_lines(tmp_path, {"text": "a", "entities": []}, {"text": "b", "entities": []})
    assert [document.id for document in dataset.documents] == ["1", "2"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": 5}, "received the text 5, not a string"),
        ({"entities": {}}, "received entities that are no list"),
        ({"entities": [[0, 1]]}, "received the entity [0, 1]"),
        (
            {"entities": [{"start": True, "end": 2, "label": "X"}]},
            "received an entity from True to 2, not whole numbers",
        ),
        ({"entities": [{"start": 0, "end": 1}]}, "received the label None, not a string"),
        ({"entities": [{"start": 0, "end": 1, "label": "X", "score": "1"}]}, "received the score '1'"),
        ({"id": 7.5}, "received the id 7.5, not a string"),
        ({"tokens": [[0, 1], [1]]}, "received tokens that are not pairs"),
        ({"tokens": [[0, 1], [3, 9]]}, "received tokens that do not rise from 0 to 5"),
        ({"tokens": [[2, 5], [0, 1]]}, "received tokens that do not rise from 0 to 5"),
        ({"tokens": [[0, 1.5]]}, "received tokens that do not rise from 0 to 5"),
        (
            {"tokens": [[0, 1], [2, 5]], "sentences": [[0, 1]]},
            "received sentences that do not cover all 2 tokens one after the other",
        ),
        ({"tokens": [[0, 1]], "source_tags": []}, "received source_tags that are not 1 strings, one a token"),
        ({"columns": {"POS": [1]}, "tokens": [[0, 1]]}, "received column 'POS' that are not 1 strings, one a token"),
        ({"metadata": ["x"]}, "received metadata that are no object"),
        ({"text": "\ud83c five"}, "'utf-8' codec can't encode character '\\ud83c'"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    good = {"text": "A D90", "entities": []}
    with pytest.raises(
        DataError, match=r"corpus\.jsonl:2: expected a document as a JSON object, " + re.escape(message)
    ):
        read_lines(tmp_path, good, good | change)


def test_a_line_that_is_no_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text('{"text": "a", "entities": []}\n{"text": \n', encoding="utf-8")
    with pytest.raises(DataError, match=r"corpus\.jsonl:2: .* Correct the line\."):
        read(path)


def test_an_empty_label_is_refused_with_its_line(tmp_path: Path) -> None:
    wrong = {"text": "D90", "entities": [{"start": 0, "end": 3, "label": ""}]}
    with pytest.raises(DataError, match=r"corpus\.jsonl:2: .* received an entity from 0 to 3 with an empty label"):
        read_lines(tmp_path, {"text": "fine", "entities": []}, wrong)
