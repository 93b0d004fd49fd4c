"""Plain text as two language models read it: words as numbers, each sentence between its marks."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from tagloom.embeddings.elmo.characters import BEGIN_ROW, END_ROW, FRAME_ROWS
from tagloom.errors import DataError
from tagloom.features.sampling import spread

END_TARGET, BEGIN_TARGET, UNKNOWN_TARGET, FRAME_TARGETS = 0, 1, 2, 3
"""What a language model tells apart before the words, about as frequent as they come; and how many these are."""

HELD_OUT = 0.01
"""Share of the sentences that is never learned from."""

_MOST_HELD_OUT = 1_000  # sentences

Numbers = NDArray[np.int32]


@dataclass(frozen=True)
class Windows:
    """Text laid out in stretches beside each other, for both directions.

    Args:
        rows: of the words that are read, (2, words, stretches).
        targets: what comes next in that direction, (2, words, stretches).
    """

    rows: Numbers
    targets: Numbers

    def window(self, number: int, steps: int) -> "Windows":
        """So many words of each stretch, from where the windows before it end."""
        some = slice(number * steps, (number + 1) * steps)
        return Windows(self.rows[:, some], self.targets[:, some])


@dataclass(frozen=True)
class TextCorpus:
    """Sentences of plain text.

    Args:
        words: the different ones, each a row behind those of the frame.
        targets: what each row is as the next word, (rows,): its rank by frequency, or `UNKNOWN_TARGET`.
        num_targets: that are told apart.
        train: rows of the words of each sentence to learn from, with its frame.
        held_out: the same of those that are never learned from.
    """

    words: Sequence[str]
    targets: Numbers
    num_targets: int
    train: Sequence[Numbers]
    held_out: Sequence[Numbers]

    @classmethod
    def of(cls, sentences: Iterable[Sequence[str]], vocabulary: int) -> "TextCorpus":
        """The sentences as numbers.

        Args:
            sentences: in words; those without are left out.
            vocabulary: words that are told apart as the next one, the most frequent.

        Raises:
            DataError: there are fewer than 100.
        """
        rows: dict[str, int] = {}
        framed = [
            np.array([BEGIN_ROW, *(rows.setdefault(word, len(rows) + FRAME_ROWS) for word in words), END_ROW], np.int32)
            for words in sentences
            if words
        ]
        if len(framed) < 1 / HELD_OUT:
            raise DataError(f"expected at least {1 / HELD_OUT:.0f} sentences of text, received {len(framed)}.")
        counts = np.bincount(np.concatenate(framed), minlength=len(rows) + FRAME_ROWS)[FRAME_ROWS:]
        ranked = np.argsort(-counts, kind="stable")[:vocabulary]
        targets = np.full(len(rows) + FRAME_ROWS, UNKNOWN_TARGET, np.int32)
        targets[[BEGIN_ROW, END_ROW]] = BEGIN_TARGET, END_TARGET
        targets[ranked + FRAME_ROWS] = np.arange(len(ranked), dtype=np.int32) + FRAME_TARGETS
        chosen = set(spread(len(framed), min(_MOST_HELD_OUT, int(len(framed) * HELD_OUT))))
        return cls(
            words=list(rows),
            targets=targets,
            num_targets=len(ranked) + FRAME_TARGETS,
            train=[one for number, one in enumerate(framed) if number not in chosen],
            held_out=[framed[number] for number in sorted(chosen)],
        )

    @property
    def num_tokens(self) -> int:
        """Words to learn from, each sentence's end among them."""
        return sum(len(sentence) - 1 for sentence in self.train)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the words in their order."""
        digest = hashlib.sha256("\x1f".join(self.words).encode("utf-8", "surrogatepass"))
        for sentence in chain(self.train, self.held_out):
            digest.update(sentence.tobytes())
        return digest.hexdigest()

    def windows(self, stretches: int, random: np.random.Generator) -> Windows:
        """All sentences to learn from, in a random order, one behind the other in so many stretches.

        What does not fill all stretches to the same length is left for another order.
        """
        order = random.permutation(len(self.train))
        onwards = [self.train[number] for number in order]
        ways = [onwards, [sentence[::-1] for sentence in onwards]]
        length = self.num_tokens // stretches
        rows, targets = (
            np.stack([_laid_out(values, stretches, length) for values in sides])
            for sides in zip(*(_pairs(way) for way in ways), strict=True)
        )
        return Windows(rows, self.targets[targets])


def _pairs(sentences: Sequence[Numbers]) -> Iterator[Numbers]:
    """What is read, and what comes next, of all sentences."""
    yield np.concatenate([sentence[:-1] for sentence in sentences])
    yield np.concatenate([sentence[1:] for sentence in sentences])


def _laid_out(values: Numbers, stretches: int, length: int) -> Numbers:
    """(length, stretches) of values one behind the other."""
    return values[: stretches * length].reshape(stretches, length).T
