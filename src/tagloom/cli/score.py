"""`tagloom score`: what conlleval prints."""

import sys
from pathlib import Path
from typing import Annotated

import typer


def score(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Lines of a word, its gold and its predicted tag; - for standard input."),
    ],
) -> None:
    """Print conlleval's scores of three columns."""
    from tagloom.data.sources.encodings import decode
    from tagloom.data.sources.source_text import open_text
    from tagloom.errors import DataError
    from tagloom.evaluation.conlleval import conlleval

    if str(file) == "-":
        name, text = "standard input", decode(sys.stdin.buffer.read(), "standard input")[0]
    else:
        name, text = str(file), open_text(file).text
    if not text.strip():
        raise DataError(
            f"{name}: expected lines of a word, its gold and its predicted tag, received none. Give a file with some."
        )
    sys.stdout.write(conlleval(text.split("\n"), name))
