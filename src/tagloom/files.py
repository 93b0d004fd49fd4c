"""Files that a reader never sees half of: written under another name, synced, put in place by one rename."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path


def write_bytes(path: Path, content: bytes) -> None:
    """Writes the file whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError as error:
        error.filename = str(path)  # a full disk names none
        raise
    finally:
        beside.unlink(missing_ok=True)


def write_text(path: Path, content: str) -> None:
    """Writes the file whole or not at all, as UTF-8."""
    write_bytes(path, content.encode("utf-8"))


@contextlib.contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to fill that appears at `path`, which must not exist, when the block ends without an error."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        yield beside
        beside.rename(path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def point_to(link: Path, target: Path) -> None:
    """Makes `link` a relative symbolic link to `target`, in place of what it pointed to before, by one rename."""
    beside = link.with_name(f".{link.name}.{os.getpid()}.part")
    beside.unlink(missing_ok=True)
    beside.symlink_to(os.path.relpath(target, link.parent))
    beside.replace(link)
