"""A reader sees the old file or the new one, never half of one."""

import errno
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tagloom.files import (
    clear_dead_parts,
    clear_parts,
    locked_file,
    point_to,
    remove_folder,
    whole_folder,
    write_bytes,
)


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    write_bytes(path, b"old")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space") as raised:
        write_bytes(path, b"new")
    assert raised.value.filename == str(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_and_the_file_that_it_points_to_is_written_with_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    target, link = tmp_path / "inner" / "file", tmp_path / "link"
    link.symlink_to(target)
    write_bytes(link, b"first")
    target.chmod(0o640)
    write_bytes(link, b"second")
    assert (link.is_symlink(), target.read_bytes()) == (True, b"second")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert [path.name for path in target.parent.iterdir()] == ["file"]


def test_what_is_no_file_is_never_replaced(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for path in (pipe, link, Path(os.devnull)):
        with pytest.raises(OSError, match="expected a file to write, received a device or a pipe") as raised:
            write_bytes(path, b"new")
        assert raised.value.filename == str(path)
    with pytest.raises(IsADirectoryError):
        write_bytes(tmp_path, b"new")
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "pipe"]


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    with pytest.raises(ZeroDivisionError), whole_folder(target) as beside:
        (beside / str(1 // 0)).touch()
    assert list(tmp_path.iterdir()) == []
    with whole_folder(target) as beside:
        (beside / "one").touch()
        assert not target.exists()
    assert [path.name for path in target.iterdir()] == ["one"]


def test_a_pointer_moves_from_one_target_to_the_next_and_stays_relative(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        point_to(tmp_path / "pointer", tmp_path / name)
        assert (tmp_path / "pointer").readlink() == Path(name)


def dead_process() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_what_killed_processes_had_begun_is_taken_away_and_nothing_else(tmp_path: Path) -> None:
    dead, running = dead_process(), os.getppid()
    kept = [f".a.jsonl.{running}.part", f".b.jsonl.{dead}.part", f"a.jsonl.{dead}.part", ".a.jsonl.x.part", ".a.part"]
    for name in (*kept, f".a.jsonl.{dead}.part", ".a.jsonl.999999999999999999999.part"):
        (tmp_path / name).touch()
    clear_parts([tmp_path / "a.jsonl", tmp_path / "nowhere" / "b.jsonl"])
    assert {path.name for path in tmp_path.iterdir()} == {*kept, ".a.jsonl.999999999999999999999.part"}


def test_folders_that_killed_processes_had_begun_are_taken_away_an_hour_later(tmp_path: Path) -> None:
    dead, now = dead_process(), time.time()
    for name, process, changed in (("a", dead, now - 4000), ("b", dead, now), ("c", os.getppid(), now - 4000)):
        part = tmp_path / f".{name}.{process}.part"
        (part / "inside").mkdir(parents=True)
        (part / "inside" / "file").touch()
        for path in (part / "inside" / "file", part / "inside", part):
            os.utime(path, (changed, changed))
    os.utime(tmp_path / f".b.{dead}.part", (1, 1))  # though a file in it is new
    clear_dead_parts(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f".b.{dead}.part", f".c.{os.getppid()}.part"}


def test_a_folder_goes_at_once_and_one_that_is_gone_is_no_error(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "inside").mkdir(parents=True)
    (tmp_path / f".folder.{os.getpid()}.part" / "begun").mkdir(parents=True)
    for _ in range(2):
        remove_folder(folder)
        assert list(tmp_path.iterdir()) == []


def test_a_lock_is_held_by_one_or_shared_until_its_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked_file(path) as stream:
        stream.write("mine")
        stream.flush()
        for is_shared in (False, True):
            with pytest.raises(BlockingIOError), locked_file(path, is_shared=is_shared):
                pass
    with locked_file(path, is_shared=True), locked_file(path, is_shared=True) as stream:
        stream.seek(0)
        assert stream.read() == "mine"
        with pytest.raises(BlockingIOError), locked_file(path):
            pass
    with pytest.raises(ValueError, match="of the block"), locked_file(path):
        raise ValueError("of the block")
    with locked_file(path):
        pass
