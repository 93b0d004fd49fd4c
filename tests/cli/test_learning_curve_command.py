"""`tagloom learning-curve`."""

import json
from pathlib import Path

import pytest
from command_line import CONLL, TINY_FLAGS, Tagloom, dev_of


@pytest.fixture
def run(tagloom: Tagloom, tmp_path: Path) -> Path:
    train = tmp_path / "train.conll"
    train.write_text(CONLL * 3, "utf-8")
    assert tagloom("train", train, "--dev", dev_of(train), "-o", tmp_path / "run", *TINY_FLAGS).status == 0
    return tmp_path / "run"


def test_it_tells_the_score_of_each_share_and_what_twice_the_data_brings(tagloom: Tagloom, run: Path) -> None:
    shown = tagloom("learning-curve", run)
    assert (shown.status, shown.err) == (0, "")
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown.out.splitlines() if "│" in line]
    assert [row[:2] for row in rows[:4]] == [["25 %", "3"], ["50 %", "6"], ["75 %", "9"], ["100 %", "12"]]
    assert "At its end, twice the data brings " in shown.out
    again = json.loads(tagloom("learning-curve", run, "--json").out)
    assert again == json.loads((run / "report.json").read_text("utf-8"))["learning_curve"]


def test_what_is_no_run_that_ended_is_told(tagloom: Tagloom, tmp_path: Path) -> None:
    assert "received nothing of that name" in tagloom("learning-curve", tmp_path / "none").error
    assert "received one without config.toml" in tagloom("learning-curve", tmp_path).error


def test_a_damaged_report_is_told_before_anything_is_trained(tagloom: Tagloom, run: Path) -> None:
    (run / "report.json").write_text("[1, 2]", "utf-8")
    assert "report.json: expected a JSON object" in tagloom("learning-curve", run).error
    assert not (run / "learning-curve").exists()


def test_of_several_seeds_one_is_asked_for(tagloom: Tagloom, run: Path) -> None:
    run.rename(run.with_name("seed-13"))
    error = tagloom("learning-curve", run.parent).error
    assert error.endswith(f"received those of 1 seeds. Name one of them, such as {run.with_name('seed-13')}.")


def test_a_config_without_tables_is_told(tagloom: Tagloom, run: Path) -> None:
    (run / "config.toml").write_text("", "utf-8")
    assert "expected tables training and data, received none." in tagloom("learning-curve", run).error
