"""`tagloom errors`: what it prints and writes, and how it is stopped and goes on."""

import csv
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import TINY_FLAGS, Tagloom
from test_stopping import SLOWLY, wait_for

from mislabelled import documents, with_errors
from tagloom.cli.main import main
from tagloom.data.dataset import Dataset
from tagloom.data.writing import write
from tagloom.runs.toml import read_toml, write_toml

FLAGS = [*TINY_FLAGS, "--folds", "2", "--seed", "3"]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mislabelled") / "cameras.jsonl"
    write(Dataset(with_errors(documents())), path, format="json_lines")
    return path


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of two dozen sentences."""
    path = tmp_path_factory.mktemp("few") / "cameras.jsonl"
    write(Dataset(documents(24)), path, format="json_lines")
    return path


@pytest.fixture(scope="module")
def expected(few: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The table of a command that nobody stopped."""
    output = tmp_path_factory.mktemp("expected") / "errors.csv"
    assert main(["errors", str(few), "-o", str(output), "--verbose", "0", *FLAGS]) == 0
    return output.read_bytes()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_it_prints_the_estimates_and_the_first_errors_and_writes_all(
    tagloom: Tagloom, corpus: Path, tmp_path: Path
) -> None:
    result = tagloom("errors", corpus, "-o", tmp_path / "errors.csv", "--top", "3", *FLAGS)
    assert (result.status, result.err) == (0, "")
    assert [line for line in result.out.splitlines() if line.startswith("Fold ")] == ["Fold 1 of 2", "Fold 2 of 2"]
    assert "Estimated label errors (F1 of the folds " in result.out
    table = result.out.split("[given] → {suggested}")[1].splitlines()[1:]
    written = rows(tmp_path / "errors.csv")
    assert len(written) > 3
    for what, context, row in zip(table[0:6:2], table[1:6:2], written, strict=False):
        readings = (row["given"] or "bare", row["suggested"] or "bare")
        given, suggested = map(float, (row["given_probability"], row["suggested_probability"]))
        assert what.split()[:2] == [row["rank"], row["kind"]]
        assert f" {readings[0]} {given:.2f} → {readings[1]} {suggested:.2f}  {row['document']}:{row['start']}" in what
        brackets = "{}" if row["kind"] == "missing" else "[]"
        before, marked = context.strip().split(brackets[0])
        assert marked.split(brackets[1])[0].strip("{}") == row["text"]
        assert before.lstrip("…").replace("{", "") in row["sentence"]
    assert f"{len(written)} suspects in 120 sentences" in table[6]
    assert f"{tmp_path / 'errors.csv'}. The folds lie in {tmp_path / 'errors.folds'}" in table[6]


def test_the_other_file_comes_from_the_same_folds(tagloom: Tagloom, few: Path, tmp_path: Path) -> None:
    quiet = ["--verbose", "0", "--top", "0", *FLAGS]
    assert tagloom("errors", few, "-o", tmp_path / "errors.csv", *quiet).status == 0
    trained = (tmp_path / "errors.folds" / "fold-1" / "events.jsonl").read_bytes()
    result = tagloom("errors", few, "-o", tmp_path / "errors.json", *FLAGS)
    assert result.status == 0
    assert "Fold " not in result.out
    assert (tmp_path / "errors.folds" / "fold-1" / "events.jsonl").read_bytes() == trained
    content = json.loads((tmp_path / "errors.json").read_text("utf-8"))
    written = rows(tmp_path / "errors.csv")
    assert [entry["document"] for entry in content["errors"]] == [row["document"] for row in written]
    assert content["sentences"] == 24
    assert {entry["source"] for entry in content["errors"]} == {str(few)}


def test_options_reach_every_fold(tagloom: Tagloom, few: Path, tmp_path: Path) -> None:
    write_toml(tmp_path / "options.toml", {"training": {"layers": 2, "epochs": 1}})
    flags = ["--config", tmp_path / "options.toml", "--algorithm", "bilstm-crf", "--embedding", "learned:6"]
    small = ["--set", "units=4", "--threads", "1", "--folds", "3", "--seed", "8", "--verbose", "0"]
    assert tagloom("errors", few, "-o", tmp_path / "errors.json", *flags, *small).status == 0
    folders = sorted((tmp_path / "errors.folds").glob("fold-*"))
    assert [folder.name for folder in folders] == ["fold-1", "fold-2", "fold-3"]
    expected = {"layers": 2, "epochs": 1, "algorithm": "bilstm-crf", "embeddings": "learned:6", "units": 4}
    for folder in folders:
        asked = read_toml(folder / "config.toml")["training"]
        assert expected | {"threads": 1, "seed": 8} == {name: asked[name] for name in (*expected, "threads", "seed")}


def test_without_an_option_it_trains_eight_epochs(
    tagloom: Tagloom, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tagloom.training.folds.Folds.train", refuse)
    assert tagloom("errors", corpus, "-o", tmp_path / "errors.json").status == 1
    asked = json.loads((tmp_path / "errors.folds" / "folds.json").read_text("utf-8"))
    assert (asked["folds"], asked["training"]["epochs"], asked["training"]["seed"]) == (5, 8, 13)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["-o", "errors.txt"], "errors.txt: expected a file that ends in .json or .csv, received another. Rename it."),
        (["-o", "folder.csv"], "folder.csv: expected a file to write, received a folder. Choose another name."),
        (["--align", "guess"], "align: expected one of expand, shrink, skip, fail, received 'guess'."),
        (["--folds", "1"], "folds: expected 2 to 100, received 1."),
        (["--folds", "90", "--set", "unit=3"], "option 'unit': there is none of that name."),
    ],
)
def test_what_does_not_fit_is_told_before_anything_is_trained(
    tagloom: Tagloom, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.csv").mkdir()
    result = tagloom("errors", corpus, *flags)
    assert result.status == 1
    assert message in result.error
    assert not list(tmp_path.glob("*.folds"))


def test_other_labels_than_the_folds_began_with_are_refused(tagloom: Tagloom, few: Path, tmp_path: Path) -> None:
    output = ["-o", tmp_path / "errors.json", "--overwrite", "--verbose", "0", *FLAGS]
    sound = tmp_path / "sound.jsonl"
    write(Dataset(documents(25)), sound, format="json_lines")
    assert tagloom("errors", few, *output).status == 0
    folder = tmp_path / "errors.folds"
    assert tagloom("errors", sound, *output).error == (
        f"{folder / 'folds.json'}: expected what the folds began with; received other texts or labels. "
        "Bring it back as it was, or remove the folder to begin anew."
    )
    assert "; units was 8, is 9." in tagloom("errors", few, *output, "--set", "units=9").error


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_and_the_same_command_goes_on(
    tagloom: Tagloom, few: Path, tmp_path: Path, expected: bytes, number: signal.Signals
) -> None:
    output = tmp_path / "errors.csv"
    arguments = ["errors", str(few), "-o", str(output), "--verbose", "0", *FLAGS]
    run = tmp_path / "errors.folds" / "fold-1"
    with subprocess.Popen(
        [sys.executable, "-c", SLOWLY, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        wait_for(lambda: any((run / "checkpoints").glob("000000-*[1-9]")))
        process.send_signal(number)
        _, error = process.communicate(timeout=60)
    assert process.returncode == 1
    assert error == f"tagloom: {run}: the training of fold 1 of 2 was stopped. Go on with the same command.\n"
    assert not output.exists()
    assert tagloom(*arguments).status == 0
    assert output.read_bytes() == expected
