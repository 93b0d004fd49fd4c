"""`tagloom predict`: a model over texts, files or standard input."""

import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagloom.cli.parameters import Model
from tagloom.errors import DataError
from tagloom.text import Document

if TYPE_CHECKING:
    from tagloom.inference.predictor import Predictor

_FILE_SUFFIXES = (".txt", ".jsonl", ".json", ".gz", ".xz", ".zip", ".md", ".conll", ".tsv", ".csv")
_STANDARD_INPUT = "-"


class Format(StrEnum):
    """How predictions are written."""

    text = "text"
    jsonl = "jsonl"
    conll = "conll"


def predict(
    model: Model,
    inputs: Annotated[
        list[str] | None,
        typer.Argument(metavar="TEXT|FILE", help="Texts or files; - or none for standard input."),
    ] = None,
    output_format: Annotated[
        Format | None, typer.Option("--format", help="How to write.  [default: text on a terminal, jsonl elsewhere]")
    ] = None,
    batch_size: Annotated[int, typer.Option(metavar="N", min=1, help="Sentences that are read at once.")] = 64,
    threshold: Annotated[
        float, typer.Option(metavar="SCORE", min=0.0, max=1.0, help="Leave out entities with a lower one.")
    ] = 0.0,
) -> None:
    """Find entities in texts, files or standard input.

    A line of standard input, or of a .jsonl file, packed or not, is a text, or a JSON object with a text and perhaps an
    id; any other file is one text.
    """
    from tagloom.inference.predictions.lines import probable
    from tagloom.inference.predictor import load

    predictor = load(model)
    chosen = output_format or (Format.text if sys.stdout.isatty() else Format.jsonl)
    given = inputs or [_STANDARD_INPUT]
    typed = given == [_STANDARD_INPUT] and sys.stdin.isatty()
    if typed:
        typer.echo("Type a text a line; Ctrl-D ends.", err=True)
    for document in _predicted(predictor, _documents(given), batch_size, one_by_one=typed):
        _write(probable(document, threshold), chosen, predictor)


def _predicted(
    predictor: "Predictor", documents: Iterator[Document], batch_size: int, *, one_by_one: bool
) -> Iterator[Document]:
    """The documents with their entities: many at once, or one by one, as where a person types them."""
    for some in ([document] for document in documents) if one_by_one else [documents]:
        yield from predictor.documents(some, batch_size=batch_size)


def _documents(inputs: Iterable[str]) -> Iterator[Document]:
    """Each text, each file, each line of a `.jsonl` file or of standard input."""
    from tagloom.data.texts import read_lines, read_texts

    for number, given in enumerate(inputs):
        if given == _STANDARD_INPUT:
            yield from read_lines(sys.stdin.buffer, "standard input")
        elif _is_file(given):
            yield from read_texts(given)
        else:
            yield Document(given, id=str(number))


def _is_file(given: str) -> bool:
    """Whether an argument names a file; one that looks like a name and is none is an error, not a text."""
    try:
        path = Path(given)
        if path.is_file():
            return True
        is_folder = path.is_dir()
    except (OSError, ValueError):  # too long for a name, or with a NUL: a text
        return False
    if is_folder:
        raise DataError(f"{given}: expected a text or a file, received a folder. Name the files in it.")
    if " " not in given and given.endswith(_FILE_SUFFIXES):
        raise DataError(f"{given}: no such file. Check the name and the folder, or put the text in quotes.")
    return False


def _write(document: Document, chosen: Format, predictor: "Predictor") -> None:
    if chosen is Format.text:
        from tagloom.cli.output import console, tagged_text

        console().print(tagged_text(document.text, document.spans, predictor.bundle.labels))
    else:
        from tagloom.inference.predictions.lines import LINES

        sys.stdout.write(LINES[chosen](document))
    sys.stdout.flush()
