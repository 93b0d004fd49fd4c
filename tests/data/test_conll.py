import re
from pathlib import Path

import pytest

from tagloom.data import Dataset, read
from tagloom.errors import ConfigError, DataError
from tagloom.text import Span


def read_conll(folder: Path, content: str) -> Dataset:
    path = folder / "corpus.conll"
    path.write_bytes(content.encode())
    return read(path)


def words(dataset: Dataset) -> list[list[str]]:
    return [sentence.words for sentence in dataset.sentences()]


@pytest.mark.parametrize("blank", ["", "\t", " \t "])
@pytest.mark.parametrize("separator", ["\t", " ", "   "])
def test_blank_lines_end_a_sentence(tmp_path: Path, separator: str, blank: str) -> None:
    content = f"In O\nIraq B-geo\n{blank}\n{blank}\nThen O\n".replace(" ", separator)
    dataset = read_conll(tmp_path, content)
    assert words(dataset) == [["In", "Iraq"], ["Then"]]
    assert dataset.documents[0].spans == (Span(3, 7, "geo"),)
    assert [document.id for document in dataset.documents] == ["1", "2"]
    assert dataset.sources[0].format == "conll"


def test_columns_between_the_word_and_the_tag_are_kept(tmp_path: Path) -> None:
    dataset = read_conll(tmp_path, "EU NNP I-NP I-ORG\nrejects VBZ I-VP O\n")
    assert dataset.documents[0].columns == {"column 2": ("NNP", "VBZ"), "column 3": ("I-NP", "I-VP")}
    assert dataset.documents[0].spans == (Span(0, 2, "ORG"),)


def test_words_and_tags_may_be_told_to_stand_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "corpus.conll"
    path.write_text("1\tIraq\tB-geo\tx\n2\tfell\tO\ty\n", encoding="utf-8")
    dataset = read(path, columns={"word": 1, "tag": 2})
    assert (words(dataset), dataset.entities) == ([["Iraq", "fell"]], {"geo": 1})
    with pytest.raises(ConfigError, match=r"columns: expected a number from -4 to 3 for the tag, .* received 9"):
        read(path, format="conll", columns={"tag": 9})
    with pytest.raises(ConfigError, match="expected the tag in another column than the word"):
        read(path, format="conll", columns={"word": -2})


def test_iob1_is_recognised(tmp_path: Path) -> None:
    dataset = read_conll(tmp_path, "a I-PER\nb I-PER\nc B-PER\nd O\n\ne I-ORG\n")
    assert dataset.sources[0].scheme == "IOB1"
    assert [span.label for document in dataset.documents for span in document.spans] == ["PER", "PER", "ORG"]
    assert dataset.sources[0].findings == ()


def test_docstart_lines_begin_documents(tmp_path: Path) -> None:
    content = "-DOCSTART- -X- O\n\na x B-X\n\nb x O\nc x I-X\n\n-DOCSTART- -X- O\n\nd x O\n"
    dataset = read_conll(tmp_path, content)
    first, second = dataset.documents
    assert (first.text, first.sentence_bounds, first.id) == ("a\nb c", ((0, 1), (1, 3)), "1")
    assert first.spans == (Span(0, 1, "X"), Span(4, 5, "X"))
    assert first.source_tags == ("B-X", "O", "I-X")
    assert first.columns == {"column 2": ("x", "x", "x")}
    assert (second.text, second.sentence_bounds) == ("d", None)
    assert (dataset.sources[0].num_documents, dataset.sources[0].num_sentences) == (2, 3)


def test_each_sentence_before_the_first_docstart_is_a_document(tmp_path: Path) -> None:
    dataset = read_conll(tmp_path, "a O\n\nb O\n-DOCSTART- O\nc O\n\nd O\n")
    assert [document.text for document in dataset.documents] == ["a", "b", "c\nd"]


def test_spans_do_not_go_on_into_the_next_sentence_of_a_document(tmp_path: Path) -> None:
    dataset = read_conll(tmp_path, "-DOCSTART- O\na B-X\n\nb I-X\n")
    assert len(dataset.documents[0].spans) == 2


@pytest.mark.parametrize("separator", ["\t", " "])
def test_a_remark_is_left_out_and_a_hash_that_has_a_tag_is_a_word(tmp_path: Path, separator: str) -> None:
    lines = [
        "# sent_id = 1",
        "# remark",
        f"#{separator}O",
        f"#Iraq{separator}B-X",
        "# a remark more",
        f"fell{separator}O",
    ]
    content = "\n".join(lines)
    assert words(read_conll(tmp_path, content)) == [["#", "#Iraq", "fell"]]


def test_lines_end_at_newlines_alone(tmp_path: Path) -> None:
    dataset = read_conll(tmp_path, "\u0085\tO\r\na\u2028b\tB-X\r\n\r\n\u00a0\tO\r")
    assert words(dataset) == [["\u0085", "a\u2028b"], ["\u00a0"]]


def test_rows_without_a_word_are_left_out_and_counted(tmp_path: Path) -> None:
    dataset = read_conll(tmp_path, "a\tO\n\tB-X\nb\tO\n")
    assert words(dataset) == [["a", "b"]]
    assert dataset.sources[0].findings[0].examples == ("corpus.conll:2",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "a\tO\n\nb\tx\tO\n",
            "corpus.conll:3: expected 2 columns, as in most lines, received 3 in 'b\\tx\\tO'. Correct the line.",
        ),
        (
            "a\nb O\nc B-X\n",
            "corpus.conll:1: expected 2 columns, as in most lines, received 1 in 'a'. Correct the line.",
        ),
        (
            "a\tO\n# remark\nb\tO\nc\tX-PER\n",
            "corpus.conll:4: expected O or a tag such as B-NAME (prefixes B, I, E, S, L, U), received 'X-PER'. "
            "Correct the tag.",
        ),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message) + "$"):
        read_conll(tmp_path, content)


def test_words_alone_are_no_columns(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("a\nb\n", encoding="utf-8")
    with pytest.raises(DataError, match="expected at least 2 columns, a word and its tag, received 'a'"):
        read(path, format="conll")


def test_columns_that_the_file_has_not_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text("D90\tNN\tB-PNAME\n")
    with pytest.raises(ConfigError, match="columns: expected a number from -3 to 2 for the tag"):
        read(path, columns={"tag": 7})
