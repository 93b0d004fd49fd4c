import re
from pathlib import Path

import pytest

from tagloom.data import Dataset, read
from tagloom.errors import DataError
from tagloom.text import Span, Token

SENTENCES = "the canon g3 rocks\nit works\n"
TAGS = "O B-PNAME I-PNAME O\nO O\n"


def write(folder: Path, sentences: str, tags: str) -> tuple[Path, Path]:
    paths = folder / "reviews.txt", folder / "reviews.tags.txt"
    for path, content in zip(paths, (sentences, tags), strict=True):
        path.write_bytes(content.encode())
    return paths


def read_pair(folder: Path, sentences: str, tags: str) -> Dataset:
    return read(*write(folder, sentences, tags))


def test_a_line_is_a_document_with_tokens_and_spans(tmp_path: Path) -> None:
    dataset = read_pair(tmp_path, SENTENCES, TAGS)
    first = dataset.documents[0]
    assert [document.text for document in dataset.documents] == ["the canon g3 rocks", "it works"]
    assert first.spans == (Span(4, 12, "PNAME"),)
    assert first.tokens == (Token(0, 3), Token(4, 9), Token(10, 12), Token(13, 18))
    assert (first.id, first.source_tags, first.sentence_bounds) == ("1", None, None)


def test_its_source_says_what_was_read(tmp_path: Path) -> None:
    (source,) = read_pair(tmp_path, SENTENCES, TAGS).sources
    assert (source.format, source.scheme, source.encoding) == ("two_files", "BIO", "utf-8")
    assert (source.num_documents, source.num_sentences, source.num_tokens) == (2, 2, 6)
    assert [file.name for file in source.files] == ["reviews.txt", "reviews.tags.txt"]


def test_the_file_of_tags_may_come_first(tmp_path: Path) -> None:
    sentences, tags = write(tmp_path, SENTENCES, TAGS)
    assert read(tags, sentences).documents == read(sentences, tags).documents


def test_several_pairs_are_read_one_after_the_other(tmp_path: Path) -> None:
    pair = write(tmp_path, SENTENCES, TAGS)
    dataset = read(*pair, *pair)
    assert (len(dataset), len(dataset.sources)) == (4, 2)


def test_lines_blank_in_both_are_left_out_and_counted(tmp_path: Path) -> None:
    dataset = read_pair(tmp_path, "a b\n\n \t\nc\n\n", "O O\n\n\nB-X\n")
    assert [document.text for document in dataset.documents] == ["a b", "c"]
    assert dataset.sources[0].count("blank_sentences") == 3
    assert dataset.sources[0].findings[0].examples == ("reviews.tags.txt:2", "reviews.tags.txt:3", "reviews.tags.txt:5")


def test_words_are_parted_by_runs_of_blanks_and_tabs_alone(tmp_path: Path) -> None:
    dataset = read_pair(tmp_path, " a\t b\u00a0c  \u0085 d\u2028e\r\n", "O O\tO B-X\r\n")
    assert dataset.sentences()[0].words == ["a", "b\u00a0c", "\u0085", "d\u2028e"]


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        (
            "O O\nO O O O\n",
            "reviews.tags.txt:2: expected 5 tags for 5 words, received 4. "
            "Add the missing tag or remove the sentence from both files.",
        ),
        (
            "O O\nO O O O O B-X B-X\n",
            "reviews.tags.txt:2: expected 5 tags for 5 words, received 7. "
            "Remove the extra tags or remove the sentence from both files.",
        ),
        (
            "O O\n",
            "reviews.tags.txt:2: expected 5 tags for 5 words, received 0 "
            "(FOLDER/reviews.txt has 2 lines, FOLDER/reviews.tags.txt 1). "
            "Add the missing tags or remove the sentence from both files.",
        ),
        (
            "O O\nO O B_X O O\n",
            "reviews.tags.txt:2: expected O or a tag such as B-NAME (prefixes B, I, E, S, L, U), received 'B_X'. "
            "Correct the tag.",
        ),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, tags: str, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message.replace("FOLDER", str(tmp_path))) + "$"):
        read_pair(tmp_path, "a b\nc d e f g\n", tags)


def test_tags_that_break_the_scheme_are_counted_and_kept(tmp_path: Path) -> None:
    well_formed = "O B-X\n" * 4
    dataset = read_pair(tmp_path, "a b\n" * 6, f"{well_formed}O I-X\nI-X I-Y\n")
    (source,) = dataset.sources
    assert [document.source_tags for document in dataset.documents[3:]] == [None, ("O", "I-X"), ("I-X", "I-Y")]
    assert [len(document.spans) for document in dataset.documents[3:]] == [1, 1, 2]
    assert (source.scheme, source.count("ill_formed_tags")) == ("BIO", 3)
    assert source.findings[0].examples == (
        "reviews.tags.txt:5: I-X after O at word 2",
        "reviews.tags.txt:6: I-X after the beginning at word 1",
        "reviews.tags.txt:6: I-Y after I-X at word 2",
    )


def test_the_scheme_may_be_said(tmp_path: Path) -> None:
    paths = write(tmp_path, "a b\n", "I-X I-X\n")
    assert read(*paths).sources[0].scheme == "IOB1"
    forced = read(*paths, scheme="IOB2")
    assert (forced.sources[0].scheme, forced.sources[0].count("ill_formed_tags")) == ("BIO", 1)
    assert forced.documents[0].spans == (Span(0, 3, "X"),)


def test_one_file_of_the_two_is_not_enough(tmp_path: Path) -> None:
    sentences, tags = write(tmp_path, SENTENCES, TAGS)
    with pytest.raises(DataError, match=r"reviews\.txt: expected 2 files, .*, received one\. Give both"):
        read(sentences, format="two_files")
    with pytest.raises(DataError, match=r"reviews\.tags\.txt: "):
        read(tags)


def test_two_files_of_columns_are_no_pair(tmp_path: Path) -> None:
    words = "\n".join(f"word{number}\tO" for number in range(20))
    paths = write(tmp_path, f"{words}\nO\tO\n", f"{words}\nD90\tB-X\n")
    dataset = read(*paths)
    assert [source.format for source in dataset.sources] == ["conll", "conll"]
    assert [len(sentence.words) for sentence in dataset.sentences()] == [21, 21]


def test_wrong_tags_among_many_are_still_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"reviews\.tags\.txt:39: expected O or a tag such as B-NAME"):
        read_pair(tmp_path, "a\n" * 40, "O\n" * 38 + "wrong\n" * 2)
