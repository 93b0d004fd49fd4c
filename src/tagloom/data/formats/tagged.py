"""Words with tags, as token formats have them, to documents: column by column, since a corpus holds millions."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, chain, pairwise

from tagloom import schemes
from tagloom.data.findings import Findings
from tagloom.data.formats.chunking import Chunker
from tagloom.data.formats.format import Reading
from tagloom.data.formats.originals import Original, words_within
from tagloom.data.source_text import SourceText
from tagloom.errors import DataError, SchemeError
from tagloom.schemes import OUTSIDE, Scheme
from tagloom.text import Chunk, Document, JoinedWords, Span, Token

Columns = Mapping[str, tuple[str, ...]]
"""Further columns by name, each with one value a word."""

Bounds = tuple[tuple[int, int], ...]
"""First word and word after the last of each sentence."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TaggedBatch:
    """Sentences one after another, in columns.

    Args:
        words: of all sentences.
        tags: as many.
        columns: further columns, each as long.
        starts: the first word of each sentence, rising from 0.
        lines: the line of each word in its file, from 1.
        ids: the source's name of each sentence, by the sentence; those without are numbered.
        documents: the sentences that begin a document, in order; each of those before the first is one by itself.
        originals: by the sentence that begins it, what a source says of a document's own text.
    """

    words: tuple[str, ...]
    tags: tuple[str, ...]
    columns: Columns
    starts: Sequence[int]
    lines: Sequence[int]
    ids: Mapping[int, str] = field(default_factory=dict)
    documents: Sequence[int] = ()
    originals: Mapping[int, Original] = field(default_factory=dict)


Parse = Callable[[Findings], Iterator[TaggedBatch]]


def read_tagged(parse: Parse, file: SourceText, scheme_name: str | None) -> Reading:
    """Documents of what a format parsed.

    Args:
        parse: gives the batches, with what it notices into the findings; called twice where the file is streamed, since
            the scheme of its tags is known only from all of them.
        file: that holds the tags.
        scheme_name: the scheme of the tags; None to recognise it.

    Raises:
        DataError: there is no sentence, or a tag is of no scheme's form.
    """
    findings = Findings()
    batches: Iterable[TaggedBatch] = list(parse(findings)) if file.is_held else parse(Findings())
    pairs: Counter[Pair] = Counter()
    for batch in batches:
        _check_tags(batch, file.name)
        pairs.update(_pairs(batch))
    if not pairs:
        raise DataError(f"{file.name}: expected labelled sentences, found none. Give a file that holds some.")
    scheme = schemes.scheme(scheme_name) if scheme_name else schemes.detect_in(pairs)
    forbidden = frozenset(pair for pair in pairs if not scheme.allows(*pair))
    builder = _Builder(scheme, forbidden, findings, file.place)
    again = batches if file.is_held else parse(findings)
    return Reading(chain.from_iterable(map(builder.documents, again)), scheme.name, findings)


def worded(batch: TaggedBatch, findings: Findings, place: str) -> TaggedBatch:
    """The batch without the words that are empty; they are counted.

    Args:
        batch: any.
        findings: takes `empty_words`.
        place: what examples call the file.
    """
    if "" not in batch.words:
        return batch
    kept = [index for index, word in enumerate(batch.words) if word]
    empty = [line for word, line in zip(batch.words, batch.lines, strict=True) if not word]
    findings.note("empty_words", *(f"{place}:{line}" for line in empty), count=len(empty))
    num_kept = list(accumulate([1 if word else 0 for word in batch.words], initial=0))
    edges = [num_kept[start] for start in (*batch.starts, len(batch.words))]
    filled = [begin < end for begin, end in pairwise(edges)]
    new = list(accumulate(filled, initial=0))  # the new number of each sentence, or of the next one that is left
    return TaggedBatch(
        words=tuple([batch.words[index] for index in kept]),
        tags=tuple([batch.tags[index] for index in kept]),
        columns={name: tuple([values[index] for index in kept]) for name, values in batch.columns.items()},
        starts=[begin for begin, is_filled in zip(edges, filled, strict=False) if is_filled],
        lines=[batch.lines[index] for index in kept],
        ids={new[sentence]: name for sentence, name in batch.ids.items() if filled[sentence]},
        documents=sorted({new[sentence] for sentence in batch.documents} - {sum(filled)}),
        originals={new[sentence]: one for sentence, one in batch.originals.items() if new[sentence] < sum(filled)},
    )


def _check_tags(batch: TaggedBatch, name: str) -> None:
    for tag in set(batch.tags):
        try:
            schemes.split_tag(tag)
        except SchemeError as error:
            line = batch.lines[batch.tags.index(tag)]
            raise DataError(f"{name}:{line}: {error} Correct the tag.") from error


def _pairs(batch: TaggedBatch) -> Counter[Pair]:
    """How often each tag stands before each other, with `O` at the edges of sentences."""
    if not batch.words:
        return Counter()
    pairs = Counter(pairwise((OUTSIDE, *batch.tags, OUTSIDE)))
    tags = batch.tags
    for start in batch.starts[1:]:  # what stands at an edge is no pair
        before, after = tags[start - 1], tags[start]
        if before != OUTSIDE and after != OUTSIDE:
            pairs[before, after] -= 1
            pairs[before, OUTSIDE] += 1
            pairs[OUTSIDE, after] += 1
    return +pairs


