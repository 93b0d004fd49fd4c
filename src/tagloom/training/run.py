"""A run: one training, a folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tagloom.errors import TrainingError
from tagloom.files import write_text
from tagloom.training.checkpoint import latest_checkpoint
from tagloom.training.config import read_toml, written_as_toml
from tagloom.training.events import Events
from tagloom.training.models import ModelFolder


class Run:
    """The files of one training.

    Args:
        path: of the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config = path / "config.toml"
        self.environment = path / "environment.json"
        self.checkpoints = path / "checkpoints"
        self.model = path / "model"
        self.report = path / "report.json"
        self.events = Events(path / "events.jsonl")
        self.models = ModelFolder(path / "models", self.model)

    @property
    def exists(self) -> bool:
        """Whether a training was begun here."""
        return self.config.is_file()

    def begin(self, asked: dict[str, Any]) -> None:
        """Makes the folder with what was asked.

        Raises:
            TrainingError: there is something in it already.
        """
        if self.path.is_dir() and any(entry.name != "lock" for entry in self.path.iterdir()):
            remedy = "Continue it with --resume, or choose another name." if self.exists else "Choose another name."
            raise TrainingError(f"{self.path}: expected no such folder or an empty one, received one in use. {remedy}")
        (self.path / "models").mkdir(parents=True, exist_ok=True)
        write_text(self.config, written_as_toml(asked))

    def asked(self) -> dict[str, Any]:
        """What was asked when it began: tables `training` and, where files were named, `data`.

        Raises:
            TrainingError: no training was begun here.
        """
        if not self.exists:
            raise TrainingError(f"{self.path}: expected a run to continue, found no {self.config.name} in it.")
        return read_toml(self.config)

    def latest_checkpoint(self) -> Path | None:
        """Where it can go on from; None before the first checkpoint."""
        return latest_checkpoint(self.checkpoints)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other processes from training in the same folder; the lock goes with the process.

        Raises:
            TrainingError: another process trains here.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("a+", encoding="utf-8") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                stream.seek(0)
                raise TrainingError(
                    f"{self.path}: process {stream.read().strip() or 'unknown'} trains here already. "
                    "Wait for it, or choose another name."
                ) from error
            stream.truncate(0)
            stream.write(str(os.getpid()))
            stream.flush()
            yield
