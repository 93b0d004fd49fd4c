"""How often a word's tag is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import eq

from tagloom.errors import DataError, SchemeError
from tagloom.schemes import BIO
from tagloom.text import Chunk


@dataclass(frozen=True, slots=True)
class TokenAccuracy:
    """The share of right tags. Most words lie outside all entities, so it is never the headline.

    Args:
        accuracy: share of the words whose predicted tag is the gold tag, between 0 and 1; 0 where there is no word.
        count: number of words.
    """

    accuracy: float
    count: int


def token_accuracy(gold_tags: Sequence[Sequence[str]], predicted_tags: Sequence[Sequence[str]]) -> TokenAccuracy:
    """The accuracy of predicted tags, letter for letter; both sides have the same words.

    Example:
        >>> token_accuracy([["O", "B-PNAME"], ["O"]], [["O", "O"], ["O"]]).count
        3
    """
    return accuracy(count_right(gold_tags, predicted_tags), sum(map(len, gold_tags)))


def accuracy(num_right: int, num_words: int) -> TokenAccuracy:
    """The accuracy of so many right tags among so many words."""
    return TokenAccuracy(num_right / num_words if num_words else 0.0, num_words)


def count_right(gold_tags: Sequence[Sequence[str]], predicted_tags: Sequence[Sequence[str]]) -> int:
    """Number of words whose predicted tag is the gold tag; both sides have the same words."""
    return sum(sum(map(eq, *pair)) for pair in zip(gold_tags, predicted_tags, strict=True))


def count_right_by_chunks(
    gold: Sequence[Sequence[Chunk]], predicted: Sequence[Sequence[Chunk]], lengths: Sequence[int]
) -> list[int]:
    """Number of words of each sentence whose tag is right, by the BIO tags that the chunks give.

    Args:
        gold: chunks of each sentence, in order and apart.
        predicted: the same for the same sentences.
        lengths: number of words of each sentence.

    Raises:
        DataError: chunks overlap, are out of order or beyond their sentence.

    Example:
        >>> count_right_by_chunks([[(0, 2, "PNAME")]], [[(0, 1, "PNAME")]], [4])
        [3]
    """
    right = list(lengths)
    for place, (chunks, found, length) in enumerate(zip(gold, predicted, lengths, strict=True)):
        tags = _encode(chunks, length, f"sentence {place + 1}, gold chunks")
        if list(found) != list(chunks):
            right[place] = sum(map(eq, tags, _encode(found, length, f"sentence {place + 1}, predicted chunks")))
    return right


def _encode(chunks: Sequence[Chunk], length: int, where: str) -> list[str]:
    try:
        return BIO.encode(chunks, length)
    except SchemeError as error:
        raise DataError(f"{where}: {error}") from error
