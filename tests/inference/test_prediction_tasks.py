"""Which files are predicted, and where the output of each lies."""

import os
from pathlib import Path

import pytest

from tagloom.errors import DataError
from tagloom.inference.predictions.tasks import find_tasks


def made(folder: Path, *names: str) -> Path:
    """A folder with files of these names, which hold their names."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8")
    return folder


def targets(*paths: Path, into: Path) -> dict[str, str]:
    """The output of each input, both without the folders of the test."""
    tasks, bad = find_tasks(paths, into, ".jsonl")
    assert bad == []
    return {str(task.source.relative_to(into.parent)): str(task.target.relative_to(into)) for task in tasks}


def test_an_output_is_called_as_its_input_and_lies_as_deep_below_what_was_given(tmp_path: Path) -> None:
    made(tmp_path / "in", "b.txt", "a/deep/c.jsonl", "a/d.txt.gz", "none")
    made(tmp_path, "other/e.txt")
    found = targets(tmp_path / "in", tmp_path / "other" / "e.txt", into=tmp_path / "out")
    assert list(found.items()) == [
        ("in/a/d.txt.gz", "a/d.txt.gz.jsonl"),
        ("in/a/deep/c.jsonl", "a/deep/c.jsonl.jsonl"),
        ("in/b.txt", "b.txt.jsonl"),
        ("in/none", "none.jsonl"),
        ("other/e.txt", "e.txt.jsonl"),
    ]


def test_a_task_knows_how_large_its_input_is(tmp_path: Path) -> None:
    (task,), _ = find_tasks([made(tmp_path, "a.txt")], tmp_path.with_name("out"), ".jsonl")
    assert task.num_bytes == len("a.txt")


def test_of_a_folder_nothing_hidden_is_taken_and_nothing_that_is_no_file(tmp_path: Path) -> None:
    made(tmp_path / "in", "a.txt", ".b.txt", ".git/c.txt", "d/.e/f.txt")
    os.mkfifo(tmp_path / "in" / "pipe")
    assert list(targets(tmp_path / "in", into=tmp_path / "out")) == ["in/a.txt"]


def test_what_was_named_is_taken_though_it_is_hidden_or_a_link(tmp_path: Path) -> None:
    made(tmp_path, ".a/b.txt", ".c.txt", "d/e.txt")
    (tmp_path / "link").symlink_to(tmp_path / "d")
    (tmp_path / "d" / "inner").symlink_to("e.txt")
    found = targets(tmp_path / ".a", tmp_path / ".c.txt", tmp_path / "link", into=tmp_path / "out")
    assert list(found) == [".a/b.txt", ".c.txt", "link/e.txt", "link/inner"]


def test_links_that_lead_out_of_a_folder_are_passed_over_and_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made(tmp_path, "in/a.txt", "in/b/c.txt", "elsewhere/secret.txt")
    for name, target in {
        "file": "../elsewhere/secret.txt",
        "folder": "../elsewhere",
        "inner": "a.txt",
        "loop": ".",
    }.items():
        (tmp_path / "in" / name).symlink_to(target)
    assert list(targets(tmp_path / "in", into=tmp_path / "out")) == ["in/a.txt", "in/b/c.txt", "in/inner"]
    assert caplog.messages == [f"{tmp_path}/in: links that lead out of it are passed over: 2"]


def test_a_file_that_is_given_twice_has_one_output(tmp_path: Path) -> None:
    made(tmp_path, "in/a.txt")
    (tmp_path / "link").symlink_to("in")
    found = targets(tmp_path / "in", tmp_path / "link", tmp_path / "in" / "a.txt", into=tmp_path / "out")
    assert found == {"in/a.txt": "a.txt.jsonl"}


def test_two_inputs_for_one_output_are_refused(tmp_path: Path) -> None:
    made(tmp_path, "in/x/a.txt", "in/y/a.txt")
    with pytest.raises(DataError) as raised:
        find_tasks([tmp_path / "in" / "x", tmp_path / "in" / "y"], tmp_path / "out", ".jsonl")
    assert str(raised.value) == (
        f"{tmp_path}/out/a.txt.jsonl: expected one input for it, received two, {tmp_path}/in/x/a.txt and "
        f"{tmp_path}/in/y/a.txt. Give the folder that holds both, or predict them into two folders."
    )
    assert len(targets(tmp_path / "in", into=tmp_path / "out")) == 2


def test_a_file_and_a_folder_of_one_name_are_refused(tmp_path: Path) -> None:
    made(tmp_path, "in/a", "in/a.jsonl/b")
    with pytest.raises(
        DataError, match=r"out/a\.jsonl: expected either a file or a folder of outputs, received inputs"
    ):
        find_tasks([tmp_path / "in"], tmp_path / "out", ".jsonl")


@pytest.mark.parametrize(
    ("given", "folder"),
    [
        ("in", "in"),
        ("in", "in/out"),
        ("in", "link/out"),
        ("link", "in/out"),
        ("in/in", "in"),  # in/in/in/a.txt would come to lie in in/in
        ("in/b.txt.jsonl", "in/in/.."),  # with in/b.txt it is an input and an output
    ],
)
def test_an_output_among_the_inputs_is_refused(tmp_path: Path, given: str, folder: str) -> None:
    made(tmp_path, "in/in/in/a.txt", "in/b.txt", "in/b.txt.jsonl")
    (tmp_path / "link").symlink_to("in")
    with pytest.raises(DataError, match="expected an output apart from the inputs, received one among them"):
        find_tasks([tmp_path / "in" / "b.txt", tmp_path / given], tmp_path / folder, ".jsonl")


def test_an_output_may_lie_beside_its_input(tmp_path: Path) -> None:
    made(tmp_path, "a.txt")
    (task,), _ = find_tasks([tmp_path / "a.txt"], tmp_path, ".jsonl")
    assert task.target == tmp_path / "a.txt.jsonl"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere", "nowhere: expected a file or a folder, received nothing there. Check the name and the folder."),
        ("pipe", "pipe: expected a file or a folder, received neither. Check the name and the folder."),
        ("empty", "empty: expected files to predict, found none. Name others."),
    ],
)
def test_what_has_no_files_is_refused(tmp_path: Path, name: str, message: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError) as raised:
        find_tasks([tmp_path / name], tmp_path / "out", ".jsonl")
    assert str(raised.value) == f"{tmp_path}/{message}"


def test_what_cannot_be_looked_at_is_told_beside_what_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path, "in/a.txt", "in/closed/b.txt")
    (tmp_path / "in" / "gone").symlink_to(tmp_path / "in" / "nowhere")
    scandir = os.scandir

    def refusing(path: str) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    tasks, bad = find_tasks([tmp_path / "in"], tmp_path / "out", ".jsonl")
    assert [task.source.name for task in tasks] == ["a.txt"]
    assert [each.reason for each in bad] == [
        f"{tmp_path}/in/{what}. Give what is there and may be read."
        for what in ("closed: cannot be read: Permission denied", "gone: cannot be read: No such file or directory")
    ]
