"""What a comparison says, in words and figures for people: the same on a terminal and on a page."""

from collections.abc import Iterator
from typing import Any

from tagloom.evaluation.intervals import Interval
from tagloom.runs.candidate import Candidate, Spread
from tagloom.runs.comparison import SIGNIFICANT, Comparison, Difference
from tagloom.wording import bare, between

_MINUTE, _HOUR = 60, 3600
_KILOBYTE, _MEGABYTE = 10**3, 10**6
_NOTHING = "–"


def told_share(spread: Spread | None) -> str:
    """A share in per cent, of several runs with their deviation.

    Example:
        >>> told_share(Spread.of([0.5])), told_share(Spread.of([0.4, 0.6]))
        ('50.0', '50.0 ± 14.1')
    """
    if spread is None:
        return _NOTHING
    return bare(spread.mean) + ("" if spread.deviation is None else f" ± {bare(spread.deviation)}")


def told_interval(interval: Interval | None) -> str:
    """An interval in per cent.

    Example:
        >>> told_interval(Interval(0.5, 0.625))
        '50.0 to 62.5'
    """
    return _NOTHING if interval is None else between(*interval)


def told_points(difference: float | None) -> str:
    """A difference of shares in points, with its sign.

    Example:
        >>> told_points(0.0123)
        '+1.2'
    """
    return _NOTHING if difference is None else f"{round(100 * difference, 1) + 0.0:+.1f}"


def told_probability(difference: Difference) -> str:
    """The probability that a test gives; a dash where there is none."""
    if difference.test is None:
        return _NOTHING
    return f"{difference.test.p_value:.3f}" if difference.test.p_value >= 0.001 else "< 0.001"


def told_duration(seconds: float) -> str:
    """A time as people say it.

    Example:
        >>> told_duration(41.2), told_duration(161), told_duration(7260)
        ('41 s', '2 min 41 s', '2 h 1 min')
    """
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"


def told_size(num_bytes: float) -> str:
    """The size of a model.

    Example:
        >>> told_size(6_900_000), told_size(12_300)
        ('6.9 MB', '12.3 kB')
    """
    return f"{num_bytes / _MEGABYTE:.1f} MB" if num_bytes >= _MEGABYTE else f"{num_bytes / _KILOBYTE:.1f} kB"


def told_option(value: Any) -> str:
    """An option as a person would write it."""
    if value is None:
        return _NOTHING
    if isinstance(value, list):
        return ", ".join(map(told_option, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}={told_option(one)}" for name, one in value.items())
    return str(value).lower() if isinstance(value, bool) else f"{value}"


def told_differences(comparison: Comparison) -> Iterator[str]:
    """A sentence for each candidate but the first: what its difference is worth."""
    for name in comparison.without_test_part:
        yield f"{name} has no test part, so that all are compared on dev."
    first = comparison.candidates[0].name
    for name, difference in comparison.differences.items():
        yield _told_difference(name, first, difference)
    if any(difference.test is not None for difference in comparison.differences.values()):
        yield "Another seed may change as much: compare series before you believe a small gain (train --seeds 3)."


def _told_difference(name: str, first: str, difference: Difference) -> str:
    if difference.f1 is None:
        return f"{name} {difference.why_no_test} to those of {first}."
    which = "above" if difference.f1 > 0 else "below"
    points = f"{abs(100 * difference.f1):.1f} points of F1"
    stands = f"{name} is {points} {which} {first}" if round(100 * difference.f1, 1) else f"{name} is level with {first}"
    if difference.test is None:
        return f"{stands}; it {difference.why_no_test}."
    low, high = (f"{100 * bound:+.1f}" for bound in difference.test.interval)
    is_more = difference.test.p_value < SIGNIFICANT
    verdict = "is more than the choice of sentences explains" if is_more else "the choice of sentences may explain"
    probability = told_probability(difference)
    sign = "" if probability.startswith("<") else "= "
    return f"{stands} (95 %: {low} to {high}); that {verdict}, p {sign}{probability}."


def training_rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """How each was trained and what came of it, a row a figure and a column a candidate."""
    part, ones = comparison.part, comparison.candidates
    figures = {
        "algorithm": [told_option(one.option("algorithm")) for one in ones],
        "embeddings": [told_option(one.option("embeddings")) for one in ones],
        "units": [told_option(one.option("units")) for one in ones],
        "epochs (the best)": [", ".join(_epochs(one)) for one in ones],
        "time of training": [told_duration(one.mean_of(lambda run: run.seconds)) for one in ones],
        "words a second": [f"{one.mean_of(lambda run: run.words_per_second):,.0f}" for one in ones],
        "model on disk": [told_size(one.mean_of(lambda run: run.model_bytes)) for one in ones],
        "right tags, %": [told_share(one.accuracy(part)) for one in ones],
    }
    return [(name, *values) for name, values in figures.items()]


def _epochs(candidate: Candidate) -> Iterator[str]:
    for run in candidate.runs:
        yield f"{len(run.history)} ({_NOTHING if run.best_epoch is None else run.best_epoch + 1})"


def label_rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """F1 of each label, a row a label and a column a candidate."""
    part = comparison.part
    return [
        (label, *(told_share(one.label(part, label)) for one in comparison.candidates)) for label in comparison.labels
    ]


def option_rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """The options that differ, a row an option and a column a candidate."""
    return [(name, *map(told_option, values)) for name, values in comparison.options.items()]


SCORE_COLUMNS = ("run", "precision", "recall", "F1", "95 % of F1", "gain", "p")


def score_rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """Strict micro scores, a row a candidate; the runs of a series below it."""
    part = comparison.part
    rows = []
    for one in comparison.candidates:
        difference = comparison.differences.get(one.name)
        means = [f"{100 * one.micro(part, figure).mean:.1f}" for figure in ("precision", "recall")]
        figures = [*means, told_share(one.micro(part, "f1"))]
        test = ("", "") if difference is None else (told_points(difference.f1), told_probability(difference))
        seeds = f", {len(one.runs)} seeds" if one.is_series else ""
        rows.append((one.name + seeds, *figures, told_interval(one.interval(part, "f1")), *test))
        if one.is_series:
            rows += [_run_row(one, part, number) for number in range(len(one.runs))]
    return rows


def _run_row(candidate: Candidate, part: str, number: int) -> tuple[str, ...]:
    run = candidate.runs[number]
    micro = run.parts[part].report.micro
    figures = [f"{100 * figure:.1f}" for figure in (micro.precision, micro.recall, micro.f1)]
    interval = run.parts[part].intervals.get("micro", {}).get("f1")
    return f"· seed {candidate.seeds[number]}", *figures, told_interval(interval), "", ""
