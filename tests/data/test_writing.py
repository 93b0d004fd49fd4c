import re
from pathlib import Path

import pytest

from tagloom.data import Dataset, read, write
from tagloom.errors import ConfigError, DataError
from tagloom.text import Document, Span, Token

ILL_FORMED = "a\tO\nb\tI-X\n\nc\tB-X\n\nd\tB-X\n\n"


@pytest.fixture
def ill_formed(tmp_path: Path) -> Dataset:
    path = tmp_path / "in.conll"
    path.write_text(ILL_FORMED, encoding="utf-8")
    return read(path)


def test_tags_that_break_their_scheme_are_written_as_they_were(ill_formed: Dataset, tmp_path: Path) -> None:
    write(ill_formed, tmp_path / "out.conll", format="conll")
    assert (tmp_path / "out.conll").read_text() == ILL_FORMED


def test_in_another_scheme_all_tags_come_from_spans(ill_formed: Dataset, tmp_path: Path) -> None:
    write(ill_formed, tmp_path / "out.conll", format="conll", scheme="BIOES")
    assert (tmp_path / "out.conll").read_text() == "a\tO\nb\tS-X\n\nc\tS-X\n\nd\tS-X\n\n"


def test_further_columns_and_names_are_written_where_all_have_them(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("sent_id,word,pos,tag\ns1,a,DT,O\ns1,b,NN,B-X\ns2,c,VB,O\n", encoding="utf-8")
    dataset = read(path)
    write(dataset, tmp_path / "out.csv", format="csv")
    write(dataset, tmp_path / "out.conll", format="conll")
    assert (tmp_path / "out.csv").read_bytes() == b"Sentence #,Word,pos,Tag\r\ns1,a,DT,O\r\n,b,NN,B-X\r\ns2,c,VB,O\r\n"
    assert (tmp_path / "out.conll").read_text() == "a\tDT\tO\nb\tNN\tB-X\n\nc\tVB\tO\n\n"


def test_a_column_that_a_later_sentence_lacks_or_adds_is_filled_or_lost_and_said(tmp_path: Path) -> None:
    lacking, adding = Document("b", id="2"), Document("c", id="3", tokens=(Token(0, 1),), columns={"lemma": ("c",)})
    dataset = Dataset((Document("a", id="1", tokens=(Token(0, 1),), columns={"pos": ("DT",)}), lacking, adding))
    findings = write(dataset, tmp_path / "mixed.conll", format="conll")
    assert (tmp_path / "mixed.conll").read_text() == "a\tDT\tO\n\nb\t_\tO\n\nc\t_\tO\n\n"
    counts = {finding.kind: (finding.count, finding.examples) for finding in findings}
    assert counts["filled_columns"] == (2, ("document 2: pos", "document 3: pos"))
    assert counts["lost_columns"] == (1, ("document 3: lemma",))


def test_documents_are_marked_where_one_has_several_sentences(tmp_path: Path) -> None:
    write(Dataset((Document("A b .\nC d ."), Document("E"))), tmp_path / "out.conll", format="conll")
    written = (tmp_path / "out.conll").read_text()
    assert written == "-DOCSTART-\tO\n\nA\tO\nb\tO\n.\tO\n\nC\tO\nd\tO\n.\tO\n\n-DOCSTART-\tO\n\nE\tO\n\n"
    assert [document.text for document in read(tmp_path / "out.conll").documents] == ["A b .\nC d .", "E"]


def test_a_text_that_is_not_words_and_blanks_is_kept_in_a_remark(tmp_path: Path) -> None:
    document = Document("A b. C\u00a0d.", (Span(5, 8, "X"),), "7")
    write(Dataset((document,)), tmp_path / "out.conll", format="conll")
    remark, *lines = (tmp_path / "out.conll").read_text().split("\n")
    assert remark == '# document = {"id": "7", "text": "A b. C\u00a0d."}'
    assert lines[:5] == ["", "A\tO", "b\tO", ".\tO", ""]
    (again,) = read(tmp_path / "out.conll").documents
    assert (again.id, again.text, again.spans) == ("7", document.text, document.spans)


def test_words_that_would_be_found_elsewhere_keep_their_places(tmp_path: Path) -> None:
    document = Document("a b a c", (Span(4, 5, "X"),), tokens=(Token(4, 5), Token(6, 7)))
    write(Dataset((document,)), tmp_path / "out.conll", format="conll")
    (again,) = read(tmp_path / "out.conll").documents
    assert (again.text, again.tokens, again.spans) == (document.text, document.tokens, document.spans)


@pytest.mark.parametrize(
    "remark", ['{"id": "7", "text": "a c"}', '{"id": 7}', "{}", "{x}", '{"id": "", "text": "a", "tokens": [1]}']
)
def test_a_remark_that_does_not_fit_its_words_is_refused(tmp_path: Path, remark: str) -> None:
    path = tmp_path / "in.conll"
    path.write_text(f"# document = {remark}\na\tO\nb\tO\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"in\.conll:[12]: expected .*own text"):
        read(path)


def test_spans_that_tags_cannot_say_are_told(tmp_path: Path) -> None:
    dataset = Dataset((Document("a b", (Span(0, 3, "X"), Span(2, 3, "Y")), "1", tokens=(Token(0, 1), Token(2, 3))),))
    findings = write(dataset, tmp_path / "a.txt", tmp_path / "a.tags", format="two_files")
    assert [(finding.kind, finding.count, finding.examples) for finding in findings] == [
        ("lost_overlaps", 1, ("document 1",))
    ]
    assert (tmp_path / "a.tags").read_text() == "B-X I-X\n"


def test_a_mark_that_is_text_stays(tmp_path: Path) -> None:
    dataset = Dataset((Document("\ufeffa", tokens=(Token(0, 2),)),))
    write(dataset, tmp_path / "a.txt", tmp_path / "a.tags", format="two_files")
    assert read(tmp_path / "a.txt", tmp_path / "a.tags").documents[0].text == "\ufeffa"


@pytest.mark.parametrize(
    ("word", "format_name", "message"),
    [
        (
            "New York",
            "two_files",
            "document '7': 'New York' holds a blank or control character that this format has no",
        ),
        ("a\tb", "conll", "document '7': 'a\\tb' holds a blank or control character"),
        ("-DOCSTART-", "conll", "document '7': the word -DOCSTART- marks a document here. Write json_lines."),
        ("a\ud83cb", "csv", "expected Unicode text, received half of a surrogate pair in "),
    ],
)
def test_what_a_format_cannot_hold_is_refused(tmp_path: Path, word: str, format_name: str, message: str) -> None:
    dataset = Dataset((Document(word, id="7", tokens=(Token(0, len(word)),)),))
    paths = [tmp_path / "a", tmp_path / "b"][: 2 if format_name == "two_files" else 1]
    with pytest.raises(DataError, match=re.escape(message)):
        write(dataset, *paths, format=format_name)
    assert list(tmp_path.iterdir()) == []


def test_the_paths_must_be_as_many_as_the_format_has_files(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"two_files: expected 2 paths \(a file of sentences .*\), received 1\."):
        write(Dataset(), tmp_path / "a", format="two_files")
