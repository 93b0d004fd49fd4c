"""Precision, recall and F1 from counts: of one label, over all chunks (micro), over labels (macro, weighted)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tagloom.evaluation.counts import Counts, total


@dataclass(frozen=True, slots=True)
class Score:
    """Four figures about one label, or about all.

    Args:
        precision: share of the predicted chunks that are correct, between 0 and 1; 0 where nothing was predicted.
        recall: share of the gold chunks that were found, between 0 and 1; 0 where nothing is gold.
        f1: harmonic mean of both (van Rijsbergen 1979), between 0 and 1; 0 where nothing is correct.
        support: number of gold chunks.
    """

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one mode.

    Args:
        labels: of each label, in order.
        micro: over all chunks.
        macro: mean over labels.
        weighted: mean over labels, each weighed by its support.
    """

    labels: Mapping[str, Score]
    micro: Score
    macro: Score
    weighted: Score

    def rows(self) -> list[tuple[str, Score]]:
        """What a table shows, a name and its score a row: the labels in order, then the averages."""
        return [*self.labels.items(), ("micro", self.micro), ("macro", self.macro), ("weighted", self.weighted)]


def score(counts: Counts) -> Score:
    """The score that the counts give.

    Example:
        >>> score(Counts(correct=3, predicted=4, gold=6))
        Score(precision=0.75, recall=0.5, f1=0.6, support=6)
    """
    return Score(
        precision=_share(counts.correct, counts.predicted),
        recall=_share(counts.correct, counts.gold),
        f1=_share(2 * counts.correct, counts.predicted + counts.gold),
        support=counts.gold,
    )


def micro(counts: Mapping[str, Counts]) -> Score:
    """The score of the summed counts: every chunk weighs the same. Its F1 is the headline figure.

    Example:
        >>> micro({"PNAME": Counts(3, 4, 6), "PFEATURE": Counts(1, 1, 4)}).recall
        0.4
    """
    return score(total(counts.values()))


def macro(counts: Mapping[str, Counts]) -> Score:
    """The mean of the labels' scores: every label weighs the same. The support is the sum.

    The labels are those with at least one gold or predicted chunk, as in seqeval: a label that was only predicted
    counts as 0, one that occurs on neither side does not count. All figures are 0 where no label is left.

    Example:
        >>> macro({"PNAME": Counts(3, 3, 6), "PFEATURE": Counts(0, 1, 0)}).precision
        0.5
    """
    scores = [score(one) for one in counts.values() if one.predicted or one.gold]
    return Score(
        precision=_share(sum(one.precision for one in scores), len(scores)),
        recall=_share(sum(one.recall for one in scores), len(scores)),
        f1=_share(sum(one.f1 for one in scores), len(scores)),
        support=sum(one.support for one in scores),
    )


def weighted(counts: Mapping[str, Counts]) -> Score:
    """The mean of the labels' scores, each weighed by its gold chunks. The support is the sum.

    All figures are 0 where nothing is gold. The F1 is the mean of F1s; it may lie outside precision and recall.

    Example:
        >>> weighted({"PNAME": Counts(3, 3, 3), "PFEATURE": Counts(0, 1, 1)}).precision
        0.75
    """
    return weighted_mean([score(one) for one in counts.values()])


def weighted_mean(scores: Collection[Score]) -> Score:
    """The mean of scores, each weighed by its support; figures of 0 where nothing is gold."""
    support = sum(one.support for one in scores)
    return Score(
        precision=_share(sum(one.precision * one.support for one in scores), support),
        recall=_share(sum(one.recall * one.support for one in scores), support),
        f1=_share(sum(one.f1 * one.support for one in scores), support),
        support=support,
    )


def all_scores(labels: Mapping[str, Counts], overall: Counts) -> Scores:
    """Every score of one mode.

    Args:
        labels: the counts of each label.
        overall: of all chunks; in modes that match whatever the label, more may be correct than the labels' sum.
    """
    return Scores({label: score(one) for label, one in labels.items()}, score(overall), macro(labels), weighted(labels))


def _share(part: float, whole: int) -> float:
    return part / whole if whole else 0.0
