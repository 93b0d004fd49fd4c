"""20,000 requests, a fifth of them malformed, from 16 clients: statuses, right answers, memory before and after.

`python benchmarks/serving/mixed.py MODEL`; it talks to loopback only, and ends by itself.
"""

import argparse
import contextlib
import json
import random
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from servers import Server, tagloom

from tagloom import Predictor
from tagloom import load as load_model

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from figures import show

PREDICT = "/v1/models/production/predict"
JSON = {"Content-Type": "application/json"}
WORDS = "The new Sony CE-7RM3 has a remarkable eye autofocus 📷 but its menu is odd , naïve and slow .".split()


def texts(chance: random.Random) -> list[str]:
    """One text mostly, now and then many, now and then a long one."""
    number = chance.choice([1, 1, 1, 1, 2, 5, 50])
    return [" ".join(chance.choices(WORDS, k=chance.choice([0, 3, 20, 20, 60, 600]))) for _ in range(number)]


Bad = Callable[[int, random.Random], int | None]


def posted(port: int, body: bytes, headers: dict[str, str] | None = None) -> int | None:
    """The status of a request; None where the connection broke off before an answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", PREDICT, body, {**JSON, **(headers or {})})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()


def slow_body(port: int, chance: random.Random) -> int | None:
    """A body that comes in drops, and then ends or does not."""
    body = json.dumps({"documents": [{"text": "slow"}]}).encode()
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(_head(len(body) + chance.choice([0, 5])))
        for start in range(0, len(body), 6):
            connection.sendall(body[start : start + 6])
            time.sleep(0.01)
        connection.settimeout(0.3)
        connection.recv(4096)
    return None


def hang_up(port: int, chance: random.Random) -> int | None:
    """A client that goes away: in the headers, in the body, or before the answer."""
    body = json.dumps({"documents": [{"text": " ".join(WORDS * 20)}]}).encode()
    whole = _head(len(body)) + body
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(whole[: chance.choice([20, 120, len(whole) - 5, len(whole)])])
    return None


def _head(length: int) -> bytes:
    lines = (
        f"POST {PREDICT} HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        f"Content-Length: {length}",
    )
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


def garbage(port: int, chance: random.Random) -> int | None:
    """Bytes that are no HTTP."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(chance.randbytes(200))
        connection.settimeout(0.3)
        connection.recv(4096)
    return None


BAD: dict[str, Bad] = {
    "no JSON": lambda port, chance: posted(port, chance.randbytes(50)),
    "cut JSON": lambda port, _: posted(port, b'{"documents": [{"text": "a"'),
    "deep JSON": lambda port, chance: posted(port, b'{"documents":' * chance.choice([100, 10_000])),
    "wrong types": lambda port, chance: posted(port, chance.choice([b"[]", b"5", b'{"documents": [{"text": 5}]}'])),
    "10 MB body": lambda port, _: posted(port, b'{"documents": [{"text": "' + b"x" * 10_000_000 + b'"}]}'),
    "broken UTF-8": lambda port, _: posted(port, b'{"documents": [{"text": "\xff\xfe"}]}'),
    "lone surrogate": lambda port, _: posted(port, b'{"documents": [{"text": "\\ud800"}]}'),
    "wrong media type": lambda port, _: posted(port, b"{}", {"Content-Type": "text/plain"}),
    "wrong length": lambda port, _: posted(port, b"{}", {"Content-Length": "-1"}),
    "slow body": slow_body,
    "early hang-up": hang_up,
    "garbage": garbage,
}


class Client(threading.Thread):
    """One client: asks, checks, and counts.

    Args:
        port: of the server.
        predictor: that knows what is right.
        number: of its requests.
        seed: of its choices.
    """

    def __init__(self, port: int, predictor: Predictor, number: int, seed: int) -> None:
        super().__init__()
        self._port, self._predictor, self._number = port, predictor, number
        self._chance = random.Random(seed)
        self.statuses: Counter[tuple[str, int | None]] = Counter()
        self.wrong = 0

    def run(self) -> None:
        """All requests."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        for _ in range(self._number):
            if self._chance.random() < 0.2:
                name = self._chance.choice([*BAD])
                self.statuses[name, BAD[name](self._port, self._chance)] += 1
            else:
                self._ask(connection)
        connection.close()

    def _ask(self, connection: HTTPConnection) -> None:
        asked = texts(self._chance)
        body = json.dumps({"documents": [{"text": text} for text in asked]}).encode()
        connection.request("POST", PREDICT, body, JSON)
        answer = connection.getresponse()
        content = answer.read()
        self.statuses["good", answer.status] += 1
        if answer.status == 200 and not self._is_right(asked, json.loads(content)):
            self.wrong += 1

    def _is_right(self, asked: list[str], said: dict[str, Any]) -> bool:
        """Whether one of the documents, at random, has what the predictor finds in it."""
        if len(said["documents"]) != len(asked):
            return False
        place = self._chance.randrange(len(asked))
        found = [(each["start"], each["end"], each["label"]) for each in said["documents"][place]["entities"]]
        return found == [(span.start, span.end, span.label) for span in self._predictor(asked[place])]


def main() -> None:
    """Prints a table and, with --json, the same as JSON; exits with 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    predictor = load_model(asked.model, threads=1)
    with tagloom(asked.model) as server:
        _round(server, predictor, asked.requests // 10, asked.clients, seed=0)  # until all memory is in use
        before = server.memory()
        clients = _round(server, predictor, asked.requests, asked.clients, seed=1000)
        after = server.memory()
    statuses = sum((client.statuses for client in clients), Counter())
    bad = {f"{name}: {status}": number for (name, status), number in sorted(statuses.items(), key=str)}
    failed = sum(number for (_, status), number in statuses.items() if status is not None and status >= 500)
    figures = {
        "requests": statuses.total(),
        "of them malformed": sum(number for (name, _), number in statuses.items() if name != "good"),
        "answers with 5xx": failed,
        "good requests not answered with 200": sum(
            number for (name, status), number in statuses.items() if name == "good" and status != 200
        ),
        "wrong answers": sum(client.wrong for client in clients),
        "memory before, MiB": before,
        "memory after, MiB": after,
        "growth, per cent": 100 * (after / before - 1),
        **bad,
    }
    show(f"{asked.clients} clients", figures, {}, as_json=asked.json)
    sys.exit(figures["answers with 5xx"] + figures["wrong answers"] > 0 or figures["growth, per cent"] >= 5)


def _round(server: Server, predictor: Predictor, number: int, num_clients: int, *, seed: int) -> list[Client]:
    clients = [Client(server.port, predictor, number // num_clients, seed + each) for each in range(num_clients)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return clients


if __name__ == "__main__":
    main()
