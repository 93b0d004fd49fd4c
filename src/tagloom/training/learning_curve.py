"""The learning curve of a run: the same training on ever larger shares of its training part, on one test part."""

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

from tagloom.data.dataset import Dataset
from tagloom.data.division.feature_set import FeatureSet
from tagloom.errors import DataError, TrainingError
from tagloom.evaluation.learning_curve import LearningCurve, LearningPoint
from tagloom.files import write_json
from tagloom.runs.config import TrainingConfig
from tagloom.runs.judged_run import read_judged_run
from tagloom.runs.run import Run
from tagloom.training.callbacks import Callback
from tagloom.training.environment import data_digest
from tagloom.training.judging import judge_run, learning_curve_file
from tagloom.training.parts import Parts
from tagloom.training.train import asked_feature_set, resume, train, training_config

SHARES = (0.25, 0.5, 0.75)
"""Of the training part; the run itself learned from all of it."""

Watching = Callable[[float], AbstractContextManager[Sequence[Callback]]]
"""Makes what shows the training on a share: a context that gives callbacks."""


def unwatched(_share: float) -> AbstractContextManager[Sequence[Callback]]:
    """Shows nothing."""
    return nullcontext(())


def learning_curve(
    run: Run, data: FeatureSet | Dataset | None = None, *, watching: Watching = unwatched
) -> LearningCurve:
    """Trains what is not trained yet, and puts the curve into the run's report, its page and its diagnosis.

    The shares lie within one another, and dev and test part stay as they are: a test part drawn anew for each point
    would let chance draw the curve. All take as many steps as the run, in batches of the same size: with as many epochs
    small shares would look worse for want of training rather than of data. Each is an ordinary run in the folder
    `learning-curve`; what is stopped goes on.

    Args:
        run: whose training has come to its end.
        data: its feature set or dataset, where it was begun with one from Python.
        watching: what shows each training.

    Raises:
        TrainingError: the run is not trained, a training was stopped, or its data is not what it was.
        DataError: its training part is too small to divide, or its report is damaged.
    """
    read_judged_run(run.path)  # what keeps its curve from being drawn is told before anything is trained
    config = training_config(run)
    feature_set = asked_feature_set(run, config, data)
    _expect_same_data(run, feature_set, config)
    points = []
    for share in SHARES:
        part = _share_of(feature_set, share, config.seed)
        one = Run(run.learning_curve / f"{100 * share:.0f}")
        _train(one, part, _of_as_many_steps(run, config, part), share, watching)
        points.append(_point(one, part.train, share))
    curve = LearningCurve((*points, _point(run, feature_set.train, 1.0)))
    write_json(learning_curve_file(run), curve.to_json())
    with run.locked():
        judge_run(run, feature_set, config)
    return curve


def _expect_same_data(run: Run, feature_set: FeatureSet, config: TrainingConfig) -> None:
    """Refuses data that the run did not learn from: its points and its report would be of two sets."""
    parts = Parts.of(feature_set.train.sentences(), feature_set.dev.sentences(), config)
    if data_digest(run.environment) not in (None, parts.digest):
        raise TrainingError(
            f"{run.path}: expected the data that the run was begun with, received other sentences or labels. "
            "Bring the data back as it was, or begin a new run."
        )


def _train(run: Run, data: FeatureSet, config: TrainingConfig, share: float, watching: Watching) -> None:
    if run.exists and training_config(run) != config:
        raise TrainingError(
            f"{run.path}: expected a training with the options of the run, received one with others. "
            "Remove the folder, and give the same command again."
        )
    if run.is_trained:
        return
    with watching(share) as callbacks:
        if run.exists:
            resume(run.path, data, callbacks=callbacks)
        else:
            train(data, run.path, config, callbacks=callbacks)
    if not run.is_trained:
        raise TrainingError(f"{run.path}: the training was stopped. Go on with the same command.")


def _of_as_many_steps(run: Run, config: TrainingConfig, part: FeatureSet) -> TrainingConfig:
    start = next(event for event in run.events if event["event"] == "start")
    steps_per_epoch = -(-len(part.train.sentences()) // start["batch_size"])
    epochs = max(1, round(len(run.history) * start["steps_per_epoch"] / steps_per_epoch))
    return config.with_options({"epochs": epochs, "batch_size": start["batch_size"]})


def _share_of(feature_set: FeatureSet, share: float, seed: int) -> FeatureSet:
    """The feature set with a share of its training part; a larger share holds a smaller one."""
    documents = list(feature_set.train.documents)
    random.Random(seed).shuffle(documents)
    number = round(share * len(documents))
    if number < 2:
        raise DataError(
            f"train part: expected at least 6 documents to draw a learning curve of, received {len(documents)}. "
            "Label more, or divide long documents."
        )
    return FeatureSet(feature_set.train.of(documents[:number]), feature_set.dev, feature_set.test)


def _point(run: Run, part: Dataset, share: float) -> LearningPoint:
    """What the run's own report says of its headline part.

    Raises:
        DataError: it tells no interval.
    """
    parts = read_judged_run(run.path).parts
    judged = parts.get("test") or parts["dev"]
    interval = judged.intervals.get("micro", {}).get("f1")
    if interval is None:
        raise DataError(
            f"{run.report}: expected the 95 % interval of micro F1, received none: an older version judged the run. "
            "Train it anew."
        )
    sentences = part.sentences()
    return LearningPoint(
        share=share,
        num_sentences=len(sentences),
        num_entities=sum(len(sentence.spans) for sentence in sentences),
        f1=judged.report.micro.f1,
        interval=interval,
    )
