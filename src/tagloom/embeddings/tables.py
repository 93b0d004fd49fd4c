"""The tables that a model begins with: learned ones of the training part's words, others of files."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from tagloom.embeddings.choice import EmbeddingChoice
from tagloom.embeddings.coverage import Coverage
from tagloom.embeddings.embedding import LEARNED, Embedding
from tagloom.embeddings.paths import expanded
from tagloom.embeddings.vectors.opening import open_vectors
from tagloom.embeddings.vectors.vector_file import VectorSource
from tagloom.embeddings.word_table import WordTable
from tagloom.errors import DataError
from tagloom.features.word_index import FOLDED, FORMS, HASHED, LOWER, NGRAM, SURFACE, WordIndex

VECTOR_FORMS = (SURFACE, LOWER, FOLDED, HASHED)
"""Under which a word is looked for in a file, in this order."""


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How tables are made and used.

    Args:
        tunes_vectors: whether training changes vectors of files.
        spare_words: words of a file that a model gets beside those of its corpus, the first of the file; and as many
            stretches of characters, where the file knows them.
        dropouts: of each embedding, in their order.
    """

    tunes_vectors: bool
    spare_words: int
    dropouts: Sequence[float]


Open = Callable[[EmbeddingChoice], VectorSource]
"""Gives the vectors that are asked for."""

Vectors = dict[str, NDArray[np.float32]]
"""Of words, (width,) each."""


def open_file(choice: EmbeddingChoice) -> VectorSource:
    """The vectors of the file that a choice names.

    Raises:
        DataError: there is no such file, or it cannot be read.
    """
    return open_vectors(expanded(choice.argument))


def word_tables(
    choices: Sequence[EmbeddingChoice],
    trained: Mapping[str, int],
    counts: Mapping[str, int],
    options: TableOptions,
    opened: Open = open_file,
) -> tuple[list[WordTable], list[Coverage]]:
    """A table for each embedding that is one, and what each file covers.

    Args:
        choices: the embeddings, in their order.
        trained: how often each word occurs in the training part.
        counts: how often each word occurs in all that is known of the corpus.
        options: of the tables.
        opened: gives what a choice names that is not learned; by default files alone.

    Raises:
        DataError: a file cannot be read, or has none of the words.
        OSError: what was read of it cannot be kept.
    """
    tables, coverages = [], []
    for choice, dropout in zip(choices, options.dropouts, strict=True):
        if choice.is_contextual:
            continue
        if choice.kind == LEARNED:
            tables.append(WordTable(choice.learned(), WordIndex.of(trained), dropout=dropout))
            continue
        file = opened(choice)
        index, values, coverage = _chosen(file, choice, counts, options.spare_words)
        embedding = Embedding(choice.kind, file.name, file.width)
        tables.append(WordTable(embedding, index, values, is_trained=options.tunes_vectors, dropout=dropout))
        coverages.append(coverage)
    return tables, coverages


def _chosen(
    file: VectorSource, choice: EmbeddingChoice, counts: Mapping[str, int], spare_words: int
) -> tuple[WordIndex, NDArray[np.float32], Coverage]:
    """The words of a corpus that a file has, then the first of its own, with their vectors; and how many were found.

    Where the file knows stretches of characters, as many of these follow: of them a model makes what it meets later.
    """
    rows, coverage = _covered(file, choice, counts)
    spare = _words(file.first_words(spare_words))
    is_found, vectors = file.look_up(spare)
    _add(rows, compress(spare, is_found), vectors)
    ngrams, vectors = file.common_ngrams(list(rows), spare_words)
    _add(rows, (f"{NGRAM}{ngram}" for ngram in ngrams), vectors)
    values = np.concatenate([np.zeros((1, file.width), np.float32), np.stack(list(rows.values()))])
    return WordIndex(tuple(rows), VECTOR_FORMS, file.has_pieces or bool(ngrams)), values, coverage


def _covered(file: VectorSource, choice: EmbeddingChoice, counts: Mapping[str, int]) -> tuple[Vectors, Coverage]:
    """The vectors of a corpus's words, each under the first form that a file has, and how many were found.

    Raises:
        DataError: none was.
    """
    rows: Vectors = {}
    words = _words(counts)
    missing, different_found = words, {}
    for form in VECTOR_FORMS:
        formed = [FORMS[form](word) for word in missing]
        is_found, vectors = file.look_up(formed)
        rows.update(zip(compress(formed, is_found), vectors, strict=True))
        different_found[form] = int(is_found.sum())
        missing = list(compress(missing, ~is_found))
    if not rows:
        raise DataError(
            f"{choice.argument}: expected vectors for words of the corpus, such as {next(iter(counts), '')!r}, "
            f"received none among {file.num_words:,} words. Are they of its language?"
        )
    covered = sum(counts[word] for word in words) - sum(counts[word] for word in missing)
    return rows, Coverage(str(choice), sum(counts.values()), len(counts), different_found, covered)


def _add(rows: Vectors, words: Iterable[str], vectors: NDArray[np.float32]) -> None:
    """The vectors of words that have none yet."""
    for word, vector in zip(words, vectors, strict=True):
        rows.setdefault(word, vector)


def _words(words: Iterable[str]) -> list[str]:
    """Those that would not be taken for stretches."""
    return [word for word in words if not word.startswith(NGRAM)]
