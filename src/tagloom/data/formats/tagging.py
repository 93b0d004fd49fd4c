"""Documents to words with tags, as token formats write them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tagloom import tokenize
from tagloom.data.alignment import align_document
from tagloom.data.formats.format import Writing
from tagloom.errors import DataError
from tagloom.text import Document, Token


class TaggedSentence(NamedTuple):
    """A sentence as a token format writes it.

    Args:
        words: at least one.
        tokens: where they are in the document's text.
        tags: as many.
        columns: further columns by name, each as long.
    """

    words: Sequence[str]
    tokens: Sequence[Token]
    tags: Sequence[str]
    columns: Mapping[str, Sequence[str]]


class TaggedDocument(NamedTuple):
    """A document as a token format writes it: itself, the same with its spans at the edges of words, its sentences."""

    source: Document
    aligned: Document
    sentences: Sequence[TaggedSentence]


def tagged_documents(documents: Iterable[Document], writing: Writing, *, refused: str) -> Iterator[TaggedDocument]:
    """The sentences of each document; a document without words has none.

    Args:
        documents: what to write.
        writing: how.
        refused: characters that the format cannot hold in a word, a tag or a column.

    Raises:
        DataError: such a character occurs, or a span is misaligned and the user wants to fail.
    """
    for source in documents:
        document = align_document(source, writing.align, writing.findings)
        sentences = list(_sentences(document, writing))
        for sentence in sentences:
            for values in (sentence.words, sentence.tags, *sentence.columns.values()):
                _check(values, refused, document.id)
        if not sentences:
            writing.findings.note("lost_documents", f"document {document.id}")
        yield TaggedDocument(source, document, sentences)


def _sentences(document: Document, writing: Writing) -> Iterator[TaggedSentence]:
    bounds = document.sentence_bounds or ((0, len(document.tokens or ())),)
    filled = [(begin, end) for begin, end in bounds if end > begin]
    tags = document.source_tags if writing.keeps_source_tags else None
    if tags != document.source_tags:
        writing.findings.note("lost_source_tags", f"document {document.id}")
    for number, sentence in enumerate(tokenize.sentences(document)):
        begin, end = filled[number] if document.tokens is not None else (0, 0)
        columns = {name: values[begin:end] for name, values in document.columns.items()}
        kept = tags[begin:end] if tags else None
        yield TaggedSentence(sentence.words, sentence.tokens, kept or sentence.tags(writing.scheme), columns)


def _check(values: Sequence[str], refused: str, document_id: str) -> None:
    joined = "".join(values)
    if any(character in joined for character in refused):
        bad = next(value for value in values if any(character in value for character in refused))
        raise DataError(
            f"document {document_id!r}: {bad!r} holds a blank or control character that this format has no place for. "
            "Write json_lines."
        )
