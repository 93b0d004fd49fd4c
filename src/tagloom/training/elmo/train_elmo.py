"""Plain text in, an ELMo out."""

import contextlib
import json
import logging
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tagloom.data.sources.source_text import open_stream
from tagloom.embeddings.elmo.elmo_folder import ElmoFolder, find_elmo
from tagloom.embeddings.elmo.options import OPTIONS
from tagloom.embeddings.elmo.weights import WEIGHTS, write_weights
from tagloom.errors import ConfigError, TrainingError
from tagloom.files import locked_file, write_json
from tagloom.runs.run import STOPPED, checkpoints_in
from tagloom.text import Document
from tagloom.tokenize import sentences
from tagloom.training.elmo.elmo_checkpoint import restore_elmo_checkpoint, save_elmo_checkpoint
from tagloom.training.elmo.elmo_trainer import ElmoTrainer
from tagloom.training.elmo.settings import ElmoSettings
from tagloom.training.elmo.text_corpus import TextCorpus
from tagloom.training.signals import stopping_on_signals

TRAINING, LOCK, CHECKPOINTS = "training.json", "lock", "checkpoints"

_SECONDS = 60.0  # between two checkpoints

_log = logging.getLogger(__name__)

Watch = Callable[[ElmoTrainer], None]
"""Called after each step."""


def train_elmo(
    texts: Sequence[str | Path],
    folder: str | Path,
    settings: ElmoSettings | None = None,
    *,
    watch: Watch = lambda _: None,
) -> ElmoFolder:
    """Trains an ELMo on plain text, a paragraph a line.

    Args:
        texts: files in UTF-8 or what else is recognised, plain or in their gz, xz or zip.
        folder: new or empty; it gets `options.json` and `weights.hdf5`, anew after each epoch.
        settings: sizes and rules; the defaults where None.
        watch: called after each step.

    Raises:
        DataError: a text cannot be read, or there is too little.
        TrainingError: the folder is in use.
    """
    folder, settings = Path(folder), settings or ElmoSettings()
    if folder.exists() and any(folder.iterdir()):
        raise TrainingError(f"{folder}: expected a new or empty folder, found files in it. Name another, or resume.")
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        trainer = ElmoTrainer(settings, _corpus(texts, settings))
        asked = {"texts": [str(Path(text).resolve()) for text in texts], "settings": settings.to_json()}
        write_json(folder / TRAINING, {**asked, "history": []})
        _run(trainer, folder, asked, watch)
    return find_elmo(folder)


def resume_elmo(folder: str | Path, *, watch: Watch = lambda _: None) -> ElmoFolder:
    """Goes on from the last checkpoint, and ends with the weights that it would have had without the stop.

    Args:
        folder: that a training was begun in.
        watch: called after each step.

    Raises:
        TrainingError: none was begun there, or its text is not what it was.
    """
    folder = Path(folder)
    try:
        told = json.loads((folder / TRAINING).read_text("utf-8"))
        asked = {"texts": list(told["texts"]), "settings": told["settings"]}
        settings = ElmoSettings.from_json(asked["settings"])
        is_done = len(told["history"]) >= settings.epochs
    except (OSError, ValueError, KeyError, TypeError, ConfigError) as error:
        raise TrainingError(f"{folder}: expected the training of an ELMo, received {error}. Begin one.") from error
    if is_done:
        return find_elmo(folder)
    with _locked(folder):
        trainer = ElmoTrainer(settings, _corpus(asked["texts"], settings))
        checkpoint = max(checkpoints_in(folder / CHECKPOINTS), default=None)
        if checkpoint is not None:
            restore_elmo_checkpoint(trainer, checkpoint)
        _run(trainer, folder, asked, watch)
    return find_elmo(folder)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Within the block no other process trains in the folder."""
    try:
        with locked_file(folder / LOCK):
            yield
    except BlockingIOError as error:
        raise TrainingError(f"{folder}: another process trains in it. Wait for its end, or name another.") from error


def _run(trainer: ElmoTrainer, folder: Path, asked: dict[str, Any], watch: Watch) -> None:
    """Trains to the end, or until it is asked to stop; then it can be resumed."""
    saved = time.monotonic()
    if not (folder / WEIGHTS).exists():
        _write(trainer, folder, asked)
    with stopping_on_signals(trainer):
        while not trainer.is_done and trainer.stop_reason != STOPPED:
            trainer.learn()
            watch(trainer)
            if trainer.step == 0:
                _write(trainer, folder, asked)
            if trainer.step == 0 or time.monotonic() - saved > _SECONDS:
                save_elmo_checkpoint(trainer, folder / CHECKPOINTS)
                saved = time.monotonic()
    if trainer.is_done:
        shutil.rmtree(folder / CHECKPOINTS, ignore_errors=True)
    else:
        save_elmo_checkpoint(trainer, folder / CHECKPOINTS)


def _write(trainer: ElmoTrainer, folder: Path, asked: dict[str, Any]) -> None:
    """The ELMo as it is now, and how it came about."""
    write_json(folder / OPTIONS, trainer.model.options.to_json())
    write_weights(folder / WEIGHTS, trainer.model.weights())
    write_json(folder / TRAINING, {**asked, "history": [record.to_json() for record in trainer.history]})


def _corpus(texts: Sequence[str | Path], settings: ElmoSettings) -> TextCorpus:
    _log.info("Reading %s.", ", ".join(str(text) for text in texts))
    corpus = TextCorpus.of(_sentences(texts), settings.vocabulary)
    _log.info(
        "%s words in %s sentences, %s different; sentences held out: %s.",
        *(f"{number:,}" for number in (corpus.num_tokens, len(corpus.train), len(corpus.words), len(corpus.held_out))),
    )
    return corpus


def _sentences(texts: Sequence[str | Path]) -> Iterator[Sequence[str]]:
    for text in texts:
        for line in open_stream(text).lines():
            for sentence in sentences(Document(line)):
                yield sentence.words
