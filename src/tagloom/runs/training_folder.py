"""A folder that something is trained in, by one process at a time, with checkpoints to go on from."""

import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tagloom.errors import TrainingError
from tagloom.files import locked_file

_LOCK = "lock"


class TrainingFolder(ABC):
    """The folder of a training.

    Args:
        path: of it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checkpoints = path / "checkpoints"

    @property
    @abstractmethod
    def exists(self) -> bool:
        """Whether a training was begun here."""

    def expect_unused(self) -> None:
        """Lets pass what is no folder yet, or an empty one.

        Raises:
            TrainingError: there is something in it already, or it is a file.
        """
        if self.path.exists() and not self.path.is_dir():
            raise TrainingError(f"{self.path}: expected a folder to make, received a file. Choose another name.")
        if self.path.is_dir() and any(entry.name != _LOCK for entry in self.path.iterdir()):
            remedy = "Continue it with --resume, or choose another name." if self.exists else "Choose another name."
            raise TrainingError(f"{self.path}: expected no such folder or an empty one, received one in use. {remedy}")

    def mend(self) -> None:
        """Takes away what a kill left half-written."""
        for path in list(self.path.rglob(".*.part")):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def latest_checkpoint(self) -> Path | None:
        """Where it can go on from; None before the first checkpoint."""
        return max(checkpoints_in(self.checkpoints), default=None, key=lambda path: path.name)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other processes from training in the same folder; the lock goes with the process.

        Raises:
            TrainingError: another process trains here.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        lock = self.path / _LOCK
        with ExitStack() as stack:
            try:
                stream = stack.enter_context(locked_file(lock))
            except BlockingIOError as error:
                holder = lock.read_text(encoding="utf-8").strip() or "unknown"
                raise TrainingError(
                    f"{self.path}: process {holder} trains here already. Wait for it, or choose another name."
                ) from error
            stream.truncate(0)
            stream.write(str(os.getpid()))
            stream.flush()
            yield


def checkpoints_in(folder: Path) -> list[Path]:
    """The folders of a training's checkpoints; their names rise with their steps."""
    return [path for path in folder.glob("[0-9]*") if path.is_dir()]
