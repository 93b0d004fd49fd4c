"""Labelled data: files to datasets, what is wrong with them, feature sets."""

from tagloom.data.dataset import Dataset, Source, SourceFile
from tagloom.data.feature_set import FeatureSet, FeatureSetSummary
from tagloom.data.findings import Finding
from tagloom.data.formats import FORMATS
from tagloom.data.problems import Problem
from tagloom.data.reading import read
from tagloom.data.rule import Rule
from tagloom.data.summary import Counts, Summary, summarise
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
    "read",
    "summarise",
    "write",
]
