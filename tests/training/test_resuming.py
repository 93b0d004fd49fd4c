"""A training that was stopped and resumed ends, bit for bit, as one that was not."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tiny_training import (
    STEPS_PER_EPOCH,
    StopAfter,
    config,
    events,
    figures,
    labelled,
    leftovers,
    reviews,
    state,
    trainer,
)

from tagloom.errors import ConfigError, DataError, TrainingError
from tagloom.evaluation.history import EpochRecord
from tagloom.runs.data_config import DataConfig
from tagloom.runs.run import Run
from tagloom.runs.training_folder import checkpoints_in
from tagloom.training.callbacks import Callback, StateCheckpoint
from tagloom.training.checkpoint import restore_checkpoint, save_checkpoint
from tagloom.training.loop import fit
from tagloom.training.optimizers import OPTIMIZERS
from tagloom.training.schedules import SCHEDULES
from tagloom.training.train import resume, train
from tagloom.training.trainer import Trainer
from vector_files import glove

NUM_STEPS = 2 * STEPS_PER_EPOCH
NETWORKS: dict[str, dict[str, Any]] = {
    "crf": {"algorithm": "bilstm-lstm-crf", "recurrent_dropout": 0.2},
    "softmax": {"algorithm": "bilstm-cnn", "layers": 2},
}


def trained(folder: Path, options: dict[str, Any], stops: Sequence[int]) -> tuple[Path, Trainer]:
    """Trains in a fresh trainer after each stop, as a fresh process would."""
    for stop in (*stops, NUM_STEPS + 1):
        one = trainer(**options)
        checkpoint = max(checkpoints_in(folder), default=None)
        if checkpoint is not None:
            restore_checkpoint(one, checkpoint)
        fit(one, [StateCheckpoint(folder), StopAfter(stop)])
    (last,) = checkpoints_in(folder)
    return last, one


def learned(record: EpochRecord) -> EpochRecord:
    """What an epoch measured, without how long it took."""
    return replace(record, seconds=0.0, words_per_second=0.0)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(("number", "optimizer"), list(enumerate(OPTIMIZERS)))
def test_stopped_after_any_step_it_goes_on_to_the_same_weights_and_optimizers(
    tmp_path: Path, network: str, number: int, optimizer: str
) -> None:
    schedule = list(SCHEDULES)[number % len(SCHEDULES)]
    options = {**NETWORKS[network], "optimizer": optimizer, "schedule": schedule}
    expected, uninterrupted = trained(tmp_path / "uninterrupted", options, [])
    for stops in ([0], [1], [STEPS_PER_EPOCH], [STEPS_PER_EPOCH + 1], [NUM_STEPS], [1, 2, 4]):
        found, resumed = trained(tmp_path / str(stops), options, stops)
        assert found.name == expected.name
        for name in ("weights.safetensors", "optimizer.safetensors"):
            assert (found / name).read_bytes() == (expected / name).read_bytes(), f"stopped after {stops}"
        assert list(map(learned, resumed.history)) == list(map(learned, uninterrupted.history))


def test_a_checkpoint_before_the_end_of_an_epoch_gives_way_to_the_one_after_it(tmp_path: Path) -> None:
    one = trainer()
    for sentences in one.batch_order():
        one.learn(sentences)
    before = save_checkpoint(one, tmp_path)
    one.end_epoch()
    after = save_checkpoint(one, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [after.name] != [before.name]
    assert json.loads((after / "state.json").read_text("utf-8"))["history"]


@pytest.mark.parametrize("stop", [1, STEPS_PER_EPOCH, NUM_STEPS])
def test_a_resumed_run_has_the_model_and_the_report_of_one_without_a_stop(tmp_path: Path, stop: int) -> None:
    expected = train(reviews(), tmp_path / "whole", config())
    stopped = train(reviews(), tmp_path / "stopped", config(), callbacks=[StopAfter(stop)])
    assert stopped.ended == "stopped"
    assert not stopped.report.exists()
    run = resume(tmp_path / "stopped", reviews())
    assert run.ended == "finished"
    assert state(run) == state(expected)
    assert figures(run) == figures(expected)
    names = ("config.json", "network.onnx", "weights.safetensors", "vocabulary.json", "report.json")
    for name in names:
        assert (run.model / name).read_bytes() == (expected.model / name).read_bytes()


def test_a_finished_run_that_is_resumed_trains_nothing_and_keeps_its_report(tmp_path: Path) -> None:
    run = train(reviews(), tmp_path / "run", config())
    before = {path: path.stat().st_mtime_ns for path in run.path.rglob("*") if path.is_file()}
    steps: list[int] = []

    class Counted(Callback):
        def on_step(self, trainer: Trainer, num_words: int) -> None:  # noqa: ARG002 - the protocol's form
            steps.append(num_words)

    assert resume(run.path, reviews(), callbacks=[Counted()]).ended == "finished"
    after = {path: path.stat().st_mtime_ns for path in run.path.rglob("*") if path.is_file()}
    assert not steps
    assert {path.name for path in after if after[path] != before.get(path)} <= {"events.jsonl", "lock"}


def test_an_early_stopped_run_that_is_resumed_stays_ended(tmp_path: Path) -> None:
    options = {"epochs": 9, "patience": 1, "learning_rate": 1e-7, "monitor": "f1"}
    run = train(reviews(), tmp_path / "run", config(**options))
    assert run.ended == "early stopping"
    num_epochs = len(events(run, "epoch"))
    assert num_epochs < 9
    assert resume(run.path, reviews()).ended == "early stopping"
    assert len(events(run, "epoch")) == num_epochs


def test_a_run_that_its_own_callback_ended_is_judged_and_can_still_go_on(tmp_path: Path) -> None:
    run = train(reviews(), tmp_path / "run", config(), callbacks=[StopAfter(STEPS_PER_EPOCH + 1, "enough")])
    assert (run.ended, run.report.exists()) == ("enough", True)
    resumed = resume(run.path, reviews())
    assert resumed.ended == "finished"
    assert state(resumed) == state(train(reviews(), tmp_path / "whole", config()))


def test_a_run_ended_before_its_first_epoch_has_no_model_and_no_report(tmp_path: Path) -> None:
    run = train(reviews(), tmp_path / "run", config(), callbacks=[StopAfter(1, "enough")])
    assert run.ended == "enough"
    assert not run.model.exists()
    assert not run.report.exists()


def test_a_last_line_of_events_that_was_torn_is_cut_off(tmp_path: Path) -> None:
    run = train(reviews(), tmp_path / "run", config(), callbacks=[StopAfter(STEPS_PER_EPOCH + 1)])
    log = run.path / "events.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole + b'{"event": "epoch", "time": 17952')
    assert len(list(run.events)) == whole.count(b"\n")
    resume(run.path, reviews())
    assert log.read_bytes().startswith(whole + b'{"event": "start"')
    assert [event["epoch"] for event in events(run, "epoch")] == [0, 1]


def test_what_a_kill_left_half_written_is_taken_away(tmp_path: Path) -> None:
    run = train(reviews(), tmp_path / "run", config(), callbacks=[StopAfter(1)])
    for torn in (run.checkpoints / ".000000-00000002.99.part", run.path / "models" / ".00000003.99.part"):
        torn.mkdir(parents=True)
        (torn / ".weights.safetensors.99.part").touch()
    (run.path / ".report.json.99.part").touch()
    (run.path / ".model.99.part").symlink_to("checkpoints")
    resume(run.path, reviews())
    assert leftovers(run.path) == []


def test_resume_refuses_other_data(tmp_path: Path) -> None:
    run = train(reviews(), tmp_path / "run", config(), callbacks=[StopAfter(1)])
    documents = list(reviews().train.documents)
    other = replace(reviews(), train=reviews().train.of([*documents[:-1], labelled("Other words")]))
    before = state(run)
    with pytest.raises(TrainingError, match="expected the data that the run began with, received other sentences"):
        resume(run.path, other)
    assert state(run) == before


def test_resume_refuses_files_that_have_changed(tmp_path: Path) -> None:
    source = tmp_path / "reviews.tsv"
    lines = "A\tO\nNikon\tB-PNAME\nD90\tI-PNAME\n\nIts\tO\nmenu\tB-PFEATURE\n\n" * 6
    source.write_text(lines, "utf-8")
    data = DataConfig(paths=(str(source),), dev=(str(source),))
    run = train(data, tmp_path / "run", config(), callbacks=[StopAfter(1)])
    source.write_text(lines.replace("B-PFEATURE", "O"), "utf-8")
    with pytest.raises(TrainingError, match=r"received other sentences or labels\. Bring the data back"):
        resume(run.path)
    source.unlink()
    with pytest.raises(DataError, match=r"reviews\.tsv: no such file"):
        resume(run.path)


def test_resume_needs_a_run_and_the_data_that_came_from_python(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"expected a run to continue, found no config\.toml"):
        resume(tmp_path / "nothing")
    run = train(reviews(), tmp_path / "run", config(), callbacks=[StopAfter(1)])
    with pytest.raises(TrainingError, match=r"begun with data from Python.* Give it: tagloom\.resume"):
        resume(run.path)


@pytest.mark.parametrize("content", ["", "training = 3\ndata = 4\n", "[training]\n"])
def test_resume_names_a_config_that_is_not_as_it_was(tmp_path: Path, content: str) -> None:
    run = train(reviews(), tmp_path / "run", config(), callbacks=[StopAfter(1)])
    run.config.write_text(content, "utf-8")
    with pytest.raises(ConfigError, match=r"config\.toml: expected tables training and data"):
        resume(run.path, reviews())


def test_resume_names_a_checkpoint_of_another_network(tmp_path: Path) -> None:
    run = train(reviews(), tmp_path / "run", config(), callbacks=[StopAfter(1)])
    run.config.write_text(run.config.read_text("utf-8").replace("\nunits = 8\n", "\nunits = 9\n"), "utf-8")
    with pytest.raises(TrainingError, match=r"expected weights of this run's network.* config\.toml"):
        resume(run.path, reviews())


@pytest.mark.parametrize("name", ["weights.safetensors", "optimizer.safetensors", "state.json"])
def test_resume_names_a_checkpoint_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    run = train(reviews(), tmp_path / "run", config(), callbacks=[StopAfter(1)])
    (checkpoint,) = run.checkpoints.iterdir()
    (checkpoint / name).write_bytes((checkpoint / name).read_bytes()[:20])
    with pytest.raises(TrainingError, match="000000-00000001: expected a checkpoint, received"):
        resume(run.path, reviews())


def test_a_run_without_a_checkpoint_begins_anew(tmp_path: Path) -> None:
    expected = train(reviews(), tmp_path / "whole", config())
    run = train(reviews(), tmp_path / "run", config(), callbacks=[StopAfter(1)])
    shutil.rmtree(run.checkpoints)
    assert state(resume(run.path, reviews())) == state(expected)


def test_a_resumed_run_says_what_is_no_longer_as_it_was(tmp_path: Path) -> None:
    run = train(reviews(), tmp_path / "run", config(), callbacks=[StopAfter(1)])
    assert not events(run, "warning")
    content = json.loads(run.environment.read_text("utf-8"))
    content["versions"]["torch"] = "2.5.0"
    run.environment.write_text(json.dumps(content), "utf-8")
    resume(run.path, reviews())
    (warning,) = events(run, "warning")
    assert "last bits" in warning["text"]
    assert "torch was 2.5.0, is" in warning["text"]


def test_a_run_goes_on_from_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("here", "elsewhere"):
        (tmp_path / name).mkdir()
    glove(tmp_path / "here" / "some.txt", {"the": (1.0, 2.0, 3.0)})
    monkeypatch.chdir(tmp_path / "here")
    options = config(embeddings="vectors:some.txt + learned:4")
    run = train(reviews(), tmp_path / "run", options, callbacks=[StopAfter(1)])
    expected = train(reviews(), tmp_path / "whole", options)
    assert run.asked()["training"]["embeddings"] == f"vectors:{tmp_path / 'here' / 'some.txt'} + learned:4"
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert state(resume(run.path, reviews())) == state(expected)
    assert "vectors:some.txt:3 + learned:4" in run.page.read_text("utf-8")


def test_a_run_that_was_killed_as_it_began_can_go_on(tmp_path: Path) -> None:
    begun = Run(tmp_path / "run")
    begun.begin({"training": config().to_options(), "data": {}})
    run = resume(begun.path, reviews())
    assert (run.ended, run.environment.is_file(), events(run, "warning")) == ("finished", True, [])
    assert state(run) == state(train(reviews(), tmp_path / "whole", config()))


def test_a_second_training_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    run = train(reviews(), tmp_path / "run", config(), callbacks=[StopAfter(1)])
    with Run(run.path).locked(), pytest.raises(TrainingError, match=r"run: process \d+ trains here already"):
        resume(run.path, reviews())
    with pytest.raises(TrainingError, match=r"received one in use\. Continue it with --resume"):
        train(reviews(), run.path, config())
    assert resume(run.path, reviews()).ended == "finished"
