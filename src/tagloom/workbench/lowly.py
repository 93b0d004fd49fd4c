"""Processes beside the server that are less than it."""

import contextlib
import os
from pathlib import Path

_NICENESS = 5
_ENDED_FIRST = "1000"


def yield_to_the_server() -> None:
    """People who label come before what this process does; where memory runs out, it is ended before the server."""
    os.nice(_NICENESS)
    with contextlib.suppress(OSError):  # a system that is no Linux
        Path("/proc/self/oom_score_adj").write_text(_ENDED_FIRST)
