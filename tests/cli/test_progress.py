"""What a training shows on a terminal: a live bar with a line an epoch above it."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from command_line import TINY_FLAGS, dev_of

FAILING = """
import sys
from tagloom.cli.main import main
from tagloom.errors import TrainingError
from tagloom.training.trainer import Trainer

def learn(self, sentences, learn=Trainer.learn):
    if self.steps_done == 5:
        raise TrainingError("the sky fell")
    return learn(self, sentences)

Trainer.learn = learn
sys.exit(main(sys.argv[1:]))
"""
"""The command line, whose trainings fail in the second epoch."""

CURSOR_SHOWN, CURSOR_HIDDEN, LINE_ERASED = "\x1b[?25h", "\x1b[?25l", "\x1b[2K"


def on_a_terminal(width: int, *arguments: str, program: tuple[str, ...] = ("-m", "tagloom")) -> tuple[int, str]:
    """The status of a command on a terminal of that width, and all that was written to it."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    environment = os.environ | {"TERM": "xterm-256color"}
    environment.pop("COLUMNS", None)
    with subprocess.Popen(
        [sys.executable, *program, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        written = b""
        while True:
            try:
                some = os.read(ours, 65536)
            except OSError:  # the other side has gone
                break
            if not some:
                break
            written += some
        os.close(ours)
        return process.wait(timeout=60), written.decode("utf-8")


def lines(written: str) -> list[str]:
    """What stands between line ends, without colours and the moves of the cursor."""
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written)
    return [part for line in plain.split("\n") for part in line.split("\r") if part.strip()]


@pytest.mark.parametrize("width", [80, 120])
def test_a_bar_fills_the_width_and_no_line_is_longer(width: int, corpus: Path, tmp_path: Path) -> None:
    flags = [*TINY_FLAGS, "--set", "epochs=30"]
    status, written = on_a_terminal(
        width, "train", str(corpus), "--dev", str(dev_of(corpus)), "-o", str(tmp_path / "run"), *flags
    )
    assert status == 0
    found = lines(written)
    assert all(len(line) <= width for line in found)
    bars = [line for line in found if line.startswith("epoch ")]
    assert any(re.search(r"━ +\d+ % loss \d+\.\d{3} F1 \d+\.\d [\d,]+ words/s left ", line) for line in bars)
    assert {len(line) for line in bars} == {width}
    epochs = [line for line in found if re.match(r"[* ] +\d+/30  loss ", line)]
    assert len(epochs) == 30
    assert written.count(CURSOR_HIDDEN) == written.count(CURSOR_SHOWN) == 1
    assert "Scores on the dev part (strict)" in found


def test_a_training_that_fails_leaves_the_terminal_as_it_was(corpus: Path, tmp_path: Path) -> None:
    arguments = ["train", str(corpus), "--dev", str(dev_of(corpus)), "-o", str(tmp_path / "run"), *TINY_FLAGS]
    status, written = on_a_terminal(80, *arguments, program=("-c", FAILING))
    assert status == 1
    assert written.rindex(CURSOR_SHOWN) > written.rindex(CURSOR_HIDDEN)
    assert written.rindex("tagloom: the sky fell") > written.rindex(CURSOR_SHOWN)


def test_verbose_2_prints_lines_on_a_terminal_too(corpus: Path, tmp_path: Path) -> None:
    flags = ["--verbose", "2", *TINY_FLAGS]
    status, written = on_a_terminal(
        120, "train", str(corpus), "--dev", str(dev_of(corpus)), "-o", str(tmp_path / "run"), *flags
    )
    assert status == 0
    assert CURSOR_HIDDEN not in written
    assert written.count(" words/s") == 2


def test_entities_are_in_colour_on_a_terminal(model: Path) -> None:
    status, written = on_a_terminal(80, "predict", str(model), "I like my Nikon D90")
    assert status == 0
    assert "\x1b[1;3" in written
    assert "Nikon D90 [PNAME" in lines(written)[0]


def test_reading_says_so_on_a_terminal_as_long_as_it_takes(corpus: Path) -> None:
    status, written = on_a_terminal(80, "data", "inspect", str(corpus), "--json")
    assert status == 0
    assert "Reading" in written


def test_files_are_counted_in_a_bar_that_goes_away(model: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(3):
        (tmp_path / "in" / f"{number}.jsonl").write_text("The menu is odd\n" * 3000)
    status, written = on_a_terminal(100, "predict", str(model), str(tmp_path / "in"), "-o", str(tmp_path / "out"))
    assert status == 0
    found = lines(written)
    bars = [line for line in found if "/3 files" in line]
    assert any(re.search(r"^[0-3]/3 files .*━ [\d,]+ characters/s left ", line) for line in bars)
    assert {len(line) for line in bars} == {100}
    assert LINE_ERASED in written[written.rindex("/3 files") :]
    assert written.count(CURSOR_HIDDEN) == written.count(CURSOR_SHOWN) == 1
    assert "".join(found[-2:]).endswith(f"3 files, 9,000 documents, 9,000 entities in {tmp_path / 'out'}")
