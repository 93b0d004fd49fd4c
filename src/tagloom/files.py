"""Files that a reader never sees half of: written under another name, synced, put in place by one rename; and locks."""

import contextlib
import errno
import fcntl
import json
import os
import re
import shutil
import stat
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

_PART = re.compile(r"\.(?P<name>.+)\.(?P<process>[0-9]+)\.part", re.DOTALL)
_ABANDONED = 3600.0  # seconds without a change, since a process that writes a part could run on another machine


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to fill that appears at `path`, in place of what was there, when the block ends without an error.

    A symbolic link stays, and the file that it points to is written; a file that was there keeps its permissions.

    Raises:
        OSError: it cannot be written, or is there and no file: a folder, a device, a pipe.
    """
    mode = _mode_of_file(path)
    target = Path(os.path.realpath(path))
    beside = _part_of(target)
    try:
        with beside.open("w+b") as stream:
            if mode is not None:
                beside.chmod(mode)
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(target)
    except OSError as error:
        if error.filename in (None, str(beside)):  # a full disk names none
            error.filename = str(path)
        raise
    finally:
        beside.unlink(missing_ok=True)


def _part_of(path: Path) -> Path:
    """Where this process writes what is to appear there."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def _mode_of_file(path: Path) -> int | None:
    """The permissions of the file that is there, None where there is none."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "expected a file to write, received a device or a pipe", str(path))
    return stat.S_IMODE(mode)


def clear_parts(paths: Iterable[Path]) -> None:
    """Takes away what `whole_file` had begun of these files in processes that were killed."""
    names: dict[Path, set[str]] = {}
    for path in paths:
        names.setdefault(path.parent, set()).add(path.name)
    for folder, own in names.items():
        for part, name in _dead_parts(folder):
            if name in own:
                part.unlink(missing_ok=True)


def clear_dead_parts(folder: Path) -> None:
    """Takes away what `whole_folder` had begun in this folder, and nothing has gone on with for an hour."""
    for part, _ in _dead_parts(folder):
        if time.time() - _last_change(part) > _ABANDONED:
            shutil.rmtree(part, ignore_errors=True)


def _last_change(folder: Path) -> float:
    """When a file in it was written last, in seconds since 1970; now where one has just gone."""
    try:
        return max(path.stat().st_mtime for path in (folder, *folder.rglob("*")))
    except FileNotFoundError:
        return time.time()


def _dead_parts(folder: Path) -> Iterator[tuple[Path, str]]:
    """What was begun there in processes that do not run any more, with the name that it would have got."""
    for part in folder.glob(".*.part"):
        found = _PART.fullmatch(part.name)
        if found and not _runs(int(found["process"])):
            yield part, found["name"]


def _runs(process: int) -> bool:
    """Whether there is a process of that number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):  # another user's, or no number of ours
        return True
    return True


def write_bytes(path: Path, content: bytes) -> None:
    """Writes the file whole or not at all."""
    with whole_file(path) as stream:
        stream.write(content)


def write_text(path: Path, content: str) -> None:
    """Writes the file whole or not at all, as UTF-8."""
    write_bytes(path, content.encode("utf-8"))


def write_json(path: Path, content: Any) -> None:
    """Writes the file whole or not at all, as indented JSON in UTF-8."""
    write_text(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


@contextlib.contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to fill that appears at `path`, which must not exist, when the block ends without an error."""
    beside = _part_of(path)
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        yield beside
        _sync(beside)
        beside.rename(path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def remove_folder(path: Path) -> None:
    """Takes a folder away by one rename, so that nobody meets half of it; as far as it is there and may be taken."""
    beside = _part_of(path)
    shutil.rmtree(beside, ignore_errors=True)  # of a killed process that had the same number
    with contextlib.suppress(OSError):
        path.rename(beside)
    shutil.rmtree(beside, ignore_errors=True)


def _sync(folder: Path) -> None:
    """Has the disk keep what lies in a folder."""
    for path in (*folder.rglob("*"), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def point_to(link: Path, target: Path) -> None:
    """Makes `link` a relative symbolic link to `target`, in place of what it pointed to before, by one rename."""
    beside = _part_of(link)
    beside.unlink(missing_ok=True)
    beside.symlink_to(os.path.relpath(target, link.parent))
    beside.replace(link)


@contextlib.contextmanager
def locked_file(path: Path, *, is_shared: bool = False) -> Iterator[IO[str]]:
    """Within the block this process holds a file's lock, which goes with the process where that is killed.

    Args:
        path: of the file, which is made where it is missing.
        is_shared: whether others may hold it too that share it.

    Yields:
        The file, to read and to write at its end.

    Raises:
        BlockingIOError: another process holds it.
    """
    with path.open("a+", encoding="utf-8") as stream:
        fcntl.flock(stream, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        yield stream
