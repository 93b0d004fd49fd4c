"""`tagloom train`: labelled data in, a run with a judged model out."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tagloom.errors import ConfigError, TrainingError

if TYPE_CHECKING:
    from tagloom.training.config import TrainingConfig
    from tagloom.training.data_config import DataConfig


def train(
    data: Annotated[list[Path] | None, typer.Argument(help="Files to learn from, or a feature set's folder.")] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the run.")] = Path("runs/tagger"),
    dev: Annotated[list[Path] | None, typer.Option(help="Dev part; twice for a pair of files.")] = None,
    test: Annotated[list[Path] | None, typer.Option(help="Test part; twice for a pair of files.")] = None,
    validation_split: Annotated[
        float | None, typer.Option(help="Share of the training part to watch, where there is no dev part.")
    ] = None,
    ratios: Annotated[
        str | None, typer.Option(help="Divide the data: shares of train, dev and test, such as 80,10,10.")
    ] = None,
    split_seed: Annotated[int, typer.Option(help="Seed of that division.")] = 13,
    drop_duplicates: Annotated[bool, typer.Option(help="Keep the first of sentences with equal words.")] = False,
    algorithm: Annotated[str | None, typer.Option(help="Such as bilstm-cnn-crf.")] = None,
    embedding: Annotated[list[str] | None, typer.Option(help="Such as learned:100; may be given again.")] = None,
    config: Annotated[Path | None, typer.Option(help="Options in a TOML file.")] = None,
    set_option: Annotated[
        list[str] | None, typer.Option("--set", help="Any option, such as learning_rate=0.002; may be given again.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Train so many times with seeds one after the other.")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in the output folder.")] = False,
    verbose: Annotated[
        int | None, typer.Option(min=0, max=2, help="0 nothing, 1 a live bar, 2 a line an epoch.")
    ] = None,
) -> None:
    """Train a tagger on labelled data, and judge it."""
    if resume:
        if data:
            raise ConfigError("resume: expected no data, since the run knows its own, received some. Leave it out.")
        _resume(output, verbose)
        return
    if not data:
        raise ConfigError("train: expected at least one path of labelled data, received none.")
    from tagloom.cli.ratios import parsed_ratios
    from tagloom.training.data_config import DataConfig

    options = {"validation_split": validation_split, "algorithm": algorithm, "embeddings": embedding or None}
    asked = DataConfig(
        paths=tuple(map(str, data)),
        dev=tuple(map(str, dev or ())),
        test=tuple(map(str, test or ())),
        ratios=parsed_ratios(ratios),
        split_seed=split_seed,
        drop_duplicates=drop_duplicates,
    )
    chosen = _config(config, {name: value for name, value in options.items() if value is not None}, set_option or [])
    if seeds > 1:
        _train_seeds(asked, output, chosen, seeds, verbose)
    else:
        _train_one(asked, output, chosen, verbose)


def _config(path: Path | None, flags: dict[str, Any], pairs: list[str]) -> "TrainingConfig":
    from tagloom.training.config import TrainingConfig, read_options

    config = TrainingConfig()
    if path is not None:
        config = config.with_options(read_options(path))
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ConfigError(f"--set: expected a pair such as learning_rate=0.002, received {pair!r}.")
        flags[name] = value
    return config.with_options(flags)


def _train_one(data: "DataConfig", output: Path, config: "TrainingConfig", verbose: int | None) -> dict[str, Any]:
    from tagloom.cli.progress import progress
    from tagloom.training.train import train as train_run

    return _shown(train_run(data, output, config, callbacks=progress(verbose)).path, verbose)


def _resume(output: Path, verbose: int | None) -> None:
    from tagloom.cli.progress import progress
    from tagloom.training.train import resume as resume_run

    _shown(resume_run(output, callbacks=progress(verbose)).path, verbose)


def _train_seeds(
    data: "DataConfig", output: Path, config: "TrainingConfig", num_seeds: int, verbose: int | None
) -> None:
    """One run a seed, in folders of their own, and the mean and deviation of their scores."""
    from tagloom.cli.output import print_table
    from tagloom.training.seeds import summarise, write_summary

    reports = []
    for seed in range(config.seed, config.seed + num_seeds):
        one = config.with_options({"seed": seed})
        reports.append(_train_one(data, output / f"seed-{seed}", one, verbose))
    summary = summarise(reports)
    write_summary(output / "seeds.json", summary)
    rows = [(f"{part} {name}", f"{row['mean']:.4f}", f"{row['deviation']:.4f}") for part, name, row in summary.rows()]
    print_table(f"{num_seeds} seeds", ("figure", "mean", "deviation"), rows)


def _shown(path: Path, verbose: int | None) -> dict[str, Any]:
    """Prints the run's report; a run that was stopped has none."""
    from tagloom.cli.output import console, print_report

    report_path = path / "report.json"
    if not report_path.is_file():
        raise TrainingError(f"{path}: the training was stopped. Go on with: tagloom train --resume -o {path}")
    report: dict[str, Any] = json.loads(report_path.read_text("utf-8"))
    if verbose != 0:
        for part, own in report["parts"].items():
            print_report(f"Scores on the {part} part", own)
        console().print(f"Model: {path / 'model'}   Try it: tagloom predict {path / 'model'} \"Some text\"")
    return report
