"""Bars of what is compared."""

import json

import pytest

pytest.importorskip("plotly")

from tagloom.pages.charts import Measure
from tagloom.pages.compared_bars import ComparedBar, compared_bars, grouped_bars


def test_an_interval_is_drawn_where_there_is_one_and_points_where_there_are_values() -> None:
    bars = [ComparedBar("<b>a</b>", Measure(0.5, 0.4, 0.7)), ComparedBar("b", Measure(0.6), [0.5, 0.7])]
    chart = compared_bars("t", bars, unit="F1")
    known, other, points = chart.traces
    assert (known["x"], known["y"], other["x"], other["y"]) == ([50.0], [0], [60.0], [1])
    assert known["error_x"]["array"] == [pytest.approx(20.0)]
    assert known["error_x"]["arrayminus"] == [pytest.approx(10.0)]
    assert "error_x" not in other
    assert (points["x"], points["y"]) == ([50.0, 70.0], [1, 1])
    assert chart.layout["xaxis"]["range"][1] > 70
    assert "<" not in json.dumps(chart.to_json())


def test_each_thing_has_one_colour_in_all_groups() -> None:
    chart = grouped_bars("t", {"A": [0.5, None], "B": [1.0, 0.0]}, ["one", "two"], unit="F1")
    assert [trace["x"] for trace in chart.traces] == [[50.0, 100.0], [None, 0.0]]
    assert len({trace["marker"]["color"] for trace in chart.traces}) == 2
    assert chart.traces[1]["hovertext"] == ["A, two: none", "B, two: 0.0 %"]
