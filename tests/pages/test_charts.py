"""Charts say what the figures say."""

import math

import pytest

pytest.importorskip("plotly")
pytest.importorskip("jinja2")

from tagloom.pages import charts, curves
from tagloom.pages.charts import Measure
from tagloom.pages.heat_map import heat_map


def test_bars_carry_their_intervals_downwards_and_upwards() -> None:
    chart = charts.measured_bars("t", {"A": Measure(0.8, 0.7, 0.85), "B": Measure(0.5)}, unit="F1")
    (trace,) = chart.traces
    assert trace["x"] == [80.0, 50.0]
    assert trace["error_x"]["arrayminus"] == pytest.approx([10.0, 0.0])
    assert trace["error_x"]["array"] == pytest.approx([5.0, 0.0])
    assert trace["hovertext"] == ["A: F1 80.0 % (95 %: 70.0 to 85.0)", "B: F1 50.0 %"]


def test_bars_without_intervals_show_none() -> None:
    (trace,) = charts.measured_bars("t", {"A": Measure(0.8)}, unit="F1").traces
    assert trace["error_x"]["visible"] is False


def test_an_interval_beside_its_figure_reaches_in_no_wrong_direction() -> None:
    assert Measure(0.5, 0.6, 0.7).reach == pytest.approx((0.0, 0.2))


def test_lines_are_told_apart_by_more_than_colour() -> None:
    series = [curves.Line(name, [(1, 2), (2, 3)]) for name in "abcde"]
    chart = curves.lines("t", series, along="epoch", unit="loss", upright=curves.Upright(2, "kept: epoch 2"))
    styles = {(trace["line"]["dash"], trace["marker"]["symbol"]) for trace in chart.traces}
    assert len(styles) == 5
    assert chart.layout["shapes"][0]["x0"] == 2
    assert chart.layout["annotations"][0]["text"] == "kept: epoch 2"


def test_shares_are_drawn_in_per_cent_and_their_places_are_not() -> None:
    (trace,) = curves.share_lines("t", [curves.Line("F1", [(0.25, 0.5)])], along="threshold", unit="F1").traces
    assert (trace["x"], trace["y"]) == ([0.25], [50.0])


def test_the_reliability_diagram_leaves_out_what_stands_for_nothing() -> None:
    dots = [curves.Dot(0.1, 0.0, 0), curves.Dot(0.6, 0.5, 25), curves.Dot(0.9, 0.95, 100)]
    diagonal, trace = curves.reliability("t", {"after": dots}, said="said", so="so", unit="entities").traces
    assert diagonal["x"] == diagonal["y"]
    assert (trace["x"], trace["y"]) == ([60.0, 90.0], [50.0, 95.0])
    assert trace["marker"]["size"][0] < trace["marker"]["size"][1]


def test_a_heat_map_writes_every_count_and_gives_the_diagonal_a_scale_of_its_own() -> None:
    counts = [[900, 3], [0, 700]]
    chart = heat_map("t", counts, rows=["A", "B"], columns=["A", "B"], along=("right", "found"), right_diagonal=True)
    beside, diagonal = chart.traces
    assert beside["text"] == [["", "3"], ["", ""]]
    assert diagonal["text"] == [["900", ""], ["", "700"]]
    assert beside["zmax"] == pytest.approx(math.log1p(3))
    assert diagonal["zmax"] == pytest.approx(math.log1p(900))
    assert beside["z"][1][0] is None


def test_a_heat_map_of_faults_alone_has_one_scale() -> None:
    chart = heat_map("t", [[4]], rows=["A"], columns=["A"], along=("right", "found"), right_diagonal=False)
    assert [trace["text"] for trace in chart.traces] == [[["4"]]]


def test_long_names_are_cut_in_charts() -> None:
    assert charts.shortened("x" * 40) == "x" * 27 + "…"
