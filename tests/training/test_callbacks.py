"""Which epoch is kept, when a training ends, and who is called when."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tiny_training import STEPS_PER_EPOCH, config, events, leftovers, report, reviews, trainer

from tagloom.bundle.read import read_bundle
from tagloom.evaluation.history import EpochRecord, best_epoch
from tagloom.runs.events import Events
from tagloom.runs.run import Run
from tagloom.training.callbacks import Callback, EventLog
from tagloom.training.loop import fit
from tagloom.training.train import train
from tagloom.training.trainer import Trainer

FIGURES = [0.2, 0.5, 0.4, 0.5, 0.1]
"""What `measured` gives for each epoch: the second is the highest, the last the lowest."""


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dev part gives these figures, whatever was learned."""

    def measure(trainer: Trainer, _part: object) -> dict[str, float]:
        return dict.fromkeys(("precision", "recall", "f1", "loss"), FIGURES[trainer.epoch])

    monkeypatch.setattr(Trainer, "measure", measure)


def bundles(run: Run) -> dict[int, str]:
    """The step of each bundle, and its folder's name."""
    return {int(path.name[:8]): path.name for path in sorted((run.path / "models").iterdir())}


def kept_step(run: Run) -> int:
    return int(run.model.resolve().name[:8])


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize(
    ("options", "epoch"),
    [
        ({}, 2),
        ({"monitor": "precision"}, 2),
        ({"monitor": "loss"}, 5),
        ({"monitor": "loss", "mode": "max"}, 2),
        ({"mode": "min"}, 5),
    ],
)
def test_the_best_epoch_is_the_one_that_is_kept(tmp_path: Path, options: dict[str, Any], epoch: int) -> None:
    run = train(reviews(), tmp_path / "run", config(epochs=5, **options))
    assert kept_step(run) == epoch * STEPS_PER_EPOCH
    assert list(bundles(run)) == [kept_step(run)]
    best = events(run, "best")[-1]
    assert (best["epoch"], best["step"]) == (epoch - 1, kept_step(run))
    assert best[options.get("monitor", "f1")] == FIGURES[epoch - 1]


@pytest.mark.usefixtures("measured")
def test_every_epoch_is_kept_where_that_is_asked_for(tmp_path: Path) -> None:
    run = train(reviews(), tmp_path / "run", config(epochs=5, save_best_only=False))
    assert list(bundles(run)) == [STEPS_PER_EPOCH * epoch for epoch in range(1, 6)]
    assert kept_step(run) == 2 * STEPS_PER_EPOCH
    weights = [
        read_bundle(run.path / "models" / name).weights["words.0.table"].tobytes() for name in bundles(run).values()
    ]
    assert len(set(weights)) == 5


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize(
    ("options", "epochs"),
    [
        ({"patience": 1}, 3),
        ({"patience": 2}, 4),
        ({"patience": 4}, 5),
        ({"patience": 1, "min_delta": 0.29}, 3),
        ({"patience": 1, "min_delta": 0.31}, 2),
        ({"patience": 1, "monitor": "loss"}, 2),
        ({"patience": 4, "monitor": "loss"}, 5),
    ],
)
def test_early_stopping_waits_for_something_better(tmp_path: Path, options: dict[str, Any], epochs: int) -> None:
    run = train(reviews(), tmp_path / "run", config(epochs=5, **options))
    assert len(events(run, "epoch")) == epochs
    assert run.ended == ("early stopping" if epochs < 5 else "finished")
    assert report(run)["part"] == "test"


class Recorded(Callback):
    """Notes each call, and ends the training where it is told to."""

    def __init__(self, name: str, calls: list[str], end_after: int = 0) -> None:
        self._name, self._calls, self._end_after = name, calls, end_after

    def on_start(self, trainer: Trainer) -> None:
        self._calls.append(f"{self._name} start {trainer.steps_done}")

    def on_step(self, trainer: Trainer, num_words: int) -> None:
        assert num_words > 0
        self._calls.append(f"{self._name} step {trainer.steps_done}")
        if trainer.steps_done == self._end_after:
            trainer.stop_reason = "enough"

    def on_epoch(self, trainer: Trainer, record: EpochRecord) -> None:
        assert trainer.history[-1] == record
        self._calls.append(f"{self._name} epoch {record.epoch}")

    def on_end(self, trainer: Trainer) -> None:
        self._calls.append(f"{self._name} end {trainer.steps_done}")


def in_turn(*moments: str) -> Iterator[str]:
    return (f"{name} {moment}" for moment in moments for name in ("a", "b"))


def test_callbacks_are_called_in_order(tmp_path: Path) -> None:
    calls: list[str] = []
    train(
        reviews(),
        tmp_path / "run",
        config(),
        callbacks=[Recorded("a", calls, STEPS_PER_EPOCH + 1), Recorded("b", calls)],
    )
    first_epoch = ("start 0", "step 1", "step 2", "step 3", "epoch 0")
    assert calls == list(in_turn(*first_epoch, "step 4", "end 4"))


class Failing(Callback):
    def on_step(self, trainer: Trainer, num_words: int) -> None:  # noqa: ARG002 - the protocol's form
        if trainer.steps_done == STEPS_PER_EPOCH + 1:
            raise RuntimeError("the sky fell")


def test_a_run_that_fails_says_so_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="the sky fell"):
        train(reviews(), tmp_path / "run", config(), callbacks=[Failing()])
    run = Run(tmp_path / "run")
    assert run.ended == "failed"
    assert events(run, "end")[-1]["error"] == "the sky fell"
    assert leftovers(run.path) == []


def records(figures: Sequence[float]) -> list[EpochRecord]:
    return [EpochRecord(epoch, epoch, 1.0, {"f1": one}, 1.0, 1.0, 0.1) for epoch, one in enumerate(figures)]


@pytest.mark.parametrize(
    ("figures", "options", "epoch"),
    [
        ([0.2, 0.5, 0.4, 0.5], {"higher_is_better": True}, 1),
        ([0.2, 0.5, 0.4, 0.2], {"higher_is_better": False}, 0),
        ([0.2, 0.3, 0.4], {"higher_is_better": True, "min_delta": 0.15}, 2),
        ([0.2, 0.3, 0.34], {"higher_is_better": True, "min_delta": 0.15}, 0),
        ([0.0, 0.0], {"higher_is_better": True}, 0),
    ],
)
def test_the_best_epoch_is_the_first_of_the_best(figures: list[float], options: dict[str, Any], epoch: int) -> None:
    found = best_epoch(records(figures), "f1", **options)
    assert found is not None
    assert found.epoch == epoch


def test_there_is_no_best_epoch_before_the_first() -> None:
    assert best_epoch([], "f1", higher_is_better=True) is None


def test_a_long_epoch_tells_where_it_is(tmp_path: Path) -> None:
    log = Events(tmp_path / "events.jsonl")
    one = trainer()
    fit(one, [EventLog(log, every=0)])
    steps = [(event["epoch"], event["step"]) for event in log if event["event"] == "step"]
    assert steps == [(epoch, step) for epoch in range(2) for step in range(1, STEPS_PER_EPOCH + 1)]
    assert all(event["words_per_second"] > 0 for event in log if event["event"] == "step")
    assert not [event for event in train_events(tmp_path / "run") if event["event"] == "step"]


def train_events(folder: Path) -> list[dict[str, Any]]:
    """Those of a training that takes no time to speak of."""
    return list(train(reviews(), folder, config()).events)
