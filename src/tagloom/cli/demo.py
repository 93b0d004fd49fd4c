"""`tagloom demo`: the main job on the packaged camera reviews, from labelled text to entities in fresh text."""

import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from tagloom.cli.parameters import Seeds, Verbose

OPTIONS: dict[str, Any] = {"epochs": 20}
"""What the demo trains with, beside the defaults."""

FRESH = (
    "Sony CE-7RM3 has Remarkable Eye AutoFocus",
    "I sold my Pentax K-70 for the OM-5 and only miss its battery life.",
    "The touchscreen of the Leica SL2-S is sharp, but the menus take some getting used to.",
    "Is the viewfinder of the DL-S45 any good with glasses?",
)
"""Sentences that are in no part of the corpus."""


def demo(
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FOLDER", help="Keep the run there; without it, it is thrown away."),
    ] = None,
    seeds: Seeds = 1,
    verbose: Verbose = None,
) -> None:
    """Train on the packaged camera reviews.

    Prints the scores on their test part, and tags fresh sentences: all in under two minutes on two cores.
    """
    with tempfile.TemporaryDirectory(prefix="tagloom-demo-") as scratch:
        _show_demo(output or Path(scratch) / "run", seeds, verbose, kept_by_user=output is not None)


def _show_demo(folder: Path, seeds: int, verbose: int | None, *, kept_by_user: bool) -> None:
    from tagloom.cli.output import console, tagged_text
    from tagloom.cli.runs import train_with_seeds
    from tagloom.data.packaged import FOLDER
    from tagloom.inference.predictor import load
    from tagloom.runs.config import TrainingConfig
    from tagloom.runs.data_config import DataConfig

    began = time.perf_counter()
    data, config = DataConfig(paths=(str(FOLDER),)), TrainingConfig(**OPTIONS)
    run = train_with_seeds(data, folder, config, seeds=seeds, verbose=verbose)[-1]
    predictor = load(run.model)
    for text in FRESH:
        console().print(tagged_text(text, predictor(text), predictor.bundle.labels))
    kept = "" if kept_by_user else " The run is thrown away now; --output FOLDER keeps one."
    console().print(f"{time.perf_counter() - began:.0f} s in all.{kept}")
