"""A run: one training, a folder."""

from pathlib import Path
from typing import Any

from tagloom.errors import ConfigError, TrainingError
from tagloom.evaluation.history import EpochRecord
from tagloom.runs.events import Events
from tagloom.runs.toml import read_toml, write_toml
from tagloom.runs.training_folder import TrainingFolder

STOPPED, FAILED = "stopped", "failed"
"""Why a run ended that a signal or an error ended."""


class Run(TrainingFolder):
    """The files of one training.

    Args:
        path: of the folder.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.config = path / "config.toml"
        self.environment = path / "environment.json"
        self.model = path / "model"
        self.report = path / "report.json"
        self.events = Events(path / "events.jsonl")
        self.models = path / "models"
        self.counts = path / "counts.json"
        self.page = path / "report.html"
        self.learning_curve = path / "learning-curve"

    @property
    def exists(self) -> bool:
        """Whether a training was begun here."""
        return self.config.is_file()

    @property
    def ended(self) -> str | None:
        """Why it ended when it last did (`finished`, `early stopping`, `stopped`, `failed`); None while it goes on."""
        told = [event for event in self.events if event["event"] in ("start", "end")]
        return told[-1].get("reason") if told else None

    @property
    def is_trained(self) -> bool:
        """Whether its training has come to its end and its model was judged."""
        return self.exists and self.ended not in (None, STOPPED, FAILED) and self.report.is_file()

    @property
    def history(self) -> list[EpochRecord]:
        """What was measured after each epoch; of an epoch that was done again after a kill the later record."""
        records = {event["epoch"]: event for event in self.events if event["event"] == "epoch"}
        names = EpochRecord.__dataclass_fields__
        return [
            EpochRecord(**{name: record[name] for name in names if name in record})
            for _, record in sorted(records.items())
        ]

    def begin(self, asked: dict[str, Any]) -> None:
        """Makes the folder with what was asked.

        Raises:
            TrainingError: there is something in it already.
        """
        self.expect_unused()
        self.path.mkdir(parents=True, exist_ok=True)
        write_toml(self.config, asked)

    def asked(self) -> dict[str, Any]:
        """What was asked when it began: tables `training` and `data`, this one empty where no files were named.

        Raises:
            TrainingError: no training was begun here.
            ConfigError: its `config.toml` is not as it was.
        """
        if not self.exists:
            raise TrainingError(f"{self.path}: expected a run to continue, found no {self.config.name} in it.")
        asked = read_toml(self.config)
        if not all(isinstance(asked.get(table), dict) for table in ("training", "data")):
            raise ConfigError(
                f"{self.config}: expected tables training and data, received {', '.join(asked) or 'none'}."
            )
        return asked

    def mend(self) -> None:
        """Takes away what a kill left half-written."""
        self.events.mend()
        super().mend()
