"""Text to words and sentences, with exact code-point offsets, in any script.

A word is what a labeller would mark as one: `CE-7RM3`, `24-70mm` and `U.S.` stay whole; punctuation and English clitics
(`do` `n't`, `camera` `'s`) stand apart, as in the Penn Treebank and the corpora of the field. Scripts that write no
blanks (Chinese, Japanese, Thai, ...) are divided by grapheme (Unicode Annex 29), and so is everything unknown.
What is blank: white space, control characters, zero-width space, word joiner, byte order mark.
"""

import bisect
from collections.abc import Sequence
from functools import cache, partial
from itertools import pairwise, repeat
from typing import Any

import regex

from tagloom.text import Document, Sentence, SpacedWords, Span, Token, Words

_token = partial(tuple.__new__, Token)  # what `Token._make` does, without a call of Python for each word

NAME = "tagloom-1"
"""Kept in a bundle, so that a model reads text as it was trained to."""

_BLANKS = r"\s\p{Cc}\u200B\u2060\uFEFF"
_BLANK = f"[{_BLANKS}]"
_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー々〆]"
_LETTER = rf"[\p{{L}}--{_UNSPACED}]"
_INNERS = r"\p{M}\u00AD\u200C\u200D"  # marks, soft hyphen, joiners: they stay on what is before them
_INNER = f"[{_INNERS}]"
_ALNUM = rf"(?:{_LETTER}|\p{{N}})"
_RUN = rf"{_ALNUM}(?:{_ALNUM}|{_INNER}|_)*"
_APOSTROPHE = r"['’]"
_ENDING = rf"{_APOSTROPHE}(?i:s|m|d|re|ve|ll)\b"
_JOINED = rf"(?:[-‐‑&+/]|(?!{_ENDING}){_APOSTROPHE}|(?<=\p{{N}})[.,:．](?=\p{{N}})|(?<=/\p{{N}})\.)(?={_ALNUM}){_RUN}"
_IN_ADDRESS = rf"[^{_BLANKS}<>\"]*[^{_BLANKS}<>\".,;:!?)\]'’]"
_ABBREVIATIONS = (
    "Mr Mrs Ms Dr Prof St Sr Jr Gen Col Lt Sgt Capt Gov Sen Rep Rev Hon Inc Ltd Co Corp Bros vs etc approx "
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec e.g i.e a.m p.m"
).split()
_BEFORE_NUMBERS = "No Vol Fig".split()  # elsewhere `No.` is an answer


def _one_of(words: Sequence[str]) -> str:
    return f"(?:{'|'.join(regex.escape(word) for word in words)})"


# Linear on any text: what scans far ahead begins only where a stretch of its characters begins, or takes all it scans.
_WORD = "|".join(
    (
        r"[A-Za-z]+(?=[ ,;!?)])",  # most words of most texts, the quick way
        rf"(?:https?://|www\.){_IN_ADDRESS}",
        r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+",  # an e-mail address
        rf"[@#][\p{{L}}\p{{N}}_][\p{{L}}\p{{N}}_{_INNERS}]*",
        rf"(?:{_LETTER}\.){{2,}}+(?!\p{{M}})",  # U.S.
        rf"\b{_one_of(_ABBREVIATIONS)}\.(?=\s)",
        rf"\b{_one_of(_BEFORE_NUMBERS)}\.(?=\s+\p{{N}})",
        _ENDING,
        rf"(?i:n{_APOSTROPHE}t)\b",
        rf"{_LETTER}+?(?=(?i:n{_APOSTROPHE}t)\b)",  # do|n't
        rf"{_RUN}(?:{_JOINED})*",
        r"(?:\.{2,}|-{2,}|…)(?!\p{M})",
        rf"\p{{RI}}{{1,2}}{_INNER}*",  # a flag; \X would count back over all flags before it
        rf"\p{{GCB=Prepend}}{_INNER}*",  # \X would add a blank that follows
        r"\X",
    )
)
_CLOSERS = r"[\"'”’»)\]}」』】〉》]*"
_UNSPACED_STOP = r"[。！？｡．]"
_SPACED_STOP = rf"[[\p{{STerm}}…]--{_UNSPACED_STOP}]"


@cache
def _word_pattern() -> Any:
    return regex.compile(rf"(?!{_BLANK})(?:{_WORD})", regex.V1)


