"""Many files in, a file of predictions for each out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from tagloom.bundle.digest import digest
from tagloom.errors import ConfigError, DataError
from tagloom.files import whole_file
from tagloom.inference.predictions.folder import REFUSE, prepare
from tagloom.inference.predictions.inputs import BadFile
from tagloom.inference.predictions.lines import LINES, probable
from tagloom.inference.predictions.manifest import Manifest
from tagloom.inference.predictions.pieces import Piece, grouped_pieces
from tagloom.inference.predictions.progress import Meter, Progress, Watch
from tagloom.inference.predictions.tasks import Task, find_tasks
from tagloom.inference.predictor import BATCH_SIZE, Predictor


@dataclass(slots=True)
class Predicted:
    """What was predicted.

    Args:
        num_files: that were written.
        num_documents: in them.
        num_entities: in them.
        num_present: inputs that were passed over since their output was there already.
        bad: what was passed over since it cannot be predicted.
    """

    num_files: int = 0
    num_documents: int = 0
    num_entities: int = 0
    num_present: int = 0
    bad: list[BadFile] = field(default_factory=list)


def predict_files(
    predictor: Predictor,
    paths: Sequence[str | Path],
    folder: str | Path,
    *,
    format: str = "jsonl",  # noqa: A002 - the field's word
    threshold: float = 0.0,
    batch_size: int = BATCH_SIZE,
    existing: str = REFUSE,
    skip_bad: bool = False,
    watch: Watch | None = None,
) -> Predicted:
    """Finds the entities of every file, and writes for each a file into a folder: whole or not at all.

    So an output that is there is complete, whenever the process ended, and the next call goes on. Files are read as
    `read_texts` reads them; those of any size in little memory, if they are JSON lines.

    Args:
        predictor: the model.
        paths: files, and folders whose files are taken, however deep; nothing hidden, no links out of them.
        folder: where outputs lie, each as deep and called as its input, with the format behind its name. With them lies
            `predictions.json`, which says what they were made with.
        format: of the outputs, `jsonl` or `conll`.
        threshold: entities with a lower score are left out.
        batch_size: sentences that the network reads at once, at least 1.
        existing: what becomes of outputs that are there: `refuse`, `resume` (they are passed over as done) or
            `overwrite` (they are removed before anything is predicted).
        skip_bad: whether to pass over what cannot be predicted, rather than to end there.
        watch: whom to tell how far it is.

    Raises:
        DataError: there is nothing to predict, two inputs would give one output, an output may not be written, or those
            that are there were made with another model or other options; or a file is bad.
        ConfigError: an option is unknown or out of its range.
        BundleError: the model's networks do not give what they promise.
        OSError: an output cannot be written.
    """
    made_with = Manifest(digest(predictor.bundle), _checked_format(format), _checked_threshold(threshold))
    every, unreadable = find_tasks([Path(path) for path in paths], Path(folder), f".{format}")
    predicted = Predicted()
    for bad in unreadable:
        _pass_over(bad, predicted, skip_bad=skip_bad)
    tasks = prepare(Path(folder), every, made_with, existing)
    predicted.num_present = len(every) - len(tasks)
    meter = Meter(tasks, watch or _watch_nothing)
    pieces = _predicted_pieces(predictor, tasks, threshold, batch_size)
    for task in tasks:
        try:
            _write(task, pieces, format, predicted, meter)
        except _BadFileError as error:
            _pass_over(error.file, predicted, skip_bad=skip_bad)
        meter.end(task)
    return predicted


class _BadFileError(Exception):
    """Ends the writing of an output, so that nothing of it stays.

    Args:
        file: that is bad.
    """

    def __init__(self, file: BadFile) -> None:
        super().__init__(file.reason)
        self.file = file


def _checked_format(name: str) -> str:
    if name not in LINES:
        raise ConfigError(f"format: received {name!r}, expected one of {', '.join(LINES)}.")
    return name


def _checked_threshold(threshold: float) -> float:
    if not 0 <= threshold <= 1:
        raise ConfigError(f"threshold: received {threshold!r}, expected a number from 0 to 1.")
    return threshold


def _watch_nothing(progress: Progress) -> None:
    """Tells nobody."""


def _predicted_pieces(
    predictor: Predictor, tasks: Sequence[Task], threshold: float, batch_size: int
) -> Iterator[Piece]:
    """The pieces of the files of tasks, one after another, with what the model finds in them."""
    for group in grouped_pieces(task.source for task in tasks):
        documents = (document for piece in group for document in piece.documents)
        found = predictor.documents(documents, batch_size=batch_size)
        for piece in group:
            own = islice(found, len(piece.documents))
            yield replace(piece, documents=[probable(document, threshold) for document in own])


def _write(task: Task, pieces: Iterator[Piece], output_format: str, predicted: Predicted, meter: Meter) -> None:
    """Takes the pieces of a file, to its last one, and writes them.

    Raises:
        _BadFileError: it has come out that the file cannot be predicted; all its pieces were taken, and none is kept.
    """
    num_documents = num_entities = 0
    task.target.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(task.target) as stream:
        for piece in pieces:
            if piece.bad is not None:
                raise _BadFileError(piece.bad)
            for document in piece.documents:
                stream.write(LINES[output_format](document).encode("utf-8", "backslashreplace"))
                num_entities += len(document.spans)
            num_documents += len(piece.documents)
            meter.read(task, piece.num_characters)
            if piece.is_last:
                break
    predicted.num_files += 1
    predicted.num_documents += num_documents
    predicted.num_entities += num_entities


def _pass_over(bad: BadFile, predicted: Predicted, *, skip_bad: bool) -> None:
    if not skip_bad:
        raise DataError(f"{bad.reason} Then go on with --resume, or pass over what is bad with --skip-bad.")
    predicted.bad.append(bad)
