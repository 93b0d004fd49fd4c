"""A run's model judged as it will be used: calibrated, measured, diagnosed, and all of it written down."""

import logging
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tagloom.bundle.read import read_bundle
from tagloom.bundle.report import figures_alone
from tagloom.data.division.feature_set import FeatureSet
from tagloom.embeddings.choice import KINDS, PRETRAINED, parse_embeddings
from tagloom.errors import DataError
from tagloom.evaluation.diagnosis.diagnose import diagnose
from tagloom.evaluation.diagnosis.evidence import Evidence, Part
from tagloom.evaluation.evaluating import evaluate, evaluate_chunks
from tagloom.evaluation.fields import read_object
from tagloom.evaluation.history import EpochRecord, best_epoch
from tagloom.evaluation.judged import Judged
from tagloom.evaluation.known import Known
from tagloom.evaluation.learning_curve import LearningCurve
from tagloom.evaluation.report import Report
from tagloom.evaluation.sentence_counts import SentenceCounts
from tagloom.features.sampling import spread
from tagloom.files import write_json
from tagloom.inference.judging import calibrated_temperature, judged
from tagloom.inference.predictor import Predictor
from tagloom.runs.config import TrainingConfig
from tagloom.runs.run import Run
from tagloom.text import Sentence
from tagloom.training.models import ModelFolder
from tagloom.training.suspicion import suspicion

_TRAIN_SAMPLE = 2_000  # sentences
_CURVES = ("epoch", "loss", "train", "dev", "learning_rate")
"""What a report tells of each epoch."""

_log = logging.getLogger(__name__)


def judge_run(run: Run, feature_set: FeatureSet, config: TrainingConfig) -> None:
    """Calibrates the run's model on dev, judges it, and puts what is found into the bundle and the run.

    Args:
        run: that has a model.
        feature_set: that it was trained on.
        config: that it was trained with.
    """
    bundle = read_bundle(run.model)
    parts = {name: part.sentences() for name, part in feature_set.parts()}
    _log.info("Calibrating the model's scores on %s sentences.", f"{len(parts['dev']):,}")
    temperature = calibrated_temperature(Predictor(bundle, threads=config.threads), parts["dev"])
    bundle = replace(bundle, temperature=temperature)
    judgement = _Judgement(run, Predictor(bundle, threads=config.threads), parts, config)
    content = judgement.to_json()
    ModelFolder(run.models, run.model).replace(replace(bundle, report=_for_bundle(content)))
    write_json(run.counts, judgement.counts())
    judgement.write_page()
    write_json(run.report, content)  # last: where it is, all of it is


class _Judgement:
    """Everything that is found out about one model.

    Args:
        run: that it is of.
        predictor: the model, calibrated.
        parts: the sentences of each part.
        config: that it was trained with.
    """

    def __init__(
        self, run: Run, predictor: Predictor, parts: Mapping[str, Sequence[Sentence]], config: TrainingConfig
    ) -> None:
        self._run, self._predictor, self._parts, self._config = run, predictor, parts, config
        self._known = Known.of(parts["train"])
        self._judged: dict[str, Judged] = {}
        self._reports: dict[str, Report] = {}
        for name in ("test", "dev"):  # the headline first
            if parts.get(name):
                _log.info("Judging the model on the %s part, %s sentences.", name, f"{len(parts[name]):,}")
                self._judged[name] = judged(predictor, parts[name])
                self._reports[name] = evaluate(self._judged[name], self._known)
        self._part = next(iter(self._reports))
        self._train = self._on_train()
        self._history = run.history
        self._best = _best(self._history, config)
        self._learning_curve = _learning_curve_of(run)
        self._diagnosis = diagnose(self._evidence())

    def to_json(self) -> dict[str, Any]:
        """The content of the run's `report.json`."""
        reports = {name: {"part": name, **report.to_json()} for name, report in self._reports.items()}
        curve = self._learning_curve
        return {
            **reports[self._part],
            "parts": reports,
            "train": self._train.to_json(),
            "temperature": self._predictor.temperature,
            "history": [{name: getattr(record, name) for name in _CURVES} for record in self._history],
            "best_epoch": self._best,
            "learning_curve": None if curve is None else curve.to_json(),
            "diagnosis": [diagnosis.to_json() for diagnosis in self._diagnosis],
        }

    def counts(self) -> dict[str, Any]:
        """What is needed to hold this model against another one, sentence by sentence."""
        return {name: SentenceCounts.of(own).to_json() for name, own in self._judged.items()}

    def write_page(self) -> None:
        """Writes `report.html`, or says what it needs."""
        try:
            from tagloom.evaluation.page.page import report_page
        except ModuleNotFoundError as error:
            _log.warning("report.html was not written, since %s is not installed: it comes with [report].", error.name)
            return
        bundle = self._predictor.bundle
        report_page(
            f"Report of {self._run.path.name}",
            self._reports,
            subtitle=f"{bundle.algorithm}, {bundle.architecture.embeddings}",
            history=self._history,
            best_epoch=self._best,
            learning_curve=self._learning_curve,
            diagnosis=self._diagnosis,
            temperature=self._predictor.temperature,
        ).write(self._run.page)

    def _on_train(self) -> Report:
        """The model on some of the sentences that it learned from."""
        train = self._parts["train"]
        sentences = [train[place] for place in spread(len(train), _TRAIN_SAMPLE)]
        own = judged(self._predictor, sentences)
        return evaluate_chunks(own.gold, own.predicted, [len(sentence.tokens) for sentence in sentences])

    def _evidence(self) -> Evidence:
        held_back = [sentence for name in self._reports for sentence in self._parts[name]]
        data = self._run.asked()["data"]
        place = shlex.quote(str(self._run.path))
        config = shlex.quote(str(self._run.config))
        return Evidence(
            report=self._reports[self._part],
            part=self._part,
            dev=self._reports["dev"],
            train=self._train,
            history=self._history,
            options=self._config.to_options(),
            known=self._known,
            parts={name: Part.of(self._parts[name], self._known) for name in self._reports},
            learning_curve=self._learning_curve,
            suspicion=suspicion(self._predictor, held_back),
            model=place,
            page=str(self._run.page),
            again=f"tagloom train --config {config}" if data else f"tagloom train DATA --config {config}",
            data=shlex.join(data["paths"]) if data else "DATA",
            pretrained=self._pretrained(),
        )

    def _pretrained(self) -> list[str]:
        """Embeddings that know more words, as they are written; none where the model has such a one."""
        own = {choice.kind for choice in parse_embeddings(self._config.embeddings)}
        return [] if own & set(PRETRAINED) else [KINDS[kind] for kind in PRETRAINED]


def learning_curve_file(run: Run) -> Path:
    """Where the learning curve of a run is kept, once there is one."""
    return run.learning_curve / "curve.json"


def _learning_curve_of(run: Run) -> LearningCurve | None:
    path = learning_curve_file(run)
    if not path.is_file():
        return None
    content = read_object(path)
    try:
        return LearningCurve.from_json(content)
    except DataError as error:
        raise DataError(f"{path}: {error} Remove the file, and draw the curve with tagloom learning-curve.") from error


def _best(history: Sequence[EpochRecord], config: TrainingConfig) -> int | None:
    best = best_epoch(history, config.monitor, higher_is_better=config.higher_is_better)
    return None if best is None else history.index(best)


def _for_bundle(content: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of a report without any text."""
    parts = {name: figures_alone(part) for name, part in content["parts"].items()}
    return {"part": content["part"], **parts[content["part"]], "parts": parts, "temperature": content["temperature"]}
