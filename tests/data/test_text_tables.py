"""Tables with a text a row come in as unlabelled documents; what they say besides is metadata."""

from pathlib import Path

import pytest

from tagloom.data import Dataset, Source, read, write
from tagloom.errors import DataError
from tagloom.text import Document, Span

REVIEWS = 'ID;Stars;Review Text\nr1;5;"A D90; it\n""works""."\n\nr2;;Ｄ９０は良い\nr3;1; \n'


def written(folder: Path, content: str, name: str = "reviews.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8", newline="")
    return path


def test_a_row_is_a_document_with_its_name_and_all_else_as_metadata(tmp_path: Path) -> None:
    dataset = read(written(tmp_path, REVIEWS))
    assert dataset.documents == (
        Document('A D90; it\n"works".', id="r1", metadata={"Stars": "5"}),
        Document("Ｄ９０は良い", id="r2"),
    )
    (source,) = dataset.sources
    assert source.format == "text_table"
    assert [(finding.kind, finding.examples) for finding in source.findings] == [
        ("blank_sentences", ("reviews.csv:6",))
    ]


@pytest.mark.parametrize("content", ["text\nA D90\nB\n", '"text"\n"A D90"\n"B"\n'])
def test_a_table_of_texts_alone_is_one_where_its_name_says_so(tmp_path: Path, content: str) -> None:
    assert [document.text for document in read(written(tmp_path, content)).documents] == ["A D90", "B"]
    with pytest.raises(DataError, match="expected one of"):
        read(written(tmp_path, content, "reviews.dat"))


@pytest.mark.parametrize("column", ["Body", 1, -1])
def test_the_text_may_be_in_a_column_that_the_caller_names(tmp_path: Path, column: str | int) -> None:
    path = written(tmp_path, "what,body\ntag,A D90\n")
    assert read(path, columns={"text": column}).documents == (Document("A D90", id="1", metadata={"what": "tag"}),)


def test_a_table_without_a_text_is_refused_with_what_it_has(tmp_path: Path) -> None:
    path = written(tmp_path, "stars,shop\n5,ours\n")
    with pytest.raises(DataError, match=r"expected one of.*a CSV or TSV table with a text column"):
        read(path)
    with pytest.raises(DataError, match=r"reviews.csv:1: expected a column with the text, found 'stars', 'shop'"):
        read(path, format="text_table")


def test_a_row_of_another_width_is_refused_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, "text,stars\nA D90,5\nA, B,4\n")
    with pytest.raises(DataError, match=r"reviews.csv:3: expected 2 columns, as in the first row, received 3"):
        read(path)


def test_a_table_with_words_is_no_table_of_texts(tmp_path: Path) -> None:
    dataset = read(written(tmp_path, "sentence,word,tag,text\n1,A,O,x\n1,D90,B-PNAME,y\n"))
    assert [document.text for document in dataset.documents] == ["A D90"]


def test_what_is_written_is_read_again_without_spans_and_further_fields(tmp_path: Path) -> None:
    documents = (
        Document("A D90,\nnow", (Span(2, 5, "PNAME"),), id="a", metadata={"stars": "5"}),
        Document("", id="b"),
        Document("B", id="c", metadata={"shop": "ours"}),
    )
    path = tmp_path / "reviews.csv"
    findings = write(Dataset(documents, (Source((), "json_lines"),)), path, format="text_table")
    assert {(finding.kind, finding.count) for finding in findings} == {
        ("lost_spans", 1),
        ("lost_documents", 1),
        ("lost_metadata", 1),
    }
    assert read(path).documents == (
        Document("A D90,\nnow", id="a", metadata={"stars": "5"}),
        Document("B", id="c"),
    )
