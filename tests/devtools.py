"""A page of a server in headless Chromium, steered over its own protocol (DevTools, by a pipe): needs no other library.

`chromium.py` opens pages that are files; this one opens addresses, and also hears what is asked of the network.
"""

import base64
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MOST_SECONDS = 90

_END = b"\0"
_AS_EXPECTED = (  # by Chromium: its input is 3, its output 4
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"
)
_COMPLAINTS = {"Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"}


@dataclass
class Tab:
    """A page that is open.

    Args:
        asked: the addresses that it has asked for.
        complaints: what its console says.
    """

    _write: int
    _read: Any
    _session: str = ""
    _number: int = 0
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def call(self, method: str, **parameters: Any) -> Any:
        """Asks Chromium for something, and waits for it; what happens meanwhile is noted."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + _END)
        while True:
            told = self._next()
            if told.get("id") == self._number:
                assert "error" not in told, told["error"]
                return told["result"]
            self._note(told)

    def open(self, address: str) -> None:
        """Goes to an address, and waits until all of it is there."""
        self.call("Page.navigate", url=address)
        self.run("if (document.readyState !== 'complete') await new Promise((go) => addEventListener('load', go));")

    def run(self, script: str) -> Any:
        """What the body of an async function returns."""
        pause = "const until = async (holds) => { while (!holds()) await new Promise((go) => setTimeout(go, 20)); };"
        expression = f"(async () => {{ {pause} {script} }})()"
        told = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def look(self, *, width: int = 1200, height: int = 1000, is_dark: bool = False) -> None:
        """Sets the window's size and what the person prefers."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def press(self, key: str, code: int) -> None:
        """Presses a key and lets it go."""
        text = {"text": "\r"} if key == "Enter" else {"text": " "} if key == " " else {}
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **text)

    def choose_file(self, selector: str, path: Path) -> None:
        """Chooses a file as a person would in the window that a page cannot open by itself."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(path)])

    def picture(self, path: Path, *, top: int = 0, height: int = 1000) -> None:
        """Writes a stretch of the page as a PNG, for a person to look at."""
        clip = {"x": 0, "y": top, "width": self.run("return innerWidth"), "height": height, "scale": 1}
        told = self.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(told["data"]))

    def begin(self) -> None:
        """Opens an empty page and listens to it."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def _next(self) -> Any:
        message = bytearray()
        while (sign := self._read.read(1)) != _END:
            assert sign, "Chromium has ended"
            message += sign
        return json.loads(message)

    def _note(self, told: Any) -> None:
        if told["method"] == "Network.requestWillBeSent":
            self.asked.append(told["params"]["request"]["url"])
        elif told["method"] in _COMPLAINTS:
            self.complaints.append(json.dumps(told["params"]))


def _pipe() -> tuple[int, int]:
    """A pipe whose ends have numbers that the two which Chromium expects, 3 and 4, cannot be."""
    low = os.pipe()
    read, write = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in low)
    for end in low:
        os.close(end)
    return read, write


@contextmanager
def opened(program: str, profile: Path) -> Iterator[Tab]:
    """A tab of a Chromium of its own, until the block ends."""
    (their_input, write), (read, their_output) = _pipe(), _pipe()
    command = [
        *(sys.executable, "-S", "-c", _AS_EXPECTED, str(their_input), str(their_output), program),
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
        *("--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank"),
    ]
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(their_input, their_output),
        start_new_session=True,
    )
    os.close(their_input)
    os.close(their_output)

    def stop() -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    watch = threading.Timer(MOST_SECONDS, stop)
    watch.start()
    try:
        with os.fdopen(read, "rb") as stream:
            tab = Tab(write, stream)
            tab.begin()
            yield tab
    finally:
        watch.cancel()
        stop()
        process.wait()
        os.close(write)
