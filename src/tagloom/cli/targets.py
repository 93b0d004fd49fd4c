"""Files that a command is to make: what must not be lost is refused before anything is read or trained."""

import importlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from tagloom.errors import DataError


def expect_free(targets: Sequence[Path], sources: Iterable[Path], *, overwrite: bool) -> None:
    """Lets pass targets that are not there yet, and makes the folders that they are to lie in.

    Args:
        targets: to make.
        sources: what will be read.
        overwrite: whether a file that is there may be replaced; never one that is read, and never a folder.

    Raises:
        DataError: a target is there, or is one of the sources.
        OSError: the folder of a target cannot be made.
    """
    read = list(sources)
    for target in targets:
        if target.exists():
            _expect_replaceable(target, read, overwrite)
        target.parent.mkdir(parents=True, exist_ok=True)


def expect_page(page: Path | None, sources: Iterable[Path], *, overwrite: bool) -> None:
    """Lets pass a page that can be drawn and written, or none; said before anything long begins.

    Args:
        page: to make, if one is asked for.
        sources: what will be read.
        overwrite: whether a file that is there may be replaced.

    Raises:
        DataError: it is there, or is one of the sources.
        ModuleNotFoundError: what draws pages is not installed.
    """
    if page is not None:
        importlib.import_module("tagloom.pages.page")
        expect_free([page], sources, overwrite=overwrite)


def _expect_replaceable(target: Path, sources: Sequence[Path], overwrite: bool) -> None:
    if target.is_dir():
        raise DataError(f"{target}: expected a name for what is to be made, received a folder. Choose another name.")
    if any(_holds(source, target) for source in sources):
        raise DataError(f"{target}: expected another file than those that are read. Choose another name.")
    if not overwrite:
        raise DataError(
            f"{target}: expected a file to make, received one that exists. Choose another name, or give --overwrite."
        )


def _holds(source: Path, target: Path) -> bool:
    """Whether the target is the source, the zip that it names a file of, or a file within its folder."""
    if source.is_dir():
        return target.resolve().is_relative_to(source.resolve())
    return any(each.is_file() and each.samefile(target) for each in (source, *source.parents))
