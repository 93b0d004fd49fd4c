"""What a judged run shows: its scores, its labels, what it takes for what, how it learned, and what to do next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tagloom.errors import DataError
from tagloom.evaluation.confusion import Confusion
from tagloom.evaluation.fields import read_object
from tagloom.evaluation.page.mistakes import confusion_maps
from tagloom.pages.charts import Measure, measured_bars
from tagloom.pages.page import Columns, Facts, Section, Table
from tagloom.runs.run import Run
from tagloom.wording import bare, between, per_cent
from tagloom.workbench.pages.blocks import sections_json
from tagloom.workbench.trainings.progress import curves

_MOST_BARS = 30
_SIDE_BY_SIDE = 4
_AT_HAND = 8


@dataclass(frozen=True, slots=True)
class Results:
    """What a judged run shows.

    Args:
        sections: scores and charts, as `pages.blocks` has them.
        diagnosis: as its report has it.
    """

    sections: list[dict[str, Any]]
    diagnosis: list[dict[str, Any]]


def results(run: Run) -> Results:
    """What a judged run shows; it is read once for each report.

    Raises:
        DataError: its report is not as it was written.
    """
    try:
        changed = run.report.stat().st_mtime_ns
    except OSError as error:
        raise DataError("report.json: expected the report of the run, found none. Train anew.") from error
    return _results(run.path, changed)


@lru_cache(_AT_HAND)
def _results(path: Path, _: int) -> Results:
    run = Run(path)
    report = read_object(run.report)
    try:
        sections = sections_json(_sections(report))
        sections.append({"title": "How it learned", "columns": 2, "blocks": _curves(run, report)})
        return Results(sections, list(report["diagnosis"]))
    except (KeyError, TypeError, ValueError) as error:
        raise DataError("report.json: expected a report of this version of Tagloom. Train anew.") from error


def _curves(run: Run, report: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"block": "chart", **chart} for chart in curves(run.history, report.get("best_epoch"))]


def _sections(report: Mapping[str, Any]) -> Iterator[Section]:
    yield Section(f"How good it is: {report['part']}", [_facts(report)])
    if report["labels"]:
        yield Section("Labels", [_bars(report), _table(report)])
    maps = list(confusion_maps(Confusion(**report["confusion"])))
    if maps:
        is_narrow = len(report["confusion"]["labels"]) <= _SIDE_BY_SIDE and len(maps) > 1
        yield Section("What it takes for what", [Columns(maps)] if is_narrow else maps)


def _facts(report: Mapping[str, Any]) -> Facts:
    micro = report["micro"]
    shares = {"strict micro F1": "f1", "precision": "precision", "recall": "recall"}
    facts = [(name, per_cent(micro[figure])) for name, figure in shares.items()]
    others = [name for name in report["parts"] if name != report["part"]]
    facts += [(f"F1 on {name}", per_cent(report["parts"][name]["micro"]["f1"])) for name in others]
    facts += [("F1 on its train part", per_cent(report["train"]["micro"]["f1"]))]
    facts += [("entities", f"{micro['support']:,}"), ("sentences", f"{report['sentences']:,}")]
    intervals = report["intervals"]["micro"]
    notes = {name: f"95 % interval {between(*intervals[figure])}" for name, figure in shares.items()}
    return Facts(facts, notes)


def _bars(report: Mapping[str, Any]) -> Any:
    frequent = sorted(report["labels"].items(), key=lambda item: (-item[1]["support"], item[0]))[:_MOST_BARS]
    known = report["label_intervals"]
    measures = {
        label: Measure(score["f1"], *known[label]["f1"]) if label in known else Measure(score["f1"])
        for label, score in frequent
    }
    cut = f"The {_MOST_BARS} most frequent labels; the table has all." if len(report["labels"]) > _MOST_BARS else ""
    return measured_bars("F1 of each label with 95 % intervals", measures, unit="F1", note=cut)


def _table(report: Mapping[str, Any]) -> Table:
    averages = {name: report[name] for name in ("micro", "macro", "weighted")}
    rows = [_row(name, score, report["label_intervals"].get(name)) for name, score in report["labels"].items()]
    rows += [_row(name, score, report["intervals"].get(name)) for name, score in averages.items()]
    columns = ("label", "F1", "95 % interval", "precision", "recall", "entities")
    return Table(columns, rows, title="Scores, strict, %", num_totals=len(averages))


def _row(name: str, score: Mapping[str, Any], intervals: Mapping[str, Any] | None) -> tuple[str, ...]:
    shares = [bare(score[figure]) for figure in ("precision", "recall")]
    interval = between(*intervals["f1"]) if intervals else ""
    return name, bare(score["f1"]), interval, *shares, f"{score['support']:,}"
