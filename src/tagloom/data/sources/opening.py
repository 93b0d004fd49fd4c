"""Paths to the files that belong together: a folder's, a zip's, or those given one after another."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePath

from tagloom.data.sources.folders import PARTS, is_beside_the_data, part_of, parts_of
from tagloom.data.sources.source_text import SourceText
from tagloom.errors import DataError

Opener = Callable[[Path], Sequence[SourceText]]
"""Opens a path: one file, or the files of a zip."""

_BRAT = (".ann", ".txt")


@dataclass(frozen=True, slots=True)
class Group:
    """Files that may belong together.

    Args:
        files: opened.
        archive: the zip that they are from, which must hold them as one source; empty where they are from none.
        unread: names of the files that lie beside them and are in no group; said of the first group of a folder or zip.
    """

    files: list[SourceText]
    archive: str = ""
    unread: tuple[str, ...] = ()


def opened(paths: Sequence[str | Path], opener: Opener, *, ending: str | None = None) -> Iterator[Group]:
    """The files of paths, group by group.

    Of a folder or a zip with `.ann` files these and their texts are one group; of any other folder its train, dev and
    test files are a group each, and so of a zip, where it has some.

    Args:
        paths: files, folders, zips.
        opener: `open_texts` or `open_streams`.
        ending: of the files to read of a folder, whatever else their names say; None to go by their names.

    Raises:
        DataError: a path is not there, or a folder or zip has nothing to read, or both files of BRAT and parts.
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
        yield from _of_archive(str(path), found) if found else _of_folder(path, opener, ending)
    if files:
        yield Group(files)


def _of_folder(folder: Path, opener: Opener, ending: str | None) -> Iterator[Group]:
    every = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path.relative_to(folder)))
    chosen = _chosen(folder, every, ending)
    unread = _unread(every, chain.from_iterable(chosen))
    for paths in chosen:
        yield Group(list(chain.from_iterable(map(opener, paths))), unread=unread)
        unread = ()


def _chosen(folder: Path, every: Sequence[Path], ending: str | None) -> list[list[Path]]:
    """Which of the files of a folder are read, group by group."""
    if ending is not None:
        found = [path for path in every if path.suffix == ending]
        if not found:
            raise DataError(f"{folder}: expected files with the ending {ending}, found none. Name the files to read.")
        return [found]
    if any(path.suffix == _BRAT[0] for path in every):
        _expect_one_kind(str(folder), every, top=folder)
        return [[path for path in every if path.suffix in _BRAT]]
    return list(parts_of(folder).values())


def _of_archive(archive: str, files: Sequence[SourceText]) -> Iterator[Group]:
    names = [PurePath(file.name) for file in files]
    if any(name.suffix == _BRAT[0] for name in names):
        _expect_one_kind(archive, names, top=min((name.parent for name in names), key=lambda top: len(top.parts)))
        own = [file for file, name in zip(files, names, strict=True) if name.suffix in _BRAT]
        yield Group(own, archive, _unread(names, [PurePath(file.name) for file in own]))
        return
    parts = [part_of(name) for name in names]
    if not any(parts):
        yield Group(list(files), archive)
    unread = _unread(names, [name for name, part in zip(names, parts, strict=True) if part])
    for part in PARTS:
        own = [file for file, its in zip(files, parts, strict=True) if its == part]
        if own:
            yield Group(own, archive, unread)
            unread = ()


def _expect_one_kind(place: str, files: Sequence[PurePath], *, top: PurePath) -> None:
    """Parts beside files of BRAT would be dropped in silence; a text among annotations is one of BRAT's own."""
    with_annotations = {file.parent for file in files if file.suffix == _BRAT[0]}
    parts = [
        file.name
        for file in files
        if file.parent == top and part_of(file) and not is_beside_the_data(file)
        if file.suffix not in _BRAT or top not in with_annotations
    ]
    if parts:
        raise DataError(
            f"{place}: expected either files named train, dev or test or files of BRAT, found {', '.join(parts)} and "
            f"files with the ending {_BRAT[0]}. Name the files or the folder to read."
        )


def _unread(every: Iterable[PurePath], read: Iterable[PurePath]) -> tuple[str, ...]:
    """The names of those that are not read and may be data."""
    known = set(read)
    return tuple(path.name for path in every if path not in known and not is_beside_the_data(path))


def _is_hidden(path: PurePath) -> bool:
    return any(part.startswith(".") for part in path.parts)
