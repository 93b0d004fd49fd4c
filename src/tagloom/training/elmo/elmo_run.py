"""The folder that an ELMo is trained in; it becomes the ELMo's own."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tagloom.embeddings.elmo.elmo_folder import ElmoFolder, find_elmo
from tagloom.embeddings.elmo.options import OPTIONS
from tagloom.embeddings.elmo.weights import WEIGHTS, write_weights
from tagloom.errors import ConfigError, TrainingError
from tagloom.files import write_json
from tagloom.models.bilm import BiLM
from tagloom.runs.training_folder import TrainingFolder
from tagloom.training.elmo.elmo_trainer import LanguageModelRecord
from tagloom.training.elmo.settings import ElmoSettings


class ElmoRun(TrainingFolder):
    """The files of one training of an ELMo.

    Args:
        path: of the folder.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.training = path / "training.json"

    @property
    def exists(self) -> bool:
        """Whether a training was begun here."""
        return self.training.is_file()

    @property
    def is_done(self) -> bool:
        """Whether its last epoch is over."""
        return len(self._told()["history"]) >= self.settings.epochs

    @property
    def history(self) -> list[LanguageModelRecord]:
        """What each epoch has come to."""
        return [LanguageModelRecord(**record) for record in self._told()["history"]]

    @property
    def settings(self) -> ElmoSettings:
        """That it was begun with.

        Raises:
            TrainingError: no training was begun here, or its file is not as it was.
        """
        try:
            return ElmoSettings.from_json(self._told()["settings"])
        except ConfigError as error:
            raise TrainingError(f"{self.training}: {error}") from error

    @property
    def texts(self) -> list[str]:
        """Paths of the text that it was begun with."""
        return [str(text) for text in self._told()["texts"]]

    def begin(self, texts: Sequence[Path], settings: ElmoSettings) -> None:
        """Writes down what is asked."""
        write_json(
            self.training,
            {"texts": [str(text.resolve()) for text in texts], "settings": settings.to_json(), "history": []},
        )

    def add(self, model: BiLM, history: Sequence[LanguageModelRecord]) -> None:
        """Writes the ELMo as an epoch has left it, and then that the epoch is over."""
        write_json(self.path / OPTIONS, model.options.to_json())
        write_weights(self.path / WEIGHTS, model.weights())
        write_json(self.training, {**self._told(), "history": [record.to_json() for record in history]})

    def clear(self) -> None:
        """Removes what is needed to go on."""
        shutil.rmtree(self.checkpoints, ignore_errors=True)

    def elmo(self) -> ElmoFolder:
        """The ELMo as the last whole epoch has left it.

        Raises:
            DataError: no epoch is over yet.
        """
        return find_elmo(self.path)

    def _told(self) -> dict[str, Any]:
        if not self.exists:
            raise TrainingError(f"{self.path}: expected the training of an ELMo, found no {self.training.name} in it.")
        try:
            told = json.loads(self.training.read_text("utf-8"))
        except ValueError as error:
            raise TrainingError(f"{self.training}: expected JSON, received {error}. Begin anew.") from error
        if not isinstance(told, dict) or set(told) != {"texts", "settings", "history"}:
            raise TrainingError(f"{self.training}: expected texts, settings and history, received others. Begin anew.")
        return told
