"""What a dataset holds, made once for all that is counted in it and looked for in it: words and spans as numbers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, count, pairwise

import numpy as np
from numpy.typing import NDArray

from tagloom import tokenize
from tagloom.data.dataset import Dataset
from tagloom.data.findings import shortened
from tagloom.data.quality.entities import Entities, Numbers
from tagloom.text import Document, JoinedWords, Sentence, Token, Words


@dataclass(frozen=True)
class Contents:
    """A dataset with its sentences and words.

    Args:
        dataset: itself.
        divided: the sentences of those documents that are not one sentence of words of their own, by their places.
        document_bounds: of each document the first of its sentences, and at the end their number, (documents + 1,).
        vocabulary: the different words, in the order of their first place.
        words: every word as its place in `vocabulary`, (words,).
        sentence_words: the words of each sentence.
        bounds: of each sentence the first of its words, and at the end their number, (sentences + 1,).
        starts: where each word begins, the documents' texts laid one after the other, (words,).
        ends: where each word ends, likewise, (words,).
        groups: the documents' files or parts, where there are several: the name of each and how many are in it.

    Example:
        >>> from tagloom.text import Document
        >>> contents = Contents.of(Dataset((Document("A D90 is a D90."), Document("It works."))))
        >>> contents.sentence_texts, contents.lengths.tolist()
        (['A D90 is a D90 .', 'It works .'], [6, 3])
    """

    dataset: Dataset
    divided: Mapping[int, list[Sentence]]
    document_bounds: Numbers
    vocabulary: list[str]
    words: Numbers
    sentence_words: list[Sequence[str]]
    bounds: Numbers
    starts: Numbers
    ends: Numbers
    groups: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, dataset: Dataset, groups: tuple[tuple[str, int], ...] = ()) -> "Contents":
        """The contents of a dataset.

        Args:
            dataset: what to go through.
            groups: as its examples name them; without any, its files where there are several.
        """
        documents = dataset.documents
        divided = {place: tokenize.sentences(one) for place, one in enumerate(documents) if not _is_one_sentence(one)}
        tokens = [_tokens(document, divided.get(place)) for place, document in enumerate(documents)]
        document_bounds = np.fromiter(accumulate(map(len, tokens), initial=0), np.int64, len(tokens) + 1)
        sentence_words: list[Sequence[str]] = [
            own.words if isinstance(own, Words) else [document.text[start:end] for start, end in own]
            for document, every in zip(documents, tokens, strict=True)
            for own in every
        ]
        words = list(chain.from_iterable(sentence_words))
        numbers = defaultdict[str, int](count().__next__)
        numbered = np.fromiter(map(numbers.__getitem__, words), np.int64, len(words))
        lengths = np.fromiter(map(len, numbers), np.int64, len(numbers))[numbered]
        bounds = np.fromiter(accumulate(map(len, sentence_words), initial=0), np.int64, len(sentence_words) + 1)
        starts = _starts(list(chain.from_iterable(tokens)), bounds, lengths)
        starts += np.repeat(np.repeat(_offsets(dataset), np.diff(document_bounds)), np.diff(bounds))
        return cls(
            dataset=dataset,
            divided=divided,
            document_bounds=document_bounds,
            vocabulary=list(numbers),
            words=numbered,
            sentence_words=sentence_words,
            bounds=bounds,
            starts=starts,
            ends=starts + lengths,
            groups=groups or _files(dataset),
        )

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences of all documents: `dataset.sentences()`."""
        documents = enumerate(self.dataset.documents)
        return [each for place, one in documents for each in self.divided.get(place) or tokenize.sentences(one)]

    @property
    def lengths(self) -> Numbers:
        """The number of words of each sentence, (sentences,)."""
        return np.diff(self.bounds)

    @cached_property
    def sentence_texts(self) -> list[str]:
        """The words of each sentence, joined by blanks: equal sentences have equal ones."""
        return [" ".join(words) for words in self.sentence_words]

    @cached_property
    def repeated_sentences(self) -> list[list[int]]:
        """The places of each sentence that occurs more than once, word for word."""
        firsts: dict[str, int] = {}
        repeated: dict[int, list[int]] = {}
        for place, text in enumerate(self.sentence_texts):
            first = firsts.setdefault(text, place)
            if first != place:
                repeated.setdefault(first, [first]).append(place)
        return [repeated[first] for first in sorted(repeated)]

    @cached_property
    def entities(self) -> Entities:
        """The spans, and the words that they touch."""
        documents = self.dataset.documents
        spans = [span for document in documents for span in document.spans]
        texts = [document.text[span.start : span.end] for document in documents for span in document.spans]
        places = np.repeat(np.arange(len(documents)), [len(document.spans) for document in documents])
        offsets = self._offsets[places]
        starts = np.fromiter((span.start for span in spans), np.int64, len(spans)) + offsets
        ends = np.fromiter((span.end for span in spans), np.int64, len(spans)) + offsets
        firsts = np.searchsorted(self.ends, starts, side="right")
        lasts = np.maximum(np.searchsorted(self.starts, ends, side="left"), firsts)
        worded = np.flatnonzero(lasts > firsts)
        are_aligned = np.zeros(len(spans), np.bool_)
        are_aligned[worded] = (self.starts[firsts[worded]] == starts[worded]) & (
            self.ends[lasts[worded] - 1] == ends[worded]
        )
        return Entities(spans, texts, places, starts, ends, firsts, lasts, are_aligned)

    @cached_property
    def are_labelled(self) -> NDArray[np.bool_]:
        """Whether a span touches each word, (words,)."""
        steps = np.zeros(len(self.words) + 1, np.int64)
        np.add.at(steps, self.entities.first_words, 1)
        np.add.at(steps, self.entities.end_words, -1)
        labelled: NDArray[np.bool_] = np.cumsum(steps)[:-1] > 0
        return labelled

    @cached_property
    def span_sentences(self) -> Numbers:
        """The sentence in which each span begins, -1 where it touches no word, (spans,)."""
        entities = self.entities
        return np.where(entities.end_words > entities.first_words, self.sentences_of(entities.first_words), -1)

    @cached_property
    def _offsets(self) -> Numbers:
        return _offsets(self.dataset)

    @cached_property
    def _spans_by_sentence(self) -> tuple[Numbers, Numbers]:
        """The spans in the order of their sentences, and of each sentence the first of them."""
        order = np.argsort(self.span_sentences, kind="stable")
        return order, np.searchsorted(self.span_sentences[order], np.arange(len(self.bounds)))

    def spans_in(self, sentence: int) -> list[int]:
        """The spans that begin in a sentence, by their places in `entities`."""
        order, bounds = self._spans_by_sentence
        spans: list[int] = order[bounds[sentence] : bounds[sentence + 1]].tolist()
        return spans

    def sentences_of(self, words: Numbers) -> Numbers:
        """The sentence of each word, both counted through all documents."""
        return np.searchsorted(self.bounds, words, side="right") - 1

    def place_of(self, sentence: int) -> str:
        """How an example names the document of a sentence."""
        return self.document_told(self._document_of(sentence))

    def text_of(self, sentence: int) -> str:
        """How an example shows a sentence: as it stands in its document."""
        words = self.sentence_words[sentence]
        document, first = self._document_of(sentence), int(self.bounds[sentence])
        start = int(self.starts[first] - self._offsets[document])
        length = int(self.ends[first + len(words) - 1] - self.starts[first])
        return shortened(self.dataset.documents[document].text[start : start + length])

    def _document_of(self, sentence: int) -> int:
        return int(np.searchsorted(self.document_bounds, sentence, side="right")) - 1

    def document_told(self, document: int) -> str:
        """How an example names a document."""
        ends = accumulate(size for _, size in self.groups)
        group = next((f"{name} " for (name, _), end in zip(self.groups, ends, strict=True) if document < end), "")
        return f"{group}document {self.dataset.documents[document].id}"

    def span_told(self, span: int) -> str:
        """How an example names a span."""
        entities = self.entities
        place = self.document_told(int(entities.documents[span]))
        return f"{place}: {shortened(entities.texts[span])} = {entities.labels[span]}"


