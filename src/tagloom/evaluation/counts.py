"""Correct, predicted and gold chunks, counted label by label."""

from collections import Counter
from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass

from tagloom.errors import DataError
from tagloom.text import Chunk


@dataclass(frozen=True, slots=True)
class Counts:
    """How many chunks there are; every score follows from these three.

    Args:
        correct: predicted chunks that are gold: same words, same label. In mode `partial` one whose words only overlap
            counts half.
        predicted: chunks that were predicted.
        gold: chunks that are in the gold labels.
    """

    correct: float = 0
    predicted: int = 0
    gold: int = 0


def count(gold: Sequence[Sequence[Chunk]], predicted: Sequence[Sequence[Chunk]]) -> dict[str, Counts]:
    """Counts of each label that is gold or predicted, in the order of the labels' code points.

    Args:
        gold: chunks of each sentence, no chunk twice.
        predicted: chunks of the same sentences, in the same order.

    Raises:
        DataError: the numbers of sentences differ.

    Example:
        >>> count([[(0, 2, "PNAME"), (4, 5, "PFEATURE")]], [[(0, 2, "PNAME"), (4, 6, "PFEATURE")]])["PFEATURE"]
        Counts(correct=0, predicted=1, gold=1)
    """
    check_same_sentences(gold, predicted)
    num_correct: Counter[str] = Counter()
    for gold_chunks, predicted_chunks in zip(gold, predicted, strict=True):
        if gold_chunks and predicted_chunks:
            num_correct.update([label for _, _, label in {*gold_chunks}.intersection(predicted_chunks)])
    num_predicted, num_gold = _count_labels(predicted), _count_labels(gold)
    labels = sorted(num_predicted.keys() | num_gold.keys())
    return {label: Counts(num_correct[label], num_predicted[label], num_gold[label]) for label in labels}


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of several counts.

    Example:
        >>> total([Counts(1, 2, 3), Counts(0, 1, 0)])
        Counts(correct=1, predicted=3, gold=3)
    """
    each = list(counts)
    return Counts(sum(one.correct for one in each), sum(one.predicted for one in each), sum(one.gold for one in each))


def check_same_sentences(gold: Sized, predicted: Sized) -> None:
    """Refuses gold and predicted sentences that cannot be the same ones.

    Raises:
        DataError: their numbers differ.
    """
    if len(gold) == len(predicted):
        return
    first = min(len(gold), len(predicted)) + 1
    lacking = "gold" if len(gold) < len(predicted) else "predicted"
    raise DataError(
        f"sentence {first}: expected {len(gold)} predicted sentences for {len(gold)} gold ones, "
        f"received {len(predicted)}. Add the {lacking} sentence that is missing, or remove it from the other side."
    )


def _count_labels(sentences: Sequence[Sequence[Chunk]]) -> Counter[str]:
    return Counter([label for chunks in sentences for _, _, label in chunks])
