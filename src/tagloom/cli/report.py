"""A report as the command line shows it: scores with their intervals, how sure they are, and what to do next."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from tagloom.cli.output import console, print_table, printable
from tagloom.evaluation.report import Report
from tagloom.wording import bare, between, counted, per_cent

_COLOURS = {"warning": "yellow", "info": "blue"}
_OTHER_MODES = ("strict", "conlleval", "partial", "type")
_WANTED = 0.9


def print_report(title: str, content: Mapping[str, Any]) -> None:
    """The scores of a report, a label a row, as shares in per cent; below them what else it says in a line each.

    Args:
        title: above the table.
        content: of a report's JSON.
    """
    whole = Report.from_json(content)
    intervals = _intervals(whole, content)
    figures = [
        (
            name,
            *(bare(share) for share in (one.precision, one.recall, one.f1)),
            *([between(*interval)] if interval else []),
            f"{one.support:,}",
        )
        for (name, one), interval in zip(whole.rows(), intervals or repeat(None), strict=False)
    ]
    columns = ("label", "precision", "recall", "F1", *(["95 %"] if intervals else []), "support")
    print_table(f"{title} ({whole.mode})", columns, figures)
    for line in _lines(whole, content):
        console().print(line)


def print_diagnosis(diagnosis: Sequence[Mapping[str, Any]]) -> None:
    """What stands out, with the figures that led to it and what to do; a diagnosis each."""
    if not diagnosis:
        console().print("Nothing stands out.")
        return
    console().print(Text("What to do", style="bold"))
    for one in diagnosis:
        head = Text(f"{one['severity']:<9}", style=_COLOURS.get(one["severity"], ""))
        head.append(printable(one["title"]), style="bold")
        console().print(Group(head, *_remedies(one)))


def _remedies(one: Mapping[str, Any]) -> Iterator[Padding]:
    yield _indented(Text(printable(one["evidence"]), style="dim"), 9)
    for action in one["actions"]:
        yield _indented(Text(f"- {printable(action['text'])}"), 9)
        if action["command"]:
            yield _indented(Text(printable(action["command"]), style="cyan"), 11)


def _lines(whole: Report, content: Mapping[str, Any]) -> Iterator[str]:
    ill_formed = f", {counted(whole.ill_formed.gold, 'ill-formed tag')} in it" if whole.ill_formed.gold else ""
    yield (
        f"{counted(whole.sentences, 'sentence')}, {counted(whole.tokens.count, 'word')}{ill_formed}; "
        f"{100 * whole.tokens.accuracy:.2f} % of the words have the right tag."
    )
    modes = {mode: content.get("modes", {}).get(mode) for mode in _OTHER_MODES if mode != whole.mode}
    told = ", ".join(f"{mode} {bare(scores['micro']['f1'])}" for mode, scores in modes.items() if scores)
    if told:
        yield f"Micro F1 in other modes: {told}."
    yield from _calibration(content.get("calibration"))


def _calibration(calibration: Mapping[str, Any] | None) -> Iterator[str]:
    """How much the scores of spans are worth."""
    if not calibration:
        return
    before, after = (calibration[name]["expected_error"] for name in ("before", "after"))
    changed = f"{after:.3f}" if before == after else f"{before:.3f} before calibration, {after:.3f} after"
    yield f"Expected calibration error of the scores: {changed}.{_threshold(calibration)}"


def _threshold(calibration: Mapping[str, Any]) -> str:
    """What reaches the precision that most people want."""
    found = next((wanted["found"] for wanted in calibration["wanted"] if wanted["precision"] == _WANTED), None)
    if found is None:
        return f" No threshold reaches {100 * _WANTED:.0f} % precision."
    if found["kept"] == calibration["thresholds"][0]["kept"]:
        return ""
    precision, recall = per_cent(found["precision"]), per_cent(found["recall"])
    return f" A threshold of {found['threshold']:.2f} gives precision {precision}, recall {recall}."


def _intervals(whole: Report, content: Mapping[str, Any]) -> list[Sequence[float]]:
    """Of the F1 of each row; none where the report has none."""
    if "label_intervals" not in content:
        return []
    averages = [name for name, _ in whole.rows()[len(whole.labels) :]]
    known = [content["label_intervals"][label] for label in whole.labels]
    return [one["f1"] for one in (*known, *(content["intervals"][name] for name in averages))]


def _indented(text: Text, by: int) -> Padding:
    return Padding(text, (0, 0, 0, by), expand=False)