@cache
def _sentence_end_pattern() -> Any:
    unspaced_end = rf"(?!．\p{{N}}){_UNSPACED_STOP}[\p{{STerm}}…]*+{_CLOSERS}"
    spaced_end = rf"(?<!{_SPACED_STOP}){_SPACED_STOP}++(?:{_BLANK}?{_CLOSERS})(?={_BLANK}+[^\p{{Ll}}\s])"
    blank_line = r"(?=[^\S\n]*\n[^\S\n]*\n)"
    next_line = r"(?=[^\S\n]*\n\s*[^\p{Ll}\s])"
    return regex.compile(rf"{unspaced_end}|{spaced_end}|(?<=\S){blank_line}|(?<=\S){next_line}", regex.V1)


@cache
def _perhaps_end_pattern() -> Any:
    """What is in every end of a sentence but that of the text."""
    return regex.compile(rf"[[\p{{STerm}}…\n]||{_UNSPACED_STOP}]", regex.V1)


def tokens(text: str) -> list[Token]:
    """The words of the text in order; whatever lies between them is blank.

    Example:
        >>> text = "Don't drop the CE-7RM3!"
        >>> [text[token.start : token.end] for token in tokens(text)]
        ['Do', "n't", 'drop', 'the', 'CE-7RM3', '!']
    """
    return [_token(match.span()) for match in _word_pattern().finditer(text)]


def spaced_words(text: str) -> SpacedWords:
    """What `tokens` finds, whose offsets are made only when they are asked for."""
    return SpacedWords(text, tuple(_word_pattern().findall(text)))


def sentences(document: Document) -> list[Sentence]:
    """The document's sentences: by its own words and bounds where it has them, else by the tokenizer.

    A sentence never ends inside a span. A document without words has no sentence.

    Example:
        >>> [sentence.words for sentence in sentences(Document("It works. I like it"))]
        [['It', 'works', '.'], ['I', 'like', 'it']]
    """
    if document.tokens is not None and document.sentence_bounds is None:
        own = Sentence(document.text, document.tokens, document.spans, document.id, document.source_tags)
        return [own] if document.tokens else []
    words: Sequence[Token]
    bounds: Sequence[tuple[int, int]]
    if document.tokens is None:
        words = found = spaced_words(document.text)
        own_bounds = document.sentence_bounds
        bounds = _bounds(document.text, found, document.spans) if own_bounds is None else own_bounds
    else:
        words, bounds = document.tokens, document.sentence_bounds or ()
    filled = [(first, last) for first, last in bounds if last > first]
    parts = _parts(words, filled)
    tags = document.source_tags if document.tokens is not None else None  # one a token of the source, not of ours
    own_tags = [tags[first:last] for first, last in filled] if tags is not None else repeat(None, len(filled))
    spans = [document.spans] if len(parts) == 1 else _spans_by_sentence(document.spans, parts)
    return [
        Sentence(document.text, part, own, document.id, kept)
        for part, own, kept in zip(parts, spans, own_tags, strict=True)
    ]


def _parts(words: Sequence[Token], bounds: Sequence[tuple[int, int]]) -> list[Sequence[Token]]:
    """The words within each of these bounds."""
    if bounds == [(0, len(words))]:
        return [words]
    if isinstance(words, Words):
        return [words.part(first, last) for first, last in bounds]
    return [words[first:last] for first, last in bounds]


def _bounds(text: str, words: SpacedWords, spans: Sequence[Span]) -> list[tuple[int, int]]:
    """First word and word after the last of each sentence of a text that nobody has divided yet."""
    perhaps = _perhaps_end_pattern().search(text)
    if not words or perhaps is None or perhaps.start() >= text.rindex(words.words[-1]):  # the quick way for most
        return [(0, len(words))]
    starts = words.starts()
    cuts = {0, len(words)}
    for match in _sentence_end_pattern().finditer(text):
        word = bisect.bisect_right(starts, match.start()) - 1
        inside_word = match.end() > match.start() and starts[word] < match.start()  # the stop of an abbreviation
        if not inside_word:
            cuts.add(bisect.bisect_left(starts, match.end()))
    for span in spans:
        first, last = bisect.bisect_right(starts, span.start), bisect.bisect_left(starts, span.end)
        cuts.difference_update(range(max(first, 1), last))  # the first sentence begins at the first word all the same
    return list(pairwise(sorted(cuts)))


def _spans_by_sentence(spans: Sequence[Span], parts: Sequence[Sequence[Token]]) -> list[tuple[Span, ...]]:
    """To each sentence the spans that begin before its end and after the end of the one before it."""
    if not spans or not parts:
        return [()] * len(parts)
    ends = [part[-1].end for part in parts]
    found: list[list[Span]] = [[] for _ in parts]
    for span in spans:
        found[min(bisect.bisect_right(ends, span.start), len(parts) - 1)].append(span)
    return [tuple(own) for own in found]
