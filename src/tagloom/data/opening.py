"""Paths to the files that belong together: a folder's, a zip's, or those given one after another."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePath

from tagloom.data.folders import PARTS, part_of, parts_of
from tagloom.data.source_text import SourceText

Opener = Callable[[Path], Sequence[SourceText]]
"""Opens a path: one file, or the files of a zip."""

_BRAT = (".ann", ".txt")


@dataclass(frozen=True, slots=True)
class Group:
    """Files that may belong together.

    Args:
        files: opened.
        archive: the zip that they are from, which must hold them as one source; empty where they are from none.
    """

    files: list[SourceText]
    archive: str = ""


def opened(paths: Sequence[str | Path], opener: Opener) -> Iterator[Group]:
    """The files of paths, group by group.

    Of a folder or a zip with `.ann` files these and their texts are one group; of any other folder its train, dev and
    test files are a group each, and so of a zip, where it has some.

    Args:
        paths: files, folders, zips.
        opener: `open_texts` or `open_streams`.

    Raises:
        DataError: a path is not there, or a folder or zip has nothing to read.
    """
    files: list[SourceText] = []
    for path in map(Path, paths):
        found = [] if path.is_dir() else list(opener(path))
        if len(found) == 1:
            files += found
            continue
        if files:
            yield Group(files)
            files = []
        yield from _of_archive(str(path), found) if found else _of_folder(path, opener)
    if files:
        yield Group(files)


def is_brat_folder(folder: Path) -> bool:
    """Whether there are files of BRAT in it or below it."""
    return next(folder.rglob(f"*{_BRAT[0]}"), None) is not None


def _of_folder(folder: Path, opener: Opener) -> Iterator[Group]:
    if is_brat_folder(folder):
        paths = sorted(path for path in folder.rglob("*") if path.suffix in _BRAT and not path.name.startswith("."))
        yield Group(list(chain.from_iterable(map(opener, paths))))
        return
    for paths in parts_of(folder).values():
        yield Group(list(chain.from_iterable(map(opener, paths))))


def _of_archive(archive: str, files: Sequence[SourceText]) -> Iterator[Group]:
    suffixes = [PurePath(file.name).suffix for file in files]
    if _BRAT[0] in suffixes:
        yield Group([file for file, suffix in zip(files, suffixes, strict=True) if suffix in _BRAT], archive)
        return
    parts = [part_of(PurePath(file.name)) for file in files]
    if not any(parts):
        yield Group(list(files), archive)
    for part in PARTS:
        own = [file for file, its in zip(files, parts, strict=True) if its == part]
        if own:
            yield Group(own, archive)
