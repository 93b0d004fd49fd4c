"""Where the state of servers lies if nobody says otherwise."""

import os
from pathlib import Path

VARIABLE = "TAGLOOM_STATE"


def default_folder() -> Path:
    """What `TAGLOOM_STATE` names, else a folder in the user's own place for state (XDG)."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    base = os.environ.get("XDG_STATE_HOME")
    return Path(base if base and Path(base).is_absolute() else Path.home() / ".local" / "state") / "tagloom" / "serving"
