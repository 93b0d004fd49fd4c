"""The texts that are most often wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WrongSurface:
    """An entity's text that was wrong in one way.

    Args:
        text: of the gold entity; where nothing is right there, of the predicted one.
        outcome: a key of `confusion.OUTCOMES`, but for `correct`.
        gold: the right label; None where nothing is.
        predicted: the label that was given; None where none was.
        count: how often.
        gold_total: how often this text is an entity of the gold label, right or wrong; 0 where `gold` is None.
    """

    text: str
    outcome: str
    gold: str | None
    predicted: str | None
    count: int
    gold_total: int
