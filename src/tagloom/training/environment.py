"""What a run was made with: versions, machine, data."""

import importlib.metadata
import json
import os
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch

from tagloom.data.division.feature_set import FeatureSet
from tagloom.training.trainer import Trainer

_PACKAGES = ("tagloom", "torch", "numpy", "onnxruntime", "accelerate", "onnx")


def environment(trainer: Trainer, feature_set: FeatureSet) -> dict[str, Any]:
    """The content of `environment.json`."""
    return {
        "versions": {"python": platform.python_version()} | {name: _version(name) for name in _PACKAGES},
        "machine": {"system": platform.platform(), "processors": os.cpu_count(), "threads": torch.get_num_threads()},
        "device": str(trainer.device),
        "data": {"sources": list(_sources(feature_set)), "sentences_and_tags": trainer.parts.digest},
        "vectors": [coverage.to_json() for coverage in trainer.parts.coverages],
    }


def changes(path: Path, now: Mapping[str, Any]) -> list[str]:
    """What is no longer as it was when `path` was written, of all that weights depend on to the last bit."""
    try:
        before = json.loads(path.read_text("utf-8"))
        pairs = [(name, before["versions"].get(name), version) for name, version in now["versions"].items()]
        pairs.append(("threads", before["machine"]["threads"], now["machine"]["threads"]))
        pairs.append(("device", before["device"], now["device"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ["what it began with is not known"]
    return [f"{name} was {old}, is {new}" for name, old, new in pairs if old != new]


def data_digest(path: Path) -> str | None:
    """The digest of the sentences and tags that a run was begun with; None where `path` does not tell."""
    try:
        digest: str = json.loads(path.read_text("utf-8"))["data"]["sentences_and_tags"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return digest


def _sources(feature_set: FeatureSet) -> Iterator[dict[str, str]]:
    """Part, name and SHA-256 of each file that the data came from."""
    for part, dataset in feature_set.parts():
        for source in dataset.sources:
            for file in source.files:
                yield {"part": part, "name": file.name, "sha256": file.sha256}


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
