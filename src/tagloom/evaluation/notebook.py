"""Scores and errors in a notebook, with nothing but the standard library."""

from collections.abc import Iterable
from html import escape
from typing import Any

from tagloom.evaluation.details import Details
from tagloom.evaluation.failures import Failure
from tagloom.evaluation.intervals import Intervals
from tagloom.evaluation.scores import Score, Scores
from tagloom.markup import displacy
from tagloom.text import Span
from tagloom.wording import between, per_cent

_MAX_LABELS = 50
_CELL = "padding:2px 10px;text-align:right;font-variant-numeric:tabular-nums"
_NAME = "padding:2px 10px 2px 0;text-align:left"
_TOTAL = "border-top:1px solid currentColor;font-weight:600"


def scores_html(scores: Scores, details: Details | None, *, mode: str, told: str) -> str:
    """Scores as a small table, with 95 % intervals where they are known.

    Args:
        scores: of at most 50 labels all are shown, else the most frequent.
        details: that have the intervals.
        mode: of the scores.
        told: below the table.
    """
    labels, known = ({}, {}) if details is None else (details.label_intervals, details.intervals)
    frequent = set(sorted(scores.labels, key=lambda label: (-scores.labels[label].support, label))[:_MAX_LABELS])
    rows = [_row(name, one, labels.get(name, {}), "") for name, one in scores.labels.items() if name in frequent]
    rows += [_row(name, one, known.get(name, {}), _TOTAL) for name, one in scores.rows()[len(scores.labels) :]]
    heads = "".join(
        f'<th scope="col" style="{_CELL}">{each}</th>' for each in ("precision", "recall", "F1", "entities")
    )
    cut = ""
    if len(scores.labels) > len(frequent):
        cut = f"<div>The {len(frequent)} most frequent of {len(scores.labels):,} labels.</div>"
    return (
        '<div style="overflow-x:auto"><table style="border-collapse:collapse">'
        f'<thead><tr><th scope="col" style="{_NAME}">{escape(mode)}</th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>{cut}<div>{escape(told)}</div></div>"
    )


def failures_to_displacy(failures: Iterable[Failure]) -> list[dict[str, Any]]:
    """What spaCy's `displacy.render(..., style="ent", manual=True)` takes: for each sentence two texts.

    The first has the right entities, the second those that were found; a cross after a label says that it is wrong.

    Args:
        failures: sentences with an error.
    """
    return [shown for failure in failures for shown in _sides(failure)]


def _sides(failure: Failure) -> Iterable[dict[str, Any]]:
    source = f", document {failure.document}" if failure.document else ""
    place = f"sentence {failure.number + 1:,}{source}"
    yield displacy(failure.text, _crossed(failure.gold, failure.gold_outcomes), f"{place}: right")
    yield displacy(failure.text, _crossed(failure.predicted, failure.predicted_outcomes), f"{place}: found")


def _crossed(spans: Iterable[Span], outcomes: Iterable[str]) -> list[Span]:
    return [
        span if outcome == "correct" else Span(span.start, span.end, f"{span.label} ✕ {outcome.replace('_', ' ')}")
        for span, outcome in zip(spans, outcomes, strict=True)
    ]


def _row(name: str, score: Score, known: Intervals, style: str) -> str:
    cells = []
    for figure in ("precision", "recall", "f1"):
        interval = ""
        if figure in known:
            interval = f' <small style="opacity:.8">{between(*known[figure])}</small>'
        cells.append(f'<td style="{_CELL}">{per_cent(getattr(score, figure))}{interval}</td>')
    cells.append(f'<td style="{_CELL}">{score.support:,}</td>')
    return f'<tr style="{style}"><th scope="row" dir="auto" style="{_NAME}">{escape(name)}</th>{"".join(cells)}</tr>'
