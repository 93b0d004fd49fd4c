"""`tagloom compare`: runs side by side."""

from pathlib import Path
from typing import Annotated

import typer

from tagloom.cli.parameters import AsJson, Overwrite, path
from tagloom.cli.targets import expect_page

Runs = Annotated[
    list[Path], typer.Argument(metavar="RUN RUN", parser=path, help="Folders of runs, or of several seeds.")
]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="FILE", parser=path, help="Write it as a page with charts.")
]


def compare(runs: Runs, as_json: AsJson = False, report: Report = None, overwrite: Overwrite = False) -> None:
    """Put runs side by side, and hold each against the first.

    Where both were judged on the same sentences, a paired test says whether
    the choice of sentences explains the difference.
    """
    if len(runs) < 2:
        raise typer.BadParameter(f"expected two runs or more, received {len(runs)}.", param_hint="RUN")
    expect_page(report, runs, overwrite=overwrite)
    from tagloom.runs.comparison import compare as compare_runs

    comparison = compare_runs(runs)
    if report is not None:
        from tagloom.runs.comparison_page import comparison_page

        comparison_page(comparison).write(report)
    if as_json:
        from tagloom.cli.output import print_json

        print_json(comparison.to_json())
        return
    from tagloom.cli.comparison import print_comparison

    print_comparison(comparison)
    if report is not None:
        typer.echo(f"Page {report}")
