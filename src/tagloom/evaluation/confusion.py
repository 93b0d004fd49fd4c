"""Which labels are taken for which, with right and wrong edges apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tagloom.evaluation.matching import Matching
from tagloom.text import Chunk

OUTCOMES = ("correct", "wrong_edge", "wrong_label", "wrong_both", "missed", "invented")
"""What becomes of a chunk: found; found with other edges, another label, or both; paired with none; found where none is
to be paired with."""

_OTHER_EDGES = ("wrong_edge", "wrong_both")


@dataclass(frozen=True, slots=True)
class Confusion:
    """What was predicted for what is right.

    Args:
        labels: of the rows and columns, in order; behind them each matrix has one row and one column for `nothing`.
        same_edges: `[gold][predicted]`, pairs with the same edges: the diagonal is correct, the rest a wrong label. The
            last column holds what was missed, the last row what was invented.
        other_edges: `[gold][predicted]`, pairs that overlap with other edges: the diagonal has the right label. Its
            last row and column are 0.
        outcomes: of each label how many chunks had each outcome, a key of `OUTCOMES`; invented ones count for the label
            that was predicted, all others for the gold label.
    """

    labels: Sequence[str]
    same_edges: Sequence[Sequence[int]]
    other_edges: Sequence[Sequence[int]]
    outcomes: Mapping[str, Mapping[str, int]]


def confusion(
    gold: Sequence[Sequence[Chunk]], predicted: Sequence[Sequence[Chunk]], matchings: Sequence[Matching]
) -> Confusion:
    """What was predicted for what is right.

    Args:
        gold: chunks of each sentence.
        predicted: chunks of the same sentences.
        matchings: of the same sentences, as `matching.match` gives them.

    Example:
        >>> from tagloom.evaluation.matching import match
        >>> one, other = [(0, 2, "A")], [(0, 2, "B")]
        >>> confusion([one], [other], [match(one, other)]).same_edges
        [[0, 1, 0], [0, 0, 0], [0, 0, 0]]
    """
    labels = sorted({label for side in (gold, predicted) for chunks in side for _, _, label in chunks})
    places = {label: place for place, label in enumerate(labels)}
    nothing = len(labels)
    same, other = np.zeros((2, nothing + 1, nothing + 1), np.int64)
    outcomes = {label: dict.fromkeys(OUTCOMES, 0) for label in labels}
    for right, found, matching in zip(gold, predicted, matchings, strict=True):
        for chunk, partner, outcome in zip(right, matching.partners, matching.gold, strict=True):
            column = nothing if partner is None else places[found[partner][2]]
            (other if outcome in _OTHER_EDGES else same)[places[chunk[2]], column] += 1
            outcomes[chunk[2]][outcome] += 1
        for chunk, outcome in zip(found, matching.predicted, strict=True):
            if outcome == "invented":
                same[nothing, places[chunk[2]]] += 1
                outcomes[chunk[2]][outcome] += 1
    return Confusion(labels, same.tolist(), other.tolist(), outcomes)
