"""Labelled data: files to datasets, what is wrong with them, feature sets."""

from tagloom.data.dataset import Dataset, Source, SourceFile
from tagloom.data.division.feature_set import FeatureSet, FeatureSetSummary
from tagloom.data.division.rule import Rule
from tagloom.data.findings import Finding
from tagloom.data.formats import FORMATS
from tagloom.data.frames import feature_set_from_frames, from_frame, to_datasets, to_pandas, to_polars
from tagloom.data.quality.problems import Problem, problems_between, problems_of
from tagloom.data.quality.summary import Counts, Summary, summarise, summarise_parts
from tagloom.data.reading import read
from tagloom.data.writing import write

__all__ = [
    "FORMATS",
    "Counts",
    "Dataset",
    "FeatureSet",
    "FeatureSetSummary",
    "Finding",
    "Problem",
    "Rule",
    "Source",
    "SourceFile",
    "Summary",
    "feature_set_from_frames",
    "from_frame",
    "problems_between",
    "problems_of",
    "read",
    "summarise",
    "summarise_parts",
    "to_datasets",
    "to_pandas",
    "to_polars",
    "write",
]
