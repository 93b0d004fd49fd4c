"""Pictures of a lattice: words across and tags down with the paths through them, and what follows what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tagloom.pages.charts import COLOURS, Chart, plain

FORBIDDEN = "×"

_ROW_HEIGHT, _MARGINS, _LEGEND_HEIGHT = 36, 84, 44  # pixels
_CELL_WIDTH, _BESIDE, _LETTER = 46, 60, 7.5  # pixels
_SHADES = [[0, "rgba(59,130,196,0.04)"], [1, "rgba(59,130,196,0.62)"]]  # over light and dark alike
_LINE_COLOURS = (COLOURS[1], COLOURS[3], COLOURS[2], COLOURS[4], COLOURS[6])
_BEST_WIDTH, _NEXT_WIDTH = 5, 1.8
_VALUE_AT, _BEST_AT = -0.2, 0.2  # of a row: numbers in its upper half, paths in its lower
_NEXT_FROM, _NEXT_TO = 0.06, 0.4  # of a row: where the next paths run, so that none hides another
_TEXT_SIZE = 11
_LONGEST_NAME = 16

Scores = Sequence[Sequence[float | None]]
"""Rows of scores; None is forbidden."""


@dataclass(frozen=True, slots=True)
class Line:
    """A path through a trellis.

    Args:
        name: in the legend.
        rows: at each word the row of its tag; None where it is not shown.
    """

    name: str
    rows: Sequence[int | None]


def trellis(
    title: str,
    words: Sequence[str],
    tags: Sequence[str],
    scores: Scores,
    lines: Sequence[Line],
    *,
    bounds: tuple[float, float],
    legend: bool = True,
) -> Chart:
    """A cell for each tag at each word, the darker the better it fits, and the paths as lines, the first one thick.

    Args:
        title: above the chart.
        words: across.
        tags: down.
        scores: of each word a row with the score of each tag.
        lines: paths, the best one first; the others perhaps only where they part from it.
        bounds: least and greatest score of the colours, which are to mean the same in several charts.
        legend: whether lines are named.
    """
    upright = [list(row) for row in zip(*scores, strict=True)]  # a row a tag
    traces = [_cells(upright, _hover(upright, tags, words, "{row} at {column}"), bounds)]
    traces += [_line(line, number, len(lines)) for number, line in enumerate(lines)]
    traces.append(_values(upright, _VALUE_AT))
    layout: dict[str, Any] = {
        "height": _ROW_HEIGHT * len(tags) + _MARGINS + (_LEGEND_HEIGHT if legend else 0),
        "xaxis": _axis(words),
        "yaxis": _axis(tags) | {"autorange": "reversed"},
        "showlegend": legend,
        "legend": {"orientation": "h", "traceorder": "normal", "y": 1.02, "yanchor": "bottom", "x": 0},
    }
    return Chart(title, traces, layout, width=_width(tags, len(words)))


def transition_map(title: str, rows: Sequence[str], columns: Sequence[str], scores: Scores) -> Chart:
    """What it is worth to go from the tag on the left to the one below; what is forbidden is crossed out.

    Args:
        title: above the chart.
        rows: tags to go from.
        columns: tags to go to.
        scores: of each row a score for each column.
    """
    table = [list(row) for row in scores]
    known = [score for row in table for score in row if score is not None] or [0.0]
    hover = _hover(table, rows, columns, "from {row} to {column}")
    layout: dict[str, Any] = {
        "height": _ROW_HEIGHT * len(rows) + _MARGINS,
        "xaxis": _axis(columns),
        "yaxis": _axis(rows) | {"autorange": "reversed"},
        "showlegend": False,
    }
    traces = [_cells(table, hover, (min(known), max(known))), _values(table, 0.0)]
    return Chart(title, traces, layout, width=_width(rows, len(columns)))


def _width(rows: Sequence[str], num_columns: int) -> int:
    """The least that names and numbers can be read in."""
    return int(_LETTER * max(len(_cut(row)) for row in rows)) + _BESIDE + _CELL_WIDTH * num_columns


def _cells(table: Scores, hover: list[list[str]], bounds: tuple[float, float]) -> dict[str, Any]:
    return {
        "type": "heatmap",
        "z": table,
        "zmin": bounds[0],
        "zmax": bounds[1] if bounds[1] > bounds[0] else bounds[0] + 1,
        "colorscale": _SHADES,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hovertext": hover,
        "hoverinfo": "text",
        "hoverongaps": True,
    }


def _hover(table: Scores, rows: Sequence[str], columns: Sequence[str], told: str) -> list[list[str]]:
    return [
        [
            f"{told.format(row=plain(row), column=plain(column))}: {'forbidden' if score is None else f'{score:.4g}'}"
            for column, score in zip(columns, own, strict=True)
        ]
        for row, own in zip(rows, table, strict=True)
    ]


def _values(table: Scores, shift: float) -> dict[str, Any]:
    """The scores as text in the page's own colour, which a heat map's text would not have."""
    places = [(column, row) for row, own in enumerate(table) for column in range(len(own))]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [column for column, _ in places],
        "y": [row + shift for _, row in places],
        "text": [_told(table[row][column]) for column, row in places],
        "textposition": "middle center",
        "textfont": {"size": _TEXT_SIZE},
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
    }


def _told(score: float | None) -> str:
    if score is None:
        return FORBIDDEN
    return f"{score:.0f}" if score == int(score) else f"{round(score, 1) + 0.0:.1f}"


def _line(line: Line, number: int, num_lines: int) -> dict[str, Any]:
    between = (_NEXT_TO - _NEXT_FROM) / max(1, num_lines - 2)
    shift = _NEXT_FROM + (number - 1) * between if number else _BEST_AT
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": plain(line.name),
        "x": list(range(len(line.rows))),
        "y": [None if row is None else row + shift for row in line.rows],
        "line": {
            "color": _LINE_COLOURS[number % len(_LINE_COLOURS)],
            "width": _NEXT_WIDTH if number else _BEST_WIDTH,
            "dash": "dot" if number else "solid",
        },
        "marker": {"size": 5 if number else 10},
        "opacity": 0.85,
        "hoverinfo": "skip",
    }


def _axis(names: Sequence[str]) -> dict[str, Any]:
    """Names at places, so that equal or number-like ones stay apart."""
    return {
        "tickvals": list(range(len(names))),
        "ticktext": [plain(_cut(name)) for name in names],
        "range": [-0.5, len(names) - 0.5],
        "showgrid": False,
        "zeroline": False,
        "automargin": True,
    }


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
