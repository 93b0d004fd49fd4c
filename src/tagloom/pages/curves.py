"""Curves as charts: figures against epochs, thresholds or numbers of sentences, and reliability diagrams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tagloom.pages.charts import COLOURS, Chart, Measure, error_bars, plain

_HEIGHT, _SQUARE = 340, 400  # pixels
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x")
_SMALLEST, _LARGEST = 7.0, 22.0  # pixels of a marker
_LEGEND = {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart.

    Args:
        name: told apart by colour, dashes and signs.
        points: where each point stands, and its figure.
    """

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Upright:
    """An upright line at a place, with its name."""

    at: float
    name: str


def lines(
    title: str, series: Sequence[Line], *, along: str, unit: str, upright: Upright | None = None, note: str = ""
) -> Chart:
    """Several lines over one axis.

    Args:
        title: above the chart.
        series: the lines.
        along: what the lower axis says.
        unit: what the left axis says.
        upright: marks a place of the lower axis.
        note: below the chart.
    """
    traces = [
        _line(number, line.name, line.points, [f"{_figure(y)}, {along} {x:g}" for x, y in line.points])
        for number, line in enumerate(series)
    ]
    return Chart(title, traces, _layout(along, unit) | _marked(upright), note)


def share_lines(
    title: str,
    series: Sequence[Line],
    *,
    along: str,
    unit: str,
    whole: bool = True,
    upright: Upright | None = None,
    note: str = "",
) -> Chart:
    """Several lines of shares over one axis.

    Args:
        title: above the chart.
        series: the lines; figures from 0 to 1, shown in per cent.
        along: what the lower axis says.
        unit: what the left axis says.
        whole: whether the left axis goes from 0 to 100 %, or as far as the lines do.
        upright: marks a place of the lower axis.
        note: below the chart.
    """
    traces = [
        _line(
            number,
            line.name,
            [(x, 100 * y) for x, y in line.points],
            [f"{100 * y:.1f} %, {along} {x:g}" for x, y in line.points],
        )
        for number, line in enumerate(series)
    ]
    axis = {"range": [0, 101], "dtick": 20} if whole else {}
    return Chart(title, traces, _layout(along, f"{unit}, %", axis) | _marked(upright), note)


def measured_line(
    title: str, points: Sequence[tuple[float, Measure]], *, along: str, unit: str, note: str = ""
) -> Chart:
    """One line of figures with what they may be.

    Args:
        title: above the chart.
        points: where each stands, and its figure.
        along: what the lower axis says.
        unit: what the left axis says.
        note: below the chart.
    """
    places = [(x, 100 * measure.value) for x, measure in points]
    trace = _line(0, unit, places, [f"{measure}, {x:,.0f} {along}" for x, measure in points])
    trace["error_y"] = error_bars([measure.reach for _, measure in points]) | {"color": "--text"}
    layout = _layout(along, f"{unit}, %") | {"showlegend": False}
    layout["xaxis"] = layout["xaxis"] | {"rangemode": "tozero", "tickformat": ",d"}
    return Chart(title, [trace], layout, note)


@dataclass(frozen=True, slots=True)
class Dot:
    """What is said against what is so.

    Args:
        said: 0 to 1.
        so: 0 to 1.
        count: how many it stands for.
    """

    said: float
    so: float
    count: int


def reliability(
    title: str, series: Mapping[str, Sequence[Dot]], *, said: str, so: str, unit: str, note: str = ""
) -> Chart:
    """What is said against what is so, beside the diagonal where both are one; larger dots stand for more.

    Args:
        title: above the chart.
        series: dots by name; those that stand for nothing are left out.
        said: what the lower axis says.
        so: what the left axis says.
        unit: what dots stand for.
        note: below the chart.
    """
    diagonal = {
        "type": "scatter",
        "mode": "lines",
        "name": "as said",
        "x": [0, 100],
        "y": [0, 100],
        "line": {"color": "--quiet", "width": 1, "dash": "dot"},
        "hoverinfo": "skip",
    }
    traces = [diagonal]
    for number, (name, dots) in enumerate(series.items()):
        shown = [dot for dot in dots if dot.count]
        most = max((dot.count for dot in shown), default=1)
        trace = _line(
            number,
            name,
            [(100 * dot.said, 100 * dot.so) for dot in shown],
            [f"said {100 * dot.said:.1f} %, is {100 * dot.so:.1f} % of {dot.count:,} {unit}" for dot in shown],
        )
        sizes = [_SMALLEST + (_LARGEST - _SMALLEST) * (dot.count / most) ** 0.5 for dot in shown]
        trace["marker"] = trace["marker"] | {"size": sizes, "opacity": 0.85}
        traces.append(trace)
    axis = {"range": [-3, 103], "dtick": 20}
    layout = _layout(f"{said}, %", f"{so}, %", axis) | {"height": _SQUARE}
    layout["xaxis"] = layout["xaxis"] | axis
    return Chart(title, traces, layout, note)


def _line(number: int, name: str, points: Sequence[tuple[float, float]], told: Sequence[str]) -> dict[str, Any]:
    colour = COLOURS[number % len(COLOURS)]
    few = len(points) <= 40
    return {
        "type": "scatter",
        "mode": "lines+markers" if few else "lines",
        "name": plain(name),
        "x": [x for x, _ in points],
        "y": [y for _, y in points],
        "line": {"color": colour, "width": 2, "dash": _DASHES[number % len(_DASHES)]},
        "marker": {"color": colour, "symbol": _SYMBOLS[number % len(_SYMBOLS)], "size": 7},
        "hovertext": [f"{plain(name)}: {plain(each)}" for each in told],
        "hoverinfo": "text",
    }


def _layout(along: str, unit: str, axis: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {
        "height": _HEIGHT,
        "xaxis": {"title": {"text": plain(along)}, "zeroline": False},
        "yaxis": {"title": {"text": plain(unit)}, "zeroline": False, "automargin": True, **(axis or {})},
        "showlegend": True,
        "legend": _LEGEND,
    }


def _marked(upright: Upright | None) -> dict[str, Any]:
    if upright is None:
        return {}
    edge = {"x0": upright.at, "x1": upright.at, "yref": "paper", "y0": 0, "y1": 1}
    name = {
        "x": upright.at,
        "yref": "paper",
        "y": 0,
        "yanchor": "bottom",
        "xanchor": "auto",
        "text": plain(upright.name),
        "showarrow": False,
        "font": {"color": "--quiet", "size": 12},
        "bgcolor": "--surface",
    }
    return {"shapes": [{"type": "line", "line": {"color": "--quiet", "dash": "dash"}, **edge}], "annotations": [name]}


def _figure(value: float) -> str:
    return f"{value:.4g}"
