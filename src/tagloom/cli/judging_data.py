"""The sentences that a command judges a model by."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tagloom.cli.log import warn
from tagloom.errors import DataError

if TYPE_CHECKING:
    from tagloom.data.dataset import Dataset
    from tagloom.data.reading import Told
    from tagloom.text import Sentence


_MOST_NAMED = 10  # labels


def part_to_judge_by(paths: Sequence[Path], told: "Told") -> tuple[str, "Dataset"]:
    """What to judge by, and how a title says so: a feature set's test part, without one its dev part; else all.

    Raises:
        DataError: a feature set has neither.
    """
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


def warn_of_labels(known: "Sequence[str]", sentences: "Sequence[Sentence]") -> None:
    """Says where scores are low because of the data: without a label in it, or with labels that nobody taught."""
    labels = {span.label for sentence in sentences for span in sentence.spans}
    unknown = sorted(labels - set(known))
    if not labels:
        warn("the data has no entity, so that every score is 0")
    elif unknown:
        warn(f"the model has not learned {_named(unknown)}; it knows {_named(known)}")


def _named(labels: "Sequence[str]") -> str:
    told = ", ".join(labels[:_MOST_NAMED])
    return f"{told} and {len(labels) - _MOST_NAMED:,} more" if len(labels) > _MOST_NAMED else told
