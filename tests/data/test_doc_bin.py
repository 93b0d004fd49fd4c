import gzip
import os
import pickle
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagloom.data import Dataset, FeatureSet, read, write
from tagloom.data.formats import msgpack, string_ids
from tagloom.data.formats.doc_bin_message import pieces_of
from tagloom.errors import DataError
from tagloom.text import Document, Span, Token

spacy = pytest.importorskip("spacy")
from spacy.tokens import Doc, DocBin  # noqa: E402 - only where it is installed
from spacy.tokens import Span as SpacySpan  # noqa: E402

in_one_folder = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

VOCAB = spacy.blank("en").vocab
LABELS = ("ORG", "PNAME", "a-b", "número")

words = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\n \t\u00a0"), min_size=1, max_size=12)


@st.composite
def docs(draw: st.DrawFn) -> Doc:
    own = draw(st.lists(words | st.sampled_from(["ORG", "Sony", "\n\n", " ", "D90"]), min_size=1, max_size=8))
    size = len(own)
    spaces = draw(st.none() | st.lists(st.booleans(), min_size=size, max_size=size))
    starts = draw(st.none() | st.lists(st.booleans(), min_size=size, max_size=size).map(lambda each: [True, *each[1:]]))
    doc = Doc(VOCAB, words=own, spaces=spaces, sent_starts=starts)
    edges = sorted(draw(st.sets(st.integers(0, size))))
    doc.ents = [
        SpacySpan(doc, first, last, draw(st.sampled_from(LABELS)))
        for first, last in pairwise(edges)
        if draw(st.booleans())
    ]
    return doc


def documents_without_line_ends() -> st.SearchStrategy[Document]:
    return st.builds(
        document_of, docs(), st.text(max_size=5), st.dictionaries(st.text(max_size=3), st.text(max_size=3))
    )


