"""`tagloom demo`: the main job on the packaged camera reviews, from labelled text to entities in fresh text."""

import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

FRESH = (
    "Sony CE-7RM3 has Remarkable Eye AutoFocus",
    "I sold my Pentax K-70 for the OM-5 and only miss its battery life.",
    "The touchscreen of the Leica SL2-S is sharp, but the menus take some getting used to.",
    "Is the viewfinder of the DL-S45 any good with glasses?",
)
"""Sentences that are in no part of the corpus."""


def demo(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Keep the run in this folder; without it, it is thrown away.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Train so many times, with seeds one after the other.")] = 1,
    verbose: Annotated[
        int | None, typer.Option(min=0, max=2, help="0 nothing, 1 a live bar, 2 a line an epoch.")
    ] = None,
) -> None:
    """Train on the packaged camera reviews, print the report, and tag fresh sentences: under two minutes on two cores."""
    from tagloom.cli.output import console, print_table

    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="tagloom-demo-") as scratch:
        folder = output or Path(scratch) / "run"
        reports = [_run(folder if seeds == 1 else folder / f"seed-{seed}", seed, verbose) for seed in _seeds(seeds)]
    if seeds > 1:
        from tagloom.training.seeds import summarise

        rows = [(f"{part} {name}", f"{row['mean']:.4f}", f"{row['deviation']:.4f}") for part, name, row in summarise(reports).rows()]
        print_table(f"{seeds} seeds", ("figure", "mean", "deviation"), rows)
    console().print(f"{time.perf_counter() - began:.0f} s in all.")


def _seeds(number: int) -> range:
    return range(13, 13 + number)


def _run(folder: Path, seed: int, verbose: int | None) -> dict[str, object]:
    import json

    from tagloom.data.packaged import camera_reviews
    from tagloom.cli.output import console, print_report, tagged_text
    from tagloom.cli.progress import progress
    from tagloom.inference.predictor import load
    from tagloom.training.config import TrainingConfig
    from tagloom.training.train import train

    run = train(camera_reviews(), folder, TrainingConfig(seed=seed, epochs=20), callbacks=progress(verbose))
    report: dict[str, object] = json.loads(run.report.read_text("utf-8"))
    print_report("Camera reviews, test part", report)
    predictor = load(run.model)
    for text in FRESH:
        console().print(tagged_text(text, predictor(text), predictor.bundle.labels))
    return report
