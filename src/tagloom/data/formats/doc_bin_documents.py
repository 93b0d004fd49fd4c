"""Columns of a `DocBin` to documents: exact texts, the words with their places, entities as spans."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

from tagloom.data.findings import Findings, shortened, told_span
from tagloom.data.formats.doc_bin_columns import DocBinColumns
from tagloom.data.formats.msgpack import Reader
from tagloom.data.formats.spans import checked_spans
from tagloom.text import Document, JoinedWords, Span, Token

OWN = "tagloom"
"""The key under which our own files keep what spaCy has no place for."""

UNKNOWN, INSIDE, OUTSIDE, BEGIN = range(4)

_NOTHING: Mapping[str, Any] = {}


def documents_of(columns: DocBinColumns, findings: Findings) -> Iterator[Document]:
    """The documents in order.

    White space that is a token in spaCy is no word here: it stays in the text, between the words.

    Args:
        columns: of a file.
        findings: takes `unread_annotations`, `unlabelled_words`, `ill_formed_tags`, `empty_words`, and what is wrong
            with spans.

    Raises:
        ValueError: what our own files keep beside is not as they keep it.
    """
    for number, (first, last) in enumerate(pairwise(columns.edges)):
        yield _Doc(columns, number, first, last, findings).document()


class _Doc:
    """One document of a `DocBin`."""

    def __init__(self, columns: DocBinColumns, number: int, first: int, last: int, findings: Findings) -> None:
        self._columns, self._findings = columns, findings
        self._words, self._spaces = columns.words[first:last], columns.spaces[first:last]
        self._iob, self._labels = columns.iob[first:last], columns.labels[first:last]
        self._starts = columns.sentence_starts[first:last]
        own, has_more = _own_data(columns.user_data[number]) if columns.user_data[number] else (_NOTHING, False)
        self._id, self._metadata, contrary = _checked(own, len(self._words))
        self._id = self._id or str(number + 1)
        self._kept = self._word_places(contrary)
        unread = (*columns.unread[number], "user data") if has_more else columns.unread[number]
        if unread:
            findings.note("unread_annotations", f"document {self._id}: {', '.join(unread)}")

    def document(self) -> Document:
        """The document."""
        text = "".join([word + " " if space else word for word, space in zip(self._words, self._spaces, strict=True)])
        all_tokens = self._tokens()
        spans = self._spans(all_tokens, text)
        kept = self._kept
        tokens = all_tokens if len(kept) == len(all_tokens) else tuple([all_tokens[place] for place in kept])
        return Document(
            text=text,
            spans=checked_spans(spans, text, self._id, self._findings) if spans else (),
            id=self._id,
            metadata=self._metadata,
            tokens=tokens,
            sentence_bounds=self._sentence_bounds(),
            columns=_NOTHING,
        )

    def _word_places(self, contrary: Sequence[int]) -> Sequence[int]:
        """Which tokens are words: those that are no white space, or the other way round where our own file says so."""
        blanks, words = self._columns.blanks, self._words
        if not contrary and blanks.isdisjoint(words):
            return range(len(words))
        turned = set(contrary)
        if "" in words:
            self._findings.note("empty_words", f"document {self._id}", count=words.count(""))
        return [place for place, word in enumerate(words) if word and (word not in blanks) == (place not in turned)]

    def _tokens(self) -> Sequence[Token]:
        """Every token of spaCy's."""
        if len(self._kept) == len(self._words) and all(self._spaces[:-1]) and self._words:
            return JoinedWords(tuple(self._words))
        lengths = [len(word) + space for word, space in zip(self._words, self._spaces, strict=True)]
        starts = accumulate(lengths, initial=0)
        return tuple([Token(start, start + len(word)) for start, word in zip(starts, self._words, strict=False)])

    def _spans(self, tokens: Sequence[Token], text: str) -> list[Span]:
        if UNKNOWN in self._iob:
            count = sum(self._iob[place] == UNKNOWN for place in self._kept)
            if count:
                self._findings.note("unlabelled_words", f"document {self._id}", count=count)
        if BEGIN not in self._iob and INSIDE not in self._iob:
            return []
        spans = [Span(tokens[first].start, tokens[last].end, self._labels[first]) for first, last in self._chunks()]
        for span in spans:
            if not span.label:
                self._findings.note("unread_annotations", f"{told_span(span, text, self._id)}, without a label")
        return [span for span in spans if span.label]

    def _chunks(self) -> list[tuple[int, int]]:
        """First and last token of each entity; what goes on with none begins one."""
        chunks: list[tuple[int, int]] = []
        before = OUTSIDE
        for place, code in enumerate(self._iob):
            if code == INSIDE and before in (INSIDE, BEGIN):
                chunks[-1] = chunks[-1][0], place
            elif code in (INSIDE, BEGIN):
                chunks.append((place, place))
                if code == INSIDE:
                    example = f"document {self._id}: {shortened(self._words[place])!r} goes on with no entity"
                    self._findings.note("ill_formed_tags", example)
            before = code
        return chunks

    def _sentence_bounds(self) -> tuple[tuple[int, int], ...] | None:
        """The sentences in words, where every token says whether one begins with it."""
        starts, kept = self._starts, self._kept
        if 0 in starts or not kept:
            if 1 in starts[1:]:
                self._findings.note("unread_annotations", f"document {self._id}: sentences of a part of it")
            return None
        sentences = list(accumulate([start == 1 for start in starts]))  # the number of the sentence of each token
        of_words = [sentences[place] for place in kept]
        edges = [0, *(place for place in range(1, len(kept)) if of_words[place] != of_words[place - 1]), len(kept)]
        return tuple(pairwise(edges))


def _own_data(message: memoryview) -> tuple[Any, bool]:
    """What our own files keep, and whether there is something beside; what others keep is not looked into."""
    reader = Reader(message)
    own: Any = _NOTHING
    try:
        has_more = False
        for _ in range(reader.map()):
            if reader.value() == OWN:
                own = reader.value()
            else:
                reader.skip()
                has_more = True
    except ValueError:
        return own, True
    return own, has_more or not reader.is_at_end


def _checked(own: Any, num_tokens: int) -> tuple[str, Mapping[str, str], Sequence[int]]:
    """The id, the metadata, and the tokens that are words against their looks or none."""
    if own is _NOTHING:
        return "", _NOTHING, ()
    found = own if isinstance(own, dict) else {}
    document_id, metadata, contrary = found.get("id", ""), found.get("metadata", {}), found.get("contrary", [])
    right = isinstance(document_id, str) and isinstance(metadata, dict) and isinstance(contrary, list)
    if not right or not all(isinstance(value, str) for value in metadata.values()):
        raise ValueError(f"received {own!r} as what Tagloom keeps of a document")
    if not all(type(place) is int and 0 <= place < num_tokens for place in contrary):
        raise ValueError(f"received the tokens {contrary!r}, of which there are {num_tokens}")
    return document_id, metadata, contrary
