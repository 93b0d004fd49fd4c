"""Tagloom: make your own named-entity recogniser.

What is named here is imported when it is first used, so that `import tagloom` costs nothing.
"""

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from tagloom.data.dataset import Dataset
    from tagloom.data.feature_set import FeatureSet
    from tagloom.data.reading import read
    from tagloom.errors import BundleError, ConfigError, DataError, SchemeError, TagloomError, TrainingError
    from tagloom.evaluation.report import Report
    from tagloom.inference.judging import judge
    from tagloom.inference.predictor import Predictor, load
    from tagloom.text import Document, Sentence, Span, Token
    from tagloom.training.config import TrainingConfig
    from tagloom.training.data_config import DataConfig
    from tagloom.training.run import Run
    from tagloom.training.train import resume, train

_HOME = {
    "BundleError": "errors",
    "ConfigError": "errors",
    "DataConfig": "training.data_config",
    "DataError": "errors",
    "Dataset": "data.dataset",
    "Document": "text",
    "FeatureSet": "data.feature_set",
    "Predictor": "inference.predictor",
    "Report": "evaluation.report",
    "Run": "training.run",
    "SchemeError": "errors",
    "Sentence": "text",
    "Span": "text",
    "TagloomError": "errors",
    "Token": "text",
    "TrainingConfig": "training.config",
    "TrainingError": "errors",
    "judge": "inference.judging",
    "load": "inference.predictor",
    "read": "data.reading",
    "resume": "training.train",
    "train": "training.train",
}
"""Where each public name lives."""

__all__ = [
    "BundleError",
    "ConfigError",
    "DataConfig",
    "DataError",
    "Dataset",
    "Document",
    "FeatureSet",
    "Predictor",
    "Report",
    "Run",
    "SchemeError",
    "Sentence",
    "Span",
    "TagloomError",
    "Token",
    "TrainingConfig",
    "TrainingError",
    "judge",
    "load",
    "read",
    "resume",
    "train",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'tagloom' has no attribute {name!r}")
    return getattr(importlib.import_module(f"tagloom.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
