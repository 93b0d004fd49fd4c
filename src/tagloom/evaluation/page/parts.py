"""The scores of several parts beside one another."""

from collections.abc import Mapping

from tagloom.evaluation.page.figures import interval, told
from tagloom.evaluation.report import Report
from tagloom.pages.page import Block, Table
from tagloom.wording import bare


def part_blocks(reports: Mapping[str, Report]) -> list[Block]:
    """The micro scores of each part, and each label's F1 in all of them; nothing where there is one part alone.

    Args:
        reports: by part.
    """
    return [_micro(reports), _labels(reports)] if len(reports) > 1 else []


def _micro(reports: Mapping[str, Report]) -> Table:
    rows = []
    for part, report in reports.items():
        micro = report.micro
        shares = map(bare, (micro.precision, micro.recall, report.macro.f1))
        sure = told(interval(report.details, "micro", "f1"))
        rows.append((part, bare(micro.f1), sure, *shares, f"{report.sentences:,}", f"{micro.support:,}"))
    columns = ("part", "F1", "95 % interval", "precision", "recall", "macro F1", "sentences", "entities")
    return Table(columns, rows, title="Micro scores, %")


def _labels(reports: Mapping[str, Report]) -> Table:
    labels = sorted({label for report in reports.values() for label in report.labels})
    rows = [
        (label, *(bare(own.labels[label].f1) if label in own.labels else "" for own in reports.values()))
        for label in labels
    ]
    return Table(("label", *reports), rows, title="F1 of each label, %")
