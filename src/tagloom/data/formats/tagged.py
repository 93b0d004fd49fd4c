"""Words with tags, as token formats have them, to documents: column by column, since a corpus holds millions."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, chain, pairwise

from tagloom import schemes
from tagloom.data.findings import Findings
from tagloom.data.formats.chunk_spans import ChunkQueue, SpansOfChunks
from tagloom.data.formats.chunking import Chunker, Run, pairs_of, runs_of
from tagloom.data.formats.format import Reading
from tagloom.data.formats.originals import Original, words_within
from tagloom.data.sources.source_text import SourceText
from tagloom.errors import DataError, SchemeError
from tagloom.schemes import BIO, OUTSIDE, Scheme
from tagloom.text import Chunk, Document, JoinedWords, Span, Token

Columns = Mapping[str, tuple[str, ...]]
"""Further columns by name, each with one value a word."""

Bounds = tuple[tuple[int, int], ...]
"""First word and word after the last of each sentence."""

Pair = tuple[str, str]


@dataclass(frozen=True)
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

    @cached_property
    def runs(self) -> list[Run]:
        """The stretches of tags without `O`."""
        return runs_of(self.tags, self.starts)


Parse = Callable[[Findings], Iterator[TaggedBatch]]


def read_tagged(parse: Parse, file: SourceText, scheme_name: str | None) -> Reading:
    """Documents of what a format parsed.

    The scheme of tags is known only from all of them. A file in memory is read as if no tag broke it, and once more
    where one does; a stream is first gone through for its tags alone.

    Args:
        parse: gives the batches, with what it notices into the findings; may be called twice.
        file: that holds the tags.
        scheme_name: the scheme of the tags; None to recognise it.

    Raises:
        DataError: there is no sentence, or a tag is of no scheme's form.
    """
    findings = Findings()
    survey = _Survey(file.name)
    builder = _Builder(BIO, frozenset(), findings, file.place)
    documents: list[Document] = []
    for batch in parse(findings):
        survey.add(batch)
        if file.is_held:
            documents.extend(builder.documents(batch))
    scheme = survey.scheme(scheme_name)
    forbidden = survey.forbidden(scheme)
    if file.is_held and not forbidden:
        return Reading(iter(documents), scheme.name, findings)
    findings = Findings()
    builder = _Builder(scheme, forbidden, findings, file.place)
    return Reading(chain.from_iterable(map(builder.documents, parse(findings))), scheme.name, findings)


class _Survey:
    """The tags of a file, as far as it was read.

    Args:
        name: what messages call the file.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._runs: Counter[tuple[str, ...]] = Counter()
        self._tags: set[str] = set()
        self._has_words = False

    def add(self, batch: TaggedBatch) -> None:
        """Counts the tags of a batch.

        Raises:
            DataError: one is of no scheme's form.
        """
        new = set(batch.tags) - self._tags
        self._tags |= new
        for tag in new:
            try:
                schemes.split_tag(tag)
            except SchemeError as error:
                line = batch.lines[batch.tags.index(tag)]
                raise DataError(f"{self._name}:{line}: {error} Correct the tag.") from error
        self._runs.update([batch.tags[begin:end] for begin, end in batch.runs])
        self._has_words = self._has_words or bool(batch.words)

    def scheme(self, name: str | None) -> Scheme:
        """The scheme of that name, else the one that the tags break least.

        Raises:
            DataError: there was no sentence.
        """
        if not self._has_words:
            raise DataError(f"{self._name}: expected labelled sentences, found none. Give a file that holds some.")
        return schemes.scheme(name) if name else schemes.detect_in(pairs_of(self._runs))

    def forbidden(self, scheme: Scheme) -> frozenset[Pair]:
        """The pairs of neighbours that the scheme does not allow."""
        return frozenset(pair for pair in pairs_of(self._runs) if not scheme.allows(*pair))


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


class _Builder:
    """Makes documents of batches, and notes the tags that break the scheme."""

    def __init__(self, scheme: Scheme, forbidden: frozenset[Pair], findings: Findings, place: str) -> None:
        self._scheme = scheme
        self._forbidden = forbidden
        self._findings = findings
        self._place = place
        self._num_documents = 0
        self._chunker = Chunker()
        self._spans = SpansOfChunks()

    def documents(self, batch: TaggedBatch) -> Iterator[Document]:
        """The documents of a batch, in order."""
        edges = [*batch.starts, len(batch.words)]
        chunks = ChunkQueue(self._chunker.chunks(batch.tags, batch.runs))
        spans = self._spans
        before = list(accumulate(map(len, batch.words), initial=0))  # characters of words before each one
        first = batch.documents[0] if batch.documents else len(batch.starts)
        for sentence, (begin, end) in enumerate(pairwise(edges[: first + 1])):
            self._num_documents += 1
            words = batch.words[begin:end]
            yield Document(
                text=" ".join(words),
                spans=spans.of(chunks.before(end), before, begin),
                id=batch.ids.get(sentence) or str(self._num_documents),
                tokens=JoinedWords(words),
                source_tags=self._kept(batch.tags[begin:end], [(0, batch.lines[begin])]) if self._forbidden else None,
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
        places = [(first, batch.lines[begin + first]) for first, _ in bounds]
        document = Document(
            text="\n".join([" ".join(words[first:last]) for first, last in bounds]),
            spans=joined_spans,
            id=str(self._num_documents),
            tokens=JoinedWords(words),
            sentence_bounds=bounds if len(bounds) > 1 else None,
            source_tags=self._kept(tags, places) if self._forbidden else None,
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

    def _kept(self, tags: tuple[str, ...], sentences: Sequence[tuple[int, int]]) -> tuple[str, ...] | None:
        """The tags of a document where some of them break their scheme, which is noted.

        Args:
            tags: of the document.
            sentences: first word and line of each.
        """
        edges = [*(first for first, _ in sentences), len(tags)]
        broken = [
            self._is_broken(tags[begin:end], line)
            for (begin, end), (_, line) in zip(pairwise(edges), sentences, strict=True)
        ]
        return tags if any(broken) else None

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
