"""What is written of a document's entities: a JSON object a document, or a word and its tag a line."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from tagloom.schemes import BIO
from tagloom.text import Document, Span
from tagloom.tokenize import sentences

_DIGITS = 4  # of a score


def json_line(document: Document) -> str:
    """A document as one line of JSON: `id`, `text` and `entities`, with offsets in code points.

    Example:
        >>> json.loads(json_line(Document("A D90", (Span(2, 5, "PNAME", 0.98765),))))["entities"]
        [{'text': 'D90', 'label': 'PNAME', 'start': 2, 'end': 5, 'score': 0.9877}]
    """
    entities = [_entity(document.text, span) for span in document.spans]
    content = {"id": document.id, "text": document.text, "entities": entities}
    return json.dumps(content, ensure_ascii=False) + "\n"


def conll_lines(document: Document) -> str:
    r"""A document as CoNLL columns: each word with its tag in BIO, a blank line behind each sentence.

    Example:
        >>> conll_lines(Document("A D90", (Span(2, 5, "PNAME"),)))
        'A\tO\nD90\tB-PNAME\n\n'
    """
    lines: list[str] = []
    for sentence in sentences(document):
        pairs = zip(sentence.words, sentence.tags(BIO), strict=True)
        lines += [*(f"{word}\t{tag}\n" for word, tag in pairs), "\n"]
    return "".join(lines)


LINES: Mapping[str, Callable[[Document], str]] = {"jsonl": json_line, "conll": conll_lines}
"""Every format of files, by its name, which is also the ending of their names."""


def probable(document: Document, threshold: float) -> Document:
    """The document without the entities whose score is lower than that."""
    return replace(document, spans=tuple(span for span in document.spans if (span.score or 0.0) >= threshold))


def _entity(text: str, span: Span) -> dict[str, object]:
    return {
        "text": text[span.start : span.end],
        "label": span.label,
        "start": span.start,
        "end": span.end,
        "score": round(span.score or 0.0, _DIGITS),
    }
