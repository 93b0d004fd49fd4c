"""Files of word vectors, whatever their format, give their words' numbers, the first time and later."""

import bz2
import gzip
import itertools
import json
import lzma
import os
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagloom.embeddings.cache import cache_folder
from tagloom.embeddings.vectors import opening
from tagloom.embeddings.vectors.opening import looks_like_vectors, open_vectors
from tagloom.errors import DataError
from vector_files import VECTORS, WIDTH, fasttext, glove, word2vec_binary, word2vec_text, zipped

_ages = itertools.count(1)

WRITERS: dict[str, Callable[[Path], Path]] = {
    "glove": glove,
    "word2vec text": word2vec_text,
    "word2vec binary": word2vec_binary,
    "glove.gz": lambda path: zipped(glove(path)),
    "word2vec binary.gz": lambda path: zipped(word2vec_binary(path)),
}


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where what is read is kept."""
    monkeypatch.setenv("TAGLOOM_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept" / "vectors"


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_every_format_gives_the_words_and_their_numbers(write: Callable[[Path], Path], tmp_path: Path) -> None:
    path = write(tmp_path / "some.vectors")
    for _ in range(2):  # read, then mapped
        file = open_vectors(path)
        assert (file.width, file.num_words, file.name) == (WIDTH, len(VECTORS), path.name)
        assert file.first_words(3) == ["the", "Nikon", "nikon"]
        assert file.first_words(100) == list(VECTORS)
        is_found, vectors = file.look_up([*VECTORS, "NIKON", "", "th", "the ", "\ud800"])
        assert is_found.tolist() == [True] * len(VECTORS) + [False] * 5
        np.testing.assert_array_equal(vectors, np.array(list(VECTORS.values()), np.float32))


def test_nothing_asked_is_nothing_found(tmp_path: Path) -> None:
    is_found, vectors = open_vectors(glove(tmp_path / "some.txt")).look_up([])
    assert is_found.shape == (0,)
    assert vectors.shape == (0, WIDTH)


def test_what_is_kept_is_read_anew_only_where_the_file_has_changed(tmp_path: Path, kept: Path) -> None:
    path = glove(tmp_path / "some.txt")
    open_vectors(path)
    (folder,) = kept.iterdir()
    before = (folder / "values.bin").stat().st_mtime_ns
    open_vectors(path)
    assert (folder / "values.bin").stat().st_mtime_ns == before
    glove(path, {"other": (1.0, 2.0, 3.0)})
    assert open_vectors(path).first_words(9) == ["other"]
    (newer,) = kept.iterdir()  # what was kept of the file as it was is gone
    assert newer != folder


def test_a_reading_that_failed_keeps_nothing(tmp_path: Path, kept: Path) -> None:
    path = tmp_path / "some.txt"
    path.write_text("a 1 2 3\nb 1 2\n")
    for _ in range(2):
        with pytest.raises(DataError):
            open_vectors(path)
    assert list(kept.iterdir()) == []


def test_of_a_word_that_stands_there_twice_the_first_counts(tmp_path: Path) -> None:
    path = tmp_path / "some.txt"
    path.write_text("a 1 2\nb 3 4\na 5 6\n")
    _, vectors = open_vectors(path).look_up(["a", "b"])
    assert vectors.tolist() == [[1, 2], [3, 4]]


def test_words_may_hold_blanks_as_some_of_glove_do(tmp_path: Path) -> None:
    path = tmp_path / "some.txt"
    path.write_text(". . . 1 2\nat name@domain.com 3 4\n1/2 5 6\n7 7 8\n")
    with pytest.raises(
        DataError, match=r"some.txt:1: expected a word and its numbers"
    ):  # no line before tells the width
        open_vectors(path)
    path.write_text("the 9 9\n. . . 1 2\nat name@domain.com 3 4\n1/2 5 6\n7 7 8\n")
    is_found, vectors = open_vectors(path).look_up([". . .", "at name@domain.com", "1/2", "7"])
    assert is_found.all()
    assert vectors.tolist() == [[1, 2], [3, 4], [5, 6], [7, 8]]


def test_a_word_that_is_no_utf_8_is_kept_and_never_found(tmp_path: Path) -> None:
    path = tmp_path / "some.txt"
    path.write_bytes(b"a 1 2\n\xff\xfe 3 4\nb 5 6\n")
    file = open_vectors(path)
    assert (file.num_words, file.first_words(9)) == (3, ["a", "b"])
    assert file.look_up(["b", "\ufffd\ufffd"])[0].tolist() == [True, False]


def test_line_ends_of_other_systems_belong_to_no_word(tmp_path: Path) -> None:
    path = tmp_path / "some.txt"
    path.write_bytes(b"a 1 2\r\nb\t3\t4\r\n")
    assert open_vectors(path).look_up(["a", "b"])[1].tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("write", [glove, word2vec_text])
def test_a_mark_of_utf_8_belongs_to_no_word(write: Callable[[Path], Path], tmp_path: Path) -> None:
    path = write(tmp_path / "some.txt")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert open_vectors(path).first_words(100) == list(VECTORS)
    assert looks_like_vectors(path)


@pytest.mark.parametrize("write", [glove, word2vec_text])
def test_blank_lines_at_the_end_are_no_words(write: Callable[[Path], Path], tmp_path: Path) -> None:
    path = write(tmp_path / "some.txt")
    path.write_bytes(path.read_bytes() + b"\n \r\n\n")
    assert open_vectors(path).first_words(100) == list(VECTORS)


@pytest.mark.parametrize("word", ["a", "\x01", "a\x1bb", "\x7f", "日 本"])
def test_text_is_text_whatever_its_words_are(word: str, tmp_path: Path) -> None:
    path = word2vec_text(tmp_path / "some.txt", {word: VECTORS["the"], "b\x02": VECTORS["the"]})
    assert open_vectors(path).first_words(9) == [word, "b\x02"]


@pytest.mark.parametrize("end", [b"", b"\n"])
@pytest.mark.parametrize("number", [0.1, 0.0, -1.0, 12345.0, 1e-9])
def test_bytes_are_bytes_however_few_there_are(number: float, end: bytes, tmp_path: Path) -> None:
    path = tmp_path / "some.bin"
    path.write_bytes(b"1 3\na " + 3 * struct.pack("<f", number) + end)
    _, vectors = open_vectors(path).look_up(["a"])
    assert vectors.tolist() == [[pytest.approx(number)] * 3]


def test_bytes_that_spell_a_number_and_a_line_end_are_bytes(tmp_path: Path) -> None:
    path = tmp_path / "some.bin"
    path.write_bytes(b"1 3\na " + b"5\n\x80\x3f" * 3)
    _, vectors = open_vectors(path).look_up(["a"])
    assert vectors.tolist() == [[pytest.approx(1.0, abs=1e-3)] * 3]


@given(
    words=st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Zs", "Cc"], exclude_characters="\ufeff"), min_size=1),
        min_size=1,
        unique=True,
    )
)
def test_any_words_are_found_again(words: list[str]) -> None:
    path = cache_folder().parent / "drawn.txt"
    glove(path, {word: (float(number), 0.0, 1.0) for number, word in enumerate(words)})
    os.utime(path, ns=(next(_ages),) * 2)
    is_found, vectors = open_vectors(path).look_up(words)
    assert is_found.all()
    assert vectors[:, 0].tolist() == list(range(len(words)))


def test_the_cut_of_glove_gives_what_its_text_says(shared_data: Path) -> None:
    path = shared_data / "glove_cut" / "glove.6B.100d.txt"
    lines = path.read_text("utf-8").split("\n")[:-1]
    expected = {line.split(" ")[0]: line.split(" ")[1:] for line in lines}
    file = open_vectors(path)
    assert (file.width, file.num_words) == (100, 2_604) == (100, len(expected))
    is_found, vectors = file.look_up(list(expected))
    assert is_found.all()
    np.testing.assert_array_equal(vectors, np.array(list(expected.values()), np.float64).astype(np.float32))


REFUSED = {
    "nothing": (b"", ":1: expected a word and its numbers, or how many words and numbers there are, received nothing."),
    "prose": (b"Once upon a time\nthere was\n", ":1: expected a word and its numbers,"),
    "a number too few": (
        b"a 1 2\nb 1\n",
        ":2: expected a word and 2 numbers, as in the lines before, received 1 fields",
    ),
    "a number too many": (b"a 1 2\nb 1 2 3\n", ":2: expected a word and 2 numbers, as in the lines before, received 3"),
    "no number": (b"a 1 2\nb 1 x\n", ":2: expected a word and 2 numbers,"),
    "an empty line": (b"a 1 2\n\nb 1 2\n", ":2: expected a word and 2 numbers,"),
    "not a number": (b"a 1 2\nb nan 2\n", ":2: expected finite numbers, received others, for the word 'b'."),
    "infinite": (b"2 2\na 1 2\nb 1e99 2\n", ":3: expected finite numbers, received others, for the word 'b'."),
    "fewer words than said": (b"3 2\na 1 2\nb 1 2\n", ": expected 3 words, as its first line says, received 2."),
    "more words than said": (b"1 2\na 1 2\nb 1 2\n", ": expected 1 words, as its first line says, received 2."),
    "a count alone": (b"0 2\n", ": expected words with their vectors, received none."),
    "an empty line behind the first": (
        b"2 2\n\na 1 2\nb 1 2\n",
        ":2: expected a word and 2 numbers, as its first line says, received 0 fields behind ''.",
    ),
    "empty lines alone": (b"\n\n", ":1: expected a word and its numbers, or how many words and numbers there are,"),
    "a wider first line": (
        b"2 4\na 1 2 3\nb 1 2 3\n",
        ":2: expected a word and 4 numbers, as its first line says, received 3 fields behind 'a'.",
    ),
    "a wider first line, and no plain characters": (
        b"2 4\n\x01 1 2 3\nb 1 2 3\n",
        ":2: expected a word and 4 numbers, as its first line says, received 3 fields behind",
    ),
    "a narrower first line": (
        b"2 2\na 1 2 3\nb 1 2 3\n",
        ":2: expected a word and 2 numbers, as its first line says, received 3 fields behind 'a'.",
    ),
    "a number of Python's": (b"a 1 2\nb 1_0 2\n", ":2: expected a word and 2 numbers,"),
    "a number of Python's at once": (b"a 1_0 2\nb 1 2\n", ":1: expected a word and its numbers,"),
    "a count without end": (b"9" * 5000 + b" 2\na 1 2\n", ":2: expected a word and 1 numbers,"),
    "no width": (b"1 0\na\n", ":1: expected a word and its numbers,"),
    "too wide": (b"a" + b" 1" * 5000 + b"\n", ": expected vectors of 1 to 4096 numbers, received 5000."),
    "a zip": (b"PK\x03\x04" + bytes(30), ": expected a file of word vectors, received a zip. Unpack it"),
    "an .xz": (lzma.compress(b"a 1 2\n"), ": expected a file of word vectors, received an .xz. Unpack it"),
    "a .bz2": (bz2.compress(b"a 1 2\n"), ": expected a file of word vectors, received a .bz2. Unpack it"),
    "a .gz of a .bz2": (
        gzip.compress(bz2.compress(b"a 1 2\n")),
        ": expected a file of word vectors, received a .bz2. Unpack it",
    ),
    "a damaged .gz": (gzip.compress(b"a 1 2\n" * 99)[:-9], ": expected an undamaged .gz, received"),
    "binary that ends early": (b"2 2\na " + struct.pack("<2f", 0, 1) + b"b ", ": expected more behind byte"),
    "binary with no number": (b"1 2\na " + struct.pack("<2f", 0, np.nan), ": word 1: expected finite numbers"),
    "binary with more words than said": (
        b"1 2\na " + struct.pack("<2f", 0, 1) + b"\nb " + struct.pack("<2f", 0, 1) + b"\n",
        ": expected the end behind 1 words of 2 numbers, as its first line says, received more behind byte 14.",
    ),
    "binary that is wider than said": (
        b"1 2\na " + struct.pack("<3f", 0, 1, 2),
        ": expected the end behind 1 words of 2 numbers, as its first line says, received more behind byte 14.",
    ),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_not_as_it_should_be_is_refused_in_one_line(content: tuple[bytes, str], tmp_path: Path) -> None:
    path = tmp_path / "some.vectors"
    path.write_bytes(content[0])
    with pytest.raises(DataError) as told:
        open_vectors(path)
    assert str(told.value).startswith(f"{path}{content[1]}")
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("name", ["missing.txt", "."])
def test_what_is_no_file_is_told_with_where_to_get_one(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"expected a file of word vectors .* found none there\. Download one"):
        open_vectors(tmp_path / name)


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_what_can_be_opened_looks_like_vectors(write: Callable[[Path], Path], tmp_path: Path) -> None:
    assert looks_like_vectors(write(tmp_path / "some.vectors"))
    assert looks_like_vectors(fasttext(tmp_path / "model.bin", ["ab"], random_table(9)))


def test_no_more_than_the_beginning_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "some.txt"
    path.write_text("5000 2\n" + "a 0.5 0.25\n" * 4999 + "and prose\n")
    assert path.stat().st_size < opening._LOOKED_AT
    monkeypatch.setattr(opening, "_LOOKED_AT", 1000)  # ends within a line
    for written in (path, zipped(path)):
        assert looks_like_vectors(written)


NO_VECTORS = {
    "nothing": b"",
    "prose": b"Vectors for my trainings\n\nglove.txt is from Stanford.\n",
    "a first line that could be one": b"Version 2\n\nWhat is new\n",
    "a count alone": b"400000 100\n",
    "no text": bytes(range(256)),
    "a zip": b"PK\x03\x04" + bytes(30),
    "an .xz": lzma.compress(b"a 1 2\n"),
    "a .gz of prose": gzip.compress(b"Vectors for my trainings\n"),
    "a damaged .gz": gzip.compress(b"a 1 2\n" * 99)[:-9],
}


@pytest.mark.parametrize("content", NO_VECTORS.values(), ids=NO_VECTORS)
def test_what_begins_as_something_else_does_not_look_like_vectors(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "some.vectors"
    path.write_bytes(content)
    assert not looks_like_vectors(path)
    assert not looks_like_vectors(tmp_path / "missing")


# fastText


def random_table(rows: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.random.default_rng(1).normal(size=(rows, WIDTH)).astype(np.float32)


def test_a_word_of_fasttext_is_the_mean_of_its_row_and_its_stretches(tmp_path: Path) -> None:
    """Rows by hand: <ab> has the stretches <ab, ab>, <ab> of 3 to 6 characters; hashes by FNV-1a as it is defined."""
    table = random_table(2 + 50)
    file = open_vectors(fasttext(tmp_path / "model.bin", ["ab", "</s>"], table))

    def bucket(stretch: bytes) -> int:
        hashed = 2166136261
        for byte in stretch:
            hashed = (hashed ^ byte) * 16777619 % 2**32
        return 2 + hashed % 50

    rows = [0, bucket(b"<ab"), bucket(b"<ab>"), bucket(b"ab>")]
    is_found, vectors = file.look_up(["ab", "</s>", "a"])
    assert is_found.tolist() == [True, True, True]
    np.testing.assert_allclose(vectors[0], table[rows].mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(vectors[1], table[1], rtol=1e-6)
    np.testing.assert_allclose(vectors[2], table[bucket(b"<a>")], rtol=1e-6)


STRETCHES = {
    "日本": [587, 1759, 157],
    "Über": [1962, 317, 189, 537, 871, 1103, 435, 1366, 56, 840],
    "👍a": [719, 339, 1245],
}
"""The buckets, of 2,000, that `get_subwords` of fastText 0.11.9 gives for the stretches of 3 to 6 characters."""


@pytest.mark.parametrize("word", STRETCHES)
def test_stretches_of_any_script_lie_in_the_buckets_that_fasttext_puts_them_in(word: str, tmp_path: Path) -> None:
    table = random_table(1 + 2000)
    _, (vector,) = open_vectors(fasttext(tmp_path / "model.bin", ["ab"], table)).look_up([word])
    expected = table[[1 + bucket for bucket in STRETCHES[word]]].mean(axis=0)
    np.testing.assert_allclose(vector, expected, rtol=1e-6)


def test_a_model_without_stretches_knows_its_words_alone(tmp_path: Path) -> None:
    table = random_table(2)
    file = open_vectors(fasttext(tmp_path / "model.bin", ["ab", "b"], table, shortest=0, longest=0))
    is_found, vectors = file.look_up(["b", "abc", "ab"])
    assert is_found.tolist() == [True, False, True]
    np.testing.assert_array_equal(vectors, table[[1, 0]])


def test_a_word_longer_than_models_make_of_stretches_has_none(tmp_path: Path) -> None:
    known, unknown = 101 * "a", 101 * "b"
    table = random_table(10)
    file = open_vectors(fasttext(tmp_path / "model.bin", [known], table))
    is_found, vectors = file.look_up([known, unknown, unknown[:100]])
    assert is_found.tolist() == [True, False, True]
    np.testing.assert_array_equal(vectors[0], table[0])
    assert {len(ngram) for ngram in file.common_ngrams([known, "abc"], 100)[0]} <= {3, 4, 5}


def test_labels_of_a_supervised_model_are_no_words(tmp_path: Path) -> None:
    file = open_vectors(fasttext(tmp_path / "m.bin", ["ab"], random_table(9), labels=["__label__a", "__label__b"]))
    assert file.first_words(9) == ["ab"]


def test_a_packed_model_of_fasttext_is_told_to_be_unpacked(tmp_path: Path) -> None:
    path = zipped(fasttext(tmp_path / "model.bin", ["ab"], random_table(9)))
    with pytest.raises(
        DataError, match=r"model.bin.gz: expected a model of fastText as it is, .* name the \.bin inside"
    ):
        open_vectors(path)
    assert not looks_like_vectors(path)


FASTTEXT_REFUSED = {
    "another version": ({"version": 13}, ": expected fastText's format 11 or 12, received 13."),
    "pruned": ({"pruned": 0}, ": expected a whole model of fastText, received a pruned one."),
    "quantized": ({"quantized": True}, ": expected a whole model of fastText, received a quantized one."),
}


@pytest.mark.parametrize("case", FASTTEXT_REFUSED.values(), ids=FASTTEXT_REFUSED)
def test_a_model_of_fasttext_that_is_not_whole_is_refused(case: tuple[dict[str, int], str], tmp_path: Path) -> None:
    path = fasttext(tmp_path / "model.bin", ["ab"], random_table(9), **case[0])  # type: ignore[arg-type]  # one of several
    with pytest.raises(DataError) as told:
        open_vectors(path)
    assert case[1] in str(told.value)


@pytest.mark.parametrize("size", [3, 30, 90, 130, 200])
def test_a_model_of_fasttext_that_was_cut_is_refused(size: int, tmp_path: Path) -> None:
    path = fasttext(tmp_path / "model.bin", ["ab"], random_table(9))
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(DataError):
        open_vectors(path)


def test_what_is_kept_of_a_model_of_fasttext_is_its_words_alone(tmp_path: Path, kept: Path) -> None:
    path = fasttext(tmp_path / "model.bin", ["ab"], random_table(9))
    open_vectors(path)
    (folder,) = kept.iterdir()
    assert json.loads((folder / "table.json").read_text())["begin"] + 4 * 9 * WIDTH < path.stat().st_size
    assert not (folder / "values.bin").exists()
