"""Bundle in, spans out: what a trained model is used through."""

import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tagloom.bundle.bundle import Bundle
from tagloom.bundle.read import read_bundle
from tagloom.decoding import Lattice, Posterior, posterior, viterbi
from tagloom.errors import BundleError
from tagloom.inference.emitter import Emitter
from tagloom.inference.workers import Workers
from tagloom.schemes import scheme
from tagloom.text import Chunk, Document, Sentence, Span, Spans
from tagloom.tokenize import NAME as TOKENIZER
from tagloom.tokenize import sentences

BATCH_SIZE = 64
"""Sentences that the network reads at once, where nobody says otherwise."""

_DOCUMENTS_AT_ONCE, _CHARACTERS_AT_ONCE = 1024, 2**20
_DOCUMENTS_DIVIDED = 512  # fewer would be read in batches of less equal length
_LONGEST_KEPT = 64  # words of a chunk whose tags are kept
_SELF_CHECK = [["a"], ["b", "0"]]

Result = TypeVar("Result")

Entity = tuple[int, int, str, float]
"""Start, end (code points), label and score of a span."""

ScoredChunk = tuple[int, int, str, float]
"""First word, word after the last, label, and the probability of exactly that."""


def load(path: str | Path, *, threads: int = 0) -> "Predictor":
    """The model of that folder or `.loom` file, ready to predict.

    Args:
        path: a bundle; of a run's folder its `model` is taken.
        threads: of the processor; 0 for all that this process may use.

    Raises:
        BundleError: it is not sound, or a run without a model.
    """
    return Predictor(read_bundle(model_path(Path(path))), threads=threads)


def model_path(path: Path) -> Path:
    """Where the bundle is: of a run's folder its `model`, whose pointer a run that still trains moves; else the path.

    Raises:
        BundleError: a run without a model.
    """
    model = path / "model"
    if not model.is_dir():
        _expect_no_run(path)
        return path
    return model.resolve()


def _expect_no_run(folder: Path) -> None:
    """Says what a folder lacks that is a run, or a series of them, rather than a model."""
    series = sorted(each.parent.name for each in folder.glob("seed-*/config.toml"))
    if series:
        raise BundleError(f"{folder}: expected a model, received a series of runs. Name one: {folder / series[0]}.")
    if (folder / "config.toml").is_file():
        place = shlex.quote(str(folder))
        raise BundleError(
            f"{folder}: expected a model, received a run without one. Go on with it: tagloom train --resume -o {place}"
        )


