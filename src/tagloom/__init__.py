"""Tagloom: make your own named-entity recogniser.

What is named here is imported when it is first used, so that `import tagloom` costs nothing.
"""

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from tagloom.data.alignment import align
    from tagloom.data.converting import convert
    from tagloom.data.dataset import Dataset
    from tagloom.data.division.feature_set import FeatureSet
    from tagloom.data.filters.filter import Filter
    from tagloom.data.frames import from_frame
    from tagloom.data.quality.summary import summarise
    from tagloom.data.reading import read
    from tagloom.data.weak_labels.gazetteer import Gazetteer
    from tagloom.data.weak_labels.prelabel import prelabel
    from tagloom.data.writing import write
    from tagloom.errors import BundleError, ConfigError, DataError, SchemeError, TagloomError, TrainingError
    from tagloom.evaluation.known import Known
    from tagloom.evaluation.page.page import report_page
    from tagloom.evaluation.report import Report
    from tagloom.inference.explaining import explain
    from tagloom.inference.judging import judge
    from tagloom.inference.predictor import Predictor, load
    from tagloom.runs.config import TrainingConfig
    from tagloom.runs.data_config import DataConfig
    from tagloom.runs.run import Run
    from tagloom.serving.client import Client, ClientError
    from tagloom.text import Document, Sentence, Span, Spans, Token
    from tagloom.training.learning_curve import learning_curve
    from tagloom.training.train import resume, train

_HOME = {
    "BundleError": "errors",
    "Client": "serving.client",
    "ClientError": "serving.client",
    "ConfigError": "errors",
    "DataConfig": "runs.data_config",
    "DataError": "errors",
    "Dataset": "data.dataset",
    "Document": "text",
    "FeatureSet": "data.division.feature_set",
    "Filter": "data.filters.filter",
    "Gazetteer": "data.weak_labels.gazetteer",
    "Known": "evaluation.known",
    "Predictor": "inference.predictor",
    "Report": "evaluation.report",
    "Run": "runs.run",
    "SchemeError": "errors",
    "Sentence": "text",
    "Span": "text",
    "Spans": "text",
    "TagloomError": "errors",
    "Token": "text",
    "TrainingConfig": "runs.config",
    "TrainingError": "errors",
    "align": "data.alignment",
    "convert": "data.converting",
    "explain": "inference.explaining",
    "from_frame": "data.frames",
    "judge": "inference.judging",
    "learning_curve": "training.learning_curve",
    "load": "inference.predictor",
    "prelabel": "data.weak_labels.prelabel",
    "read": "data.reading",
    "report_page": "evaluation.page.page",
    "resume": "training.train",
    "summarise": "data.quality.summary",
    "train": "training.train",
    "write": "data.writing",
}
"""Where each public name lives."""

__all__ = [
    "BundleError",
    "Client",
    "ClientError",
    "ConfigError",
    "DataConfig",
    "DataError",
    "Dataset",
    "Document",
    "FeatureSet",
    "Filter",
    "Gazetteer",
    "Known",
    "Predictor",
    "Report",
    "Run",
    "SchemeError",
    "Sentence",
    "Span",
    "Spans",
    "TagloomError",
    "Token",
    "TrainingConfig",
    "TrainingError",
    "align",
    "convert",
    "explain",
    "from_frame",
    "judge",
    "learning_curve",
    "load",
    "prelabel",
    "read",
    "report_page",
    "resume",
    "summarise",
    "train",
    "write",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'tagloom' has no attribute {name!r}")
    return getattr(importlib.import_module(f"tagloom.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
