"""Documents to words with tags, as token formats write them."""

import logging
from collections.abc import Iterable, Iterator, Sequence

from tagloom import tokenize
from tagloom.data.formats.tagged import TaggedSentence
from tagloom.errors import DataError
from tagloom.schemes import Scheme
from tagloom.text import Document, without_overlaps

_log = logging.getLogger(__name__)


def tagged_sentences(
    documents: Iterable[Document], scheme: Scheme, *, keep_source_tags: bool, refused: str
) -> Iterator[list[TaggedSentence]]:
    """The sentences of each document.

    Args:
        documents: what to write.
        scheme: how spans become tags.
        keep_source_tags: whether ill-formed tags of the source stay as they were.
        refused: characters that the format cannot hold in a word, a tag or a column.

    Raises:
        DataError: such a character occurs, or a span does not begin and end at the edge of a word.
    """
    for document in documents:
        overlapping = len(document.spans) - len(without_overlaps(document.spans))
        if overlapping:
            _log.warning("document %r: %d overlapping spans are not written as tags", document.id, overlapping)
        sentences = list(_sentences(document, scheme, keep_source_tags=keep_source_tags))
        for sentence in sentences:
            for values in (sentence.words, sentence.tags, *sentence.columns.values()):
                _check(values, refused, document.id)
        yield sentences


def shared_columns(documents: Iterable[Sequence[TaggedSentence]]) -> list[str]:
    """The names of further columns that every sentence has, in the order of the first."""
    every = [sentence.columns for document in documents for sentence in document]
    return [name for name in (every[0] if every else ()) if all(name in columns for columns in every)]


def _sentences(document: Document, scheme: Scheme, *, keep_source_tags: bool) -> Iterator[TaggedSentence]:
    bounds = document.sentence_bounds or ((0, len(document.tokens or ())),)
    filled = [(begin, end) for begin, end in bounds if end > begin]
    for number, sentence in enumerate(tokenize.sentences(document)):
        begin, end = filled[number] if document.tokens is not None else (0, 0)
        columns = {name: values[begin:end] for name, values in document.columns.items()}
        kept = document.source_tags[begin:end] if keep_source_tags and document.source_tags else None
        tags = kept or tuple(sentence.tags(scheme))
        yield TaggedSentence(tuple(sentence.words), tags, 0, document.id, columns)


def _check(values: Sequence[str], refused: str, document_id: str) -> None:
    joined = "".join(values)
    if any(character in joined for character in refused):
        bad = next(value for value in values if any(character in value for character in refused))
        raise DataError(
            f"document {document_id!r}: {bad!r} holds a blank or control character that this format has no place for. "
            "Write json_lines."
        )
