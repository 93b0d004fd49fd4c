"""Plain text in, an ELMo out."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tagloom.data.sources.source_text import open_stream
from tagloom.errors import TrainingError
from tagloom.runs.run import STOPPED
from tagloom.text import Document
from tagloom.tokenize import sentences
from tagloom.training.elmo.elmo_checkpoint import restore_elmo_checkpoint, save_elmo_checkpoint
from tagloom.training.elmo.elmo_run import ElmoRun
from tagloom.training.elmo.elmo_trainer import ElmoTrainer
from tagloom.training.elmo.settings import ElmoSettings
from tagloom.training.elmo.text_corpus import TextCorpus
from tagloom.training.signals import stopping_on_signals

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
) -> ElmoRun:
    """Trains an ELMo on plain text, a paragraph a line.

    Args:
        texts: files in UTF-8 or what else is recognised, plain or in their gz, xz or zip.
        folder: new or empty; it gets `options.json` and `weights.hdf5`, anew after each epoch.
        settings: sizes and rules; the defaults where None.
        watch: called after each step.

    Returns:
        The run, which is not done where a signal has stopped it.

    Raises:
        DataError: a text cannot be read, or there is too little.
        TrainingError: the folder is in use.
    """
    run, settings = ElmoRun(Path(folder)), settings or ElmoSettings()
    run.expect_unused()
    trainer = _trainer(texts, settings)
    with run.locked():
        run.expect_unused()
        run.begin([Path(text) for text in texts], settings)
        _fit(trainer, run, watch)
    return run


def resume_elmo(folder: str | Path, *, watch: Watch = lambda _: None) -> ElmoRun:
    """Goes on from the last checkpoint, and ends with the weights that it would have had without the stop.

    Args:
        folder: that a training was begun in.
        watch: called after each step.

    Raises:
        TrainingError: none was begun there, or its text is not what it was.
    """
    run = ElmoRun(Path(folder))
    if not run.exists:
        raise TrainingError(f"{run.path}: expected the training of an ELMo to go on with, found none.")
    with run.locked():
        run.mend()
        if run.is_done:
            run.clear()
            return run
        trainer = _trainer(run.texts, run.settings)
        checkpoint = run.latest_checkpoint()
        if checkpoint is not None:
            restore_elmo_checkpoint(trainer, checkpoint)
        _fit(trainer, run, watch)
    return run


def _fit(trainer: ElmoTrainer, run: ElmoRun, watch: Watch) -> None:
    """Trains to the end, or until it is asked to stop; then it can be resumed."""
    saved = time.monotonic()
    with stopping_on_signals(trainer):
        while not trainer.is_done and trainer.stop_reason != STOPPED:
            trainer.learn()
            watch(trainer)
            if trainer.step == 0:
                run.add(trainer.model, trainer.history)
            if trainer.step == 0 or time.monotonic() - saved > _SECONDS:
                save_elmo_checkpoint(trainer, run.checkpoints)
                saved = time.monotonic()
    if trainer.is_done:
        run.clear()
    else:
        save_elmo_checkpoint(trainer, run.checkpoints)


def _trainer(texts: Sequence[str | Path], settings: ElmoSettings) -> ElmoTrainer:
    import h5py  # noqa: F401  # where it lacks, this is told before an epoch has passed

    return ElmoTrainer(settings, _corpus(texts, settings))


def _corpus(texts: Sequence[str | Path], settings: ElmoSettings) -> TextCorpus:
    _log.info("Reading %s.", ", ".join(str(text) for text in texts))
    corpus = TextCorpus.of(_sentences(texts), settings.vocabulary_size)
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
