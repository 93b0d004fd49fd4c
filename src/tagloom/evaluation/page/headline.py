"""The figures that a reader wants first."""

from tagloom.evaluation.page.figures import interval, told
from tagloom.evaluation.report import Report
from tagloom.pages.page import Facts
from tagloom.wording import per_cent


def facts(report: Report) -> Facts:
    """How good the model is, and on how much that is judged.

    Args:
        report: of one part.
    """
    micro = report.micro
    headline, accuracy = f"{report.mode} micro F1", "words with the right tag"
    intervals = {
        headline: interval(report.details, "micro", "f1"),
        "precision": interval(report.details, "micro", "precision"),
        "recall": interval(report.details, "micro", "recall"),
        accuracy: interval(report.details, "tokens", "accuracy"),
    }
    notes = {name: f"95 % interval {told(known)}" for name, known in intervals.items() if known is not None}
    figures = [
        (headline, per_cent(micro.f1)),
        ("precision", per_cent(micro.precision)),
        ("recall", per_cent(micro.recall)),
        ("entities", f"{micro.support:,}"),
        ("sentences", f"{report.sentences:,}"),
        ("words", f"{report.tokens.count:,}"),
        (accuracy, per_cent(report.tokens.accuracy)),
    ]
    return Facts(figures, notes)
