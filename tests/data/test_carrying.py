"""What every format says that it keeps comes back; what it says that it does not is told to be lost."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from tagloom.data import FORMATS, Dataset, Source, read, write
from tagloom.data.formats import Format
from tagloom.data.formats.carrying import LOST, Carries
from tagloom.text import Document, JoinedWords, Span, Token

WORDS = JoinedWords(("A", "D90", "works", ".", "It", "does", "."))
PLAIN = Document("A D90 works . It does .", (Span(2, 5, "PNAME"),), id="1", tokens=WORDS)
ATTRIBUTES = [field.name for field in fields(Carries)]

HOLDING = {
    "text": Document("A  D90 works.", (Span(3, 6, "PNAME"),), id="1"),
    "words": Document("A D90,now", id="1", tokens=(Token(0, 1), Token(2, 9))),
    "sentences": replace(PLAIN, sentence_bounds=((0, 4), (4, 7))),
    "ids": replace(PLAIN, id="review-7"),
    "metadata": replace(PLAIN, metadata={"product": "D90"}),
    "columns": replace(PLAIN, columns={"POS": tuple("abcdefg")}),
    "source_tags": replace(
        PLAIN,
        spans=(Span(2, 5, "PNAME"), Span(14, 16, "OTHER")),
        source_tags=("O", "I-PNAME", "O", "O", "B-OTHER", "O", "O"),
    ),
    "scores": replace(PLAIN, spans=(Span(2, 5, "PNAME", 0.5, "model 3"),)),
    "origins": replace(PLAIN, spans=(Span(2, 5, "PNAME", 0.5, "model 3"),)),
    "overlaps": replace(PLAIN, spans=(Span(0, 5, "OTHER"), Span(2, 5, "PNAME"))),
}

OF = {
    "text": lambda document: document.text,
    "words": lambda document: list(document.tokens or ()),
    "sentences": lambda document: document.sentence_bounds,
    "ids": lambda document: document.id,
    "metadata": lambda document: dict(document.metadata),
    "columns": lambda document: list(document.columns.values()),
    "source_tags": lambda document: document.source_tags,
    "scores": lambda document: [span.score for span in document.spans],
    "origins": lambda document: [span.origin for span in document.spans],
    "overlaps": lambda document: document.spans,
}


@pytest.mark.parametrize("attribute", ATTRIBUTES)
@pytest.mark.parametrize("used", FORMATS, ids=lambda each: each.name)
def test_what_a_format_keeps_comes_back_and_the_rest_is_told(tmp_path: Path, used: Format, attribute: str) -> None:
    document = HOLDING[attribute]
    paths = [tmp_path / f"corpus{suffix}" for suffix in used.suffixes] or [tmp_path / "corpus"]
    dataset = Dataset((document,), (Source((), "conll", "BIO"),))
    lost = {finding.kind for finding in write(dataset, *paths, format=used.name)}
    if getattr(used.carries, attribute):
        (again,) = read(*paths, format=used.name).documents
        if used.name not in ("text", "text_table"):  # which keep no span, so that none of them overlap
            assert OF[attribute](again) == OF[attribute](document)
        assert f"lost_{attribute}" not in lost
    else:
        assert f"lost_{attribute}" in lost


def test_tags_that_are_not_kept_in_another_scheme_are_told(tmp_path: Path) -> None:
    dataset = Dataset((HOLDING["source_tags"],), (Source((), "conll", "BIO"),))
    findings = write(dataset, tmp_path / "corpus.conll", format="conll", scheme="BIOES")
    assert [finding.kind for finding in findings] == ["lost_source_tags"]


def test_every_loss_has_its_meaning() -> None:
    assert {f"lost_{attribute}" for attribute in ATTRIBUTES} <= LOST.keys()
