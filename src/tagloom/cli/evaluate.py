"""`tagloom evaluate`: a model judged on labelled data."""

from pathlib import Path
from typing import Annotated

import typer


def evaluate(
    model: Annotated[Path, typer.Argument(help="A model's folder or .loom file, or a run.")],
    data: Annotated[list[Path], typer.Argument(help="Labelled data.")],
    mode: Annotated[str, typer.Option(help="How spans are read and compared: strict or conlleval.")] = "strict",
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Judge a model on labelled data."""
    from tagloom.cli.output import print_json, print_report
    from tagloom.data.reading import read
    from tagloom.inference.judging import judge
    from tagloom.inference.predictor import load

    report = judge(load(model), read(*data).sentences(), mode=mode).to_json()
    if as_json:
        print_json(report)
    else:
        print_report(f"Scores of {model}", report)
