"""The corpora that benchmarks read, from `$TAGLOOM_DATA`, else `../shared/data` beside the project."""

import os
from pathlib import Path

from tagloom import FeatureSet, Sentence, read

DATA = Path(os.environ.get("TAGLOOM_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
KAGGLE = DATA / "kaggle_gmb" / "ner_dataset.csv.zip"


def first_kaggle_sentences(number: int) -> list[Sentence]:
    """The first sentences of the Kaggle corpus, as they stand in the file."""
    return read(KAGGLE).sentences()[:number]


def kaggle_split() -> FeatureSet:
    """The Kaggle corpus as `docs/results.md` divides it: duplicates dropped, 80/10/10, seed 13."""
    return FeatureSet.split(read(KAGGLE), ratios=(0.8, 0.1, 0.1), seed=13, drop_duplicates=True)
