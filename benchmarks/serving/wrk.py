"""wrk, a load generator in C (https://github.com/wg/wrk): `apt-get install wrk`."""

import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = [==[%s]==]
math.randomseed(13)
%s
function done(summary, latency, requests)
  io.write(string.format("told %%d %%f %%f %%f %%d\\n", summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.timeout))
end
"""
_DELAY = "function delay() return math.floor(-math.log(1 - math.random()) * %f + 0.5) end"


@dataclass(frozen=True)
class Load:
    """What wrk measured.

    Args:
        requests_per_second: that were answered.
        median: milliseconds.
        p99: milliseconds that 99 of 100 took at most.
        errors: answers other than 2xx and 3xx, and connections that failed.
    """

    requests_per_second: float
    median: float
    p99: float
    errors: int


def load(address: str, body: Any, *, connections: int = 32, seconds: int = 8, mean_delay: float = 0.0) -> Load:
    """Asks an address from so many connections, each as soon as it was answered, or a random delay after.

    Args:
        address: with its path.
        body: sent as JSON.
        connections: at once.
        seconds: that it takes.
        mean_delay: milliseconds between an answer and the next request of a connection, exponentially distributed.
    """
    program = shutil.which("wrk")
    if program is None:
        raise SystemExit("wrk is not installed: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "load.lua")
        script.write_text(_SCRIPT % (json.dumps(body), _DELAY % mean_delay if mean_delay else ""))
        command = [program, "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(script), address]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"^told (\d+) (\S+) (\S+) (\S+) (\d+)$", said, re.MULTILINE)
    if found is None:
        raise SystemExit(f"wrk did not say what was expected: {said}")
    return Load(int(found[1]) / float(found[2]), float(found[3]), float(found[4]), int(found[5]))
