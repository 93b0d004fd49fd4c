"""What a command makes never takes the place of what is there, unless that is asked for."""

import json
import os
from pathlib import Path

import pytest
from command_line import CONLL, Tagloom


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.conll"
    path.write_text(CONLL)
    return path


def test_convert_replaces_a_file_only_where_it_is_told_to(tagloom: Tagloom, tmp_path: Path, source: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("mine")
    error = tagloom("data", "convert", source, target).error
    assert "out.jsonl: expected a file to make, received one that exists. Choose another name, or give --" in error
    assert target.read_text() == "mine"
    assert tagloom("data", "convert", source, target, "--overwrite").status == 0
    assert len(target.read_text().splitlines()) == 4


def test_one_of_the_files_of_a_pair_is_enough_to_refuse(tagloom: Tagloom, tmp_path: Path, source: Path) -> None:
    (tmp_path / "out.tags.txt").write_text("mine")
    result = tagloom("data", "convert", source, tmp_path / "out", "--to", "two_files")
    assert "out.tags.txt: expected a file to make" in result.error
    assert not (tmp_path / "out.sentences.txt").exists()


def test_no_source_is_ever_replaced(tagloom: Tagloom, tmp_path: Path, source: Path) -> None:
    link = tmp_path / "link.conll"
    link.symlink_to(source)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "train.conll").write_text(CONLL)
    for sources, target in (([source], source), ([source, link], link), ([link], source)):
        error = tagloom("data", "convert", *sources, target, "--overwrite").error
        assert "expected another file than those that are read" in error
    error = tagloom("data", "convert", folder, folder / "train.conll", "--overwrite").error
    assert "expected another file than those that are read" in error
    error = tagloom("data", "inspect", source, "--report", source, "--overwrite").error
    assert "expected another file than those that are read" in error
    assert source.read_text() == (folder / "train.conll").read_text() == CONLL


def test_a_folder_is_never_replaced(tagloom: Tagloom, tmp_path: Path, source: Path) -> None:
    error = tagloom("data", "convert", source, tmp_path, "--to", "brat", "--overwrite").error
    assert "expected a name for what is to be made, received a folder" in error


@pytest.mark.skipif(not Path(os.devnull).is_char_device(), reason="there is no device to write to")
def test_a_device_stays_one(tagloom: Tagloom, source: Path) -> None:
    error = tagloom("data", "convert", source, os.devnull, "--to", "json_lines", "--overwrite").error
    assert f"{os.devnull}: expected a file to write, received a device or a pipe." in error
    assert Path(os.devnull).is_char_device()


def test_errors_are_not_looked_for_where_their_file_is_there(tagloom: Tagloom, tmp_path: Path, source: Path) -> None:
    (tmp_path / "errors.csv").write_text("mine")
    error = tagloom("errors", source, "-o", tmp_path / "errors.csv").error
    assert "errors.csv: expected a file to make, received one that exists." in error
    assert not (tmp_path / "errors.folds").exists()


def test_the_folder_of_a_report_is_made_or_refused_before_the_reading(tagloom: Tagloom, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    nowhere = tmp_path / "nowhere.conll"
    error = tagloom("data", "inspect", nowhere, "--report", tmp_path / "file" / "page.html").error
    assert "nowhere" not in error
    error = tagloom("data", "inspect", nowhere, "--report", tmp_path / "made" / "page.html").error
    assert "nowhere.conll: no such file" in error
    assert (tmp_path / "made").is_dir()


@pytest.mark.parametrize(
    "command", [["inspect"], ["convert", "a.conll"], ["split", "a.conll"], ["prelabel", "a.conll"]]
)
def test_an_empty_path_is_wrong_usage(tagloom: Tagloom, command: list[str]) -> None:
    result = tagloom("data", *command, "")
    assert result.status == 2
    assert "expected a path, received an empty one" in result.error


def test_nothing_in_the_data_steers_the_terminal(tagloom: Tagloom, tmp_path: Path) -> None:
    entities = [{"start": 0, "end": 1, "label": "\x1b[31mX"}, {"start": 1, "end": 99, "label": "X"}]
    record = {"id": "\x1b]0;owned\x07", "text": "a\u202eb c", "entities": entities}
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps(record) + "\n")
    for command in (["inspect", path], ["convert", path, tmp_path / "out.jsonl"]):
        out = tagloom("data", *command).out
        assert not {"\x1b", "\x07", "\u202e"} & set(out)
        assert r"\x1b]0;owned\x07" in out


@pytest.mark.parametrize("command", ["inspect", "split", "prelabel", "convert"])
def test_discontinuous_spans_are_covered_where_that_is_asked_for(
    tagloom: Tagloom, tmp_path: Path, command: str
) -> None:
    folder = tmp_path / "brat"
    folder.mkdir()
    (folder / "1.txt").write_text("left and right menu")
    (folder / "1.ann").write_text("T1\tPFEATURE 0 4;15 19\tleft menu\n")
    (tmp_path / "list.tsv").write_text("PNAME\tD90\n")
    others = {
        "inspect": ["--json"],
        "split": [tmp_path / "set", "--ratios", "1,0,0"],
        "prelabel": [tmp_path / "out.jsonl", "--gazetteer", tmp_path / "list.tsv"],
        "convert": [tmp_path / "out.jsonl"],
    }
    result = tagloom("data", command, folder, *others[command], "--cover-discontinuous")
    assert result.status == 0
    made = {"inspect": result.out, "split": (tmp_path / "set" / "train.jsonl")}.get(command, tmp_path / "out.jsonl")
    text = made.read_text() if isinstance(made, Path) else made
    assert "PFEATURE" in text


def test_no_page_takes_the_place_of_a_file_of_the_model_that_is_judged(
    tagloom: Tagloom, model: Path, corpus: Path
) -> None:
    config = model / "config.json"
    before = config.read_bytes()
    error = tagloom("evaluate", model, corpus, "--report", config, "--overwrite").error
    assert "expected another file than those that are read" in error
    assert config.read_bytes() == before
