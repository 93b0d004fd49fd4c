import re
from pathlib import Path

import pytest

from tagloom.data import Dataset, read
from tagloom.errors import ConfigError, DataError
from tagloom.text import Span

KAGGLE = 'Sentence #,Word,POS,Tag\r\nSentence: 1,In,IN,O\r\n,Iraq,NNP,B-geo\r\n,",",",",O\r\nSentence: 2,None,NN,O\r\n'


def read_table(folder: Path, content: str, *, name: str = "corpus.csv") -> Dataset:
    path = folder / name
    path.write_bytes(content.encode())
    return read(path)


def words(dataset: Dataset) -> list[list[str]]:
    return [sentence.words for sentence in dataset.sentences()]


def test_a_name_on_the_first_row_begins_a_sentence(tmp_path: Path) -> None:
    dataset = read_table(tmp_path, KAGGLE)
    assert words(dataset) == [["In", "Iraq", ","], ["None"]]
    assert [document.id for document in dataset.documents] == ["Sentence: 1", "Sentence: 2"]
    assert dataset.documents[0].spans == (Span(3, 7, "geo"),)
    assert dataset.documents[0].columns == {"POS": ("IN", "NNP", ",")}
    assert (dataset.sources[0].format, dataset.sources[0].scheme) == ("csv", "BIO")


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_name_on_every_row_is_read_with_any_delimiter(tmp_path: Path, delimiter: str) -> None:
    rows = ["sentence_id,token,ner_tag", "1,In,O", "1,Iraq,B-geo", "2,Then,O", "2,left,O"]
    dataset = read_table(tmp_path, "\n".join(rows).replace(",", delimiter) + "\n")
    assert words(dataset) == [["In", "Iraq"], ["Then", "left"]]


@pytest.mark.parametrize(
    "header",
    [
        "Sentence #,Word,Tag",
        "Sentence_id,word,tag",
        "SENTENCE,Token,NER",
        "sent_id,tokens,label",
        '"Sentence #","Word","NER tag"',
    ],
)
def test_columns_are_known_by_their_usual_names(tmp_path: Path, header: str) -> None:
    assert words(read_table(tmp_path, f"{header}\n1,a,O\n1,b,B-X\n")) == [["a", "b"]]


def test_columns_may_be_told_by_name_or_place(tmp_path: Path) -> None:
    path = tmp_path / "corpus.csv"
    path.write_text("no,text,word,gold,tag\n1,a,x,B-X,O\n", encoding="utf-8")
    told = read(path, columns={"sentence": 0, "word": "Text", "tag": -2})
    assert (words(told), told.entities) == ([["a"]], {"X": 1})
    assert told.documents[0].columns == {"word": ("x",), "tag": ("O",)}
    with pytest.raises(ConfigError, match="expected three different columns"):
        read(path, columns={"sentence": 1, "word": 1})


def test_columns_without_a_name_of_their_own_are_called_by_their_place(tmp_path: Path) -> None:
    dataset = read_table(tmp_path, ",sentence,word,x,x,tag\n0,1,a,p,q,O\n")
    assert dataset.documents[0].columns == {"column 1": ("0",), "column 4": ("p",), "column 5": ("q",)}


def test_a_quote_is_a_word_where_a_tsv_does_not_quote(tmp_path: Path) -> None:
    plain = 'sent_id\tword\ttag\n1\t"\tO\n1\ta\tB-X\n'
    quoted = 'sent_id\tword\ttag\n1\t""""\tO\n1\ta\tB-X\n'
    assert words(read_table(tmp_path, plain)) == words(read_table(tmp_path, quoted)) == [['"', "a"]]


def test_words_keep_blanks_line_ends_and_control_characters(tmp_path: Path) -> None:
    dataset = read_table(tmp_path, 'sent_id,word,tag\n1,New York,B-X\n1,"a\nb",O\n1,\u0085,O\n')
    assert words(dataset) == [["New York", "a\nb", "\u0085"]]
    assert dataset.documents[0].spans == (Span(0, 8, "X"),)


def test_rows_without_a_word_are_left_out_and_counted(tmp_path: Path) -> None:
    dataset = read_table(tmp_path, "sent_id,word,pos,tag\n1,a,x,O\n1,,y,B-X\n1,b,z,O\n2,,x,O\n\n")
    assert words(dataset) == [["a", "b"]]
    assert dataset.documents[0].columns == {"pos": ("x", "z")}
    assert dataset.sources[0].count("empty_words") == 2
    assert dataset.sources[0].findings[0].examples == ("corpus.csv:3", "corpus.csv:5")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "Sentence #,Word,POS\n1,a,NN\n",
            "corpus.csv:1: expected a sentence, a word and a tag column, found 'Sentence #', 'Word', 'POS': "
            "none is the tag column. Name it in the first row, or say which one it is (columns: tag=NAME).",
        ),
        (
            "lemma;pos;tag\na;NN;O\n",
            "corpus.csv:1: expected a sentence, a word and a tag column, found 'lemma', 'pos', 'tag': none is the "
            "sentence or the word column. Name it in the first row, or say which one it is "
            "(columns: sentence=NAME, word=NAME).",
        ),
        (
            "sent_id,word,tag\n1,a,O\n1,b,c,O\n",
            "corpus.csv:3: expected 3 columns, as in the first row, received 4. Correct the row, or put quotes round "
            "the delimiters in it.",
        ),
        (
            'sent_id,word,tag\n1,"a\nb",O\n1,c,per\n',
            "corpus.csv:4: expected O or a tag such as B-NAME (prefixes B, I, E, S, L, U), received 'per'. "
            "Correct the tag.",
        ),
        (
            'sent_id,word,tag\n1,"a,O\n1,b,O\n',
            "corpus.csv:3: expected a row of a table, received one that cannot be read (unexpected end of data). "
            "Correct its quotes and line end.",
        ),
        (
            "sent_id,word,tag\n1,a\rb,O\n",
            "corpus.csv:2: expected a row of a table, received one that cannot be read (new-line character seen in "
            "unquoted field). Correct its quotes and line end.",
        ),
        (
            "sent_id,word,tag\n",
            "corpus.csv: expected labelled sentences, found none. Give a file that holds some.",
        ),
    ],
)
def test_what_is_wrong_with_a_table_is_said(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message) + "$"):
        read_table(tmp_path, content)


@pytest.mark.parametrize(("column", "told"), [("Nope", "'Nope' for the sentence"), (7, "7 for the sentence")])
def test_a_column_that_there_is_not_is_named(tmp_path: Path, column: str | int, told: str) -> None:
    (tmp_path / "a.csv").write_text("sentence,word,tag\n1,a,O\n", encoding="utf-8")
    with pytest.raises(DataError, match=rf"a\.csv:1: expected the column {told}, found 'sentence', 'word', 'tag'"):
        read(tmp_path / "a.csv", columns={"sentence": column})
