"""A feature set as a training reads it: numbers for the network, gold chunks to judge by."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from tagloom.bundle.format import MAX_LABELS
from tagloom.embeddings.choice import EmbeddingChoice, parse_embeddings
from tagloom.embeddings.coverage import Coverage
from tagloom.embeddings.embedding import DISTILLED
from tagloom.embeddings.encoders.model_folder import find_model
from tagloom.embeddings.tables import open_file, word_tables
from tagloom.embeddings.vectors.vector_file import VectorSource
from tagloom.embeddings.word_table import WordTable
from tagloom.errors import TrainingError
from tagloom.features.corpus import Corpus, count_words
from tagloom.features.sampling import spread
from tagloom.features.vocabulary import Vocabulary
from tagloom.runs.config import TrainingConfig
from tagloom.schemes import BIOES
from tagloom.text import Chunk, Sentence, without_overlaps
from tagloom.training.contexts.context import Context
from tagloom.training.contexts.opening import open_context
from tagloom.training.distilled import DistilledVectors

T = TypeVar("T")

_SAMPLE = 256  # sentences


@dataclass(frozen=True)
class Part:
    """One part of a feature set.

    Args:
        corpus: its words and tags as numbers.
        chunks: its gold chunks, a list a sentence.
        words: of each sentence, as they are written, for a transformer to read; none where there is no transformer.
    """

    corpus: Corpus
    chunks: Sequence[Sequence[Chunk]]
    words: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Parts:
    """What a training learns from and is watched on.

    Args:
        train: the part to learn from.
        dev: the part to watch.
        sample: sentences from all over the training part, to hold dev against.
        vocabulary: words of each table, and characters of the training part.
        tables: of words, one for each embedding.
        coverages: of the files among them.
        context: a transformer that reads the sentences; None where none does.
        labels: of the training part, most frequent first.
        overlaps: spans left out of the training part, since longer ones overlap them.
        digest: SHA-256 of both parts' words and tags, and of what vectors come from that are not learned.
    """

    train: Part
    dev: Part
    sample: Part
    vocabulary: Vocabulary
    tables: Sequence[WordTable]
    coverages: Sequence[Coverage]
    context: Context | None
    labels: tuple[str, ...]
    overlaps: int
    digest: str

    @property
    def overlaps_told(self) -> str:
        """How many spans were left out, in words."""
        return f"{self.overlaps:,} spans were left out, since longer ones overlap them."

    @classmethod
    def of(cls, train: Sequence[Sentence], dev: Sequence[Sentence], config: TrainingConfig | None = None) -> "Parts":
        """The parts of these sentences.

        Args:
            train: to learn from.
            dev: to watch.
            config: whose embeddings words are looked up in; the defaults where None.

        Raises:
            TrainingError: a part has no sentence, or the training part no span or too many labels.
            DataError: a file of vectors cannot be read, or has none of the words; a transformer cannot be used.
        """
        config = config or TrainingConfig()
        for name, sentences in (("train", train), ("dev", dev)):
            if not sentences:
                raise TrainingError(f"{name} part: expected sentences, received none. Give it data, or divide anew.")
        train_chunks = [sentence.chunks() for sentence in train]
        labels = _labels(train_chunks)
        if not labels:
            raise TrainingError(
                f"train part: expected labelled spans, received {len(train)} sentences without one. Label some first."
            )
        if len(labels) > MAX_LABELS:
            raise TrainingError(
                f"train part: expected at most {MAX_LABELS} labels, received {len(labels)}. Merge those that are rare."
            )
        words, dev_words = [sentence.words for sentence in train], [sentence.words for sentence in dev]
        counts = count_words(words)
        choices = parse_embeddings(config.embeddings)
        tables, coverages = word_tables(
            choices,
            counts,
            counts + count_words(dev_words),
            config.table_options(),
            partial(_opened, threads=config.threads),
        )
        context = open_context(config)
        if context is not None:
            context.keep([*words, *dev_words])
        vocabulary = Vocabulary.of(counts, tables=[table.index for table in tables])
        numbers = {tag: number for number, tag in enumerate(BIOES.tags(labels))}
        dev_chunks = [sentence.chunks() for sentence in dev]
        known = [[chunk for chunk in chunks if chunk[2] in labels] for chunks in dev_chunks]
        train_tags, dev_tags = _tags(train_chunks, words), _tags(known, dev_words)
        chosen = spread(len(words), _SAMPLE)

        def part(words: Sequence[Sequence[str]], tags: Sequence[Sequence[str]], chunks: Sequence[list[Chunk]]) -> Part:
            return Part(Corpus.of(words, tags, vocabulary, numbers, counts), chunks, () if context is None else words)

        return cls(
            train=part(words, train_tags, train_chunks),
            dev=part(dev_words, dev_tags, dev_chunks),
            sample=part(_some(words, chosen), _some(train_tags, chosen), _some(train_chunks, chosen)),
            vocabulary=vocabulary,
            tables=tables,
            coverages=coverages,
            context=context,
            labels=labels,
            overlaps=sum(len(one.spans) - len(without_overlaps(one.spans)) for one in train),
            digest=_digest(zip([*words, *dev_words], [*train_tags, *dev_tags], strict=True), tables, context),
        )


def _opened(choice: EmbeddingChoice, threads: int) -> VectorSource:
    """The vectors that a choice names which is not learned."""
    if choice.kind == DISTILLED:
        return DistilledVectors(find_model(choice.source), choice.width, threads)
    return open_file(choice)


def _some(values: Sequence[T], chosen: Sequence[int]) -> list[T]:
    return [values[place] for place in chosen]


def _labels(chunks: Iterable[Iterable[Chunk]]) -> tuple[str, ...]:
    counts = count_words([[label for _, _, label in sentence] for sentence in chunks])
    return tuple(sorted(counts, key=lambda label: (-counts[label], label)))


def _tags(chunks: Sequence[Sequence[Chunk]], words: Sequence[Sequence[str]]) -> list[list[str]]:
    return [BIOES.encode(own, len(sentence)) for own, sentence in zip(chunks, words, strict=True)]


def _digest(
    sentences: Iterable[tuple[Sequence[str], Sequence[str]]],
    tables: Iterable[WordTable],
    context: Context | None,
) -> str:
    pretrained = [table.digest for table in tables if table.values is not None]
    digest = hashlib.sha256("".join([*pretrained, *([] if context is None else [context.digest])]).encode())
    for words, tags in sentences:
        digest.update(("\x1f".join(words) + "\x1e" + "\x1f".join(tags) + "\x1d").encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
