"""`tagloom score`: what conlleval prints."""

import sys
from pathlib import Path
from typing import Annotated

import typer


def score(
    file: Annotated[Path, typer.Argument(help="Lines of a word, its gold and its predicted tag; - for standard input.")],
) -> None:
    """Print conlleval's scores of token, gold, predicted columns."""
    from tagloom.data.source_text import open_text
    from tagloom.evaluation.conlleval import conlleval

    text = sys.stdin.read() if str(file) == "-" else open_text(file).text
    sys.stdout.write(conlleval(text.split("\n"), str(file)))
