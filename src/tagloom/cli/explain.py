"""`tagloom explain`: why one sentence is tagged as it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagloom.cli.parameters import AsJson, Overwrite, path
from tagloom.cli.targets import expect_page

if TYPE_CHECKING:
    from tagloom.inference.explanation import Explanation

Report = Annotated[
    Path | None, typer.Option("--report", metavar="FILE", parser=path, help="Write it as a page with pictures.")
]


def explain(
    model: Annotated[
        Path | None, typer.Argument(metavar="MODEL", parser=path, help="A model's folder or .loom file, or a run.")
    ] = None,
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="The sentence, or a text with it.")] = None,
    lattice: Annotated[
        Path | None,
        typer.Option("--lattice", metavar="FILE", parser=path, help="Scores in JSON, in place of MODEL and TEXT."),
    ] = None,
    sentence: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Which sentence of the text.  [default: the first]")
    ] = None,
    paths: Annotated[int, typer.Option(metavar="N", min=1, max=100, help="How many of the best paths.")] = 5,
    as_json: AsJson = False,
    report: Report = None,
    overwrite: Overwrite = False,
) -> None:
    """Tell why one sentence is tagged as it is.

    Shown are the scores of tags and of going from one to the next, the path
    that wins, and the next ones. What --json prints, --lattice takes again.
    """
    if lattice is not None and (model is not None or sentence is not None):
        given = "--sentence" if model is None else "MODEL"
        raise typer.BadParameter(f"expected --lattice alone, received {given} beside it.", param_hint="--lattice")
    expect_page(report, [source for source in (model, lattice) if source is not None], overwrite=overwrite)
    if lattice is not None:
        name, explanation = lattice.name, _of_lattice(lattice, paths)
    else:
        name, explanation = _of_model(model, text, sentence, paths)
    if report is not None:
        from tagloom.inference.explanation_page import explanation_page

        explanation_page(explanation, name).write(report)
    _print(explanation, report, as_json=as_json)


def _of_lattice(path: Path, num_paths: int) -> "Explanation":
    from tagloom.inference.explaining import explain_lattice
    from tagloom.inference.named_lattice import read_lattice

    return explain_lattice(read_lattice(path), num_paths)


def _of_model(model: Path | None, text: str | None, sentence: int | None, num_paths: int) -> "tuple[str, Explanation]":
    if model is None or text is None:
        missing = "MODEL" if model is None else "TEXT"
        raise typer.BadParameter(f"expected MODEL and TEXT, or --lattice; received no {missing}.", param_hint=missing)
    from tagloom.inference.explaining import chosen_sentence, explain_sentence
    from tagloom.inference.predictor import load

    chosen, num_sentences = chosen_sentence(text, sentence or 1)
    explanation = explain_sentence(load(model), chosen.words, num_paths)
    if num_sentences > 1 and sentence is None:
        typer.echo(f"The text has {num_sentences} sentences; this is the first. --sentence 2 tells the next.", err=True)
    return f"{model}", explanation


def _print(explanation: "Explanation", report: Path | None, *, as_json: bool) -> None:
    if as_json:
        from tagloom.cli.output import print_json

        print_json(explanation.to_json())
        return
    from tagloom.cli.explanation import print_explanation

    print_explanation(explanation)
    if report is not None:
        typer.echo(f"\nPage {report}")
