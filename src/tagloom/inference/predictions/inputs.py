"""Which files lie below a folder."""

import logging
import os
from dataclasses import dataclass
from pathlib import Path

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BadFile:
    """What cannot be predicted.

    Args:
        path: of a file, or of a folder that cannot be looked into.
        reason: a line that names it, says what is wrong and what to do.
    """

    path: Path
    reason: str

    @classmethod
    def of(cls, error: OSError, path: Path) -> "BadFile":
        """What cannot be read."""
        return cls(path, f"{path}: cannot be read: {error.strerror or error}. Give what is there and may be read.")


def files_below(folder: Path, bad: list[BadFile]) -> list[Path]:
    """The files below a folder, sorted; nothing hidden, and no links that lead out of it: a warning counts these.

    Args:
        folder: to look into, however deep.
        bad: where folders are added that cannot be looked into.
    """
    found: list[Path] = []
    num_links = 0
    real = folder.resolve()
    for parent, folders, names in os.walk(folder, onerror=lambda error: bad.append(_of_folder(error))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = [Path(parent, name) for name in names if not name.startswith(".")]
        inside = [path for path in paths if not _leads_out(path, real)]
        num_links += len(paths) - len(inside) + sum(_leads_out(Path(parent, name), real) for name in folders)
        found += inside
    if num_links:
        _log.warning("%s: links that lead out of it are passed over: %d", folder, num_links)
    return sorted(found)


def _of_folder(error: OSError) -> BadFile:
    return BadFile.of(error, Path(error.filename))


def _leads_out(path: Path, folder: Path) -> bool:
    return path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(folder)
