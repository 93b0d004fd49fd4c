"""Documents on their way into the tables, as plain values: any process can make them, and write them as JSON."""

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from typing import Any, NamedTuple

from tagloom.text import Document, JoinedWords, Span

LONGEST_TEXT = 1_000_000
"""Characters of a document."""

_DIGEST_BYTES = 8

NewSpan = tuple[int, int, str, str | None, float | None]
"""Start, end, label, origin, score."""


class NewDocument(NamedTuple):
    """A document on its way into the tables.

    Args:
        name: its id.
        text: of it.
        folded: the text as search compares it.
        digest: of the text.
        source: what else a `Document` holds, as JSON; None for nothing.
        spans: what it is labelled with.
        suggestions: what its labels may be.
    """

    name: str
    text: str
    folded: str
    digest: int
    source: str | None
    spans: Sequence[NewSpan] = ()
    suggestions: Sequence[NewSpan] = ()


def new_document(document: Document, spans: Sequence[Span], suggestions: Sequence[Span] = ()) -> NewDocument:
    """A document for `rows.add_rows`.

    Args:
        document: the document, whose own spans do not count.
        spans: what it is labelled with.
        suggestions: what its labels may be.
    """
    source = _source(document)
    return NewDocument(
        document.id,
        document.text,
        folded(document.text),
        digest(document.text),
        None if source is None else json.dumps(source, ensure_ascii=False, separators=(",", ":")),
        _different(spans),
        _different(suggestions),
    )


def _different(spans: Sequence[Span]) -> list[NewSpan]:
    own = {(span.start, span.end, span.label): (span.origin, span.score) for span in spans}
    return [(*place, *said) for place, said in own.items()]


def folded(text: str) -> str:
    r"""A text as search compares it: whatever its letters' case, and however their accents are composed.

    Example:
        >>> folded("Große KAMERA") == folded("grosse kamera"), folded("Cafe\u0301") == folded("café")
        (True, True)
    """
    return unicodedata.normalize("NFC", text).casefold()


def digest(text: str) -> int:
    """A number that equal texts share, and hardly any others."""
    found = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES)
    return int.from_bytes(found.digest(), "big", signed=True)


def _source(document: Document) -> dict[str, Any] | None:
    """What a document holds beside its text, name and spans; None for nothing."""
    kept: dict[str, Any] = {}
    if document.metadata:
        kept["metadata"] = dict(document.metadata)
    if document.tokens is not None:
        tokens = document.tokens
        if isinstance(tokens, JoinedWords) and joined_words(document.text, tokens.start) == tokens:
            kept["tokens"] = tokens.start
        else:
            kept["tokens"] = [list(token) for token in tokens]
    if document.sentence_bounds is not None:
        kept["bounds"] = [list(pair) for pair in document.sentence_bounds]
    if document.source_tags is not None:
        kept["tags"] = list(document.source_tags)
    if document.columns:
        kept["columns"] = {name: list(values) for name, values in document.columns.items()}
    return kept or None


def joined_words(text: str, start: int) -> JoinedWords:
    """The words of a text from `start` on, which a blank parts."""
    return JoinedWords(tuple(text[start:].split(" ")), start)
