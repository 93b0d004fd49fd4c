"""What `tagloom predict --output` does: files of predictions, with what is shown on the way and told at the end."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from tagloom.cli.files_bar import files_bar
from tagloom.cli.output import console, printable
from tagloom.inference.predictions.predict_files import Predicted, predict_files
from tagloom.wording import counted

if TYPE_CHECKING:
    from tagloom.inference.predictor import Predictor

_FAILED = 1


def predict_into(folder: Path, predictor: "Predictor", paths: Sequence[str], **options: Any) -> None:
    """Predicts files into a folder and says what came of it.

    Args:
        folder: of the outputs.
        predictor: the model.
        paths: files and folders.
        options: those of `predict_files`.

    Raises:
        typer.Exit: something bad was passed over, or it was interrupted.
    """
    try:
        with files_bar() as watch:
            predicted = predict_files(predictor, paths, folder, watch=watch, **options)
    except KeyboardInterrupt:
        _tell(f"interrupted. What is in {folder} is whole; go on with the same command and --resume.")
        raise typer.Exit(_FAILED) from None
    console().print(_summary(predicted, folder))
    if predicted.bad:
        _tell(f"{counted(len(predicted.bad), 'bad file')} passed over:")
        for bad in predicted.bad:
            typer.echo(f"    {printable(bad.reason)}", err=True)
        raise typer.Exit(_FAILED)


def _tell(text: str) -> None:
    typer.echo(f"tagloom: {printable(text)}", err=True)


def _summary(predicted: Predicted, folder: Path) -> str:
    counts = ", ".join(
        f"{number:,} {noun}"
        for number, noun in (
            (predicted.num_files, "files"),
            (predicted.num_documents, "documents"),
            (predicted.num_entities, "entities"),
        )
    )
    present = f"; {predicted.num_present:,} more were there already" if predicted.num_present else ""
    return f"{counts} in {printable(str(folder))}{present}"
