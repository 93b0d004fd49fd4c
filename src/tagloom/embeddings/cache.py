"""Where what is worked out once is kept from one process to the next."""

import json
import logging
import os
from collections.abc import Callable
from pathlib import Path

from tagloom.files import clear_dead_parts, remove_folder, whole_folder, write_json

_SIZES = "sizes.json"  # of the files beside it

_log = logging.getLogger(__name__)


def cache_folder() -> Path:
    """`TAGLOOM_CACHE`, or else `tagloom` in `XDG_CACHE_HOME`, or in `~/.cache`."""
    own = os.environ.get("TAGLOOM_CACHE")
    if own:
        return Path(own)
    shared = os.environ.get("XDG_CACHE_HOME")
    return (Path(shared) if shared else Path.home() / ".cache") / "tagloom"


def kept(name: str, fill: Callable[[Path], None]) -> Path:
    """A folder within `cache_folder`, which is filled first where it is not there or was damaged; it appears whole.

    Args:
        name: of the folder, with what its content depends on.
        fill: puts into a folder what is kept.

    Raises:
        OSError: it cannot be written.
    """
    folder = cache_folder() / name
    if folder.is_dir() and not _is_whole(folder):
        _log.warning("%s was damaged, and is made anew.", folder)
        remove_folder(folder)
    if not folder.is_dir():
        clear_dead_parts(folder.parent)
        try:
            with whole_folder(folder) as beside:
                fill(beside)
                write_json(beside / _SIZES, _sizes(beside))
        except OSError:
            if not folder.is_dir():  # else another process was faster
                raise
    return folder


def _is_whole(folder: Path) -> bool:
    """Whether its files have the sizes that they were written with."""
    try:
        return bool(json.loads((folder / _SIZES).read_text("utf-8")) == _sizes(folder))
    except (OSError, ValueError):
        return False


def _sizes(folder: Path) -> dict[str, int]:
    """Bytes of each file."""
    return {file.name: file.stat().st_size for file in folder.iterdir() if file.name != _SIZES}
