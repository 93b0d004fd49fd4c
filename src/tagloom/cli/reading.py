"""What commands may be told of the files that they read."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tagloom.data.reading import Told

From = Annotated[
    str | None, typer.Option("--from", metavar="FORMAT", help="Format of the data, where it is not clear.")
]

Encoding = Annotated[
    str | None, typer.Option("--encoding", metavar="NAME", help="Encoding of the data, such as cp1252.")
]

Columns = Annotated[
    str | None,
    typer.Option("--columns", metavar="LIST", help="Columns of tables and CoNLL files: word=Token,tag=2,sentence=0."),
]

CoverDiscontinuous = Annotated[
    bool, typer.Option("--cover-discontinuous", help="Read a span in several stretches as the one that covers them.")
]


def parsed_columns(asked: str | None) -> "dict[str, int | str]":
    """What `--columns` says, by kind.

    Raises:
        typer.BadParameter: it is not of the form `word=Token,tag=2`.

    Example:
        >>> parsed_columns("word=Token,tag=-1")
        {'word': 'Token', 'tag': -1}
    """
    found: dict[str, int | str] = {}
    for part in (asked or "").split(",") if asked else ():
        kind, sign, value = part.partition("=")
        if not sign or not kind.strip() or not value.strip():
            raise typer.BadParameter(f"--columns: expected KIND=NAME or KIND=PLACE, received {part!r}")
        place = value.strip()
        found[kind.strip()] = int(place) if place.lstrip("-").isdecimal() else place
    return found


def reading(format_name: str | None, encoding: str | None, columns: str | None, *, cover_discontinuous: bool) -> "Told":
    """The keywords of `tagloom.data.read` that these options say."""
    return {
        "format": format_name,
        "encoding": encoding,
        "columns": parsed_columns(columns),
        "cover_discontinuous": cover_discontinuous,
    }
