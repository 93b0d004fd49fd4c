"""What a run was made with: versions, machine, data."""

import importlib.metadata
import json
import os
import platform
from collections.abc import Mapping
from typing import Any

import torch

from tagloom.training.trainer import Trainer

_PACKAGES = ("tagloom", "torch", "numpy", "onnxruntime", "accelerate", "onnx")


def environment(trainer: Trainer, sources: Mapping[str, str]) -> str:
    """The content of `environment.json`.

    Args:
        trainer: ready to train.
        sources: SHA-256 of each source file, by its name.
    """
    content: dict[str, Any] = {
        "versions": {"python": platform.python_version()} | {name: _version(name) for name in _PACKAGES},
        "machine": {"system": platform.platform(), "processors": os.cpu_count(), "threads": torch.get_num_threads()},
        "device": str(trainer.device),
        "data": {"sources": dict(sources), "sentences_and_tags": trainer.parts.digest},
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
