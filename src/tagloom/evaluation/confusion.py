"""Which labels are taken for which, with right and wrong edges apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

OUTCOMES = ("correct", "wrong_edge", "wrong_label", "wrong_both", "missed", "invented")
"""What becomes of a chunk: found; found with other edges, another label, or both; not found; found where none is."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """What was predicted for what is right.

    Args:
        labels: of the rows and columns, in order; behind them each matrix has one row and one column for `nothing`.
        same_edges: `[gold][predicted]`, pairs with the same edges: the diagonal is correct, the rest a wrong label. The
            last column holds what was missed, the last row what was invented.
        other_edges: `[gold][predicted]`, pairs that overlap with other edges: the diagonal has the right label. Its last
            row and column are 0.
        outcomes: of each label how many chunks had each outcome, a key of `OUTCOMES`; invented ones count for the label
            that was predicted, all others for the gold label.
    """

    labels: Sequence[str]
    same_edges: Sequence[Sequence[int]]
    other_edges: Sequence[Sequence[int]]
    outcomes: Mapping[str, Mapping[str, int]]
