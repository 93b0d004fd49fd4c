"""Charts as data: what plotly's script draws, in the colours of the page.

A colour that begins with two hyphens is one of the page's style sheet, light or dark as the page is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from tagloom import markup

COLOURS = markup.COLOURS
"""For what is told apart by colour; legible on white and on black."""

_LONGEST_NAME = 28
_ROW_HEIGHT, _MARGINS = 30, 96  # pixels
_UPRIGHT_HEIGHT = 320
_NUM_TICKS = 12


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its title.

    Args:
        title: above it.
        traces: plotly's `data`.
        layout: plotly's `layout`, with its `height`; colours and margins may be left to the page.
        note: below it, such as what is left out.
        width: the least that it can be read in, in pixels; where there is less room it is moved sideways.
    """

    title: str
    traces: Sequence[Mapping[str, Any]]
    layout: Mapping[str, Any]
    note: str = ""
    width: int = 0
    block: ClassVar[str] = "chart"

    @property
    def height(self) -> int:
        """In pixels, kept free before it is drawn."""
        height: int = self.layout["height"]
        return height

    def to_json(self) -> dict[str, Any]:
        """As plotly takes it."""
        return {"data": list(self.traces), "layout": dict(self.layout)}


class Measure(NamedTuple):
    """A figure, 0 to 1, and how far it could be another."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def reach(self) -> tuple[float, float]:
        """How far it may be from its least and to its greatest value; 0 where nobody knows."""
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        return max(0.0, self.value - low), max(0.0, high - self.value)

    def __str__(self) -> str:
        interval = (
            "" if self.low is None or self.high is None else f" (95 %: {100 * self.low:.1f} to {100 * self.high:.1f})"
        )
        return f"{100 * self.value:.1f} %{interval}"


def bars(title: str, values: Mapping[str, int], *, unit: str) -> Chart:
    """A lying bar for each name, the first one on top.

    Args:
        title: above the chart.
        values: how much each has.
        unit: what is counted.
    """
    places = list(range(len(values)))
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": list(values.values()),
        "y": places,
        "marker": {"color": COLOURS[0]},
        "text": [f"{value:,}" for value in values.values()],
        "textposition": "auto",
        "hovertext": [f"{plain(name)}: {value:,} {unit}" for name, value in values.items()],
        "hoverinfo": "text",
    }
    return Chart(title, [trace], _lying(list(values)) | {"xaxis": {"title": {"text": unit}, "rangemode": "tozero"}})


def measured_bars(title: str, measures: Mapping[str, Measure], *, unit: str, note: str = "") -> Chart:
    """A lying bar for each name with what it may be, the first one on top.

    Args:
        title: above the chart.
        measures: of each name.
        unit: what is measured.
        note: below the chart.
    """
    reaches = [measure.reach for measure in measures.values()]
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": [100 * measure.value for measure in measures.values()],
        "y": list(range(len(measures))),
        "marker": {"color": COLOURS[0]},
        "error_x": error_bars(reaches) | {"color": "--text"},
        "hovertext": [f"{plain(name)}: {unit} {measure}" for name, measure in measures.items()],
        "hoverinfo": "text",
    }
    names = [f"{shortened(name)}  {100 * measure.value:.1f}" for name, measure in measures.items()]
    layout = _lying(names, longest=_LONGEST_NAME + 8) | {
        "xaxis": {"title": {"text": f"{unit}, %"}, "range": [0, 101], "dtick": 20, "showgrid": True}
    }
    return Chart(title, [trace], layout, note)


def error_bars(reaches: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Plotly's error bars in per cent, of how far each figure may be off downwards and upwards."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [100 * up for _, up in reaches],
        "arrayminus": [100 * down for down, _ in reaches],
        "visible": any(map(any, reaches)),
        "thickness": 1.5,
        "width": 4,
    }


def histogram(title: str, counts: Sequence[tuple[int, int, int]], *, along: str, unit: str) -> Chart:
    """An upright bar for each range.

    Args:
        title: above the chart.
        counts: of each range its first and last value, and how many lie in it.
        along: what is measured.
        unit: what is counted.
    """
    every = max(1, -(-len(counts) // _NUM_TICKS))
    ticks = list(range(0, len(counts), every))
    ranges = [f"{first:,}" if first == last else f"{first:,} to {last:,}" for first, last, _ in counts]
    trace = {
        "type": "bar",
        "x": list(range(len(counts))),
        "y": [count for _, _, count in counts],
        "marker": {"color": COLOURS[0]},
        "hovertext": [f"{name} {along}: {count:,} {unit}" for name, (_, _, count) in zip(ranges, counts, strict=True)],
        "hoverinfo": "text",
    }
    layout = {
        "height": _UPRIGHT_HEIGHT,
        "bargap": 0.08,
        "xaxis": {
            "title": {"text": along},
            "tickvals": ticks,
            "ticktext": [f"{counts[place][0]:,}" for place in ticks],
            "tickangle": 0,
            "showgrid": False,
        },
        "yaxis": {"title": {"text": unit}, "rangemode": "tozero", "automargin": True},
        "showlegend": False,
    }
    return Chart(title, [trace], layout)


def shares(title: str, rows: Mapping[str, Mapping[str, int]], *, unit: str) -> Chart:
    """A lying bar for each row, divided into shares of the whole.

    Args:
        title: above the chart.
        rows: of each row how much each name has; names have one colour in all rows.
        unit: what is counted.
    """
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    totals = [max(1, sum(row.values())) for row in rows.values()]
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": plain(shortened(name)),
            "x": [100 * row.get(name, 0) / total for row, total in zip(rows.values(), totals, strict=True)],
            "y": list(range(len(rows))),
            "marker": {"color": COLOURS[number % len(COLOURS)]},
            "hovertext": [
                f"{plain(place)}, {plain(name)}: {row.get(name, 0):,} {unit} ({row.get(name, 0) / total:.1%})"
                for (place, row), total in zip(rows.items(), totals, strict=True)
            ],
            "hoverinfo": "text",
        }
        for number, name in enumerate(names)
    ]
    layout = _lying(list(rows)) | {
        "barmode": "stack",
        "xaxis": {"ticksuffix": " %", "range": [0, 100], "dtick": 20},
        "showlegend": True,
        "legend": {"orientation": "h", "traceorder": "normal", "y": 1.02, "yanchor": "bottom", "x": 0},
    }
    return Chart(title, traces, layout)


def plain(text: str) -> str:
    """A text for plotly, which takes some tags and entities for its own: these are shown as they are.

    Example:
        >>> plain("<b>R&D</b>")
        '&lt;b&gt;R&amp;D&lt;/b&gt;'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shortened(name: str, longest: int = _LONGEST_NAME) -> str:
    """A name that fits beside a chart."""
    return name if len(name) <= longest else name[: longest - 1] + "…"


def _lying(names: Sequence[str], longest: int = _LONGEST_NAME) -> dict[str, Any]:
    """The layout of lying bars: places on the axis, so that equal or number-like names stay apart."""
    return {
        "height": _ROW_HEIGHT * max(1, len(names)) + _MARGINS,
        "bargap": 0.25,
        "yaxis": {
            "tickvals": list(range(len(names))),
            "ticktext": [plain(shortened(name, longest)) for name in names],
            "autorange": "reversed",
            "showgrid": False,
            "automargin": True,
        },
        "showlegend": False,
    }
