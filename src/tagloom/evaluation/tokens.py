"""How often a word's tag is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import eq


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
    num_words = sum(map(len, gold_tags))
    return TokenAccuracy(count_right(gold_tags, predicted_tags) / num_words if num_words else 0.0, num_words)


def count_right(gold_tags: Sequence[Sequence[str]], predicted_tags: Sequence[Sequence[str]]) -> int:
    """Number of words whose predicted tag is the gold tag; both sides have the same words."""
    return sum(sum(map(eq, *pair)) for pair in zip(gold_tags, predicted_tags, strict=True))
