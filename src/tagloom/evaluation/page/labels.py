"""The scores of every label, in every mode."""

from collections.abc import Iterator, Mapping

from tagloom.evaluation.page.figures import interval, label_interval, measure, told
from tagloom.evaluation.report import Report
from tagloom.evaluation.scores import Scores
from tagloom.pages.charts import Chart, measured_bars
from tagloom.pages.page import Block, Table
from tagloom.wording import bare

_MAX_LABELS = 30
_NUM_AVERAGES = 3


def label_blocks(report: Report) -> list[Block]:
    """Bars of each label's F1, and all scores as tables; nothing where there is no label.

    Args:
        report: of one part.
    """
    return list(_blocks(report)) if report.labels else []


def _blocks(report: Report) -> Iterator[Block]:
    yield _bars(report)
    yield _table(report)
    if report.details is not None and report.details.modes:
        yield _modes(report.details.modes)


def _bars(report: Report) -> Chart:
    frequent = sorted(report.labels.items(), key=lambda item: (-item[1].support, item[0]))[:_MAX_LABELS]
    measures = {label: measure(report, label, score) for label, score in frequent}
    intervals = " with 95 % intervals" if any(each.low is not None for each in measures.values()) else ""
    cut = ""
    if len(report.labels) > _MAX_LABELS:
        cut = f"The {_MAX_LABELS} most frequent of {len(report.labels):,} labels; the table has all."
    return measured_bars(f"F1 of each label{intervals}", measures, unit="F1", note=cut)


def _table(report: Report) -> Table:
    every_mode = {} if report.details is None else report.details.modes
    modes = {mode: scores for mode, scores in every_mode.items() if mode != report.mode}
    columns = ("label", "F1", "95 % interval", "precision", "recall", "entities")
    averages = {"micro": report.micro, "macro": report.macro, "weighted": report.weighted}
    rows: list[tuple[str, ...]] = []
    for name, score in [*report.labels.items(), *averages.items()]:
        shares = bare(score.precision), bare(score.recall)
        is_average = len(rows) >= len(report.labels)
        known = interval(report.details, name, "f1") if is_average else label_interval(report.details, name)
        others = [_f1(scores, name, is_average=is_average) for scores in modes.values()]
        rows.append((name, bare(score.f1), told(known), *shares, f"{score.support:,}", *others))
    return Table(
        (*columns, *(f"F1, {mode}" for mode in modes)),
        rows,
        title=f"Scores, {report.mode}, %",
        num_totals=_NUM_AVERAGES,
        note="Micro: every entity weighs the same. Macro: every label does. Weighted: labels by their entities.",
    )


def _f1(scores: Scores, name: str, *, is_average: bool) -> str:
    if is_average:
        return bare({"micro": scores.micro, "macro": scores.macro, "weighted": scores.weighted}[name].f1)
    return bare(scores.labels[name].f1) if name in scores.labels else ""


def _modes(modes: Mapping[str, Scores]) -> Table:
    rows = [
        (mode, average, bare(score.f1), bare(score.precision), bare(score.recall))
        for mode, scores in modes.items()
        for average, score in (("micro", scores.micro), ("macro", scores.macro), ("weighted", scores.weighted))
    ]
    columns = ("mode", "average", "F1", "precision", "recall")
    return Table(columns, rows, texts=(0, 1), title="Averages in every mode, %")
