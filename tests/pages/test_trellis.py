"""Pictures of a lattice: what is drawn where."""

import json

import pytest

pytest.importorskip("plotly")

from tagloom.pages.trellis import FORBIDDEN, Line, transition_map, trellis

WORDS, TAGS = ["A", "<b>D90</b>"], ["O", "X", "Y"]
SCORES = [[3.0, None, -0.04], [0.0, 12.34, 1.0]]


def test_a_cell_stands_for_a_tag_at_a_word() -> None:
    chart = trellis("t", WORDS, TAGS, SCORES, [Line("1", [0, 1])], bounds=(0.0, 12.34))
    cells, _, values = chart.traces
    assert cells["z"] == [[3.0, 0.0], [None, 12.34], [-0.04, 1.0]]
    assert cells["hovertext"][1] == ["X at A: forbidden", "X at &lt;b&gt;D90&lt;/b&gt;: 12.34"]
    assert values["text"] == ["3", "0", FORBIDDEN, "12.3", "0.0", "1"]
    assert chart.layout["yaxis"]["ticktext"] == TAGS
    assert "<" not in json.dumps(chart.to_json())


def test_the_best_path_is_the_thickest_and_the_others_have_gaps() -> None:
    lines = [Line("1", [0, 1]), Line("2", [None, 2]), Line("3", [0, None])]
    best, *others = trellis("t", WORDS, TAGS, SCORES, lines, bounds=(0.0, 1.0)).traces[1:4]
    assert [round(row) for row in best["y"]] == [0, 1]
    assert all(best["line"]["width"] > other["line"]["width"] for other in others)
    assert others[0]["y"][0] is None
    assert others[0]["y"][1] != others[1]["y"][0] + 2  # two lines never lie on one another
    assert [trace["name"] for trace in (best, *others)] == ["1", "2", "3"]


def test_what_is_forbidden_is_crossed_out() -> None:
    chart = transition_map("t", ["start", "O"], ["O", "X"], [[1.5, None], [None, -2.0]])
    cells, values = chart.traces
    assert values["text"] == ["1.5", FORBIDDEN, FORBIDDEN, "-2"]
    assert (cells["zmin"], cells["zmax"]) == (-2.0, 1.5)
    assert cells["hovertext"][0][1] == "from start to X: forbidden"


def test_equal_scores_are_drawn_too() -> None:
    (cells, _) = transition_map("t", ["O"], ["O"], [[None]]).traces
    assert cells["zmin"] < cells["zmax"]
