"""`tagloom evaluate`: a model judged on labelled data."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagloom.cli.parameters import Align, AsJson, Data, Model
from tagloom.errors import DataError

if TYPE_CHECKING:
    from tagloom.data.dataset import Dataset


class Mode(StrEnum):
    """How spans are read and compared."""

    strict = "strict"
    conlleval = "conlleval"


def evaluate(
    model: Model,
    data: Data,
    align: Align = None,
    mode: Annotated[Mode, typer.Option(help="How spans are read and compared.")] = Mode.strict,
    as_json: AsJson = False,
) -> None:
    """Judge a model on labelled data; of a feature set, on its test part."""
    from tagloom.cli.output import print_json, print_report, working
    from tagloom.data.alignment import EXPAND
    from tagloom.data.alignment import align as align_spans
    from tagloom.inference.judging import judge
    from tagloom.inference.predictor import load

    predictor = load(model)
    with working("Reading"):
        part, dataset = _part_to_judge_by(data)
        aligned = align_spans(dataset, align or EXPAND)
        aligned.warn()
        sentences = aligned.dataset.sentences()
    with working(f"Judging {len(sentences):,} sentences"):
        report = judge(predictor, sentences, mode=mode.value).to_json()
    if as_json:
        print_json(report)
    else:
        print_report(f"Scores of {model}{part}", report)


def _part_to_judge_by(paths: Sequence[Path]) -> tuple[str, "Dataset"]:
    """What to judge by, and how a title says so: a feature set's test part, without one its dev part; else all."""
    from tagloom.data.division.feature_set import FeatureSet
    from tagloom.data.reading import read

    if len(paths) > 1 or not paths[0].is_dir():
        return "", read(*paths)
    feature_set = FeatureSet.load(paths[0])
    if feature_set.test:
        return " on the test part", feature_set.test
    if feature_set.dev:
        return " on the dev part", feature_set.dev
    raise DataError(f"{paths[0]}: expected a test or a dev part to judge by, received train alone. Name its file.")
