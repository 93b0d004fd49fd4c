"""Paths of what embeddings are made from."""

from pathlib import Path

from tagloom.errors import DataError


def expanded(path: str | Path) -> Path:
    """The path with a home folder in place of `~`.

    Raises:
        DataError: nobody has such a home folder.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise DataError(f"{path}: expected the home folder of somebody, found none. Name the whole path.") from error


def is_there(path: Path) -> bool:
    """Whether there is such a file or folder; not where its name is none, or nobody may look."""
    try:
        return path.exists()
    except OSError:
        return False