class _Queue:
    """Chunks in order, taken from the front."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._chunks = chunks
        self._next = 0

    def before(self, end: int) -> Sequence[Chunk]:
        """Those that begin before a place, and were not taken yet."""
        first, chunks = self._next, self._chunks
        while self._next < len(chunks) and chunks[self._next][0] < end:
            self._next += 1
        return chunks[first : self._next]


class _Spans(dict[tuple[int, int, str], Span]):
    """The span of each start, end and label, made once for all documents that have it: a corpus repeats most."""

    def __missing__(self, place: tuple[int, int, str]) -> Span:
        span = self[place] = Span(*place)
        return span

    def of(self, chunks: Sequence[Chunk], before: Sequence[int], begin: int) -> tuple[Span, ...]:
        """The spans of chunks in a text of words that one character parts.

        Args:
            chunks: in words.
            before: characters of all words before each one, without what parts them.
            begin: the text's first word.
        """
        if not chunks:
            return ()
        offset = before[begin] + begin
        return tuple(
            [
                self[before[first] + first - offset, before[end] + end - 1 - offset, label]
                for first, end, label in chunks
            ]
        )


class _Builder:
    """Makes documents of batches, and notes the tags that break the scheme."""

    def __init__(self, scheme: Scheme, forbidden: frozenset[Pair], findings: Findings, place: str) -> None:
        self._scheme = scheme
        self._forbidden = forbidden
        self._findings = findings
        self._place = place
        self._num_documents = 0
        self._chunker = Chunker(scheme)
        self._spans = _Spans()

    def documents(self, batch: TaggedBatch) -> Iterator[Document]:
        """The documents of a batch, in order."""
        edges = [*batch.starts, len(batch.words)]
        chunks = _Queue(self._chunker.chunks(batch.tags, batch.starts))
        spans = self._spans
        before = list(accumulate(map(len, batch.words), initial=0))  # characters of words before each one
        first = batch.documents[0] if batch.documents else len(batch.starts)
        for sentence, (begin, end) in enumerate(pairwise(edges[: first + 1])):
            self._num_documents += 1
            tags = batch.tags[begin:end]
            words = batch.words[begin:end]
            broken = self._forbidden and self._is_broken(tags, batch.lines[begin])
            yield Document(
                text=" ".join(words),
                spans=spans.of(chunks.before(end), before, begin),
                id=batch.ids.get(sentence) or str(self._num_documents),
                tokens=JoinedWords(words),
                source_tags=tags if broken else None,
                columns={name: values[begin:end] for name, values in batch.columns.items()},
            )
        for sentence, last in pairwise((*batch.documents, len(batch.starts))):
            begin, end = edges[sentence], edges[last]
            own = chunks.before(end)
            bounds = tuple(pairwise([edge - begin for edge in edges[sentence : last + 1]]))
            yield self._document(batch, begin, bounds, own, spans.of(own, before, begin), batch.originals.get(sentence))

    def _document(
        self,
        batch: TaggedBatch,
        begin: int,
        bounds: Bounds,
        chunks: Sequence[Chunk],
        joined_spans: tuple[Span, ...],
        original: Original | None,
    ) -> Document:
        """A document of several sentences, or with a text of its own."""
        self._num_documents += 1
        end = begin + bounds[-1][1]
        words, tags = batch.words[begin:end], batch.tags[begin:end]
        places = [(first, last, batch.lines[begin + first]) for first, last in bounds]
        broken = [self._forbidden and self._is_broken(tags[first:last], line) for first, last, line in places]
        document = Document(
            text="\n".join([" ".join(words[first:last]) for first, last in bounds]),
            spans=joined_spans,
            id=str(self._num_documents),
            tokens=JoinedWords(words),
            sentence_bounds=bounds if len(bounds) > 1 else None,
            source_tags=tags if any(broken) else None,
            columns={name: values[begin:end] for name, values in batch.columns.items()},
        )
        if original is None:
            return document
        tokens = self._within(original, words, batch.lines[begin])
        tagged = [Span(tokens[one - begin][0], tokens[last - begin - 1][1], label) for one, last, label in chunks]
        return replace(
            document,
            text=original.text,
            spans=original.spans_for(tagged),
            id=original.id or document.id,
            metadata=original.metadata,
            tokens=tokens,
        )

    def _within(self, original: Original, words: Sequence[str], line: int) -> tuple[Token, ...]:
        try:
            return words_within(original, words)
        except ValueError as error:
            raise DataError(
                f"{self._place}:{line}: expected the words of the document's own text, {error}. "
                "Correct them, or remove the line with the text."
            ) from error

    def _is_broken(self, tags: Sequence[str], line: int) -> bool:
        if self._forbidden.isdisjoint(pairwise((OUTSIDE, *tags, OUTSIDE))):
            return False
        told = ("the beginning", *tags, "the end")
        positions = self._scheme.violations(tags)
        examples = [
            f"{self._place}:{line}: {told[position + 1]} after {told[position]} at word {position + 1}"
            for position in positions
        ]
        self._findings.note("ill_formed_tags", *examples, count=len(positions))
        return True
