"""A page in headless Chromium: what a script of the test finds in it, and what the console says."""

import base64
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
MOST_SECONDS = 90

_CONSOLE = re.compile(r"CONSOLE:\d+\] \"(.*)\", source:")
_DRIVER = """
{
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const until = async (holds) => { while (!holds()) await pause(20); };
  const work = async () => { %s };
  document.addEventListener("DOMContentLoaded", () => setTimeout(() => work().then(
    (told) => console.log("told " + encodeURIComponent(JSON.stringify(told ?? null))),
    (error) => console.log("failed " + error),
  )));
}
"""


@dataclass(frozen=True)
class Opened:
    """What became of a page.

    Args:
        told: what the test's own script returned.
        complaints: what else the console said.
    """

    told: Any
    complaints: list[str]


def find_chromium() -> str | None:
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def open_page(
    program: str, page: str, folder: Path, *, script: str = "return null;", is_dark: bool = False, width: int = 1200
) -> Opened:
    """Opens a page, and runs a script in it that the page's policy is made to allow.

    Args:
        program: Chromium.
        page: the HTML.
        folder: to write in.
        script: body of an async function; it may `await until(() => ...)`.
        is_dark: whether the person prefers dark.
        width: of the window; at least 500, which is the least that Chromium has.
    """
    path = folder / "page.html"
    path.write_text(with_script(page, _DRIVER % script), encoding="utf-8", errors="backslashreplace")
    complaints = []
    with console(program, path, folder / "profile", is_dark=is_dark, width=width) as lines:
        for line in lines:
            if line.startswith("told "):
                return Opened(json.loads(unquote(line.removeprefix("told "))), complaints)
            complaints.append(line)
            if line.startswith("failed "):
                break
    raise AssertionError(f"{path}: the script told nothing in {MOST_SECONDS} seconds; the console: {complaints}")


@contextmanager
def console(
    program: str, path: Path, profile: Path, *, is_dark: bool = False, width: int = 1200
) -> Iterator[Iterator[str]]:
    """Opens a page in real time and gives what its console says, line by line, until it is left."""
    command = [
        program,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--enable-logging=stderr",
        f"--window-size={width},1000",
        f"--user-data-dir={profile}",
        *(["--blink-settings=preferredColorScheme=0"] if is_dark else []),
        path.as_uri(),
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True
    )

    def stop() -> None:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)

    watch = threading.Timer(MOST_SECONDS, stop)
    watch.start()
    assert process.stderr is not None
    try:
        yield (found.group(1) for line in process.stderr if (found := _CONSOLE.search(line)))
    finally:
        watch.cancel()
        stop()
        process.wait()
        process.stderr.close()


def with_script(page: str, script: str) -> str:
    """The page with one more script before its own, allowed by its policy."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    allowed = re.sub(r"script-src (?:'none')?", f"script-src 'sha256-{digest}' ", page, count=1)
    return allowed.replace("</main>", f"</main><script>{script}</script>", 1)
