"""The sentences with an error, with what is right and what was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from tagloom.text import Span


@dataclass(frozen=True, slots=True)
class Failure:
    """A sentence with at least one error.

    Args:
        number: of the sentence among all that were judged, from 0.
        document: name of its document.
        text: of the sentence alone.
        gold: its right spans; offsets count from the start of `text`.
        predicted: the spans that were found, with their scores; the same.
        gold_outcomes: of each gold span, a key of `confusion.OUTCOMES`.
        predicted_outcomes: of each predicted span, the same.
    """

    number: int
    document: str
    text: str
    gold: Sequence[Span]
    predicted: Sequence[Span]
    gold_outcomes: Sequence[str]
    predicted_outcomes: Sequence[str]
