"""What there is to predict: each input file with the output that it is to give."""

import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from tagloom.errors import DataError
from tagloom.inference.predictions.inputs import BadFile, files_below


@dataclass(frozen=True, slots=True)
class Task:
    """An input and its output.

    Args:
        source: the file to predict.
        target: the file to make.
        num_bytes: how large the source is.
    """

    source: Path
    target: Path
    num_bytes: int


def find_tasks(paths: Sequence[Path], folder: Path, suffix: str) -> tuple[list[Task], list[BadFile]]:
    """Every file that was named, or lies below a folder that was.

    An output is called as its input, with the suffix behind the whole name, and lies as deep in `folder` as the input
    does below the path that was given. Of folders nothing hidden is taken, no link out of them, no pipe and no device.

    Args:
        paths: files and folders.
        folder: where outputs are to lie.
        suffix: of outputs, such as `.jsonl`.

    Returns:
        The tasks, in the order of the paths, and within a folder in that of names; and what cannot be looked at.

    Raises:
        DataError: a path is not there, there is no file at all, two would give one output, or an output would lie
            among inputs or within another.
    """
    bad: list[BadFile] = []
    tasks: dict[Path, Task] = {}
    for source, name in _named_sources(paths, bad):
        try:
            facts = source.stat()
        except OSError as error:
            bad.append(BadFile.of(error, source))
            continue
        if stat.S_ISREG(facts.st_mode):
            task = Task(source, folder / name.with_name(name.name + suffix), facts.st_size)
            _expect_one_source(tasks.setdefault(task.target, task), task)
    if not tasks and not bad:
        raise DataError(f"{', '.join(map(str, paths))}: expected files to predict, found none. Name others.")
    _expect_apart(tasks, paths, folder)
    return list(tasks.values()), bad


def _named_sources(paths: Iterable[Path], bad: list[BadFile]) -> Iterator[tuple[Path, PurePath]]:
    """Each file, and how it is called below the path that was given."""
    for path in paths:
        if path.is_dir():
            yield from ((source, source.relative_to(path)) for source in files_below(path, bad))
        elif path.is_file():
            yield path, PurePath(path.name)
        else:
            received = "neither" if path.exists() else "nothing there"
            raise DataError(f"{path}: expected a file or a folder, received {received}. Check the name and the folder.")


def _expect_one_source(first: Task, task: Task) -> None:
    """Lets pass a file that was given twice."""
    if first is not task and not first.source.samefile(task.source):
        raise DataError(
            f"{task.target}: expected one input for it, received two, {first.source} and {task.source}. "
            "Give the folder that holds both, or predict them into two folders."
        )


def _expect_apart(tasks: dict[Path, Task], paths: Iterable[Path], folder: Path) -> None:
    """Lets pass outputs that lie neither among inputs nor within one another."""
    real = folder.resolve()
    inputs = {path.resolve() for path in paths}
    for target, task in tasks.items():
        whole = real / target.relative_to(folder)
        if not inputs.isdisjoint((whole, *whole.parents)):
            raise DataError(
                f"{target}: expected an output apart from the inputs, received one among them. Choose another folder."
            )
        if within := next((parent for parent in target.parents if parent in tasks), None):
            raise DataError(
                f"{within}: expected either a file or a folder of outputs, received inputs for both, "
                f"{tasks[within].source} and {task.source}. Predict them into two folders."
            )
