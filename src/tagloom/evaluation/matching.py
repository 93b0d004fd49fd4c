"""Which predicted chunk stands for which gold one, and so what became of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tagloom.text import Chunk


@dataclass(frozen=True, slots=True)
class Matching:
    """The chunks of one sentence, paired.

    Args:
        partners: of each gold chunk the index of the predicted chunk that stands for it; None where none does. No
            predicted chunk stands for two.
        gold: of each gold chunk what became of it, one of `confusion.OUTCOMES` but `invented`.
        predicted: of each predicted chunk what it is, one of `confusion.OUTCOMES` but `missed`.
    """

    partners: Sequence[int | None]
    gold: Sequence[str]
    predicted: Sequence[str]


def match(gold: Sequence[Chunk], predicted: Sequence[Chunk]) -> Matching:
    """Pairs chunks by greatest overlap, of equal overlaps the earlier; with equal edges two overlap with no other.

    Args:
        gold: the right chunks of a sentence, in order and apart.
        predicted: what was found in it, in order and apart.

    Example:
        >>> match([(0, 2, "PNAME"), (4, 5, "PFEATURE")], [(1, 3, "PNAME"), (6, 7, "PNAME")])
        Matching(partners=(0, None), gold=('wrong_edge', 'missed'), predicted=('wrong_edge', 'invented'))
    """
    if list(gold) == list(predicted):
        return _all_correct(len(gold))
    partners: list[int | None] = [None] * len(gold)
    outcomes, found = ["missed"] * len(gold), ["invented"] * len(predicted)
    for right, guess in _pairs(gold, predicted):
        if partners[right] is None and found[guess] == "invented":
            partners[right] = guess
            outcomes[right] = found[guess] = _outcome(gold[right], predicted[guess])
    return Matching(tuple(partners), tuple(outcomes), tuple(found))


def _pairs(gold: Sequence[Chunk], predicted: Sequence[Chunk]) -> list[tuple[int, int]]:
    """The indices of chunks that overlap, the pairs to be taken first in front."""
    ranked = [(-overlap, right, guess) for right, guess, overlap in _overlaps(gold, predicted)]
    return [(right, guess) for _, right, guess in sorted(ranked)]


def _overlaps(gold: Sequence[Chunk], predicted: Sequence[Chunk]) -> Iterator[tuple[int, int, int]]:
    """Each pair of chunks with words in common: their indices, and how many words."""
    right = guess = 0
    while right < len(gold) and guess < len(predicted):
        overlap = min(gold[right][1], predicted[guess][1]) - max(gold[right][0], predicted[guess][0])
        if overlap > 0:
            yield right, guess, overlap
        if gold[right][1] <= predicted[guess][1]:
            right += 1
        else:
            guess += 1


def _outcome(gold: Chunk, predicted: Chunk) -> str:
    if gold[:2] == predicted[:2]:
        return "correct" if gold[2] == predicted[2] else "wrong_label"
    return "wrong_edge" if gold[2] == predicted[2] else "wrong_both"


@lru_cache(maxsize=1024)
def _all_correct(num_chunks: int) -> Matching:
    outcomes = ("correct",) * num_chunks
    return Matching(tuple(range(num_chunks)), outcomes, outcomes)
