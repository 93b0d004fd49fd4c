"""`tagloom train`: labelled data in, a run with a judged model out."""

from pathlib import Path
from typing import Annotated

import typer

from tagloom.bundle.architecture import ALGORITHMS
from tagloom.cli.parameters import Align, DropDuplicates, Seeds, Verbose
from tagloom.cli.ratios import parsed_ratios
from tagloom.runs.presets import told_presets

_WITH_RESUME = ("output", "verbose", "resume")

Files = Annotated[
    list[Path] | None,
    typer.Argument(metavar="DATA", help="Files to learn from or to divide, or a feature set's folder."),
]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="RUN", help="Folder of the run.")]
Dev = Annotated[
    list[Path] | None, typer.Option(metavar="FILE", help="The part to choose the best epoch by; twice for a pair.")
]
Test = Annotated[
    list[Path] | None, typer.Option(metavar="FILE", help="The part to judge by at the end; twice for a pair.")
]
ValidationSplit = Annotated[
    float | None,
    typer.Option(metavar="SHARE", help="Without a dev part, this share of the data serves.  [default: 0.1]"),
]
Ratios = Annotated[
    str | None, typer.Option(metavar="SHARES", help="Divide into train, dev and test, such as 80,10,10.")
]
SplitSeed = Annotated[int | None, typer.Option(metavar="N", help="Of that division.  [default: 13]")]
By = Annotated[
    str | None, typer.Option(metavar="FIELD", help="Keep documents of equal value together in that division.")
]
Algorithm = Annotated[
    str | None, typer.Option(metavar="NAME", help=f"{', '.join(ALGORITHMS)}.  [default: bilstm-cnn-crf]")
]
Embedding = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="May be given again.  [default: learned:100]")
]
PresetName = Annotated[
    str | None, typer.Option("--preset", metavar="NAME", help=f"Options that go together. {told_presets()}.")
]
Config = Annotated[Path | None, typer.Option(metavar="FILE", help="Options in TOML, such as a run's config.toml.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Any option, such as epochs=50; may be given again."),
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the run in the output folder.")]


def train(
    context: typer.Context,
    data: Files = None,
    output: Output = Path("runs/tagger"),
    dev: Dev = None,
    test: Test = None,
    validation_split: ValidationSplit = None,
    ratios: Ratios = None,
    split_seed: SplitSeed = None,
    by: By = None,
    drop_duplicates: DropDuplicates = False,
    align: Align = None,
    algorithm: Algorithm = None,
    embedding: Embedding = None,
    preset: PresetName = None,
    config: Config = None,
    set_option: SetOption = None,
    seeds: Seeds = 1,
    resume: Resume = False,
    verbose: Verbose = None,
) -> None:
    """Train a tagger on labelled data, and judge it.

    Options come from --preset, then from the file of --config, then from flags, then from --set.
    """
    if resume:
        _expect_resume_alone(context)
        _resume(output, verbose)
        return
    from tagloom.cli.asked import asked_config, asked_data
    from tagloom.cli.runs import train_with_seeds
    from tagloom.runs.toml import read_toml

    tables = read_toml(config) if config is not None else {}
    shares = parsed_ratios(ratios) if ratios is not None else None
    division = {"ratios": shares, "split_seed": split_seed, "by": by}
    parts = {"dev": _names(dev), "test": _names(test), "drop_duplicates": drop_duplicates, "align": align}
    flags = {"validation_split": validation_split, "algorithm": algorithm, "embeddings": embedding}
    asked = asked_data(tables, _names(data), division | parts)
    chosen = asked_config(tables, flags, set_option or [], preset)
    train_with_seeds(asked, output, chosen, seeds=seeds, verbose=verbose)


def _resume(folder: Path, verbose: int | None) -> None:
    from tagloom.cli.runs import resume_run

    resume_run(folder, verbose=verbose)


def _expect_resume_alone(context: typer.Context) -> None:
    """A run knows what it was begun with, so that whatever else is given would be left out in silence."""
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if source is not None and source.name == "COMMANDLINE" and parameter.name not in _WITH_RESUME:
            raise typer.BadParameter(
                f"expected nothing but --output and --verbose beside it, since the run knows its own; "
                f"received {parameter.opts[0]}.",
                param_hint="--resume",
            )


def _names(paths: list[Path] | None) -> list[str]:
    return [str(path) for path in paths or ()]
