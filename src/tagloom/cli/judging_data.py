"""The sentences that a command judges a model by."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tagloom.errors import DataError

if TYPE_CHECKING:
    from tagloom.data.dataset import Dataset
    from tagloom.data.reading import Told
    from tagloom.text import Sentence


def part_to_judge_by(paths: Sequence[Path], told: "Told") -> tuple[str, "Dataset"]:
    """What to judge by, and how a title says so: a feature set's test part, without one its dev part; else all."""
    from tagloom.data.division.feature_set import FeatureSet
    from tagloom.data.reading import read

    if len(paths) > 1 or not paths[0].is_dir():
        return "", read(*paths, **told)
    feature_set = FeatureSet.load(paths[0])
    if feature_set.test:
        return " on the test part", feature_set.test
    if feature_set.dev:
        return " on the dev part", feature_set.dev
    raise DataError(f"{paths[0]}: expected a test or a dev part to judge by, received train alone. Name its file.")


def aligned_sentences(dataset: "Dataset", align: str | None) -> "Sequence[Sentence]":
    """Its sentences, once spans that cut words are aligned, which is told."""
    from tagloom.data.alignment import EXPAND
    from tagloom.data.alignment import align as align_spans

    aligned = align_spans(dataset, align or EXPAND)
    aligned.warn()
    return aligned.dataset.sentences()
