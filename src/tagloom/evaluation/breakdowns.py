"""Scores of kinds of entities: those that training knew and new ones, short and long, frequent and rare."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tagloom.evaluation.counts import Counts
from tagloom.evaluation.judged import Judged
from tagloom.evaluation.known import Known, surface_of
from tagloom.evaluation.scores import Score, score
from tagloom.text import Chunk, Sentence

_Kind = tuple[int, ...]  # the place of an entity's slice in each division


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


class _Entity(NamedTuple):
    """What slices look at.

    Args:
        label: its own.
        num_words: its own.
        sentence_words: number of words of its sentence.
        taught: how often training has its text, by label.
    """

    label: str
    num_words: int
    sentence_words: int
    taught: Mapping[str, int]


class _Division(NamedTuple):
    """One way to divide entities: names of its slices in order, and the place of an entity's slice among them."""

    name: str
    title: str
    slices: Sequence[str]
    place: Callable[[_Entity], int]


_BY_TRAINING = (
    _Division(
        "seen",
        "Entities seen in training",
        ("seen with this label", "seen only with another label", "never seen"),
        lambda entity: 0 if entity.label in entity.taught else 1 if entity.taught else 2,
    ),
    _Division(
        "frequency",
        "Entities by how often training has their text with their label",
        ("0 times", "1 time", "2-4 times", "5-9 times", "10 or more times"),
        lambda entity: bisect_left((0, 1, 4, 9), entity.taught.get(entity.label, 0)),
    ),
)
_BY_LENGTH = (
    _Division(
        "entity_length",
        "Entities by their length",
        ("1 word", "2 words", "3 words", "4 words", "5 or more words"),
        lambda entity: min(entity.num_words, 5) - 1,
    ),
    _Division(
        "sentence_length",
        "Entities by the length of their sentence",
        ("1-10 words", "11-20 words", "21-40 words", "41-80 words", "81 or more words"),
        lambda entity: bisect_left((10, 20, 40, 80), entity.sentence_words),
    ),
)


def breakdowns(judged: Judged, known: Known | None = None) -> list[Breakdown]:
    """The scores of entities by whether training has them, how often, by their length and by their sentence's.

    Args:
        judged: what was judged.
        known: what training had; without it there are the lengths alone.
    """
    divisions = _BY_LENGTH if known is None else (*_BY_TRAINING, *_BY_LENGTH)
    kinds: dict[_Kind, list[int]] = {}  # correct, predicted, gold entities of each kind
    for sentence, right, found in zip(judged.sentences, judged.gold, judged.predicted, strict=True):
        gold, predicted = {*right}, {*found}
        for chunk in gold | predicted:
            entity = _entity(sentence, chunk, known)
            counts = kinds.setdefault(tuple([division.place(entity) for division in divisions]), [0, 0, 0])
            counts[0] += chunk in gold and chunk in predicted
            counts[1] += chunk in predicted
            counts[2] += chunk in gold
    return [_breakdown(division, number, kinds) for number, division in enumerate(divisions)]


def _entity(sentence: Sentence, chunk: Chunk, known: Known | None) -> _Entity:
    first, end, label = chunk
    taught = {} if known is None else known.surfaces.get(surface_of(sentence, chunk), {})
    return _Entity(label, end - first, len(sentence.tokens), taught)


def _breakdown(division: _Division, number: int, kinds: Mapping[_Kind, Sequence[int]]) -> Breakdown:
    """The breakdown by the division that has this number in each kind."""
    slices = []
    for place, name in enumerate(division.slices):
        own = [counts for kind, counts in kinds.items() if kind[number] == place]
        if own:
            correct, predicted, gold = map(sum, zip(*own, strict=True))
            slices.append(Slice(name, score(Counts(correct, predicted, gold)), predicted))
    return Breakdown(division.name, division.title, slices)
