"""Where what is worked out once is kept from one process to the next."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """`TAGLOOM_CACHE`, or else `tagloom` in `XDG_CACHE_HOME`, or in `~/.cache`."""
    own = os.environ.get("TAGLOOM_CACHE")
    if own:
        return Path(own)
    shared = os.environ.get("XDG_CACHE_HOME")
    return (Path(shared) if shared else Path.home() / ".cache") / "tagloom"