@dataclass(frozen=True, slots=True)
class Part:
    """Where a part of a feature set lies in the contents of the whole."""

    documents: slice
    sentences: slice
    words: slice
    spans: slice


def divided_contents(parts: Mapping[str, Dataset]) -> tuple[Contents, dict[str, Part]]:
    """The contents of all parts together, and where each part lies in them.

    Example:
        >>> from tagloom.text import Document
        >>> parts = {"train": Dataset((Document("It works."),)), "test": Dataset((Document("A D90."),))}
        >>> contents, places = divided_contents(parts)
        >>> {name: contents.sentence_texts[place.sentences] for name, place in places.items()}
        {'train': ['It works .'], 'test': ['A D90 .']}
    """
    groups = tuple((name, len(part)) for name, part in parts.items())
    contents = Contents.of(sum(parts.values(), Dataset()), groups)
    edges = accumulate(map(len, parts.values()), initial=0)
    return contents, {name: _part(contents, *pair) for name, pair in zip(parts, pairwise(edges), strict=True)}


def _part(contents: Contents, first: int, end: int) -> Part:
    sentences = contents.document_bounds[[first, end]]
    spans = np.searchsorted(contents.entities.documents, [first, end], side="left")
    return Part(
        slice(first, end), slice(*sentences.tolist()), slice(*contents.bounds[sentences].tolist()), slice(*spans)
    )


def _files(dataset: Dataset) -> tuple[tuple[str, int], ...]:
    """The sources by their files' names, where there are several and the documents are all of theirs."""
    sizes = [source.num_documents for source in dataset.sources]
    if len(sizes) < 2 or sum(sizes) != len(dataset):
        return ()
    return tuple((source.files[0].name if source.files else "", source.num_documents) for source in dataset.sources)


def _offsets(dataset: Dataset) -> Numbers:
    """Where each document's text begins when all are laid one after the other, with a sign between them."""
    lengths = (len(document.text) + 1 for document in dataset.documents)
    return np.fromiter(accumulate(lengths, initial=0), np.int64, len(dataset) + 1)[:-1]


def _is_one_sentence(document: Document) -> bool:
    return document.tokens is not None and document.sentence_bounds is None


def _tokens(document: Document, sentences: list[Sentence] | None) -> list[Sequence[Token]]:
    """The words of each sentence of a document, whose sentences are given unless it is one."""
    if sentences is not None:
        return [sentence.tokens for sentence in sentences]
    return [document.tokens] if document.tokens else []


def _starts(tokens: Sequence[Sequence[Token]], bounds: Numbers, lengths: Numbers) -> Numbers:
    """Where each word begins in its document, (words,).

    Args:
        tokens: of each sentence.
        bounds: of each sentence the first of its words, (sentences + 1,).
        lengths: characters of each word, (words,).
    """
    joined = [own.start for own in tokens if isinstance(own, JoinedWords)]
    if len(joined) < len(tokens):
        return np.fromiter((token[0] for own in tokens for token in own), np.int64, len(lengths))
    through_all: Numbers = np.cumsum(lengths + 1) - (lengths + 1)
    return through_all + np.repeat(np.array(joined, np.int64) - through_all[bounds[:-1]], np.diff(bounds))
