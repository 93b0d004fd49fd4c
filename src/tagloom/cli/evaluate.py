"""`tagloom evaluate`: a model judged on labelled data."""

from enum import StrEnum
from typing import Annotated

import typer

from tagloom.cli.parameters import AsJson, Data, Model


class Mode(StrEnum):
    """How spans are read and compared."""

    strict = "strict"
    conlleval = "conlleval"


def evaluate(
    model: Model,
    data: Data,
    mode: Annotated[Mode, typer.Option(help="How spans are read and compared.")] = Mode.strict,
    as_json: AsJson = False,
) -> None:
    """Judge a model on labelled data."""
    from tagloom.cli.output import print_json, print_report, working
    from tagloom.data.reading import read
    from tagloom.inference.judging import judge
    from tagloom.inference.predictor import load

    predictor = load(model)
    with working("Reading"):
        sentences = read(*data).sentences()
    with working(f"Judging {len(sentences):,} sentences"):
        report = judge(predictor, sentences, mode=mode.value).to_json()
    if as_json:
        print_json(report)
    else:
        print_report(f"Scores of {model}", report)
