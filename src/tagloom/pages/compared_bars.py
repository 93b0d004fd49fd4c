"""Bars of several things that are compared, each with what it may be, or with the values that it is the mean of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tagloom.pages.charts import COLOURS, Chart, Measure, error_bars, plain, shortened

_ROW_HEIGHT, _GROUP_GAP, _MARGINS = 34, 14, 96  # pixels
_BAR_HEIGHT = 16
_LEGEND_ROW_HEIGHT = 24


@dataclass(frozen=True, slots=True)
class ComparedBar:
    """One of the things that are compared.

    Args:
        name: beside it.
        measure: the figure, 0 to 1, with its interval where it has one.
        values: what the figure is the mean of; empty where it is none.
    """

    name: str
    measure: Measure
    values: Sequence[float] = ()


def compared_bars(title: str, bars: Sequence[ComparedBar], *, unit: str, note: str = "") -> Chart:
    """A lying bar for each, the first one on top; a mean with a point for each value.

    Args:
        title: above the chart.
        bars: what is compared.
        unit: what is measured.
        note: below the chart.
    """
    points = [(100 * value, row) for row, bar in enumerate(bars) for value in bar.values]
    known = [row for row, bar in enumerate(bars) if bar.measure.low is not None]
    others = [row for row in range(len(bars)) if row not in known]
    traces: list[dict[str, Any]] = [
        _bars(bars, known, unit)
        | {"error_x": error_bars([bars[row].measure.reach for row in known]) | {"color": "--text"}},
        _bars(bars, others, unit),
        {
            "type": "scatter",
            "mode": "markers",
            "x": [x for x, _ in points],
            "y": [y for _, y in points],
            "marker": {"symbol": "circle-open", "size": 9, "color": "--text", "line": {"width": 1.5}},
            "hovertext": [f"{x:.1f} %" for x, _ in points],
            "hoverinfo": "text",
        },
    ]
    names = [f"{shortened(bar.name)}  {100 * bar.measure.value:.1f}" for bar in bars]
    layout = {
        "height": _ROW_HEIGHT * len(bars) + _MARGINS,
        "barmode": "overlay",
        "bargap": 0.3,
        "xaxis": _scale(unit, [*(bar.measure.value + bar.measure.reach[1] for bar in bars), *_values(bars)]),
        "yaxis": _names(names),
        "showlegend": False,
    }
    return Chart(title, traces, layout, note)


def grouped_bars(title: str, groups: Mapping[str, Sequence[float | None]], names: Sequence[str], *, unit: str) -> Chart:
    """For each group a bar of each thing that is compared; each has its colour in all groups.

    Args:
        title: above the chart.
        groups: of each name the figure of each thing, 0 to 1; None where it has none.
        names: of the things.
        unit: what is measured.
    """
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": plain(shortened(name)),
            "x": [None if own[number] is None else 100 * (own[number] or 0.0) for own in groups.values()],
            "y": list(range(len(groups))),
            "marker": {"color": COLOURS[number % len(COLOURS)]},
            "hovertext": [f"{plain(group)}, {plain(name)}: {_told(own[number])}" for group, own in groups.items()],
            "hoverinfo": "text",
        }
        for number, name in enumerate(names)
    ]
    layout = {
        "height": (_BAR_HEIGHT * len(names) + _GROUP_GAP) * len(groups) + _MARGINS + _LEGEND_ROW_HEIGHT * len(names),
        "barmode": "group",
        "bargap": 0.25,
        "xaxis": _scale(unit, [value for own in groups.values() for value in own if value is not None]),
        "yaxis": _names([shortened(group) for group in groups]),
        "showlegend": True,
        "legend": {"orientation": "h", "traceorder": "normal", "y": 1.02, "yanchor": "bottom", "x": 0},
    }
    return Chart(title, traces, layout)


def _bars(bars: Sequence[ComparedBar], rows: Sequence[int], unit: str) -> dict[str, Any]:
    """The bars of these rows, each in the colour of its row."""
    return {
        "type": "bar",
        "orientation": "h",
        "x": [100 * bars[row].measure.value for row in rows],
        "y": list(rows),
        "marker": {"color": [COLOURS[row % len(COLOURS)] for row in rows]},
        "hovertext": [f"{plain(bars[row].name)}: {unit} {bars[row].measure}" for row in rows],
        "hoverinfo": "text",
    }


def _told(value: float | None) -> str:
    return "none" if value is None else f"{100 * value:.1f} %"


def _values(bars: Sequence[ComparedBar]) -> list[float]:
    return [value for bar in bars for value in bar.values]


def _scale(unit: str, values: Sequence[float]) -> dict[str, Any]:
    """From 0 to a little more than the greatest value."""
    most = max(0.1, min(1.0, 1.08 * max(values, default=1.0)))
    return {"title": {"text": f"{unit}, %"}, "range": [0, 100 * most + 0.5], "showgrid": True}


def _names(names: Sequence[str]) -> dict[str, Any]:
    return {
        "tickvals": list(range(len(names))),
        "ticktext": [plain(name) for name in names],
        "autorange": "reversed",
        "showgrid": False,
        "automargin": True,
    }
