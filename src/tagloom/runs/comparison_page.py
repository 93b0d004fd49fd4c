"""A comparison as a page with charts."""

from collections.abc import Iterator

from tagloom.pages.charts import Chart, Measure
from tagloom.pages.compared_bars import ComparedBar, compared_bars, grouped_bars
from tagloom.pages.page import Note, Page, Section, Table
from tagloom.runs.candidate import Candidate
from tagloom.runs.comparison import OTHER_SENTENCES, SIGNIFICANT, Comparison
from tagloom.runs.comparison_texts import (
    SCORE_COLUMNS,
    label_rows,
    option_rows,
    score_rows,
    told_differences,
    training_rows,
)

_MOST_IN_A_CHART = 6  # candidates
_MOST_LABELS = 20


def comparison_page(comparison: Comparison) -> Page:
    """What `compare` tells, to look at.

    Args:
        comparison: of runs.
    """
    names = [one.name for one in comparison.candidates]
    title = f"{len(names)} runs side by side"
    return Page(title, f"{', '.join(names)}: on the {comparison.part} part", list(_sections(comparison)))


def _sections(comparison: Comparison) -> Iterator[Section]:
    names = [one.name for one in comparison.candidates]
    scores = Table(SCORE_COLUMNS, score_rows(comparison), title="Strict micro scores, in per cent", note=_note())
    yield Section("Scores", [_f1(comparison), scores, *_differences(comparison)])
    labels = Table(("label", *names), label_rows(comparison), title="F1 by label, in per cent")
    shown = [_labels(comparison)] if len(names) <= _MOST_IN_A_CHART and comparison.labels else []
    yield Section("Labels", [*shown, labels])
    yield Section("Training", [Table(("", *names), training_rows(comparison), title="How each was trained")])
    if comparison.options:
        texts = tuple(range(len(names) + 1))
        yield Section("Options", [Table(("option", *names), option_rows(comparison), texts, "Options that differ")])


def _f1(comparison: Comparison) -> Chart:
    bars = [_bar(one, comparison.part) for one in comparison.candidates]
    what = [
        "lines are 95 % intervals" if any(bar.measure.low is not None for bar in bars) else "",
        "circles are the runs of a series" if any(bar.values for bar in bars) else "",
    ]
    what += [f"{name} {OTHER_SENTENCES}" for name, own in comparison.differences.items() if own.f1 is None]
    note = "; ".join(filter(None, what))
    return compared_bars("Strict micro F1", bars, unit="F1", note=note[:1].upper() + note[1:])


def _bar(candidate: Candidate, part: str) -> ComparedBar:
    f1, interval = candidate.micro(part, "f1"), candidate.interval(part, "f1")
    measure = Measure(f1.mean) if interval is None else Measure(f1.mean, *interval)
    return ComparedBar(candidate.name, measure, f1.values if candidate.is_series else ())


def _labels(comparison: Comparison) -> Chart:
    groups = {
        label: [
            None if spread is None else spread.mean
            for spread in (one.label(comparison.part, label) for one in comparison.candidates)
        ]
        for label in comparison.labels[:_MOST_LABELS]
    }
    left_out = len(comparison.labels) - len(groups)
    more = f" (the first {_MOST_LABELS} of {len(comparison.labels)} labels)" if left_out else ""
    return grouped_bars(f"F1 by label{more}", groups, [one.name for one in comparison.candidates], unit="F1")


def _differences(comparison: Comparison) -> Iterator[Note]:
    """What a person should know before reading anything into a difference."""
    texts = list(told_differences(comparison))
    if texts:
        yield Note("info", "What the differences are worth", "", "Each is held against the first.", texts)


def _note() -> str:
    return (
        "p is how often two models that are equally good would differ at least so much on these sentences; "
        f"below {SIGNIFICANT} the difference is more than the choice of sentences explains. It knows nothing of seeds."
    )
