"""Spans whose edges are doubtful, that tags cannot say, or that no person marked."""

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from tagloom.data.findings import Findings, shortened
from tagloom.data.quality.contents import Contents
from tagloom.text import without_overlaps

_BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "「": "」", "『": "』", "【": "】", "《": "》", "〈": "〉"}
_BRACKET = re.compile("|".join(map(re.escape, [*_BRACKETS, *_BRACKETS.values()])))
_QUOTES = '"“”„«»'  # an apostrophe and ‘ ’ also stand in words
_OPENING = re.compile(r"[,;:!?、。，；：！？]|[-–—/&](?!\d)")  # -5 is a number; .NET and 'N Sync begin so by right
_CLOSING = re.compile(r"[,;:/&–—、。，；：]\Z|-\Z")  # U.S. and Yahoo! end so by right


def crossing_spans(contents: Contents) -> Findings:
    """Spans that run over the end of the sentence in which they begin."""
    entities = contents.entities
    ends = contents.bounds[contents.span_sentences + 1]
    return _told(
        contents, "crossing_spans", np.flatnonzero((contents.span_sentences >= 0) & (entities.end_words > ends))
    )


def wordless_spans(contents: Contents) -> Findings:
    """Spans that touch no word."""
    return _told(contents, "wordless_spans", _places(contents.span_sentences < 0))


def misaligned_spans(contents: Contents) -> Findings:
    """Spans that touch words and do not begin and end at edges of words."""
    entities = contents.entities

    def told(place: int) -> str:
        first, last, span = entities.first_words[place], entities.end_words[place] - 1, entities.spans[place]
        before, behind = entities.starts[place] - contents.starts[first], contents.ends[last] - entities.ends[place]
        text = contents.dataset.documents[entities.documents[place]].text
        return f"{contents.span_told(place)}, of {shortened(text[span.start - before : span.end + behind])}"

    found = Findings()
    found.note_each("misaligned_spans", _places(~entities.are_aligned & (contents.span_sentences >= 0)), told)
    return found


def overlapping_spans(contents: Contents) -> Findings:
    """Spans that are left out where tags are made, since a longer one overlaps them."""
    found = Findings()
    for place in _overlapping_documents(contents):
        document = contents.dataset.documents[place]
        kept = without_overlaps(document.spans)
        lost = [span for span in document.spans if span not in kept]
        told = contents.document_told(place)
        examples = [f"{told}: {shortened(document.text[one.start : one.end])} = {one.label}" for one in lost]
        found.note("overlapping_spans", *examples, count=len(document.spans) - len(kept))
    return found


def blank_edged_spans(contents: Contents) -> Findings:
    """Spans that begin or end with a blank."""
    wrong = {text for text in contents.entities.surfaces if text and (text[0].isspace() or text[-1].isspace())}
    return _told(contents, "blank_edged_spans", _having(contents, wrong))


def punctuation_edged_spans(contents: Contents) -> Findings:
    """Spans that begin or end with a sign that hardly belongs to them."""
    wrong = {text for text in contents.entities.surfaces if has_stray_edge(text.strip())}
    return _told(contents, "punctuation_edged_spans", _having(contents, wrong))


def machine_labels(contents: Contents) -> Findings:
    """Spans that something proposed and no person marked."""
    spans = contents.entities.spans
    found = Findings()
    proposed = [place for place, span in enumerate(spans) if span.origin is not None]
    found.note_each("machine_labels", proposed, lambda place: f"{contents.span_told(place)}, by {spans[place].origin}")
    return found


def has_stray_edge(text: str) -> bool:
    r"""Whether a text begins or ends with a comma, a dash, or with a bracket or quote without its other half.

    Example:
        >>> [has_stray_edge(text) for text in ("D90,", "(Canon", "(Canon)", "U.S.", "Inc.", "24\"")]
        [True, True, False, False, False, False]
    """
    if not text or text.isalnum():
        return False
    return bool(_OPENING.match(text) or _CLOSING.search(text)) or _is_unbalanced(text) or _has_lone_quote(text)


def _is_unbalanced(text: str) -> bool:
    """Whether a bracket lacks its other half, or one at an edge opens or closes the wrong way."""
    if not _BRACKET.search(text):
        return False
    lacking = any(text.count(opening) != text.count(closing) for opening, closing in _BRACKETS.items())
    return lacking or text[0] in _BRACKETS.values() or text[-1] in _BRACKETS


def _has_lone_quote(text: str) -> bool:
    """Whether there is a quote at an edge and no other in the text; behind a figure it means inches."""
    inches = text[-1] == '"' and text[-2:-1].isdigit()
    at_an_edge = text[0] in _QUOTES or (text[-1] in _QUOTES and not inches)
    return at_an_edge and sum(text.count(sign) for sign in _QUOTES) == 1


def _overlapping_documents(contents: Contents) -> list[int]:
    """The documents in which a span begins before one ends that begins earlier."""
    entities = contents.entities
    order = np.lexsort((entities.ends, entities.starts))
    starts, furthest_ends = entities.starts[order], np.maximum.accumulate(entities.ends[order])
    overlapping = order[1:][starts[1:] < furthest_ends[:-1]]
    documents: list[int] = np.unique(entities.documents[overlapping]).tolist()
    return documents


def _places(are_wrong: NDArray[np.bool_]) -> list[int]:
    places: list[int] = np.flatnonzero(are_wrong).tolist()
    return places


def _having(contents: Contents, texts: set[str]) -> Iterable[int]:
    if not texts:
        return ()
    return (number for number, text in enumerate(contents.entities.texts) if text in texts)


def _told(contents: Contents, kind: str, spans: Iterable[int]) -> Findings:
    found = Findings()
    found.note_each(kind, list(spans), contents.span_told)
    return found
