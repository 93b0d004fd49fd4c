"""Labelled data in, a run with a judged model out."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tagloom.bundle.read import read_bundle
from tagloom.data.feature_set import FeatureSet
from tagloom.files import write_text
from tagloom.inference.judging import judge
from tagloom.inference.predictor import Predictor
from tagloom.training.callbacks import Callback, EarlyStopping, EventLog, ModelCheckpoint, StateCheckpoint
from tagloom.training.checkpoint import restore_checkpoint
from tagloom.training.config import TrainingConfig
from tagloom.training.data_config import DataConfig
from tagloom.training.environment import environment
from tagloom.training.loop import fit
from tagloom.training.parts import Parts
from tagloom.training.run import Run
from tagloom.training.signals import STOPPED, stopping_on_signals
from tagloom.training.trainer import Trainer

Data = DataConfig | FeatureSet


def train(
    data: Data, folder: str | Path, config: TrainingConfig | None = None, *, callbacks: Sequence[Callback] = ()
) -> Run:
    """Trains a tagger.

    Args:
        data: files and how to divide them, or a feature set.
        folder: of the run; it must be new or empty.
        config: every option; the defaults where None.
        callbacks: called beside the run's own.

    Returns:
        The run: its model is the bundle of the best epoch, judged on the test part, or on dev where there is none.

    Raises:
        DataError: the data cannot be read.
        ConfigError: an option does not fit.
        TrainingError: the folder is in use, or the data cannot be learned from.
    """
    run, config = Run(Path(folder)), config or TrainingConfig()
    feature_set = _feature_set(data, config)
    trainer = Trainer(config, Parts.of(feature_set.train.sentences(), feature_set.dev.sentences()))
    with run.locked():
        run.begin({"training": config.to_options(), "data": data.to_table() if isinstance(data, DataConfig) else {}})
        write_text(run.environment, environment(trainer, _digests(feature_set)))
        _fit_and_judge(run, trainer, feature_set, callbacks)
    return run


def resume(folder: str | Path, data: FeatureSet | None = None, *, callbacks: Sequence[Callback] = ()) -> Run:
    """Goes on with a run from its last checkpoint, and ends with the weights that it would have had without the stop.

    Args:
        folder: of the run.
        data: the feature set, where the run was begun with one from Python.
        callbacks: called beside the run's own.

    Raises:
        TrainingError: there is no run, or its data is not what it was.
    """
    run = Run(Path(folder))
    asked = run.asked()
    config = TrainingConfig().with_options(asked["training"])
    feature_set = _feature_set(data if data is not None else DataConfig.from_table(asked.get("data", {})), config)
    trainer = Trainer(config, Parts.of(feature_set.train.sentences(), feature_set.dev.sentences()))
    with run.locked():
        checkpoint = run.latest_checkpoint()
        if checkpoint is not None:
            restore_checkpoint(trainer, checkpoint)
        run.events.mend()
        _fit_and_judge(run, trainer, feature_set, callbacks)
    return run


def _feature_set(data: Data, config: TrainingConfig) -> FeatureSet:
    """The feature set, with a share of train as dev part where it has none."""
    feature_set = data.feature_set() if isinstance(data, DataConfig) else data
    return feature_set.with_validation(split=config.validation_split, seed=config.seed)


def _fit_and_judge(run: Run, trainer: Trainer, feature_set: FeatureSet, callbacks: Sequence[Callback]) -> None:
    with stopping_on_signals(trainer):
        fit(trainer, [*_own_callbacks(run, trainer.config), *callbacks])
    if trainer.stop_reason != STOPPED:
        _judge(run, feature_set)


def _own_callbacks(run: Run, config: TrainingConfig) -> list[Callback]:
    direction = {"monitor": config.monitor, "higher_is_better": config.higher_is_better}
    own: list[Callback] = [
        EventLog(run.events),
        ModelCheckpoint(run.models, run.events, **direction, save_best_only=config.save_best_only),
    ]
    if config.patience:
        own.append(EarlyStopping(**direction, patience=config.patience, min_delta=config.min_delta))
    return [*own, StateCheckpoint(run.checkpoints)]


def _judge(run: Run, feature_set: FeatureSet) -> None:
    """Judges the run's model as a bundle, as it will be used, and puts the report into the run and the bundle."""
    bundle = read_bundle(run.model)
    predictor = Predictor(bundle)
    reports = {
        name: {"part": name, **judge(predictor, part.sentences()).to_json()}
        for name, part in feature_set.parts()
        if name != "train"
    }
    report: dict[str, Any] = {**reports.get("test", reports["dev"]), "parts": reports}
    write_text(run.report, json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    run.models.replace(replace(bundle, report=report))


def _digests(feature_set: FeatureSet) -> dict[str, str]:
    sources = [source for _, part in feature_set.parts() for source in part.sources]
    return {file.name: file.sha256 for source in sources for file in source.files}
