from pathlib import Path

from tagloom.data import Dataset, Finding, Source, SourceFile
from tagloom.text import Document, Span, Token

A = Document("Nikon D90 works", (Span(0, 9, "PNAME"),), "a", tokens=(Token(0, 5), Token(6, 9), Token(10, 15)))
B = Document("It works. I like it", (Span(0, 2, "PFEATURE"), Span(12, 16, "PFEATURE")), "b")
SOURCE = Source((SourceFile("x/a.csv", "utf-8", "0" * 64),), "csv", "BIO", 1, 1, 3, (Finding("empty_words", 2),))


def test_labels_come_by_their_number() -> None:
    dataset = Dataset((A, B))
    assert dataset.entities == {"PFEATURE": 2, "PNAME": 1}
    assert list(dataset.entities) == list(dataset.labels) == ["PFEATURE", "PNAME"]


def test_equally_frequent_labels_come_by_their_name() -> None:
    spans = (Span(0, 1, "b"), Span(2, 3, "a"), Span(4, 5, "c"), Span(6, 7, "c"))
    assert Dataset((Document("x " * 4, spans),)).labels == ("c", "a", "b")


def test_sentences_are_the_sources_own_or_else_the_tokenizers() -> None:
    sentences = Dataset((A, B)).sentences()
    assert [sentence.words for sentence in sentences] == [
        ["Nikon", "D90", "works"],
        ["It", "works", "."],
        ["I", "like", "it"],
    ]
    assert [sentence.chunks() for sentence in sentences] == [
        [(0, 2, "PNAME")],
        [(0, 1, "PFEATURE")],
        [(1, 2, "PFEATURE")],
    ]


def test_datasets_add_up() -> None:
    both = Dataset((A,), (SOURCE,)) + Dataset((B,))
    assert (both.documents, both.sources, len(both)) == ((A, B), (SOURCE,), 2)
    assert not Dataset()


def test_some_documents_keep_the_sources_but_not_what_was_noticed_in_reading() -> None:
    part = Dataset((A, B), (SOURCE,)).of([B])
    assert part.documents == (B,)
    assert part.sources[0].files == SOURCE.files
    assert part.sources[0].findings == ()


def test_a_source_comes_back_from_json_without_its_folder() -> None:
    again = Source.from_json(SOURCE.to_json())
    assert again.files == (SourceFile("a.csv", "utf-8", "0" * 64),)
    assert again.to_json() == SOURCE.to_json()
    assert (again.count("empty_words"), again.count("ill_formed_tags")) == (2, 0)
    assert Path(SOURCE.files[0].path).name == again.files[0].name


def test_encodings_of_a_pair_are_said_once() -> None:
    files = (SourceFile("a", "utf-8", ""), SourceFile("b", "cp1252", ""), SourceFile("c", "utf-8", ""))
    assert Source(files, "two_files").encoding == "utf-8 and cp1252"
