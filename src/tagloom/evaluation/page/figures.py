"""Figures as a page of a report shows them."""

from tagloom.evaluation.details import Details
from tagloom.evaluation.intervals import Interval
from tagloom.evaluation.report import Report
from tagloom.evaluation.scores import Score
from tagloom.pages.charts import Measure
from tagloom.wording import between

FAULTS = {
    "missed": "missed",
    "invented": "invented",
    "wrong_edge": "wrong edge",
    "wrong_label": "wrong label",
    "wrong_both": "wrong both",
}
"""What can be wrong with a span, in words; the keys are those of `confusion.OUTCOMES`."""


def interval(details: Details | None, name: str, figure: str) -> Interval | None:
    """The 95 % interval of a figure of an average, or of the `tokens`, where it is known."""
    return None if details is None else details.intervals.get(name, {}).get(figure)


def label_interval(details: Details | None, label: str, figure: str = "f1") -> Interval | None:
    """The 95 % interval of a figure of a label, where it is known."""
    return None if details is None else details.label_intervals.get(label, {}).get(figure)


def measure(report: Report, label: str, score: Score) -> Measure:
    """The F1 of a label with its interval."""
    known = label_interval(report.details, label)
    return Measure(score.f1) if known is None else Measure(score.f1, known.low, known.high)


def told(known: Interval | None) -> str:
    """An interval in words; empty where it is unknown."""
    return "" if known is None else between(*known)
