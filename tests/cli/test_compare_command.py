"""Runs side by side on the command line."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import Tagloom

from made_runs import made_run
from tagloom.runs.run import Run

GOOD, MIDDLING, BAD = ([number % 10 < share for number in range(60)] for share in (9, 8, 2))


def cells_of(out: str, name: str) -> list[str]:
    """The cells of the first row of a table that begins so."""
    row = next(line for line in out.splitlines() if re.match(rf"{re.escape(name)}  +\S", line))
    return re.split("  +", row.rstrip())


def test_scores_differences_and_options_stand_side_by_side(tagloom: Tagloom, tmp_path: Path) -> None:
    runs = made_run(tmp_path / "first", BAD), made_run(tmp_path / "second", GOOD, options={"units": 50})
    result = tagloom("compare", *runs)
    assert (result.status, result.err) == (0, "")
    assert cells_of(result.out, "first")[1:4] == ["20.0"] * 3
    assert cells_of(result.out, "second")[3] == "90.0"
    assert cells_of(result.out, "second")[5:] == ["+70.0", "< 0.001"]
    assert "second is 70.0 points of F1 above first (95 %: +" in result.out
    assert "that is more than the choice of sentences explains, p < 0.001." in result.out
    assert cells_of(result.out, "PNAME")[2] == "94.7"
    assert cells_of(result.out, "units") == ["units", "100", "50"]
    assert cells_of(result.out, "epochs (the best)")[1] == "3 (2)"
    assert cells_of(result.out, "time of training")[1] == "30 s"


def test_a_small_difference_may_be_that_of_the_sentences(tagloom: Tagloom, tmp_path: Path) -> None:
    runs = made_run(tmp_path / "a", MIDDLING), made_run(tmp_path / "b", [*MIDDLING[:-2], True, False])
    assert "that the choice of sentences may explain" in tagloom("compare", *runs).out


def test_what_cannot_be_compared_is_said_in_place_of_a_figure(tagloom: Tagloom, tmp_path: Path) -> None:
    runs = made_run(tmp_path / "a", GOOD), made_run(tmp_path / "b", GOOD, words="other")
    out = tagloom("compare", *runs).out
    assert cells_of(out, "b")[5:] == ["–", "–"]
    assert "b was judged on other sentences, so that the scores are not comparable to those of a." in out


def test_a_series_stands_as_its_mean_above_its_seeds(tagloom: Tagloom, tmp_path: Path) -> None:
    for seed, found in {1: GOOD, 2: BAD}.items():
        made_run(tmp_path / "series" / f"seed-{seed}", found, options={"seed": seed})
    out = tagloom("compare", made_run(tmp_path / "a", MIDDLING), tmp_path / "series").out
    assert cells_of(out, "series, 2 seeds")[3] == "55.0 ± 49.5"
    assert cells_of(out, "· seed 2")[3] == "20.0"
    assert "series is 25.0 points of F1 below a; it is compared by means" in out


def test_json_is_one_object(tagloom: Tagloom, tmp_path: Path) -> None:
    runs = made_run(tmp_path / "a", BAD), made_run(tmp_path / "b", GOOD)
    content = json.loads(tagloom("compare", *runs, "--json").out)
    assert content["part"] == "test"
    assert content["differences"]["b"]["f1"] == pytest.approx(0.7)
    assert 0 < content["differences"]["b"]["p_value"] < 0.01


def test_a_page_is_written_and_no_name_is_markup(tagloom: Tagloom, tmp_path: Path) -> None:
    pytest.importorskip("plotly")
    report = tmp_path / "page.html"
    runs = made_run(tmp_path / "<img src=x>", BAD), made_run(tmp_path / "b", GOOD)
    result = tagloom("compare", *runs, "--report", report)
    assert result.out.endswith(f"Page {report}\n")
    written = report.read_text("utf-8")
    assert "&lt;img src=x&gt;" in written
    assert "<img" not in written
    assert "received one that exists" in tagloom("compare", *runs, "--report", report).error
    assert tagloom("compare", *runs, "--report", report, "--overwrite").status == 0


def test_one_run_alone_is_wrong_usage(tagloom: Tagloom, tmp_path: Path) -> None:
    result = tagloom("compare", tmp_path)
    assert result.status == 2
    assert "expected two runs or more, received 1" in result.error


def test_what_is_no_run_is_one_line(tagloom: Tagloom, tmp_path: Path) -> None:
    told = tagloom("compare", made_run(tmp_path / "a", GOOD), tmp_path / "b").error
    assert told.startswith(f"{tmp_path / 'b'}: expected the folder of a run, received nothing of that name.")


def test_runs_that_were_trained_are_compared(tagloom: Tagloom, model: Path, tmp_path: Path) -> None:
    trained = Run(model.parent)
    other = made_run(tmp_path / "other", GOOD)
    result = tagloom("compare", trained.path, other)
    assert result.status == 0
    assert cells_of(result.out, "algorithm")[1] == "bilstm-cnn-crf"
    (content,) = (one for one in json.loads(tagloom("compare", trained.path, other, "--json").out)["candidates"][:1])
    assert content["runs"][0]["epochs"] == 40
    assert content["runs"][0]["model_bytes"] > 1000
    assert trained.counts.is_file()


def test_comparing_loads_no_learning_framework(tmp_path: Path) -> None:
    runs = [str(made_run(tmp_path / name, GOOD)) for name in "ab"]
    code = f"import sys; from tagloom.cli.main import main; main({['compare', *runs]}); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert "tagloom.cli.comparison" in loaded
    assert {"torch", "accelerate", "onnx", "onnxruntime"}.isdisjoint(loaded)


def test_help_fits_the_line(tagloom: Tagloom) -> None:
    result = tagloom("compare", "--help")
    assert result.status == 0
    assert all(len(line) <= 80 and "…" not in line for line in result.out.splitlines())


def test_no_page_takes_the_place_of_a_file_of_a_run(tagloom: Tagloom, tmp_path: Path) -> None:
    runs = made_run(tmp_path / "a", BAD), made_run(tmp_path / "b", GOOD)
    before = (runs[1] / "report.json").read_bytes()
    error = tagloom("compare", *runs, "--report", runs[1] / "report.json", "--overwrite").error
    assert "expected another file than those that are read" in error
    assert (runs[1] / "report.json").read_bytes() == before


def test_an_event_that_is_none_is_named_by_its_line(tagloom: Tagloom, tmp_path: Path) -> None:
    runs = made_run(tmp_path / "a", BAD), made_run(tmp_path / "b", GOOD)
    for damage in ("[1, 2]\n", "{half\n", '{"time": 1}\n'):
        (runs[1] / "events.jsonl").write_text('{"event": "start"}\n' + damage)
        assert "events.jsonl:2: expected an event as a JSON object" in tagloom("compare", *runs).error


def test_how_to_go_on_with_a_stopped_run_is_told_with_its_name(tagloom: Tagloom, tmp_path: Path) -> None:
    runs = made_run(tmp_path / "a", BAD), made_run(tmp_path / "b c", GOOD)
    (runs[1] / "events.jsonl").write_text('{"event": "end", "reason": "stopped"}\n')
    assert tagloom("compare", *runs).error.endswith(f"go on with it: tagloom train --resume -o '{runs[1]}'")
