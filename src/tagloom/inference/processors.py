"""How many processors this process may use."""

import os
from pathlib import Path

_QUOTA = Path("/sys/fs/cgroup/cpu.max")  # of control groups, version 2: microseconds in each of so many, or `max`


def num_processors() -> int:
    """Those that the system lets this process use: what a container is given, rather than what its machine has."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, _of_quota() or allowed))


def _of_quota() -> int | None:
    """The processors' worth of time of this process's control group, rounded; None for no bound."""
    try:
        quota, period = _QUOTA.read_text().split()
        return round(int(quota) / int(period))
    except (OSError, ValueError):
        return None
