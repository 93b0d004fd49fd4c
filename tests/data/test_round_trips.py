import contextlib
import gzip
import io
import zipfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagloom.data import FORMATS, Dataset, read, write
from tagloom.errors import DataError
from tagloom.text import Chunk, Document, Span, Token

# What no format but JSON lines has a place for, and what each of the others refuses besides.
REFUSED = {"two_files": "\0 \t\n\r", "conll": "\0\t\n\r", "csv": "\0", "json_lines": "", "json": ""}

in_one_folder = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def strings(refused: str) -> st.SearchStrategy[str]:
    odd = st.sampled_from("\u0085\u00a0\u2028\u200b\ufeff\x1c\x0b #-\"',;\t\r\n\\{O").filter(
        lambda each: each not in refused
    )
    usual = st.characters(exclude_categories=["Cs"], exclude_characters=refused)
    return st.text(odd | usual, min_size=1, max_size=6).filter(lambda word: not word.startswith("-DOCSTART-"))


@st.composite
def sentences(draw: st.DrawFn, refused: str) -> tuple[list[str], list[Chunk]]:
    words = draw(st.lists(strings(refused), min_size=1, max_size=6))
    edges = sorted(draw(st.sets(st.integers(0, len(words)))))
    labels = st.sampled_from(["PER", "a-b"]) | strings(refused)
    chunks = [(begin, end, draw(labels)) for begin, end in pairwise(edges) if draw(st.booleans())]
    return words, chunks


def document(parts: Sequence[tuple[list[str], list[Chunk]]]) -> Document:
    tokens: list[Token] = []
    spans: list[Span] = []
    bounds = []
    for words, chunks in parts:
        first, start = len(tokens), tokens[-1].end + 1 if tokens else 0
        for word in words:
            tokens.append(Token(start, start + len(word)))
            start += len(word) + 1
        spans += [Span(tokens[first + one].start, tokens[first + end - 1].end, label) for one, end, label in chunks]
        bounds.append((first, len(tokens)))
    text = "\n".join(" ".join(words) for words, _ in parts)
    return Document(text, tuple(spans), tokens=tuple(tokens), sentence_bounds=tuple(bounds))


def corpora(refused: str) -> st.SearchStrategy[Dataset]:
    documents = st.lists(sentences(refused), min_size=1, max_size=3).map(document)
    return st.lists(documents, min_size=1, max_size=4).map(lambda each: Dataset(tuple(each)))


def content(dataset: Dataset) -> list[tuple[list[str], list[Chunk]]]:
    return [(sentence.words, sentence.chunks()) for sentence in dataset.sentences()]


@pytest.mark.parametrize("scheme", ["BIO", "BIOES", "IOB1"])
@pytest.mark.parametrize("format_name", list(REFUSED))
@in_one_folder
@given(data=st.data())
def test_what_is_written_is_read_again(tmp_path: Path, format_name: str, scheme: str, data: st.DataObject) -> None:
    dataset = data.draw(corpora(REFUSED[format_name]))
    paths = [tmp_path / f"corpus{suffix}" for each in FORMATS if each.name == format_name for suffix in each.suffixes]
    write(dataset, *paths, format=format_name, scheme=scheme)
    again = read(*paths, format=format_name)
    assert content(again) == content(dataset)
    if format_name in ("conll", "json_lines", "json"):  # the formats that mark documents
        several = any(len(each.sentence_bounds or ()) > 1 for each in dataset.documents)
        assert len(again) == (len(dataset) if several or format_name != "conll" else len(content(dataset)))


@pytest.mark.parametrize("format_name", list(REFUSED))
@in_one_folder
@given(data=st.data())
def test_what_a_format_cannot_hold_is_refused_or_read_again(
    tmp_path: Path, format_name: str, data: st.DataObject
) -> None:
    dataset = data.draw(corpora(""))
    paths = [tmp_path / f"corpus{suffix}" for each in FORMATS if each.name == format_name for suffix in each.suffixes]
    try:
        write(dataset, *paths, format=format_name)
    except DataError:
        return
    assert content(read(*paths, format=format_name)) == content(dataset)


def zipped(content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a"), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A packed file with some of its bytes changed."""
    packed = bytearray(draw(st.sampled_from([zipped(b"a O\nb B-X\n"), gzip.compress(b"a O\nb B-X\n")])))
    for position, value in draw(st.lists(st.tuples(st.integers(0, len(packed) - 1), st.integers(0, 255)), max_size=4)):
        packed[position] = value
    return bytes(packed)


nearly_data = st.text(st.sampled_from('OBI-X# \t\n\r,;"{}[]:0aé\u0085'), max_size=60).map(str.encode)
starts = st.sampled_from(
    [b"", b"\xff\xfe", b"\xef\xbb\xbf", b"PK\x03\x04", b"\x1f\x8b", b"\xfd7zXZ\x00", b"word,tag\n"]
)
files = st.builds(bytes.__add__, starts, st.binary(max_size=200) | nearly_data) | damaged()


@pytest.mark.parametrize("format_name", [None, *(each.name for each in FORMATS)])
@in_one_folder
@given(contents=st.lists(files, min_size=1, max_size=2))
def test_random_bytes_raise_nothing_but_a_data_error(
    tmp_path: Path, format_name: str | None, contents: list[bytes]
) -> None:
    paths = [tmp_path / str(number) for number in range(len(contents))]
    for path, each in zip(paths, contents, strict=True):
        path.write_bytes(each)
    with contextlib.suppress(DataError):
        dataset = read(*paths, format=format_name)
        assert [len(sentence.tokens) for sentence in dataset.sentences()].count(0) == 0
