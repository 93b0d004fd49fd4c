"""The scores of SemEval-2013, task 9.1 (Segura-Bedmar et al. 2013), as the library nervaluate counts them."""

from collections.abc import Mapping, Sequence

from nervaluate.entities import Entity
from nervaluate.strategies import EntityTypeEvaluation, EvaluationStrategy, ExactEvaluation, PartialEvaluation

from tagloom.text import Chunk

STRATEGIES: Mapping[str, EvaluationStrategy] = {
    "partial": PartialEvaluation(),
    "type": EntityTypeEvaluation(),
    "exact": ExactEvaluation(),
}
"""What is right. `partial`: the same words, whatever the label; half right is what has some of them. `type`: the label,
and at least one of the words. `exact`: the same words, whatever the label."""


def count_correct(gold: Sequence[Chunk], predicted: Sequence[Chunk], mode: str) -> float:
    """How many of a sentence's predicted chunks are right; one that is right in part counts half.

    Each predicted chunk goes with at most one gold chunk, in the order of the sentence. Precision is the share of the
    predicted chunks, recall that of the gold chunks. To count for one label give its chunks alone: nervaluate does so.

    Args:
        gold: the right chunks, in order.
        predicted: what was found, in order.
        mode: a key of `STRATEGIES`.

    Example:
        >>> count_correct([(0, 2, "PNAME")], [(1, 2, "PFEATURE")], "partial")
        0.5
    """
    result, _ = STRATEGIES[mode].evaluate(_entities(gold), _entities(predicted), [])
    return float(result.correct + result.partial / 2)


def _entities(chunks: Sequence[Chunk]) -> list[Entity]:
    """The chunks as nervaluate takes them: the end is the last word."""
    return [Entity(label, first, end - 1) for first, end, label in chunks]
