"""Parameters that several commands have, so that they are the same everywhere."""

from pathlib import Path
from typing import Annotated

import typer


def path(text: str) -> Path:
    """A path as it was given; an empty one would be the current folder.

    Raises:
        typer.BadParameter: it is empty.
    """
    if not text:
        raise typer.BadParameter("expected a path, received an empty one")
    return Path(text)


Model = Annotated[Path, typer.Argument(metavar="MODEL", help="A model's folder or .loom file, or a run.")]

Data = Annotated[
    list[Path],
    typer.Argument(
        metavar="DATA", parser=path, help="Labelled data; of a pair of files the sentences and then the tags."
    ),
]

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

DropDuplicates = Annotated[
    bool, typer.Option("--drop-duplicates", help="Of sentences with equal words keep the first.")
]

Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace the file, if it is there already.")]

Align = Annotated[
    str | None,
    typer.Option(metavar="HOW", help="Spans that cut words: expand, shrink, skip, fail.  [default: expand]"),
]

Seeds = Annotated[
    int, typer.Option(metavar="N", min=1, help="Train N times, with one seed after the other, and tell the spread.")
]

Verbose = Annotated[
    int | None,
    typer.Option(
        metavar="LEVEL",
        min=0,
        max=2,
        help="0 nothing, 1 a live bar, 2 a line an epoch.  [default: 1 on a terminal, 2 elsewhere]",
    ),
]
