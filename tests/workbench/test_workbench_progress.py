"""How far a run is, by what it has told: the time that is left, the part of an epoch, what is being done."""

from pathlib import Path
from typing import Any

import pytest

from made_runs import OPTIONS
from tagloom.runs.run import Run
from tagloom.runs.toml import write_toml
from tagloom.workbench.trainings.progress import Progress, log_from, progress

START = {"event": "start", "time": 100.0, "epochs": 10, "steps_per_epoch": 20, "batch_size": 8, "device": "cpu"}


def epoch(number: int, time: float, f1: float = 0.5) -> dict[str, Any]:
    figures = {"loss": 1.0, "dev": {"f1": f1}, "seconds": 4.0, "words_per_second": 1000.0, "learning_rate": 0.001}
    return {"event": "epoch", "time": time, "epoch": number, "step": 20 * (number + 1), **figures}


def told(folder: Path, *events: dict[str, Any], now: float = 110.0, num_drawn: int = 0, **options: Any) -> Progress:
    run = Run(folder)
    write_toml(run.config, {"training": OPTIONS | options, "data": {"paths": ["train.jsonl"]}})
    for event in events:
        run.events.add(event["event"], **{name: value for name, value in event.items() if name != "event"})
    return progress(run, now, num_drawn=num_drawn)


def test_before_it_has_begun_it_reads(tmp_path: Path) -> None:
    assert progress(Run(tmp_path / "none"), 0.0).phase == "reading"


def test_the_time_left_is_that_of_the_last_epochs_and_runs_down(tmp_path: Path) -> None:
    events = [START, *(epoch(number, 100.0 + 5 * (number + 1)) for number in range(4))]
    assert told(tmp_path, *events, now=120.0).seconds_left == pytest.approx(30)
    assert progress(Run(tmp_path), 123.0).seconds_left == pytest.approx(27)
    assert told(tmp_path, {**START, "time": 130.0}, now=131.0).seconds_left == pytest.approx(29)  # it went on


def test_a_long_epoch_counts_by_its_steps(tmp_path: Path) -> None:
    step = {"event": "step", "time": 107.0, "epoch": 1, "step": 5, "words_per_second": 800.0}
    far = told(tmp_path, START, epoch(0, 105.0), step)
    assert (far.epoch, far.words_per_second) == (1.25, 800.0)
    assert told(tmp_path, epoch(1, 111.0)).epoch == 2  # the step is of the epoch before


@pytest.mark.parametrize(("patience", "phase"), [(0, "training"), (3, "training"), (2, "judging")])
def test_early_stopping_is_seen(tmp_path: Path, patience: int, phase: str) -> None:
    events = [START, epoch(0, 105.0, 0.9), epoch(1, 110.0), epoch(2, 115.0)]
    assert told(tmp_path, *events, patience=patience).phase == phase


def test_curves_come_when_there_is_more_to_draw(tmp_path: Path) -> None:
    far = told(tmp_path, START, *(epoch(number, 101.0 + number) for number in range(1000)), num_drawn=999)
    assert far.charts is not None
    drawn = far.charts[0]["figure"]["data"][0]["x"]
    assert (drawn[-1], len(drawn) <= 301) == (1000, True)
    assert progress(Run(tmp_path), 0.0, num_drawn=1000).charts is None


def test_a_log_is_told_from_where_one_was(tmp_path: Path) -> None:
    path = tmp_path / "log"
    assert log_from(path, 0) == ("", 0)
    path.write_bytes("eins 二\n".encode())
    text, end = log_from(path, 0)
    assert (text, end) == ("eins 二\n", 9)
    with path.open("ab") as stream:
        stream.write(b"more\n")
    assert log_from(path, end) == ("more\n", 14)
    assert log_from(path, 1000) == ("eins 二\nmore\n", 14)  # it was begun anew
