"""Where a model fails: what it takes for what, which kinds of entities it finds badly, what it often gets wrong."""

from collections.abc import Iterator, Sequence

from tagloom.evaluation.breakdowns import Breakdown
from tagloom.evaluation.confusion import OUTCOMES, Confusion
from tagloom.evaluation.details import Details
from tagloom.evaluation.page.figures import FAULTS
from tagloom.evaluation.report import Report
from tagloom.evaluation.surfaces import WrongSurface
from tagloom.pages.charts import Chart
from tagloom.pages.heat_map import heat_map
from tagloom.pages.page import Block, Columns, Share, Table
from tagloom.wording import bare

_MAX_LABELS = 15
_SIDE_BY_SIDE = 4
"""So many labels' heat maps have room beside one another."""

_NOTHING = "nothing"


def mistake_blocks(report: Report) -> list[Block]:
    """Heat maps and tables of errors; nothing where no details are known.

    Args:
        report: of one part.
    """
    return [] if report.details is None else list(_blocks(report.details))


def _blocks(details: Details) -> Iterator[Block]:
    maps = list(confusion_maps(details.confusion))
    yield from [Columns(maps)] if len(details.confusion.labels) <= _SIDE_BY_SIDE and len(maps) > 1 else maps
    if details.confusion.outcomes:
        yield _outcomes(details.confusion)
    breakdowns = [_breakdown(each) for each in details.breakdowns if each.slices]
    if breakdowns:
        yield Columns(breakdowns)
    if details.surfaces:
        yield _surfaces(details.surfaces)


def confusion_maps(confusion: Confusion) -> Iterator[Chart]:
    """What is taken for what, with right and with wrong edges."""
    kept = _most_confused(confusion)
    labels = [confusion.labels[place] for place in kept]
    cut = ""
    if len(kept) < len(confusion.labels):
        cut = f" The {len(kept)} labels of {len(confusion.labels):,} that are most often wrong."
    nothing = len(confusion.labels)
    if labels:
        yield heat_map(
            "Labels where the edges are right, with what was missed and invented",
            _part(confusion.same_edges, [*kept, nothing]),
            rows=[*labels, _NOTHING],
            columns=[*labels, _NOTHING],
            along=("right", "found"),
            right_diagonal=True,
            note=f"The column “{_NOTHING}” is missed, the row “{_NOTHING}” is invented.{cut}",
        )
    if labels and any(map(any, confusion.other_edges)):
        yield heat_map(
            "Labels where the edges are wrong",
            _part(confusion.other_edges, kept),
            rows=labels,
            columns=labels,
            along=("right", "found"),
            right_diagonal=False,
            note=f"Pairs that overlap; on the diagonal the label is right.{cut}",
        )


def _most_confused(confusion: Confusion) -> list[int]:
    """The places of the labels that have most errors, in their own order."""

    def errors(place: int) -> int:
        same, other = confusion.same_edges, confusion.other_edges
        return (
            sum(same[place])
            + sum(row[place] for row in same)
            - 2 * same[place][place]
            + sum(other[place])
            + sum(row[place] for row in other)
        )

    places = range(len(confusion.labels))
    return sorted(sorted(places, key=errors, reverse=True)[:_MAX_LABELS])


def _part(matrix: Sequence[Sequence[int]], places: Sequence[int]) -> list[list[int]]:
    return [[matrix[row][column] for column in places] for row in places]


def _outcomes(confusion: Confusion) -> Table:
    names = {"correct": "correct", **FAULTS}
    rows = [(label, *(f"{own.get(outcome, 0):,}" for outcome in OUTCOMES)) for label, own in confusion.outcomes.items()]
    sums = [sum(own.get(outcome, 0) for own in confusion.outcomes.values()) for outcome in OUTCOMES]
    return Table(
        ("label", *(names[outcome] for outcome in OUTCOMES)),
        [*rows, ("all", *(f"{each:,}" for each in sums))],
        title="What became of the entities",
        num_totals=1,
        note="Invented entities stand at the label that was found, all others at the right one.",
    )


def _breakdown(breakdown: Breakdown) -> Table:
    rows = [
        (
            each.name,
            Share(each.score.f1),
            bare(each.score.precision),
            bare(each.score.recall),
            f"{each.score.support:,}",
            f"{each.predicted:,}",
        )
        for each in breakdown.slices
    ]
    return Table(("", "F1", "precision", "recall", "right", "found"), rows, title=breakdown.title)


def _surfaces(surfaces: Sequence[WrongSurface]) -> Table:
    rows = [
        (
            each.text,
            FAULTS.get(each.outcome, each.outcome),
            each.gold or "",
            each.predicted or "",
            f"{each.count:,}",
            f"{each.gold_total:,}" if each.gold is not None else "",
        )
        for each in surfaces
    ]
    columns = ("text", "what is wrong", "right", "found", "times", "of")
    return Table(columns, rows, texts=(0, 1, 2, 3), title="Most often wrong")