def document_of(doc: Doc, name: str, metadata: dict[str, str]) -> Document:
    """What spaCy's own object says, every token of it a word."""
    tokens = tuple(Token(token.idx, token.idx + len(token)) for token in doc)
    bounds = tuple((sent.start, sent.end) for sent in doc.sents) if doc.has_annotation("SENT_START") else None
    spans = tuple(Span(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents)
    return Document(doc.text, spans, name or "1", metadata, tokens, bounds)


def written(path: Path, *documents: Document, **options: Any) -> list[Doc]:
    """What spaCy makes of a file that we wrote."""
    write(Dataset(documents), path, format="doc_bin", **options)
    return list(DocBin().from_disk(path).get_docs(VOCAB))


def kinds(dataset: Dataset) -> dict[str, int]:
    return {finding.kind: finding.count for finding in dataset.sources[0].findings}


@in_one_folder
@given(several=st.lists(docs(), min_size=1, max_size=4))
def test_a_file_of_spacy_has_the_texts_words_entities_and_sentences_that_spacy_says(
    tmp_path: Path, several: list[Doc]
) -> None:
    path = tmp_path / "corpus.bin"
    DocBin(docs=several).to_disk(path)
    dataset = read(path)
    assert dataset.sources[0].format == "doc_bin"
    for doc, document in zip(DocBin().from_disk(path).get_docs(VOCAB), dataset.documents, strict=True):
        kept = [token for token in doc if not token.is_space]
        assert document.text == doc.text
        assert list(document.tokens or ()) == [(token.idx, token.idx + len(token)) for token in kept]
        assert list(document.spans) == [Span(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]
        marked = all(token.is_sent_start is not None for token in doc)
        sentences = [[token for token in sent if not token.is_space] for sent in doc.sents] if marked else []
        assert [end - begin for begin, end in document.sentence_bounds or ()] == [
            len(each) for each in sentences if each
        ]


@in_one_folder
@given(several=st.lists(documents_without_line_ends(), min_size=1, max_size=4))
def test_what_is_written_spacy_reads_with_the_same_text_tokens_entities_and_sentences(
    tmp_path: Path, several: list[Document]
) -> None:
    for document, doc in zip(several, written(tmp_path / "corpus.spacy", *several), strict=True):
        assert doc.text == document.text
        assert [(token.idx, token.idx + len(token)) for token in doc] == list(document.tokens or ())
        assert [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents] == [
            (span.start, span.end, span.label) for span in document.spans
        ]
        own = document_of(doc, "", {}).sentence_bounds
        assert own == document.sentence_bounds or len(document.sentence_bounds or ()) < 2


@in_one_folder
@given(several=st.lists(documents_without_line_ends(), min_size=1, max_size=4))
def test_what_is_written_is_read_again_with_ids_and_metadata(tmp_path: Path, several: list[Document]) -> None:
    path = tmp_path / "corpus.spacy"
    assert write(Dataset(tuple(several)), path, format="doc_bin") == ()
    again = read(path)
    assert again.documents == tuple(several)
    assert not any(kind for kind in kinds(again) if kind != "blank_edged_spans")


@pytest.mark.parametrize(
    "text",
    [
        "A  Sony   D90 \n\n works.\n",
        "  leading",
        "trailing \t ",
        "one\ttab two",
        " \n ",
        "",
        "a\u00a0b \u00a0 c\u2028d",
    ],
)
def test_white_space_becomes_the_tokens_that_spacys_own_tokenizer_makes_of_it(text: str) -> None:
    doc = spacy.blank("en")(text)
    own = [Token(token.idx, token.idx + len(token)) for token in doc if not token.is_space]
    pieces = pieces_of(text, own)
    assert [(text[start:end], space) for start, end, space, _ in pieces] == [
        (token.text, bool(token.whitespace_)) for token in doc
    ]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_the_number_of_a_string_is_spacys(string: str) -> None:
    assert string_ids.id_of(string) == VOCAB.strings.add(string)


def test_names_have_the_places_that_spacy_gives_them() -> None:
    from spacy.symbols import IDS

    assert {name: string_ids.id_of(name) for name in string_ids.NAMES} == IDS


def test_text_without_words_is_divided_and_its_spans_aligned(tmp_path: Path) -> None:
    document = Document("A Sony D90s, good.", (Span(2, 10, "PNAME"), Span(2, 6, "BRAND")), "7")
    path = tmp_path / "corpus.spacy"
    findings = {each.kind: each.count for each in write(Dataset((document,)), path, format="doc_bin")}
    assert findings == {"misaligned_spans": 1, "lost_overlaps": 1}
    (doc,) = DocBin().from_disk(path).get_docs(VOCAB)
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Sony D90s", "PNAME")]
    assert read(path).documents[0].id == "7"


def test_characters_that_belong_to_no_word_stay_in_the_text_and_are_counted(tmp_path: Path) -> None:
    document = Document("Sony - D90", (Span(0, 10, "PNAME"),), tokens=(Token(0, 4), Token(7, 10)), id="a")
    path = tmp_path / "corpus.spacy"
    findings = write(Dataset((document,)), path, format="doc_bin")
    assert [(each.kind, each.count) for each in findings] == [("added_words", 1)]
    (doc,) = DocBin().from_disk(path).get_docs(VOCAB)
    assert [token.text for token in doc] == ["Sony", "-", "D90"]
    assert read(path).documents == (document,)


def test_what_has_no_place_is_said_to_be_lost(tmp_path: Path) -> None:
    document = Document(
        "a b", (Span(0, 1, "X", score=0.5),), tokens=(Token(0, 1), Token(2, 3)), columns={"POS": ("N", "V")}
    )
    findings = write(Dataset((document,)), tmp_path / "corpus.spacy", format="doc_bin")
    assert {each.kind for each in findings} == {"lost_scores", "lost_columns"}


def test_half_of_a_surrogate_pair_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="document 'odd': expected Unicode text"):
        write(Dataset((Document("a \ud800", id="odd"),)), tmp_path / "corpus.spacy", format="doc_bin")


def test_what_else_spacy_keeps_is_counted(tmp_path: Path) -> None:
    plain, rich = (Doc(VOCAB, words=["Sony", "works"]) for _ in range(2))
    plain.ents = []
    rich.ents = [SpacySpan(rich, 0, 1, "ORG", kb_id="Q41187")]
    rich.cats = {"POSITIVE": 1.0}
    rich.spans["sc"] = [SpacySpan(rich, 0, 2, "CLAUSE")]
    rich[1].lemma_, rich[1].tag_ = "work", "VBZ"
    rich.user_data["source"] = "review"
    path = tmp_path / "corpus.spacy"
    DocBin(docs=[plain, rich], store_user_data=True).to_disk(path)
    (finding,) = read(path).sources[0].findings
    assert (finding.kind, finding.count) == ("unread_annotations", 1)
    assert finding.examples == (
        "document 2: categories, span groups, lemmas, parts of speech, links of entities, user data",
    )


def test_words_that_nobody_has_looked_at_are_counted(tmp_path: Path) -> None:
    doc = Doc(VOCAB, words=["Sony", "\n", "works", "well"])
    doc.set_ents([SpacySpan(doc, 0, 1, "ORG")], default="missing")
    path = tmp_path / "corpus.spacy"
    DocBin(docs=[doc]).to_disk(path)
    dataset = read(path)
    assert dataset.documents[0].spans == (Span(0, 4, "ORG"),)
    assert kinds(dataset) == {"unlabelled_words": 2}


def test_a_file_with_few_attributes_is_read(tmp_path: Path) -> None:
    doc = Doc(VOCAB, words=["Sony", "works"], ents=["B-ORG", "O"])
    path = tmp_path / "corpus.spacy"
    DocBin(attrs=["ENT_IOB", "ENT_TYPE"], docs=[doc]).to_disk(path)
    assert read(path).documents[0].spans == (Span(0, 4, "ORG"),)
    DocBin(attrs=["LEMMA"], docs=[doc]).to_disk(path)
    assert kinds(read(path)) == {"unlabelled_words": 2}


class Executed:
    """Makes a folder when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return os.mkdir, (str(self.path),)


def test_nothing_in_a_file_is_executed(tmp_path: Path) -> None:
    mark = tmp_path / "executed"
    bomb = pickle.dumps(Executed(mark))
    extension = b"\xc7" + bytes([len(bomb)]) + b"\x01" + bomb
    as_numpy = b"\x84\xc4\x02nd\xc3\xc4\x04type\xa2|O\xc4\x04kind\xc4\x01O\xc4\x04data\xc4" + bytes([len(bomb)]) + bomb
    for data in (bomb, extension, as_numpy, b"\x81\xa7tagloom" + extension):
        path = tmp_path / "corpus.spacy"
        path.write_bytes(changed(user_data=[data]))
        assert kinds(read(path)) == {"unread_annotations": 1}
    assert not mark.exists()


def test_a_file_is_read_without_spacy(tmp_path: Path) -> None:
    path = tmp_path / "corpus.spacy"
    path.write_bytes(changed())
    code = f"import sys; from tagloom.data import read; read({str(path)!r}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert {"spacy", "srsly", "thinc"}.isdisjoint(done.stdout.split())


def changed(**changes: Any) -> bytes:
    """A file of one document, with some of its values replaced."""
    attributes = [string_ids.id_of(name) for name in ("ORTH", "ENT_IOB", "ENT_TYPE", "SENT_START")]
    table = np.array([[string_ids.id_of("Sony"), 3, string_ids.id_of("ORG"), 1]], dtype="<u8")
    message: dict[str, Any] = {
        "version": "0.1",
        "attrs": attributes,
        "tokens": table.tobytes(),
        "spaces": b"\0",
        "lengths": np.array([1], dtype="<i4").tobytes(),
        "strings": ["", "ORG", "Sony"],
        "cats": [{}],
        "flags": [{"has_unknown_spaces": False}],
        "span_groups": [b"\x90"],
    }
    return zlib.compress(msgpack.packed({key: each for key, each in (message | changes).items() if each is not None}))


HUGE = np.array([2**31 - 1], dtype="<i4").tobytes()

BROKEN = {
    "cut off": changed()[:-9],
    "no end": changed()[:-1],
    "no tokens": changed(tokens=None),
    "more behind its end": zlib.compress(zlib.decompress(changed()) + b"\xc0"),
    "not a map of values": zlib.compress(b"\x81\xa7version\xc1"),
    "a word that is not there": changed(strings=["", "ORG"]),
    "a label that is not there": changed(tokens=np.array([[string_ids.id_of("Sony"), 3, 9999, 1]], "<u8").tobytes()),
    "an iob of 4": changed(tokens=np.array([[string_ids.id_of("Sony"), 4, 0, 1]], "<u8").tobytes()),
    "a string twice": changed(strings=["", "ORG", "Sony", "ORG"]),
    "a negative length": changed(lengths=np.array([-1, 2], "<i4").tobytes()),
    "a huge length": changed(lengths=HUGE),
    "huge lengths": changed(lengths=HUGE * 1000),
    "half a length": changed(lengths=b"\1\0"),
    "too few spaces": changed(spaces=b""),
    "too few cats": changed(cats=[]),
    "too few flags": changed(flags=[]),
    "too few span groups": changed(span_groups=[]),
    "too many user data": changed(user_data=[None, None]),
    "no word among the attributes": changed(attrs=[77, 78, 79, 80]),
    "no attributes": changed(attrs=[]),
    "attributes that are strings": changed(attrs=["ORTH"]),
    "a hundred thousand attributes": changed(attrs=[65] * 100_000),
    "our own data of the wrong kind": changed(user_data=[msgpack.packed({"tagloom": {"id": 7}})]),
    "our own data out of range": changed(user_data=[msgpack.packed({"tagloom": {"contrary": [1]}})]),
    "a list that says it is huge": zlib.compress(b"\x82\xa7version\xa30.1\xa7strings\xdd\xff\xff\xff\xff"),
    "bytes that say they are huge": zlib.compress(b"\x82\xa7version\xa30.1\xa6tokens\xc6\xff\xff\xff\xff"),
    "lists in lists": zlib.compress(b"\x82\xa7version\xa30.1\xa5attrs" + b"\x91" * 100_000),
    "a bomb": zlib.compress(b"\x82\xa7version\xa30.1\xa6tokens\xc6\x40\0\0\0" + bytes(1 << 28)),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gz"])
def test_what_is_broken_or_too_large_is_a_data_error_within_little_memory(
    tmp_path: Path, content: bytes, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "corpus.spacy"
    path.write_bytes(pack(content))
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match=r"corpus\.spacy: expected a DocBin as spaCy writes it, received .*\."):
            read(path, format="doc_bin")
        assert tracemalloc.get_traced_memory()[1] < 40 << 20
    finally:
        tracemalloc.stop()


def test_data_that_is_unread_may_be_deep(tmp_path: Path) -> None:
    path = tmp_path / "corpus.spacy"
    content = zlib.decompress(changed(cats=None))
    path.write_bytes(
        zlib.compress(bytes([content[0] + 1]) + content[1:] + b"\xa4cats\x91" + b"\x91" * 50_000 + b"\xc0")
    )
    assert kinds(read(path)) == {"unread_annotations": 1}


def test_an_entity_that_goes_on_with_none_or_has_no_label_is_told(tmp_path: Path) -> None:
    path = tmp_path / "corpus.spacy"
    table = np.array(
        [[string_ids.id_of("Sony"), 1, string_ids.id_of("ORG"), 1], [string_ids.id_of("Sony"), 3, 0, 0]], "<u8"
    )
    path.write_bytes(changed(tokens=table.tobytes(), spaces=b"\1\0", lengths=b"\2\0\0\0"))
    dataset = read(path)
    assert dataset.documents[0].spans == (Span(0, 4, "ORG"),)
    assert kinds(dataset) == {"ill_formed_tags": 1, "unread_annotations": 1}


def test_a_file_beside_text_files_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "a.spacy").write_bytes(changed())
    (tmp_path / "b.conll").write_text("Sony B-ORG\n", encoding="utf-8")
    names = ("a.spacy", "b.conll", "a.spacy")
    dataset = read(*(tmp_path / name for name in names))
    assert [source.format for source in dataset.sources] == ["doc_bin", "conll", "doc_bin"]


def test_a_feature_set_is_saved_in_it_and_loaded(tmp_path: Path) -> None:
    tokens = (Token(0, 1), Token(2, 5))
    documents = [
        Document(f"A D{number}", (Span(2, 5, "PNAME"),), str(number), tokens=tokens) for number in range(10, 30)
    ]
    feature_set = FeatureSet.split(Dataset(tuple(documents)))
    feature_set.save(tmp_path / "set", format="doc_bin")
    assert dict(FeatureSet.load(tmp_path / "set").parts())["train"].documents == feature_set.train.documents
