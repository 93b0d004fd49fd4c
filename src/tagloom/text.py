"""Texts and what is marked in them. Offsets are Unicode code points, half-open: `text[start:end]`."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from operator import add
from typing import Any, NamedTuple, Protocol, overload

from tagloom.errors import DataError
from tagloom.markup import displacy, marked_block

Chunk = tuple[int, int, str]
"""A labelled stretch of words: first word, word after the last, label."""


class Token(NamedTuple):
    """One word of a text. A named tuple, since a corpus holds millions."""

    start: int
    end: int


class Words(ABC, Sequence[Token]):
    """The tokens of words that are known: offsets follow from the words, and are made when asked for.

    Args:
        words: at least one character each.
        start: where the first one begins.
    """

    __slots__ = ("_starts", "_tokens", "start", "words")

    def __init__(self, words: tuple[str, ...], start: int) -> None:
        self.words, self.start = words, start
        self._starts: list[int] | None = None
        self._tokens: tuple[Token, ...] | None = None

    @abstractmethod
    def _found_starts(self) -> list[int]: ...

    @abstractmethod
    def part(self, first: int, last: int) -> "Words":
        """Those from `first`, which is one of them, to before `last`."""

    def starts(self) -> list[int]:
        """Where each begins."""
        if self._starts is None:
            self._starts = self._found_starts()
        return self._starts

    def tokens(self) -> tuple[Token, ...]:
        """All of them."""
        if self._tokens is None:
            starts = self.starts()
            self._tokens = tuple(map(Token, starts, map(add, starts, map(len, self.words))))
        return self._tokens

    def edges(self, first: int, last: int) -> tuple[int, int]:
        """Where the words from `first` to before `last` begin and end."""
        starts = self.starts()
        return starts[first], starts[last - 1] + len(self.words[last - 1])

    def __len__(self) -> int:
        return len(self.words)

    @overload
    def __getitem__(self, index: int) -> Token: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Token, ...]: ...

    def __getitem__(self, index: int | slice) -> Token | tuple[Token, ...]:
        return self.tokens()[index]

    def __iter__(self) -> Iterator[Token]:
        return iter(self.tokens())

    def __eq__(self, other: object) -> bool:
        return self.tokens() == (other.tokens() if isinstance(other, Words) else other)

    def __hash__(self) -> int:
        return hash(self.tokens())

    def __repr__(self) -> str:
        return repr(self.tokens())


class JoinedWords(Words):
    """The tokens of words that one character parts.

    Args:
        words: at least one character each.
        start: where the first one begins.

    Example:
        >>> list(JoinedWords(("A", "D90")))
        [Token(start=0, end=1), Token(start=2, end=5)]
    """

    __slots__ = ()

    def __init__(self, words: tuple[str, ...], start: int = 0) -> None:
        super().__init__(words, start)

    def _found_starts(self) -> list[int]:
        return list(accumulate([len(word) + 1 for word in self.words[:-1]], initial=self.start)) if self.words else []

    def part(self, first: int, last: int) -> "JoinedWords":
        """Those from `first`, which is one of them, to before `last`."""
        return JoinedWords(self.words[first:last], self.starts()[first])

    def __eq__(self, other: object) -> bool:
        if isinstance(other, JoinedWords):
            return self.words == other.words and self.start == other.start
        return super().__eq__(other)

    __hash__ = Words.__hash__


class SpacedWords(Words):
    """The tokens of all words of a stretch of a text; whatever lies between them is blank.

    Args:
        text: that they are in.
        words: at least one character each, the first of which is not blank.
        start: where the first one begins, or a blank before it.

    Example:
        >>> list(SpacedWords(" A  D90", ("A", "D90")))
        [Token(start=1, end=2), Token(start=4, end=7)]
    """

    __slots__ = ("text",)

    def __init__(self, text: str, words: tuple[str, ...], start: int = 0) -> None:
        super().__init__(words, start)
        self.text = text

    def _found_starts(self) -> list[int]:
        find, end, starts = self.text.find, self.start, []
        for word in self.words:
            start = find(word, end)
            starts.append(start)
            end = start + len(word)
        return starts

    def part(self, first: int, last: int) -> "SpacedWords":
        """Those from `first`, which is one of them, to before `last`."""
        return SpacedWords(self.text, self.words[first:last], self.starts()[first])


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled stretch of a text.

    Args:
        start: code point where it begins, from 0.
        end: code point after its last.
        label: what it is, such as `PNAME`.
        score: probability between 0 and 1 that exactly this span has this label; None for a person's label.
        origin: what proposed it where no person did, such as `gazetteer cameras.txt:12`; None for a person's label.
    """

    start: int
    end: int
    label: str
    score: float | None = None
    origin: str | None = None