class Predictor:
    """A trained model in use. Threads may share it.

    Args:
        bundle: the model.
        threads: of the processor; 0 for all that this process may use.

    Raises:
        BundleError: it was trained with another tokenizer, or its networks do not fit one another.
        ConfigError: fewer than 0 threads are asked for.
    """

    def __init__(self, bundle: Bundle, *, threads: int = 0) -> None:
        if bundle.tokenizer != TOKENIZER:
            raise BundleError(
                f"the model: expected the tokenizer {TOKENIZER!r}, received {bundle.tokenizer!r}. "
                "Install the version of Tagloom that it was trained with."
            )
        self.bundle = bundle
        self.scheme = scheme(bundle.scheme)
        self.tags = self.scheme.tags(bundle.labels)
        self.temperature = bundle.temperature
        self._numbers = {tag: number for number, tag in enumerate(self.tags)}
        self._goes_on = self._continuations()
        self._spelled: dict[tuple[str, int], NDArray[np.intp]] = {}
        self._emitter = Emitter(bundle, len(self.tags), threads)
        self._divider = Workers(1, ahead=1)  # divides some documents into words while those before them are read
        self._transitions, self._start, self._end = self._transition_scores()
        self.tag(_SELF_CHECK)

    @property
    def word_counts(self) -> tuple[int, int]:
        """How many words were read so far, and how many of them the model's vocabulary lacks."""
        return self._emitter.word_vectors.num_words, self._emitter.word_vectors.num_unknown

    def __call__(self, text: str) -> Spans:
        """The entities of a text, in order, each with its score.

        Args:
            text: of any length; without words it has no entity.

        Raises:
            BundleError: the model's networks do not give what they promise.

        Example: `[(text[span.start:span.end], span.label) for span in predictor(text)]`
        """
        (found,) = self.entities([Document(text)])
        return Spans(text, (Span(*entity) for entity in found))

    def documents(self, documents: Iterable[Document], *, batch_size: int = BATCH_SIZE) -> Iterator[Document]:
        """Each document with the spans that the model finds in place of its own; a stream, some documents at a time.

        Args:
            documents: with their own words, or as plain text.
            batch_size: sentences that the network reads at once, at least 1.

        Raises:
            BundleError: the model's networks do not give what they promise.
            ConfigError: the batch size is less than 1.
        """
        parts = chain.from_iterable(self._divider.map(_divided, _parts(some)) for some in _some_at_a_time(documents))
        for part, divided in parts:
            for document, found in zip(part, self._entities(divided, batch_size), strict=True):
                yield replace(document, spans=tuple(Span(*entity) for entity in found), source_tags=None)

    def entities(self, documents: Sequence[Document], *, batch_size: int = BATCH_SIZE) -> list[list[Entity]]:
        """What the model finds in each document, as plain values: for servers, whose time it is to make spans of them.

        Args:
            documents: with their own words, or as plain text; their spans are not looked at.
            batch_size: sentences that the network reads at once, at least 1.

        Raises:
            BundleError: the model's networks do not give what they promise.
            ConfigError: the batch size is less than 1.
        """
        return self._entities(_divided(documents)[1], batch_size)

    def _entities(self, divided: Sequence[Sequence[Sentence]], batch_size: int) -> list[list[Entity]]:
        flat = [sentence.words for own in divided for sentence in own]
        found = iter(self.chunks(flat, batch_size=batch_size))
        return [
            [
                (*sentence.edges(first, last), label, score)
                for sentence in own
                for first, last, label, score in next(found)
            ]
            for own in divided
        ]

    def chunks(self, sentences: Sequence[Sequence[str]], *, batch_size: int = BATCH_SIZE) -> list[list[ScoredChunk]]:
        """The entities of sentences that are divided into words already, in words, with their scores.

        Args:
            sentences: the words of each.
            batch_size: sentences that the network reads at once, at least 1.

        Raises:
            BundleError: the model's networks do not give what they promise.
            ConfigError: the batch size is less than 1.
        """
        found: list[list[ScoredChunk]] = [[] for _ in sentences]
        for numbers, chunks in self._read(sentences, batch_size, self._scored_chunks):
            for number, own in zip(numbers, chunks, strict=True):
                found[number] = own
        return found

    def tag(self, sentences: Sequence[Sequence[str]], *, batch_size: int = BATCH_SIZE) -> list[list[str]]:
        """One tag in the model's scheme for each word of each sentence, as `chunks` reads them.

        Args:
            sentences: the words of each.
            batch_size: sentences that the network reads at once, at least 1.

        Raises:
            BundleError: the model's networks do not give what they promise.
            ConfigError: the batch size is less than 1.
        """
        found: list[list[str]] = [[] for _ in sentences]
        for numbers, tags in self._read(sentences, batch_size, self._best_tags):
            for number, own in zip(numbers, tags, strict=True):
                found[number] = own
        return found

    def lattices(
        self, sentences: Sequence[Sequence[str]], batch_size: int = BATCH_SIZE
    ) -> Iterator[tuple[Sequence[int], Lattice]]:
        """Every sentence that has words, in batches of about one length, with its number; the longest come last.

        Args:
            sentences: the words of each.
            batch_size: sentences that the network reads at once, at least 1.

        Yields:
            The numbers of some sentences, and their lattice, whose tags are those of `tags`; its scores are those of
            the network, before the temperature.

        Raises:
            BundleError: the model's networks do not give what they promise.
            ConfigError: the batch size is less than 1.
        """
        return self._read(sentences, batch_size, lambda lattice: lattice)

    def _read(
        self, sentences: Sequence[Sequence[str]], batch_size: int, reading: Callable[[Lattice], Result]
    ) -> Iterator[tuple[Sequence[int], Result]]:
        """What is made of the lattice of each batch, with the numbers of its sentences, as `lattices` gives them."""
        transitions = self._transitions, self._start, self._end
        return self._emitter.read(
            sentences, batch_size, lambda emissions, lengths: reading(Lattice(emissions, *transitions, lengths))
        )

    def posterior(self, lattice: Lattice) -> Posterior:
        """Sums over all paths of some lattices of this model, from which its calibrated probabilities follow."""
        return posterior(lattice.tempered(self.temperature))

    def best_chunks(self, lattice: Lattice) -> list[list[Chunk]]:
        """The entities on the best path of each sentence of a lattice of this model."""
        return list(map(self.scheme.decode, self._best_tags(lattice)))

    def _best_tags(self, lattice: Lattice) -> list[list[str]]:
        return [[self.tags[tag] for tag in path.tolist()] for path in viterbi(lattice)]

    def _scored_chunks(self, lattice: Lattice) -> list[list[ScoredChunk]]:
        chunks = self.best_chunks(lattice)
        return [
            [(*chunk, score) for chunk, score in zip(own, scores, strict=True)]
            for own, scores in zip(chunks, self.scores(lattice, chunks), strict=True)
        ]

    def scores(
        self, lattice: Lattice, chunks: Sequence[Sequence[Chunk]], *, temperature: float | None = None
    ) -> list[list[float]]:
        """The probability of each of some chunks, over all paths; sums are made only for sentences that have one.

        Args:
            lattice: of this model.
            chunks: of each of its sentences.
            temperature: that scores are divided by; None for the model's own.
        """
        scores: list[list[float]] = [[] for _ in chunks]
        rows = [row for row, own in enumerate(chunks) if own]
        if not rows:
            return scores
        some = replace(lattice, emissions=lattice.emissions[rows], lengths=lattice.lengths[rows])
        sums = posterior(some.tempered(self.temperature if temperature is None else temperature))
        places = np.repeat(np.arange(len(rows)), [len(chunks[row]) for row in rows])
        flat = [chunk for row in rows for chunk in chunks[row]]
        firsts = np.array([first for first, _, _ in flat])
        paths = [self._tags_of(label, last - first) for first, last, label in flat]
        found = iter(sums.path_probabilities(places, firsts, paths, goes_on=self._goes_on).tolist())
        for row in rows:
            scores[row] = list(islice(found, len(chunks[row])))
        return scores

    def _tags_of(self, label: str, length: int) -> NDArray[np.intp]:
        """The numbers of the tags that spell a chunk."""
        known = self._spelled.get((label, length))
        if known is None:
            spelled = self.scheme.encode([(0, length, label)], length)
            known = np.array([self._numbers[tag] for tag in spelled])
            if length <= _LONGEST_KEPT:
                self._spelled[label, length] = known
        return known

    def _continuations(self) -> NDArray[np.bool_]:
        """Whether a tag goes on with the chunk of the tag before it, (tags, tags), `[from, to]`."""
        goes_on = np.zeros((len(self.tags), len(self.tags)), np.bool_)
        for tag, number in self._numbers.items():
            goes_on[number, [self._numbers[after] for after in self.scheme.continuations(tag)]] = True
        return goes_on

    def _transition_scores(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """What the decoder learned (nothing, of a softmax), with minus infinity where the scheme forbids."""
        start, between, end = self.scheme.transition_masks(self.tags)
        weights = self.bundle.weights
        nothing, forbidden = np.float32(0), np.float32(-np.inf)
        return (
            np.where(between, weights.get("decoder.transitions", nothing), forbidden),
            np.where(start, weights.get("decoder.start_transitions", nothing), forbidden),
            np.where(end, weights.get("decoder.end_transitions", nothing), forbidden),
        )


def _divided(documents: Sequence[Document]) -> tuple[Sequence[Document], list[list[Sentence]]]:
    """The documents, and the sentences of each, whatever its spans."""
    return documents, [sentences(replace(each, spans=()) if each.spans else each) for each in documents]


def _parts(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    """The documents in parts, one of which can be divided while another is read."""
    for first in range(0, len(documents), _DOCUMENTS_DIVIDED):
        yield documents[first : first + _DOCUMENTS_DIVIDED]


def _some_at_a_time(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """The documents in lists that are bounded by number and by length."""
    some: list[Document] = []
    length = 0
    for document in documents:
        some.append(document)
        length += len(document.text)
        if len(some) == _DOCUMENTS_AT_ONCE or length >= _CHARACTERS_AT_ONCE:
            yield some
            some, length = [], 0
    if some:
        yield some
