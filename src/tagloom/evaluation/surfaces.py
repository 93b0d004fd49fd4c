"""The texts that are most often wrong."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tagloom.evaluation.confusion import OUTCOMES
from tagloom.evaluation.judged import Judged
from tagloom.evaluation.known import surface_of
from tagloom.evaluation.matching import Matching
from tagloom.text import Chunk, Sentence

_MOST = 50

Error = tuple[str, str, str | None, str | None]  # text, outcome, gold label, predicted label


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


def wrong_surfaces(judged: Judged, matchings: Sequence[Matching]) -> list[WrongSurface]:
    """The 50 most frequent, the most frequent first; of equally frequent ones by text, then outcome, then labels.

    Args:
        judged: what was judged.
        matchings: of its sentences, as `matching.match` gives them.
    """
    counted = Counter(
        error
        for sentence, gold, predicted, matching in zip(
            judged.sentences, judged.gold, judged.predicted, matchings, strict=True
        )
        for error in _errors(sentence, gold, predicted, matching)
    )
    often = sorted(counted.items(), key=_order)[:_MOST]
    totals = _count_gold(judged, {text for (text, *_), _ in often})
    return [
        WrongSurface(*error, count=number, gold_total=totals[error[0], error[2]] if error[2] else 0)
        for error, number in often
    ]


def _errors(
    sentence: Sentence, gold: Sequence[Chunk], predicted: Sequence[Chunk], matching: Matching
) -> Iterator[Error]:
    """What is wrong in one sentence."""
    for chunk, partner, outcome in zip(gold, matching.partners, matching.gold, strict=True):
        if outcome != "correct":
            yield surface_of(sentence, chunk), outcome, chunk[2], None if partner is None else predicted[partner][2]
    for chunk, outcome in zip(predicted, matching.predicted, strict=True):
        if outcome == "invented":
            yield surface_of(sentence, chunk), outcome, None, chunk[2]


def _order(counted: tuple[Error, int]) -> tuple[int, str, int, str, str]:
    (text, outcome, gold, predicted), number = counted
    return -number, text, OUTCOMES.index(outcome), gold or "", predicted or ""


def _count_gold(judged: Judged, texts: set[str]) -> Counter[tuple[str, str | None]]:
    """How often each of these texts is a gold entity, by text and label."""
    totals: Counter[tuple[str, str | None]] = Counter()
    for sentence, chunks in zip(judged.sentences, judged.gold, strict=True):
        totals.update([(text, chunk[2]) for chunk in chunks if (text := surface_of(sentence, chunk)) in texts])
    return totals
