"""`tagloom predict`: a model over texts, files or standard input."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagloom.cli.parameters import Model, path
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
        typer.Argument(metavar="TEXT|FILE", help="Texts or files; - or none for standard input. With -o also folders."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FOLDER", parser=path, help="Write a file here for each input file."),
    ] = None,
    output_format: Annotated[
        Format | None,
        typer.Option("--format", help="How to write.  [default: text on a terminal, jsonl elsewhere and with -o]"),
    ] = None,
    batch_size: Annotated[int, typer.Option(metavar="N", min=1, help="Sentences that are read at once.")] = 64,
    threshold: Annotated[
        float, typer.Option(metavar="SCORE", min=0.0, max=1.0, help="Leave out entities with a lower one.")
    ] = 0.0,
    resume: Annotated[bool, typer.Option("--resume", help="With -o: pass over files whose output is there.")] = False,
    skip_bad: Annotated[
        bool,
        typer.Option("--skip-bad", help="With -o: pass over files that cannot be read, list them, end with status 1."),
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="With -o: remove outputs that are there, and make them anew.")
    ] = False,
) -> None:
    """Find entities in texts, files or standard input.

    A line of standard input, or of a .jsonl file, packed or not, is a text, or a JSON object with a text and perhaps an
    id; any other file is one text. With -o each file, and each file in a folder, gives a file that is called as it is,
    such as a/b.txt.jsonl, and is there only when it is complete; so --resume goes on after any stop.
    """
    from tagloom.inference.predictor import load

    if output is None:
        _expect_no({"--resume": resume, "--skip-bad": skip_bad, "--overwrite": overwrite})
        _predict_stream(load(model), inputs or [_STANDARD_INPUT], output_format, batch_size, threshold)
        return
    options = {
        "format": _file_format(output_format),
        "threshold": threshold,
        "batch_size": batch_size,
        "existing": _existing(resume=resume, overwrite=overwrite),
        "skip_bad": skip_bad,
    }
    paths = _named(inputs or [])

    from tagloom.cli.predicted_files import predict_into

    predict_into(output, load(model), paths, **options)


def _expect_no(given: Mapping[str, bool]) -> None:
    """Lets pass where none of these options is given, which need an output."""
    for name, is_given in given.items():
        if is_given:
            raise typer.BadParameter("expected --output beside it, received none.", param_hint=name)


def _file_format(chosen: Format | None) -> str:
    if chosen is Format.text:
        raise typer.BadParameter("expected jsonl or conll for files, received text.", param_hint="--format")
    return (chosen or Format.jsonl).value


def _existing(*, resume: bool, overwrite: bool) -> str:
    """What becomes of outputs that are there."""
    from tagloom.inference.predictions.folder import OVERWRITE, REFUSE, RESUME

    if resume and overwrite:
        raise typer.BadParameter("expected --resume or --overwrite, received both.", param_hint="--overwrite")
    return RESUME if resume else OVERWRITE if overwrite else REFUSE


def _named(inputs: Sequence[str]) -> Sequence[str]:
    """Inputs that may be files and folders."""
    if not inputs or _STANDARD_INPUT in inputs or "" in inputs:
        received = "standard input" if _STANDARD_INPUT in inputs else "an empty name" if inputs else "none"
        raise typer.BadParameter(f"expected files or folders beside --output, received {received}.", param_hint="FILE")
    return inputs


def _predict_stream(
    predictor: "Predictor", given: Sequence[str], output_format: Format | None, batch_size: int, threshold: float
) -> None:
    """Prints what is found, document by document."""
    from tagloom.inference.predictions.lines import probable

    chosen = output_format or (Format.text if sys.stdout.isatty() else Format.jsonl)
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
        named = Path(given)
        if named.is_file():
            return True
        is_folder = named.is_dir()
    except (OSError, ValueError):  # too long for a name, or with a NUL: a text
        return False
    if is_folder:
        raise DataError(
            f"{given}: expected a text or a file, received a folder. Name the files in it, or give -o FOLDER for all."
        )
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
