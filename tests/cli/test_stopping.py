"""A training in a process of its own that is stopped or killed, and goes on."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from command_line import TINY_FLAGS, Tagloom, dev_of, wait_for

from tagloom.runs.run import Run

SLOWLY = """
import sys, time
from tagloom.cli.main import main
from tagloom.training.callbacks import StateCheckpoint
from tagloom.training.trainer import Trainer

def learn(self, sentences, learn=Trainer.learn):
    time.sleep(0.15)
    return learn(self, sentences)

Trainer.learn = learn
StateCheckpoint.__init__.__kwdefaults__["every"] = 0.0
sys.exit(main(sys.argv[1:]))
"""
"""The command line, with slow steps and a checkpoint after each."""

FLAGS = [*TINY_FLAGS, "--set", "epochs=4", "--set", "schedule=cosine", "--verbose", "0"]


@contextmanager
def training(corpus: Path, run: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", SLOWLY, "train", str(corpus), "--dev", str(dev_of(corpus)), "-o", str(run), *FLAGS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def in_the_second_epoch(run: Path) -> bool:
    return any((run / "checkpoints").glob("000001-*[1-9]"))


def weights(run: Path) -> bytes:
    (checkpoint,) = (run / "checkpoints").iterdir()
    return (checkpoint / "weights.safetensors").read_bytes()


@pytest.fixture(scope="module")
def expected(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The weights of a training that nobody stopped."""
    from tagloom.cli.main import main

    run = tmp_path_factory.mktemp("expected") / "run"
    assert main(["train", str(corpus), "--dev", str(dev_of(corpus)), "-o", str(run), *FLAGS]) == 0
    return weights(run)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_after_the_step_with_a_checkpoint_to_go_on_from(
    tagloom: Tagloom, corpus: Path, tmp_path: Path, expected: bytes, number: signal.Signals
) -> None:
    run = tmp_path / "run"
    with training(corpus, run) as process:
        wait_for(lambda: in_the_second_epoch(run))
        process.send_signal(number)
        out, error = process.communicate(timeout=60)
    assert process.returncode == 1
    assert out == ""
    assert error == f"tagloom: {run}: the training was stopped. Go on with: tagloom train --resume -o {run}\n"
    assert Run(run).ended == "stopped"
    (last,) = (event for event in Run(run).events if event["event"] == "end")
    assert [path.name for path in (run / "checkpoints").iterdir()] == [f"{last['epoch']:06d}-{last['step'] % 3:08d}"]
    assert tagloom("train", "--resume", "-o", run, "--verbose", "0").status == 0
    assert weights(run) == expected


def test_killed_in_the_middle_of_an_epoch_it_goes_on_to_the_same_weights(
    tagloom: Tagloom, corpus: Path, tmp_path: Path, expected: bytes
) -> None:
    run = tmp_path / "run"
    with training(corpus, run) as process:
        wait_for(lambda: in_the_second_epoch(run))
        process.kill()
        process.wait(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert Run(run).ended is None
    assert not (run / "report.json").exists()
    result = tagloom("train", "--resume", "-o", run)
    assert (result.status, result.err) == (0, "")
    assert "Going on from step " in result.out
    assert weights(run) == expected
    assert Run(run).ended == "finished"
    assert [path for path in run.rglob("*") if path.name.endswith(".part")] == []


def test_a_second_process_in_the_same_folder_is_refused(tagloom: Tagloom, corpus: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    with training(corpus, run) as process:
        wait_for(lambda: in_the_second_epoch(run))
        resumed = tagloom("train", "--resume", "-o", run, "--verbose", "0")
        begun = tagloom("train", corpus, "-o", run, "--verbose", "0")
        process.kill()
        process.wait(timeout=60)
    assert resumed.status == begun.status == 1
    assert resumed.error == f"{run}: process {process.pid} trains here already. Wait for it, or choose another name."
    assert begun.error.startswith(f"{run}: expected no such folder or an empty one, received one in use.")
