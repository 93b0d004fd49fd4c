"""Where what is worked out once is kept from one process to the next."""

import os
from collections.abc import Callable
from pathlib import Path

from tagloom.files import whole_folder


def cache_folder() -> Path:
    """`TAGLOOM_CACHE`, or else `tagloom` in `XDG_CACHE_HOME`, or in `~/.cache`."""
    own = os.environ.get("TAGLOOM_CACHE")
    if own:
        return Path(own)
    shared = os.environ.get("XDG_CACHE_HOME")
    return (Path(shared) if shared else Path.home() / ".cache") / "tagloom"


def kept(name: str, fill: Callable[[Path], None]) -> Path:
    """A folder within `cache_folder`, which is filled first where it is not there; it appears whole.

    Args:
        name: of the folder, with what its content depends on.
        fill: puts into a folder what is kept.

    Raises:
        OSError: it cannot be written.
    """
    folder = cache_folder() / name
    if not folder.is_dir():
        try:
            with whole_folder(folder) as beside:
                fill(beside)
        except OSError:
            if not folder.is_dir():  # else another process was faster
                raise
    return folder
