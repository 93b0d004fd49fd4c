"""Labelled data in, a run with a judged model out."""

import contextlib
import logging
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from tagloom.data.alignment import EXPAND, align
from tagloom.data.dataset import Dataset
from tagloom.data.division.feature_set import FeatureSet
from tagloom.data.findings import merged
from tagloom.data.quality.kinds import INFO, KINDS, UNKNOWN
from tagloom.embeddings.choice import located
from tagloom.errors import TrainingError
from tagloom.files import write_json
from tagloom.runs.config import TrainingConfig
from tagloom.runs.data_config import DataConfig
from tagloom.runs.run import FAILED, STOPPED, Run
from tagloom.training.callbacks import Callback, EarlyStopping, EventLog, ModelCheckpoint, StateCheckpoint
from tagloom.training.checkpoint import restore_checkpoint
from tagloom.training.environment import changes, environment
from tagloom.training.judging import judge_run
from tagloom.training.loop import fit
from tagloom.training.models import ModelFolder
from tagloom.training.parts import Parts
from tagloom.training.signals import stopping_on_signals
from tagloom.training.trainer import Trainer

Data = DataConfig | FeatureSet | Dataset

_LITTLE = 0.5  # of a corpus that vectors cover

_log = logging.getLogger(__name__)


def train(
    data: Data, folder: str | Path, config: TrainingConfig | None = None, *, callbacks: Sequence[Callback] = ()
) -> Run:
    """Trains a tagger.

    Args:
        data: files and how to divide them, a feature set, or a dataset to learn from as a whole.
        folder: of the run; it must be new or empty.
        config: every option; the defaults where None. The run notes whole paths, so that it goes on from any folder.
        callbacks: called beside the run's own.

    Returns:
        The run: its model is the bundle of the best epoch, judged on the test part, or on dev where there is none.

    Raises:
        DataError: the data cannot be read.
        ConfigError: an option does not fit.
        TrainingError: the folder is in use, or the data cannot be learned from.
    """
    run, config = Run(Path(folder)), config or TrainingConfig()
    run.expect_unused()
    config = config.with_options({"embeddings": located(config.embeddings, Path.cwd())})
    feature_set = _feature_set(data, config)
    trainer = _trainer(feature_set, config)
    with run.locked():
        run.begin(
            {
                "training": config.to_options(),
                "data": data.to_table() if isinstance(data, DataConfig) else {},
            }
        )
        write_json(run.environment, environment(trainer, feature_set))
        _fit_and_judge(run, trainer, feature_set, callbacks)
    return run


def resume(folder: str | Path, data: FeatureSet | Dataset | None = None, *, callbacks: Sequence[Callback] = ()) -> Run:
    """Goes on with a run from its last checkpoint, and ends with the weights that it would have had without the stop.

    Args:
        folder: of the run.
        data: the feature set or dataset, where the run was begun with one from Python.
        callbacks: called beside the run's own.

    Raises:
        TrainingError: there is no run, another process trains in it, or its data is not what it was.
    """
    run = Run(Path(folder))
    config = training_config(run)
    with run.locked():
        feature_set = asked_feature_set(run, config, data)
        trainer = _trainer(feature_set, config)
        checkpoint = run.latest_checkpoint()
        if checkpoint is not None:
            restore_checkpoint(trainer, checkpoint)
        run.mend()
        _note_changes(run, environment(trainer, feature_set))
        _fit_and_judge(run, trainer, feature_set, callbacks)
    return run


def training_config(run: Run) -> TrainingConfig:
    """The options that a run was begun with.

    Raises:
        TrainingError: no training was begun here.
        ConfigError: its `config.toml` is not as it was.
    """
    return TrainingConfig().with_options(run.asked()["training"])


def asked_feature_set(run: Run, config: TrainingConfig, data: FeatureSet | Dataset | None = None) -> FeatureSet:
    """The data that a run was begun with, read anew.

    Args:
        run: that was begun.
        config: its options.
        data: the feature set or dataset, where it was begun with one from Python.

    Raises:
        TrainingError: it was begun with data from Python, and none is given.
        DataError: the data cannot be read.
    """
    return _feature_set(data if data is not None else _data_config(run, run.asked()["data"]), config)


