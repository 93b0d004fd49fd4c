"""How much a model's scores are worth, and what a threshold on them brings."""

from collections.abc import Iterator, Sequence

from tagloom.evaluation.calibration import Calibration, Reliability, Threshold, Wanted
from tagloom.evaluation.report import Report
from tagloom.pages.charts import Chart
from tagloom.pages.curves import Dot, Line, reliability, share_lines
from tagloom.pages.page import Block, Columns, Facts, Table
from tagloom.wording import bare, per_cent


def certainty_blocks(report: Report, temperature: float) -> list[Block]:
    """Reliability before and after calibration, and thresholds; nothing where they are unknown.

    Args:
        report: of one part.
        temperature: that divides the model's scores.
    """
    if report.details is None or report.details.calibration is None:
        return []
    return list(_blocks(report.details.calibration, temperature))


def _blocks(calibration: Calibration, temperature: float) -> Iterator[Block]:
    before, after = calibration.before.expected_error, calibration.after.expected_error
    names = "calibration error before", "calibration error after", "temperature"
    yield Facts(
        [(names[0], per_cent(before)), (names[1], per_cent(after)), (names[2], f"{temperature:.2f}")],
        {
            names[0]: "expected, at temperature 1",
            names[1]: "expected, as scores are given",
            names[2]: "divides the model's scores" if temperature != 1 else "leaves the model's scores as they are",
        },
    )
    charts = [_reliability(calibration)]
    if calibration.thresholds:
        charts.append(_thresholds(calibration.thresholds))
    yield Columns(charts)
    if calibration.wanted:
        yield _wanted(calibration.wanted)


def _reliability(calibration: Calibration) -> Chart:
    series = {"before": _dots(calibration.before), "after": _dots(calibration.after)}
    return reliability(
        "How often a score is right",
        series,
        said="score that was given",
        so="share that is right",
        unit="entities",
        note="Dots below the diagonal promise too much. Larger dots stand for more entities.",
    )


def _dots(own: Reliability) -> list[Dot]:
    return [Dot(each.confidence, each.precision, each.count) for each in own.bins]


def _thresholds(thresholds: Sequence[Threshold]) -> Chart:
    series = [
        Line("precision", [(each.threshold, each.precision) for each in thresholds]),
        Line("recall", [(each.threshold, each.recall) for each in thresholds]),
        Line("F1", [(each.threshold, each.f1) for each in thresholds]),
    ]
    return share_lines(
        "What a threshold brings",
        series,
        along="threshold",
        unit="precision, recall, F1",
        note="Entities with a lower score are left out, as by the option --threshold of tagloom predict.",
    )


def _wanted(wanted: Sequence[Wanted]) -> Table:
    rows = [(per_cent(each.precision), *_found(each.found)) for each in wanted]
    columns = ("precision that is wanted", "threshold", "precision, %", "recall, %", "F1, %", "entities kept")
    return Table(columns, rows, title="Thresholds for a wanted precision")


def _found(found: Threshold | None) -> tuple[str, ...]:
    if found is None:
        return "none reaches it", "", "", "", ""
    return f"{found.threshold:.2f}", *map(bare, (found.precision, found.recall, found.f1)), f"{found.kept:,}"
