"""`tagloom learning-curve`: what more data would bring."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagloom.cli.parameters import AsJson, Verbose, path

if TYPE_CHECKING:
    from tagloom.evaluation.learning_curve import LearningCurve
    from tagloom.training.callbacks import Callback
    from tagloom.training.learning_curve import Watching


def learning_curve(
    run: Annotated[Path, typer.Argument(metavar="RUN", parser=path, help="A run that has come to its end.")],
    as_json: AsJson = False,
    verbose: Verbose = None,
) -> None:
    """Train a run anew on 25, 50 and 75 % of its data, and tell what more data would bring.

    Each takes as many steps as the run did, and is judged on the run's own test part. The curve goes into the run's
    report. Stopped, it goes on with the same command.
    """
    from tagloom.cli.output import print_json
    from tagloom.cli.progress import SILENT
    from tagloom.cli.runs import print_run
    from tagloom.runs.run import Run
    from tagloom.training.learning_curve import learning_curve

    shown = SILENT if as_json else verbose
    curve = learning_curve(Run(run), watching=_watching(shown))
    if as_json:
        print_json(curve.to_json())
    elif shown != SILENT:
        _show(curve)
        print_run(Run(run))


def _watching(verbose: int | None) -> "Watching":
    """Shows each training, under a line that says which it is."""
    from tagloom.cli.output import console
    from tagloom.cli.progress import SILENT, progress

    @contextmanager
    def watching(share: float) -> Iterator[Sequence["Callback"]]:
        if verbose != SILENT:
            console().print(f"{100 * share:.0f} % of the training part")
        with progress(verbose) as callbacks:
            yield callbacks

    return watching


def _show(curve: "LearningCurve") -> None:
    from tagloom.cli.output import console, print_table
    from tagloom.wording import bare, between

    rows = [
        (
            f"{100 * point.share:.0f} %",
            f"{point.num_sentences:,}",
            f"{point.num_entities:,}",
            bare(point.f1),
            between(*point.interval),
        )
        for point in curve.points
    ]
    print_table("Learning curve", ("share", "sentences", "entities", "F1", "95 %"), rows)
    console().print(f"At its end, twice the data brings {100 * curve.slope:+.1f} points of F1.")
