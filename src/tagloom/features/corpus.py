"""Sentences as numbers, made once: each different word of the corpus has one, and all that is known of it is a row."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagloom.features.batches import batches_by_length
from tagloom.features.casing import casing
from tagloom.features.vocabulary import Vocabulary

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Surfaces:
    """What is known of each different word as it is written, one row each.

    Args:
        words: row in each table of words, (tables, surfaces).
        casings: index into `CASINGS`, (surfaces,).
        characters: character numbers, (surfaces, longest word), 0 behind.
        character_lengths: characters of each, (surfaces,), at least 1.
        seen_once: whether the training part has what that row stands for just once, (tables, surfaces).
    """

    words: Integers
    casings: Integers
    characters: NDArray[np.int32]
    character_lengths: Integers
    seen_once: NDArray[np.bool_]

    @classmethod
    def of(cls, surfaces: Sequence[str], vocabulary: Vocabulary, counts: Mapping[str, int] | None = None) -> "Surfaces":
        """The rows of these words; `counts` are those of the training part."""
        characters = vocabulary.character_numbers(surfaces)
        words = vocabulary.word_numbers(surfaces)
        seen_once = np.zeros(words.shape, np.bool_)
        if counts is not None:
            seen = [counts.get(surface, 0) for surface in surfaces]
            for table, rows, once in zip(vocabulary.tables, words, seen_once, strict=True):
                once[:] = np.bincount(rows, seen, table.num_rows)[rows] == 1
        return cls(
            words=words,
            casings=np.array([casing(surface) for surface in surfaces], np.int64),
            characters=characters,
            character_lengths=np.maximum((characters > 0).sum(axis=1), 1),
            seen_once=seen_once,
        )

    def __len__(self) -> int:
        return len(self.casings)


@dataclass(frozen=True)
class Batch:
    """Some sentences, padded to the longest of them.

    Args:
        surfaces: the different words of the batch, rows of `Surfaces`, (different,).
        positions: for each place its index into `surfaces`, (length, batch); 0 behind a sentence's end.
        lengths: words of each sentence, (batch,).
        tags: tag numbers, (batch, length); 0 behind a sentence's end; None where nobody has labelled.
    """

    surfaces: Integers
    positions: Integers
    lengths: Integers
    tags: Integers | None

    @property
    def num_words(self) -> int:
        """Words in all, without padding."""
        return int(self.lengths.sum())


@dataclass(frozen=True)
class Corpus:
    """Sentences as numbers, one behind the other.

    Args:
        surfaces: what is known of each different word.
        words: rows of `surfaces`, (words in all,).
        offsets: where each sentence begins, and at last the end, (sentences + 1,).
        tags: tag numbers, (words in all,); None where nobody has labelled.
    """

    surfaces: Surfaces
    words: Integers
    offsets: Integers
    tags: Integers | None

    @classmethod
    def of(
        cls,
        sentences: Sequence[Sequence[str]],
        tags: Sequence[Sequence[str]] | None,
        vocabulary: Vocabulary,
        tag_numbers: Mapping[str, int],
        counts: Mapping[str, int] | None = None,
    ) -> "Corpus":
        """The corpus of these sentences, each a list of words, with a tag for each word."""
        numbers: dict[str, int] = {}
        words = [numbers.setdefault(word, len(numbers)) for sentence in sentences for word in sentence]
        return cls(
            surfaces=Surfaces.of(list(numbers), vocabulary, counts),
            words=np.array(words, np.int64),
            offsets=np.cumsum([0, *map(len, sentences)]),
            tags=None if tags is None else np.array([tag_numbers[tag] for row in tags for tag in row], np.int64),
        )

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> Integers:
        """Words of each sentence, (sentences,)."""
        return np.diff(self.offsets)

    def batch(self, sentences: Integers) -> Batch:
        """These sentences, by number, as one batch."""
        starts, lengths = self.offsets[sentences], self.lengths[sentences]
        steps = np.arange(lengths.max())[:, None]  # (length, 1)
        within = steps < lengths  # (length, batch)
        places = np.where(within, starts + steps, 0)
        different, positions = np.unique(self.words[places[within]], return_inverse=True)
        table = np.zeros(places.shape, np.int64)
        table[within] = positions
        tags = None if self.tags is None else np.where(within, self.tags[places], 0).T
        return Batch(different, table, lengths, tags)

    def batches_in_order(self, batch_size: int, most_words: int) -> Iterator[tuple[Integers, Batch]]:
        """Every sentence once, the longest first, with the sentences' numbers.

        Args:
            batch_size: most sentences of a batch.
            most_words: that a batch has, padding included; one sentence alone may have more.
        """
        order, lengths = np.argsort(self.lengths, kind="stable").tolist(), self.lengths.tolist()
        for some in reversed(batches_by_length(order, lengths, batch_size, most_words)):
            chosen = np.array(some, np.int64)
            yield chosen, self.batch(chosen)

    def batch_order(self, batch_size: int, random: np.random.Generator) -> list[Integers]:
        """The sentences of each batch of one epoch: of nearly equal length within, at random among one another."""
        blurred = self.lengths * random.uniform(0.9, 1.1, len(self)) + random.uniform(0, 1, len(self))
        order = np.argsort(blurred, kind="stable")
        chunks = [order[first : first + batch_size] for first in range(0, len(order), batch_size)]
        return [chunks[index] for index in random.permutation(len(chunks))]


def count_words(sentences: Sequence[Sequence[str]]) -> Counter[str]:
    """How often each word occurs, as it is written."""
    return Counter(word for sentence in sentences for word in sentence)
