"""Runs as the command line shows them: one, or one a seed with the spread of their scores."""

import json
import shlex
from pathlib import Path

from tagloom.cli.output import console, print_table
from tagloom.cli.progress import SILENT, progress
from tagloom.cli.report import print_diagnosis, print_report
from tagloom.errors import TrainingError
from tagloom.runs.config import TrainingConfig
from tagloom.runs.data_config import DataConfig
from tagloom.runs.run import STOPPED, Run
from tagloom.runs.seeds import summarise, write_summary
from tagloom.training.train import resume, train


def train_with_seeds(
    data: DataConfig, folder: Path, config: TrainingConfig, *, seeds: int, verbose: int | None
) -> list[Run]:
    """One run in the folder; of several, whose seeds follow one another, each has a folder of its own in it.

    Raises:
        TagloomError: a training cannot begin, fails or is stopped.
    """
    if seeds == 1:
        return [_train(data, folder, config, verbose)]
    configs = [config.with_options({"seed": config.seed + number}) for number in range(seeds)]
    folders = [folder / f"seed-{one.seed}" for one in configs]
    for each in folders:
        Run(each).expect_unused()
    runs = [_train(data, each, one, verbose) for each, one in zip(folders, configs, strict=True)]
    _summarise(runs, folder / "seeds.json", verbose)
    return runs


def resume_run(folder: Path, *, verbose: int | None) -> Run:
    """Goes on with the run of that folder.

    Raises:
        TagloomError: it cannot go on, fails or is stopped.
    """
    with progress(verbose) as callbacks:
        return _shown(resume(folder, callbacks=callbacks), verbose)


def _train(data: DataConfig, folder: Path, config: TrainingConfig, verbose: int | None) -> Run:
    with progress(verbose) as callbacks:
        return _shown(train(data, folder, config, callbacks=callbacks), verbose)


def _shown(run: Run, verbose: int | None) -> Run:
    """The run, after its report; one that was stopped has none."""
    place = shlex.quote(str(run.path))
    if run.ended == STOPPED or not run.report.exists():
        raise TrainingError(f"{run.path}: the training was stopped. Go on with: tagloom train --resume -o {place}")
    if verbose != SILENT:
        print_run(run)
        console().print(f'Model: {run.model}. Try it: tagloom predict {place} "Some text"')
    return run


def print_run(run: Run) -> None:
    """The scores of each part, the one that counts last, and what to do next."""
    content = json.loads(run.report.read_text("utf-8"))
    for part, report in reversed(content["parts"].items()):
        print_report(f"Scores on the {part} part", report)
    print_diagnosis(content["diagnosis"])
    if run.page.is_file():
        console().print(f"Report with every error: {run.page}")


def _summarise(runs: list[Run], path: Path, verbose: int | None) -> None:
    summary = summarise([json.loads(run.report.read_text("utf-8")) for run in runs])
    write_summary(path, summary)
    if verbose != SILENT:
        rows = [
            (f"{part} {name}", f"{row['mean']:.4f}", f"{row['deviation']:.4f}") for part, name, row in summary.rows()
        ]
        print_table(f"{len(runs)} seeds", ("figure", "mean", "deviation"), rows)