class Spans(Sequence[Span]):
    """What was found in a text: a sequence of spans that shows itself in a notebook.

    It is equal to every sequence of the same spans, lists too.

    Args:
        text: that the spans are of.
        spans: in order of `start`.

    Example:
        >>> found = Spans("A D90.", [Span(2, 5, "PNAME")])
        >>> found == [Span(2, 5, "PNAME")], found[0].label, len(found[1:])
        (True, 'PNAME', 0)
    """

    __slots__ = ("_spans", "text")

    def __init__(self, text: str, spans: Iterable[Span] = ()) -> None:
        self.text = text
        self._spans = tuple(spans)

    def to_displacy(self) -> dict[str, Any]:
        """What spaCy's `displacy.render(..., style="ent", manual=True)` takes."""
        return displacy(self.text, self._spans)

    def _repr_html_(self) -> str:
        return marked_block(self.text, self._spans)

    def __len__(self) -> int:
        return len(self._spans)

    @overload
    def __getitem__(self, index: int) -> Span: ...

    @overload
    def __getitem__(self, index: slice) -> "Spans": ...

    def __getitem__(self, index: int | slice) -> "Span | Spans":
        if isinstance(index, slice):
            return Spans(self.text, self._spans[index])
        return self._spans[index]

    def __iter__(self) -> Iterator[Span]:
        return iter(self._spans)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Sequence) and not isinstance(other, str):
            return self._spans == tuple(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self._spans)  # as that of the tuple, which it equals

    def __repr__(self) -> str:
        return repr(list(self._spans))


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its spans and, where its source had them, its own words and sentences.

    Args:
        text: the whole text.
        spans: what is labelled in it, in order of `start`.
        id: name within its dataset.
        metadata: whatever else the source says of it.
        tokens: the source's own words; None where the text is still to be divided.
        sentence_bounds: first token and token after the last of each sentence; None with `tokens` means one sentence.
        source_tags: the source's tags, one a token, kept where they were ill-formed, for export.
        columns: the source's further columns, such as `POS`, one value a token.
    """

    text: str
    spans: tuple[Span, ...] = ()
    id: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    tokens: Sequence[Token] | None = None
    sentence_bounds: tuple[tuple[int, int], ...] | None = None
    source_tags: tuple[str, ...] | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def to_displacy(self) -> dict[str, Any]:
        """What spaCy's `displacy.render(..., style="ent", manual=True)` takes."""
        return displacy(self.text, self.spans)

    def _repr_html_(self) -> str:
        return marked_block(self.text, self.spans)


class TagEncoder(Protocol):
    """What turns chunks into tags; `schemes.Scheme` is one."""

    def encode(self, chunks: Iterable[Chunk], length: int) -> list[str]:
        """Tags of `length` words."""
        ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """The model's unit: the tokens of one stretch of a document, with the spans that lie in it.

    Args:
        text: the whole document's; offsets count from its start.
        tokens: the sentence's own.
        spans: those that lie in it.
        document_id: name of the document.
        source_tags: the source's tags, one a token, where the document kept them because some were ill-formed.

    Example:
        >>> sentence = Sentence("A D90.", (Token(0, 1), Token(2, 5), Token(5, 6)), (Span(2, 5, "PNAME"),))
        >>> sentence.words
        ['A', 'D90', '.']
        >>> sentence.chunks()
        [(1, 2, 'PNAME')]
    """

    text: str
    tokens: Sequence[Token]
    spans: tuple[Span, ...] = ()
    document_id: str = ""
    source_tags: tuple[str, ...] | None = None

    @property
    def words(self) -> list[str]:
        """The text of each token."""
        text = self.text
        if isinstance(self.tokens, Words):
            return list(self.tokens.words)
        return [text[start:end] for start, end in self.tokens]

    def edges(self, first: int, last: int) -> tuple[int, int]:
        """Where the words from `first` to before `last` begin and end in the text."""
        if isinstance(self.tokens, Words):
            return self.tokens.edges(first, last)
        return self.tokens[first].start, self.tokens[last - 1].end

    def chunks(self) -> list[Chunk]:
        """The spans in words, in order; of spans that overlap only the longest.

        Raises:
            DataError: a span does not begin and end at a word's edge.
        """
        if not self.spans:
            return []
        starts = {token.start: index for index, token in enumerate(self.tokens)}
        ends = {token.end: index + 1 for index, token in enumerate(self.tokens)}
        return [self._chunk(span, starts, ends) for span in without_overlaps(self.spans)]

    def tags(self, scheme: TagEncoder) -> list[str]:
        """One tag a token, encoded anew from the spans."""
        return scheme.encode(self.chunks(), len(self.tokens))

    def _chunk(self, span: Span, starts: Mapping[int, int], ends: Mapping[int, int]) -> Chunk:
        if span.start not in starts or span.end not in ends or span.start >= span.end:
            raise DataError(
                f"document {self.document_id!r}: span {span.start}-{span.end} {span.label} "
                f"({self.text[span.start : span.end]!r}) does not begin and end at the edges of words. "
                "Move its edges to words, or give the document's tokens."
            )
        return starts[span.start], ends[span.end], span.label


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """The spans in order; where some overlap the longest stays, of equally long ones the first.

    Example:
        >>> kept = without_overlaps([Span(0, 4, "A"), Span(2, 9, "B"), Span(9, 12, "A")])
        >>> [(span.start, span.end, span.label) for span in kept]
        [(2, 9, 'B'), (9, 12, 'A')]
    """
    in_order = sorted(spans, key=lambda span: (span.start, span.end))
    if all(before.end <= after.start for before, after in pairwise(in_order)):
        return in_order
    kept: list[Span] = []
    for span in sorted(in_order, key=lambda span: span.start - span.end):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)
