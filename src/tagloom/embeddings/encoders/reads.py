"""Sentences as an encoder reads them: stretches of subwords with their frames, and where each word lies in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tagloom.embeddings.encoders.stretches import Stretch, stretches
from tagloom.embeddings.encoders.subwords import Numbers, Subwords

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Read:
    """One stretch of a sentence.

    Args:
        sentence: number of the sentence.
        stretch: which of its words are read, and which count.
        numbers: of the subwords, with their frame.
        starts: where the words that count begin in `numbers`, (words,).
        sizes: subwords of each, (words,).
    """

    sentence: int
    stretch: Stretch
    numbers: Numbers
    starts: NDArray[np.intp]
    sizes: NDArray[np.intp]


def reads(subwords: Subwords, sentence: int, words: Sequence[str]) -> Iterator[Read]:
    """A sentence in stretches that fit its encoder; none where it has no words."""
    numbers = subwords.of(words)
    sizes = [len(own) for own in numbers]
    frame = subwords.frame
    for stretch in stretches(sizes, subwords.room):
        within = [number for own in numbers[stretch.start : stretch.end] for number in own]
        ends = np.cumsum([len(frame.before), *sizes[stretch.start : stretch.end]])
        kept = slice(stretch.kept_start - stretch.start, stretch.kept_end - stretch.start)
        whole = (*frame.before, *within, *frame.behind)
        yield Read(sentence, stretch, whole, ends[:-1][kept], np.diff(ends)[kept])


def packed(some: Sequence[Read]) -> tuple[Integers, Integers]:
    """Numbers and mask of some stretches, (stretches, longest) each."""
    shape = len(some), max(len(one.numbers) for one in some)
    numbers, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for row, one in enumerate(some):
        numbers[row, : len(one.numbers)] = one.numbers
        mask[row, : len(one.numbers)] = 1
    return numbers, mask
