"""What requests notice of a swap a second, of a killed worker, and of the server's end, under load.

`python benchmarks/serving/interruptions.py MODEL OTHER_MODEL`; it talks to loopback only, and ends by itself and ends
only processes that it started.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from servers import Server, tagloom

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from figures import show

PREDICT = "/v1/models/production/predict"
TEXT = "The new Sony CE-7RM3 has a remarkable eye autofocus but its menu is odd and the grip too small ."
BODY = json.dumps({"documents": [{"text": TEXT}]}).encode()


@dataclass
class Seen:
    """What a client met with.

    Args:
        answered: requests with status 200.
        failed: with another one.
        lost: that were sent and have no whole answer.
        versions: that answered.
        slowest: seconds that one took.
    """

    answered: int = 0
    failed: int = 0
    lost: int = 0
    versions: set[str] = field(default_factory=set)
    slowest: float = 0.0


class Asking:
    """Some clients that ask until they are told to stop, or nobody listens any more.

    Args:
        server: that they ask.
        number: of clients.
    """

    def __init__(self, server: Server, number: int) -> None:
        self._port, self._is_over = server.port, threading.Event()
        self.seen = [Seen() for _ in range(number)]
        self._threads = [threading.Thread(target=self._ask, args=(each,)) for each in self.seen]

    def __enter__(self) -> "Asking":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def total(self, name: str) -> int:
        """One figure of all clients together."""
        return sum(getattr(each, name) for each in self.seen)

    def _ask(self, seen: Seen) -> None:
        while not self._is_over.is_set():
            connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
            try:
                connection.connect()
            except OSError:
                return  # nobody listens: nothing was sent
            self._ask_over(connection, seen)
            connection.close()

    def _ask_over(self, connection: HTTPConnection, seen: Seen) -> None:
        """Asks over one connection until the server says that it closes it."""
        while not self._is_over.is_set():
            began = time.perf_counter()
            try:
                connection.request("POST", PREDICT, BODY, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                said = json.loads(answer.read())
            except (OSError, HTTPException, ValueError):
                seen.lost += 1
                return
            seen.slowest = max(seen.slowest, time.perf_counter() - began)
            if answer.status == 200:
                seen.answered += 1
                seen.versions.add(said["version"])
            else:
                seen.failed += 1
            if answer.will_close:
                return


def swaps(model: str, other: str, seconds: int, clients: int) -> dict[str, float]:
    """A swap a second, by the command line."""
    with tagloom(model) as server, Asking(server, clients) as asking:
        end, number = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            began = time.monotonic()
            _deploy(server, (other, model)[number % 2])
            number += 1
            time.sleep(max(0.0, 1 - (time.monotonic() - began)))
    return {
        "swaps": number,
        "swaps: requests answered": asking.total("answered"),
        "swaps: requests failed or lost": asking.total("failed") + asking.total("lost"),
        "swaps: versions that answered": len(set.union(*(each.versions for each in asking.seen))),
        "swaps: slowest request, ms": 1000 * max(each.slowest for each in asking.seen),
    }


def killed_worker(model: str, clients: int, workers: int) -> dict[str, float]:
    """A worker killed, three times."""
    back = []
    with tagloom(model, "--workers", str(workers)) as server, Asking(server, clients) as asking:
        time.sleep(1)
        for _ in range(3):
            before = server.processes()[1:]
            began = time.monotonic()
            os.kill(before[0], signal.SIGKILL)
            while len({*server.processes()[1:]} - {*before}) < 1 or before[0] in server.processes():
                time.sleep(0.01)
            answered = asking.total("answered")
            while asking.total("answered") < answered + 100:
                time.sleep(0.01)
            back.append(time.monotonic() - began)
            time.sleep(1)
    name = f"worker of {workers} killed"
    return {
        f"{name}: requests answered": asking.total("answered"),
        f"{name}: requests failed or lost": asking.total("failed") + asking.total("lost"),
        f"{name}: back and 100 requests on, slowest s": max(back),
        f"{name}: slowest request, ms": 1000 * max(each.slowest for each in asking.seen),
    }


def ending(model: str, clients: int) -> dict[str, float]:
    """SIGTERM, five times."""
    answered = lost = 0
    slowest = 0.0
    for _ in range(5):
        with tagloom(model) as server, Asking(server, clients) as asking:
            time.sleep(1.5)
            began = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            if server.process.wait(60) != 0:
                raise SystemExit("the server did not end in peace")
            slowest = max(slowest, time.monotonic() - began)
        answered += asking.total("answered")
        lost += asking.total("failed") + asking.total("lost")
    return {
        "SIGTERM: requests answered": answered,
        "SIGTERM: requests failed or lost": lost,
        "SIGTERM: ended after, slowest s": slowest,
    }


def main() -> None:
    """Prints a table and, with --json, the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("other")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    figures = {
        **swaps(asked.model, asked.other, asked.seconds, asked.clients),
        **killed_worker(asked.model, asked.clients, 1),
        **killed_worker(asked.model, asked.clients, 2),
        **ending(asked.model, asked.clients),
    }
    show(f"{asked.clients} clients, a swap a second for {asked.seconds} s", figures, {}, as_json=asked.json)


def _deploy(server: Server, model: str) -> None:
    command = [sys.executable, "-m", "tagloom", "deploy", model, "--state", str(server.state)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
