"""`tagloom predict --output`: folders of files in, a file for each out, resumable."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from command_line import Tagloom, interruptible, wait_for

SLOWLY = """
import sys, time
from tagloom.cli.main import main
from tagloom.inference.predictions import pieces
from tagloom.inference.predictor import Predictor

def documents(self, some, documents=Predictor.documents, **options):
    time.sleep(0.1)
    yield from documents(self, some, **options)

pieces._DOCUMENTS_AT_ONCE = 5
Predictor.documents = documents
sys.exit(main(sys.argv[1:]))
"""
"""The command line, which predicts five documents at a time, and slowly."""

NIKON = "I like my Nikon D90"


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """Two texts, and many lines between them."""
    folder = tmp_path / "in"
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "first.txt").write_text(NIKON, "utf-8")
    lines = (f"{NIKON}, number {number}, the menu is odd" for number in range(100))
    (folder / "lines.jsonl").write_text("".join(json.dumps({"text": line}) + "\n" for line in lines), "utf-8")
    (folder / "z.txt").write_text("The menu is odd", "utf-8")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def predicting(model: Path, inputs: Path, out: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", SLOWLY, "predict", str(model), str(inputs), "-o", str(out)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=interruptible
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def is_half_done(out: Path) -> bool:
    """Whether the first file is there, and the second is being written."""
    return (out / "a" / "first.txt.jsonl").exists() and any(out.glob(".lines.jsonl.jsonl.*.part"))


def test_every_file_gives_a_file_and_a_line_says_how_many(
    tagloom: Tagloom, model: Path, inputs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    result = tagloom("predict", model, inputs, "-o", out)
    assert (result.status, result.err) == (0, "")
    assert result.out == f"3 files, 102 documents, 102 entities in {out}\n"
    assert sorted(contents(out)) == ["a/first.txt.jsonl", "lines.jsonl.jsonl", "predictions.json", "z.txt.jsonl"]
    for source, target in (("a/first.txt", "a/first.txt.jsonl"), ("lines.jsonl", "lines.jsonl.jsonl")):
        assert (out / target).read_text("utf-8") == tagloom("predict", model, inputs / source).out


def test_conll_and_a_threshold_are_written_as_they_are_printed(
    tagloom: Tagloom, model: Path, inputs: Path, tmp_path: Path
) -> None:
    flags = ("--format", "conll", "--threshold", "0.99")
    assert tagloom("predict", model, inputs, "-o", tmp_path / "out", *flags).status == 0
    for name in ("a/first.txt", "lines.jsonl", "z.txt"):
        printed = tagloom("predict", model, inputs / name, *flags).out
        assert (tmp_path / "out" / f"{name}.conll").read_text("utf-8") == printed


def test_killed_in_the_middle_it_goes_on_to_the_same_bytes(
    tagloom: Tagloom, model: Path, inputs: Path, tmp_path: Path
) -> None:
    out, expected = tmp_path / "out", tmp_path / "expected"
    assert tagloom("predict", model, inputs, "-o", expected).status == 0
    with predicting(model, inputs, out) as process:
        wait_for(lambda: is_half_done(out))
        process.kill()
        process.wait(timeout=60)
    assert process.returncode == -signal.SIGKILL
    left = contents(out)
    (part,) = (name for name in left if name.endswith(".part"))
    assert left.pop(part) != contents(expected)["lines.jsonl.jsonl"]
    assert left.items() < contents(expected).items()
    refused = tagloom("predict", model, inputs, "-o", out)
    assert "expected a file to make, received one that exists. Such outputs: 1. Go on with --resume" in refused.error
    result = tagloom("predict", model, inputs, "-o", out, "--resume")
    assert (result.status, result.err) == (0, "")
    assert result.out == f"2 files, 101 documents, 101 entities in {out}; 1 more were there already\n"
    assert contents(out) == contents(expected)


def test_ctrl_c_leaves_whole_files_and_says_how_to_go_on(
    tagloom: Tagloom, model: Path, inputs: Path, tmp_path: Path
) -> None:
    out, expected = tmp_path / "out", tmp_path / "expected"
    assert tagloom("predict", model, inputs, "-o", expected).status == 0
    with predicting(model, inputs, out) as process:
        wait_for(lambda: is_half_done(out))
        process.send_signal(signal.SIGINT)
        printed, told = process.communicate(timeout=60)
    assert (process.returncode, printed) == (1, "")
    assert told == f"tagloom: interrupted. What is in {out} is whole; go on with the same command and --resume.\n"
    assert sorted(contents(out)) == ["a/first.txt.jsonl", "predictions.json"]
    assert tagloom("predict", model, inputs, "-o", out, "--resume").status == 0
    assert contents(out) == contents(expected)


def test_a_bad_file_ends_it_in_one_line(tagloom: Tagloom, model: Path, inputs: Path, tmp_path: Path) -> None:
    (inputs / "b.txt").write_bytes(b"A\0B")
    result = tagloom("predict", model, inputs, "-o", tmp_path / "out")
    assert (result.status, result.out) == (1, "")
    assert result.error.startswith(f"{inputs}/b.txt: expected text, received binary data")
    assert result.error.endswith("Then go on with --resume, or pass over what is bad with --skip-bad.")
    assert sorted(contents(tmp_path / "out")) == ["a/first.txt.jsonl", "predictions.json"]


def test_bad_files_are_passed_over_if_asked_and_all_listed(
    tagloom: Tagloom, model: Path, inputs: Path, tmp_path: Path
) -> None:
    (inputs / "b.txt").write_bytes(b"A\0B")
    (inputs / "c\x1b[2J.jsonl").write_text("{")
    (inputs / "d.csv").write_text("sentence,word,tag\n1,D90,B-PNAME\n")
    out = tmp_path / "out"
    result = tagloom("predict", model, inputs, "-o", out, "--skip-bad")
    assert (result.status, result.out) == (1, f"3 files, 102 documents, 102 entities in {out}\n")
    first, *reasons = result.err.splitlines()
    assert first == "tagloom: 3 bad files passed over:"
    assert [reason[: len(f"    {inputs}/x")] for reason in reasons] == [f"    {inputs}/{name}" for name in "bcd"]
    assert "c\\x1b[2J.jsonl:1: expected a JSON object with a text" in reasons[1]
    again = tagloom("predict", model, inputs, "-o", out, "--skip-bad", "--resume")
    assert (again.status, again.err) == (1, result.err)
    assert again.out == f"0 files, 0 documents, 0 entities in {out}; 3 more were there already\n"


def test_other_options_are_not_gone_on_with_and_overwriting_begins_afresh(
    tagloom: Tagloom, model: Path, inputs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert tagloom("predict", model, inputs, "-o", out).status == 0
    result = tagloom("predict", model, inputs, "-o", out, "--resume", "--threshold", "1")
    assert f"{out}/predictions.json: expected outputs of this model with these options" in result.error
    assert "threshold 0.0 there and 1.0 here" in result.error
    result = tagloom("predict", model, inputs, "-o", out, "--overwrite", "--threshold", "1")
    assert (result.status, result.out) == (0, f"3 files, 102 documents, 0 entities in {out}\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-o", "OUT"), "Invalid value for FILE: expected files or folders beside --output, received none"),
        (("-", "-o", "OUT"), "expected files or folders beside --output, received standard input"),
        (("", "-o", "OUT"), "expected files or folders beside --output, received an empty name"),
        (("IN", "-o", ""), "expected a path, received an empty one"),
        (("IN", "-o", "OUT", "--format", "text"), "--format: expected jsonl or conll for files, received text"),
        (
            ("IN", "-o", "OUT", "--resume", "--overwrite"),
            "--overwrite: expected --resume or --overwrite, received both",
        ),
        (("Text", "--resume"), "Invalid value for --resume: expected --output beside it, received none"),
        (("Text", "--overwrite"), "Invalid value for --overwrite: expected --output beside it, received none"),
        (("Text", "--skip-bad"), "Invalid value for --skip-bad: expected --output beside it, received none"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(
    tagloom: Tagloom, model: Path, inputs: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    places = {"IN": inputs, "OUT": tmp_path / "out"}
    result = tagloom("predict", model, *(places.get(argument, argument) for argument in arguments))
    assert result.status == 2
    assert message in result.error
    assert not (tmp_path / "out").exists()


def test_a_text_in_place_of_a_file_is_told(tagloom: Tagloom, model: Path, tmp_path: Path) -> None:
    result = tagloom("predict", model, NIKON, "-o", tmp_path / "out")
    assert result.status == 1
    assert (
        result.error == f"{NIKON}: expected a file or a folder, received nothing there. Check the name and the folder."
    )
