"""Matrices of counts as charts: darker is more, and every count is written in its cell."""

import math
from collections.abc import Sequence
from typing import Any

from tagloom.pages.charts import Chart, plain, shortened

_CELL_HEIGHT, _CELL_WIDTH = 30, 46  # pixels
_LETTER = 8  # pixels
_LONGEST_NAME = 20

Matrix = Sequence[Sequence[int]]


def heat_map(
    title: str,
    counts: Matrix,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    along: tuple[str, str],
    right_diagonal: bool,
    note: str = "",
) -> Chart:
    """A cell for each row and column; a cell with nothing is empty, and colour follows the logarithm of the count.

    Args:
        title: above the chart.
        counts: a row for each of `rows`, with a count for each of `columns`.
        rows: their names.
        columns: their names.
        along: what the rows are, and what the columns are.
        right_diagonal: whether the diagonal is what is right; then it has a colour of its own.
        note: below the chart.
    """
    on_diagonal = [[right_diagonal and row == column for column in range(len(columns))] for row in range(len(rows))]
    beside = [[not each for each in row] for row in on_diagonal]
    traces = [_cells(counts, on_diagonal, rows, columns, "--wrong-cell")]
    if right_diagonal:
        traces.append(_cells(counts, beside, rows, columns, "--right-cell"))
    longest_row, longest_column = (_LETTER * max(map(len, map(_short, names))) for names in (rows, columns))
    upright = longest_column > _CELL_WIDTH
    above = 52 + (longest_column if upright else 16)
    layout: dict[str, Any] = {
        "height": above + _CELL_HEIGHT * len(rows) + 12,
        "margin": {"l": longest_row + 44, "t": above, "b": 12, "r": 12},
        "xaxis": _axis(columns, along[1]) | {"side": "top", "tickangle": -90 if upright else 0},
        "yaxis": _axis(rows, along[0]) | {"range": [len(rows) - 0.5, -0.5]},
        "showlegend": False,
    }
    return Chart(title, traces, layout, note, width=longest_row + 60 + _CELL_WIDTH * len(columns))


def _cells(
    counts: Matrix, hidden: Sequence[Sequence[bool]], rows: Sequence[str], columns: Sequence[str], colour: str
) -> dict[str, Any]:
    shown = [
        [0 if out else count for out, count in zip(*pair, strict=True)] for pair in zip(hidden, counts, strict=True)
    ]
    most = max((count for row in shown for count in row), default=0)
    return {
        "type": "heatmap",
        "z": [[math.log1p(count) if count else None for count in row] for row in shown],
        "zmin": 0,
        "zmax": max(1.0, math.log1p(most)),
        "text": [[f"{count:,}" if count else "" for count in row] for row in shown],
        "texttemplate": "%{text}",
        "hovertext": [
            [f"{plain(name)}, {plain(column)}: {count:,}" for column, count in zip(columns, row, strict=True)]
            for name, row in zip(rows, shown, strict=True)
        ],
        "hoverinfo": "text",
        "hoverongaps": False,
        "colorscale": [[0, "--surface"], [1, colour]],
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
    }


def _axis(names: Sequence[str], title: str) -> dict[str, Any]:
    return {
        "title": {"text": plain(title), "standoff": 6},
        "tickvals": list(range(len(names))),
        "ticktext": [plain(_short(name)) for name in names],
        "range": [-0.5, len(names) - 0.5],
        "showgrid": False,
        "zeroline": False,
    }


def _short(name: str) -> str:
    return shortened(name, _LONGEST_NAME)
