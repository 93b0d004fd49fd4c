"""Scores of kinds of entities: those that training knew and new ones, short and long, frequent and rare."""

from collections.abc import Sequence
from dataclasses import dataclass

from tagloom.evaluation.scores import Score


@dataclass(frozen=True, slots=True)
class Slice:
    """The entities of one kind.

    Args:
        name: such as `2 words`.
        score: strict; a gold and a predicted chunk count in the slice that they themselves are of.
        predicted: how many were predicted.
    """

    name: str
    score: Score
    predicted: int


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Slices that divide all entities.

    Args:
        name: by what: `seen`, `entity_length`, `sentence_length` or `frequency`.
        title: for people, such as `Entities seen in training`.
        slices: in order, those with an entity.
    """

    name: str
    title: str
    slices: Sequence[Slice]
