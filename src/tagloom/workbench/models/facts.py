"""What a model says of itself: read from its small files, without its networks."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tagloom.bundle.config import Config
from tagloom.bundle.format import CARD, CONFIG, MEMBERS, REPORT
from tagloom.bundle.members import open_members
from tagloom.bundle.report import checked_report
from tagloom.errors import BundleError
from tagloom.inference.predictor import model_path

_AT_HAND = 256


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How well a model finds a label, in the part of the data that it was judged by.

    Args:
        precision: share of what it found that is right.
        recall: share of what is there that it found.
        f1: of both.
        support: how many there are.
    """

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a model was judged.

    Args:
        part: of the data that it was judged by; empty where it does not say.
        num_sentences: of that part.
        micro: over all labels.
        labels: by label.
    """

    part: str
    num_sentences: int
    micro: LabelScore
    labels: Mapping[str, LabelScore]


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a model says of itself.

    Args:
        digest: SHA-256 of its config, which holds those of its other files.
        labels: what it tells apart.
        algorithm: name of its preset.
        embeddings: what its words' vectors come from.
        num_units: LSTM units per direction.
        num_bytes: of its files.
        judgement: how it was judged; None where it was not.
        card: in Markdown; empty where it has none.
    """

    digest: str
    labels: tuple[str, ...]
    algorithm: str
    embeddings: str
    num_units: int
    num_bytes: int
    judgement: Judgement | None
    card: str

    @property
    def f1(self) -> float | None:
        """The headline figure."""
        return None if self.judgement is None else self.judgement.micro.f1

    @property
    def label_scores(self) -> Mapping[str, LabelScore]:
        """How well it finds each label; none where it was not judged."""
        return {} if self.judgement is None else self.judgement.labels


def facts_of(path: Path) -> ModelFacts:
    """What the model at a path, a bundle or a run, says of itself.

    Raises:
        BundleError: there is none, or it is not as it should be.
    """
    bundle = model_path(path)
    config = bundle / CONFIG if bundle.is_dir() else bundle
    try:
        changed = config.stat().st_mtime_ns
    except OSError as error:
        raise BundleError(f"{path}: expected a model, found none. Was it taken away?") from error
    return _facts(bundle, changed)


@lru_cache(_AT_HAND)
def _facts(bundle: Path, _: int) -> ModelFacts:
    with open_members(bundle) as read_member:
        content, report, card = (read_member(name, MEMBERS[name].limit) for name in (CONFIG, REPORT, CARD))
    if content is None:
        raise BundleError(f"{bundle}: expected a file {CONFIG}, found none. Is this a model's folder?")
    config = Config.from_json(_json(content))
    return ModelFacts(
        digest=hashlib.sha256(content).hexdigest(),
        labels=config.labels,
        algorithm=config.algorithm,
        embeddings=config.architecture.embeddings,
        num_units=config.architecture.units,
        num_bytes=len(content) + sum(file.size for file in config.files.values()),
        judgement=None if report is None else _judgement(checked_report(_json(report))),
        card="" if card is None else card.decode("utf-8", "replace"),
    )


def _judgement(report: Mapping[str, Any]) -> Judgement:
    return Judgement(
        part=report.get("part", ""),
        num_sentences=report["sentences"],
        micro=_score(report["micro"]),
        labels={label: _score(score) for label, score in report["labels"].items()},
    )


def _score(score: Mapping[str, Any]) -> LabelScore:
    return LabelScore(score["precision"], score["recall"], score["f1"], score["support"])


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BundleError("expected JSON, received something else.") from error
