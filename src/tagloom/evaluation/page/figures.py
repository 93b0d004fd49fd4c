"""Figures as a page of a report shows them."""

from tagloom.evaluation.details import Details
from tagloom.evaluation.intervals import Interval
from tagloom.evaluation.report import Report
from tagloom.evaluation.scores import Score
from tagloom.pages.charts import Measure

FAULTS = {
    "missed": "missed",
    "invented": "invented",
    "wrong_edge": "wrong edge",
    "wrong_label": "wrong label",
    "wrong_both": "wrong both",
}
"""What can be wrong with a span, in words; the keys are those of `confusion.OUTCOMES`."""


def interval(details: Details | None, name: str, figure: str) -> Interval | None:
    """The 95 % interval of a figure of a label or an average, where it is known."""
    return None if details is None else details.intervals.get(name, {}).get(figure)


def measure(report: Report, name: str, score: Score, figure: str = "f1") -> Measure:
    """A figure of a label or an average with its interval."""
    known = interval(report.details, name, figure)
    value: float = getattr(score, figure)
    return Measure(value) if known is None else Measure(value, known.low, known.high)


def between(known: Interval | None) -> str:
    """An interval in words; empty where it is unknown.

    Example:
        >>> between(Interval(0.812, 0.8431))
        '81.2 to 84.3'
    """
    return "" if known is None else f"{100 * known.low:.1f} to {100 * known.high:.1f}"


def shown(share: float) -> str:
    """A share in a column of them: per cent without the sign.

    Example:
        >>> shown(0.8125)
        '81.2'
    """
    return f"{100 * share:.1f}"
