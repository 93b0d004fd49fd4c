"""Folders that hold the train, dev and test files of one dataset."""

import re
from collections.abc import Mapping
from pathlib import Path, PurePath

from tagloom.errors import DataError, one_line

PARTS = ("train", "dev", "test")
NAMES: Mapping[str, str] = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("dev", "devel", "development", "valid", "validation", "val", "testa"), "dev"),
    **dict.fromkeys(("test", "testing", "testb"), "test"),
}
"""What a file's name has between its other signs, and the part that it says."""

_ABOUT = ("readme", "license", "licence", "copying")
_OWN = ("manifest.json", "summary.json")


def parts_of(folder: Path) -> dict[str, list[Path]]:
    """The files of each part: one, or a file of sentences and a file of tags.

    Raises:
        DataError: there is no such file, or more than a part can have.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    except OSError as error:
        raise DataError(f"{folder}: cannot be read: {error.strerror}. Give a folder that you may read.") from error
    found: dict[str, list[Path]] = {part: [] for part in PARTS}
    for path in files:
        if part := part_of(path):
            found[part].append(path)
    if not any(found.values()):
        names = one_line(", ".join(path.name for path in files)) or "no files"
        raise DataError(f"{folder}: expected files named train, dev or test, found {names}. Name the files to read.")
    for part, paths in found.items():
        if len(paths) > 2:
            names = ", ".join(path.name for path in paths)
            raise DataError(f"{folder}: expected one file or two for {part}, found {names}. Name the files to read.")
    return {part: paths for part, paths in found.items() if paths}


def is_beside_the_data(path: PurePath) -> bool:
    """Whether a file tells of data rather than holds some: a README, a licence, settings, what a feature set keeps."""
    name = path.name.lower()
    return name.startswith((".", *_ABOUT)) or name.endswith(".conf") or name in _OWN


def part_of(path: PurePath) -> str | None:
    """The part that a file's name says; None where it says none."""
    words = re.split(r"[^a-z0-9]+", path.name.lower())
    return next((NAMES[word] for word in words if word in NAMES), None)