def _data_config(run: Run, table: dict[str, Any]) -> DataConfig:
    if not table:
        raise TrainingError(
            f"{run.path}: expected its data, since it was begun with data from Python, received none. "
            "Give it: tagloom.resume(folder, feature_set)."
        )
    return DataConfig.from_table(table)


def _feature_set(data: Data, config: TrainingConfig) -> FeatureSet:
    """The feature set, with a share of train as dev part where it has none, its spans at the edges of words."""
    how = data.align if isinstance(data, DataConfig) else EXPAND
    if isinstance(data, DataConfig):
        _log.info("Reading %s.", ", ".join((*data.paths, *data.dev, *data.test)))
        data = data.feature_set()
        _warn_of_reading(data)
    elif isinstance(data, Dataset):
        data = FeatureSet(train=data)
    divided = data.with_validation(split=config.validation_split, seed=config.seed)
    train_part, dev, test = (_aligned(part, how) for part in (divided.train, divided.dev, divided.test))
    return replace(divided, train=train_part, dev=dev, test=test)


def _warn_of_reading(feature_set: FeatureSet) -> None:
    """A warning for each kind of thing in the files that was surely or probably wrong, such as spans left out."""
    sources = chain.from_iterable(part.sources for _, part in feature_set.parts())
    for finding in merged(chain(feature_set.findings, *(source.findings for source in sources))):
        severity, advice = KINDS.get(finding.kind, UNKNOWN)
        if severity != INFO:
            example = f" (such as {finding.examples[0]})" if finding.examples else ""
            _log.warning("%s %s%s. %s", f"{finding.count:,}", finding.kind.replace("_", " "), example, advice)


def _aligned(part: Dataset, how: str) -> Dataset:
    aligned = align(part, how)
    aligned.warn()
    return aligned.dataset


def _trainer(feature_set: FeatureSet, config: TrainingConfig) -> Trainer:
    train_sentences, dev_sentences = feature_set.train.sentences(), feature_set.dev.sentences()
    _log.info("Numbering the words of %s sentences.", f"{len(train_sentences) + len(dev_sentences):,}")
    parts = Parts.of(train_sentences, dev_sentences, config)
    for coverage in parts.coverages:
        _log.log(logging.WARNING if coverage.share < _LITTLE else logging.INFO, "%s", coverage)
    if parts.overlaps:
        _log.warning("%s", parts.overlaps_told)
    return Trainer(config, parts)


def _note_changes(run: Run, now: dict[str, Any]) -> None:
    """A warning where a resumed run may not end with the weights that it would have had."""
    if not run.environment.exists():  # it was killed before it wrote what it began with
        write_json(run.environment, now)
    changed = changes(run.environment, now)
    if changed:
        text = f"The weights may differ in their last bits from those of a run without a stop: {', '.join(changed)}."
        run.events.add("warning", text=text)
        _log.warning(text)


def _fit_and_judge(run: Run, trainer: Trainer, feature_set: FeatureSet, callbacks: Sequence[Callback]) -> None:
    """What a new run and a resumed one have in common; its last event says how it ended."""
    begun_at = trainer.steps_done
    try:
        with stopping_on_signals(trainer):
            fit(trainer, [*_own_callbacks(run, trainer.config), *callbacks])
        to_judge = trainer.steps_done > begun_at or not run.report.exists()
        if to_judge and trainer.history and trainer.stop_reason != STOPPED:
            judge_run(run, feature_set, trainer.config)
    except Exception as error:
        with contextlib.suppress(OSError):  # a full disk is told of by the first error
            run.events.add("end", reason=FAILED, error=str(error), epoch=trainer.epoch, step=trainer.steps_done)
        raise
    run.events.add("end", reason=trainer.stop_reason or "finished", epoch=trainer.epoch, step=trainer.steps_done)


def _own_callbacks(run: Run, config: TrainingConfig) -> list[Callback]:
    monitor, higher_is_better = config.monitor, config.higher_is_better
    own: list[Callback] = [
        EventLog(run.events),
        ModelCheckpoint(
            ModelFolder(run.models, run.model),
            run.events,
            monitor=monitor,
            higher_is_better=higher_is_better,
            save_best_only=config.save_best_only,
        ),
    ]
    if config.patience:
        patience, min_delta = config.patience, config.min_delta
        own.append(
            EarlyStopping(monitor=monitor, higher_is_better=higher_is_better, patience=patience, min_delta=min_delta)
        )
    return [*own, StateCheckpoint(run.checkpoints)]
