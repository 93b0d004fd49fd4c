"""What formats keep of a document, and what is lost where one keeps less than the document holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

from tagloom.data.findings import Findings
from tagloom.text import Document, without_overlaps


@dataclass(frozen=True, slots=True)
class Carries:
    """What a format keeps of a document beside its words and the labels of its words.

    Args:
        text: the text as it was, with its white space; else words joined by blanks.
        words: the source's own words; else a reader divides the text anew.
        sentences: the source's own sentence bounds.
        ids: the documents' names.
        metadata: what else is said of a document.
        columns: further columns.
        source_tags: tags of the source that break its scheme.
        scores: probabilities of spans.
        origins: what proposed a span.
        overlaps: spans that overlap.
    """

    text: bool = False
    words: bool = False
    sentences: bool = False
    ids: bool = False
    metadata: bool = False
    columns: bool = False
    source_tags: bool = False
    scores: bool = False
    origins: bool = False
    overlaps: bool = False

    def note_lost(self, document: Document, findings: Findings, *, read_as: int | None = None) -> None:
        """Notes what of the document the format does not keep, as `lost_metadata` and the like.

        Args:
            document: what is written.
            findings: takes what is lost.
            read_as: the number that a reader will call it by where ids are not kept, which is no loss where that is
                its id; None where any number may be it.
        """
        for name, count in _COUNTS.items():
            if not getattr(self, name) and (number := count(document)):
                findings.note(f"lost_{name}", f"document {document.id}", count=number)
        if not self.ids and not _is_number(document.id, read_as):
            findings.note("lost_ids", f"document {document.id}")


LOST: Mapping[str, str] = {
    "lost_text": "The format keeps no white space: their texts are read back as words joined by blanks.",
    "lost_words": "The format keeps no words: their texts are divided anew when they are read.",
    "lost_sentences": "The format keeps no sentence bounds within a document.",
    "lost_ids": "The format keeps no names of documents, or these had to be changed to tell them apart.",
    "lost_metadata": "The format keeps no metadata, or only what its first document has, too.",
    "lost_columns": "The format keeps no further columns, or other ones in its first sentence.",
    "lost_source_tags": "Tags that broke their scheme are not kept: tags come from spans.",
    "lost_scores": "The format keeps no probabilities of spans.",
    "lost_origins": "The format does not keep what proposed a span.",
    "lost_overlaps": "The format has no place for spans that overlap: of those the longest is kept.",
    "lost_spans": "The format keeps no labels.",
    "lost_documents": "These hold no word, and the format has no place for them.",
    "added_words": "Characters that belong to no word are written as words of their own, so that the text stays.",
    "filled_columns": "These lack a column that the first sentence has; a filler stands there.",
}
"""What is lost, or made up, where a format keeps less than a document holds."""

EVERYTHING = Carries(**{each.name: True for each in fields(Carries)})


def joined_text(document: Document) -> str:
    """The words of each sentence joined by blanks, the sentences by line ends: what a token format makes of it."""
    text, tokens = document.text, document.tokens or ()
    bounds = document.sentence_bounds or ((0, len(tokens)),)
    return "\n".join([" ".join([text[start:end] for start, end in tokens[first:last]]) for first, last in bounds])


def _is_number(document_id: str, number: int | None) -> bool:
    """Whether an id is a number: this one, or any; what has no id has none to lose."""
    return document_id == "" or (document_id.isdecimal() if number is None else document_id == str(number))


def _differs_from_words(document: Document) -> int:
    return int(document.tokens is None or document.text != joined_text(document))


_COUNTS: Mapping[str, Callable[[Document], int]] = {
    "text": _differs_from_words,
    "words": lambda document: int(document.tokens is not None),
    "sentences": lambda document: int(len(document.sentence_bounds or ()) > 1),
    "metadata": lambda document: int(bool(document.metadata)),
    "columns": lambda document: int(bool(document.columns)),
    "source_tags": lambda document: int(document.source_tags is not None),
    "scores": lambda document: sum(span.score is not None for span in document.spans),
    "origins": lambda document: sum(span.origin is not None for span in document.spans),
    "overlaps": lambda document: len(document.spans) - len(without_overlaps(document.spans)),
}
"""How much of each a document holds: documents for the upper ones, spans for the lower."""
