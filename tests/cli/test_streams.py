"""Pipes that close, disks that are full, and Ctrl-C, in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import interruptible

PROGRAM = [sys.executable, "-m", "tagloom"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


def told(process: "subprocess.CompletedProcess[bytes]") -> tuple[int, bytes]:
    return process.returncode, process.stderr


def test_a_pipe_that_is_closed_early_ends_it_without_a_word(model: Path) -> None:
    reader, writer = os.pipe()
    with subprocess.Popen(
        [*PROGRAM, "predict", str(model)], stdin=subprocess.PIPE, stdout=writer, stderr=subprocess.PIPE, env=ENVIRONMENT
    ) as process:
        os.close(writer)
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(b"The menu is odd\n" * 1024)
        process.stdin.flush()
        first = os.read(reader, 10)
        os.close(reader)  # as `head -1` does
        process.stdin.write(b"The menu is odd\n" * 4096)
        process.stdin.close()
        assert process.wait(timeout=60) == 1
        assert first == b'{"id": "0"'
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    "command", ["--help", "data inspect CORPUS", "data inspect CORPUS --json", "predict MODEL Text"]
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_output_to_a_full_disk_is_one_line(command: str, model: Path, corpus: Path) -> None:
    places = {"MODEL": str(model), "CORPUS": str(corpus)}
    arguments = [places.get(part, part) for part in command.split()]
    with Path("/dev/full").open("wb") as full:
        process = subprocess.run(
            [*PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, check=False, env=ENVIRONMENT
        )
    line = b"tagloom: No space left on device. Check the name, the permissions and the space on disk.\n"
    assert told(process) == (1, line)


def test_a_short_answer_that_nobody_reads_ends_it_without_a_word(corpus: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        process = subprocess.run(
            [*PROGRAM, "data", "inspect", str(corpus), "--json"],
            stdout=gone,
            stderr=subprocess.PIPE,
            check=False,
            env=ENVIRONMENT,
        )
    assert told(process) == (1, b"")


@pytest.mark.parametrize(("lines", "seconds"), [(1024, 0), (4096, 1)], ids=["at work", "a full pipe"])
def test_ctrl_c_is_one_line_also_while_nobody_reads_what_it_writes(model: Path, lines: int, seconds: int) -> None:
    with subprocess.Popen(
        [*PROGRAM, "predict", str(model)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        preexec_fn=interruptible,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b"The menu is odd\n" * lines)
        process.stdin.flush()
        process.stdout.read(10)  # it is at work
        time.sleep(seconds)  # 4096 answers are more than a pipe holds
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b"tagloom: interrupted.\n"
        process.stdin.close()
        process.stdout.close()
        assert process.wait(timeout=60) == 1


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="this system does not tell what a process has open")
def test_prediction_keeps_no_record_of_itself(model: Path) -> None:
    code = (
        "import os, sys; from tagloom import load; load(sys.argv[1])('My Nikon D90');"
        "folder = '/proc/self/fd'; paths = [os.path.join(folder, name) for name in os.listdir(folder)];"
        "print([os.readlink(path) for path in paths if os.path.exists(path) and '.db' in os.readlink(path)])"
    )
    environment = {name: value for name, value in ENVIRONMENT.items() if name != "ORT_DISABLE_TELEMETRY"}
    process = subprocess.run([sys.executable, "-c", code, str(model)], capture_output=True, check=True, env=environment)
    assert process.stdout == b"[]\n"


@pytest.mark.parametrize("command", ["train CORPUS", "demo"])
def test_a_base_install_says_what_training_needs(command: str, corpus: Path, tmp_path: Path) -> None:
    base = "import sys; sys.modules['torch'] = None; from tagloom.cli.main import main; sys.exit(main(sys.argv[1:]))"
    arguments = command.replace("CORPUS", str(corpus)).split()
    process = subprocess.run([sys.executable, "-c", base, *arguments], capture_output=True, check=False, cwd=tmp_path)
    assert told(process) == (
        1,
        b"tagloom: this needs torch, which is not installed. Install it: pip install 'tagloom[train]'\n",
    )


def test_what_goes_to_a_file_is_utf_8_whatever_the_locale(model: Path) -> None:
    environment = ENVIRONMENT | {"LC_ALL": "C", "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    text = "Ein 📷 für my Nikon D90"
    process = subprocess.run(
        [*PROGRAM, "predict", str(model)], input=text.encode(), capture_output=True, env=environment, check=True
    )
    assert json.loads(process.stdout.decode("utf-8"))["text"] == text
