"""`report.json`: how a model was judged. Its card and whoever compares models rely on the figures checked here."""

import reprlib
from collections.abc import Mapping
from typing import Any

from tagloom.errors import BundleError

_FIGURES = ("precision", "recall", "f1")
_KEPT = (
    *("mode", "labels", "micro", "macro", "weighted", "tokens", "sentences", "ill_formed"),
    *("modes", "intervals", "label_intervals"),
)


def figures_alone(report: Mapping[str, Any]) -> dict[str, Any]:
    """What a bundle keeps of an evaluation's `Report.to_json`: figures, and no text of anybody."""
    return {name: report[name] for name in _KEPT}


def checked_report(content: Any) -> dict[str, Any]:
    """The report, an evaluation's `Report.to_json` with perhaps the name of the `part` that it is of.

    Raises:
        BundleError: it has no scores by label, no micro score, or not what they hold for.
    """
    report = content if isinstance(content, dict) else {}
    labels = report.get("labels")
    fits = (
        isinstance(labels, dict)
        and all(_is_score(score) for score in (*labels.values(), report.get("micro")))
        and isinstance(report.get("mode"), str)
        and isinstance(report.get("part", ""), str)
        and _is_number(report.get("sentences"))
    )
    if not fits:
        raise BundleError(f"expected labels, micro, mode and sentences of a report, received {reprlib.repr(content)}.")
    return report


def _is_score(score: Any) -> bool:
    return (
        isinstance(score, dict)
        and all(type(score.get(name)) in (int, float) and 0 <= score[name] <= 1 for name in _FIGURES)
        and _is_number(score.get("support"))
    )


def _is_number(value: Any) -> bool:
    return type(value) is int and value >= 0
