"""How a server ends: what has begun is answered, and nobody's request is lost."""

import json
import signal
import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from running import Running, running

from server_process import until

TEXT = "My Nikon D90 has a bright viewfinder"
BODY = json.dumps({"documents": [{"text": TEXT}]}).encode()
REQUEST = (
    b"POST /v1/models/production/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
)


@dataclass
class Seen:
    """What a client met with."""

    answered: int = 0
    closed: int = 0
    lost: int = 0


def ask_until_refused(server: Running, seen: Seen) -> None:
    """Asks over kept connections; what was sent on one and has no whole answer is lost."""
    while True:
        try:
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        except OSError:
            return  # nobody listens any more: nothing was sent
        with connection:
            while True:
                try:
                    connection.sendall(REQUEST)
                    head, body = answer(connection)
                except OSError:
                    seen.lost += 1
                    return
                if not head.startswith(b"HTTP/1.1 200") or b'"entities"' not in body:
                    seen.lost += 1
                    return
                seen.answered += 1
                if b"connection: close" in head.lower():
                    seen.closed += 1
                    break


def answer(connection: socket.socket) -> tuple[bytes, bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        received += piece(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += piece(connection)
    return head, body


def piece(connection: socket.socket) -> bytes:
    received = connection.recv(65_536)
    if not received:
        raise ConnectionResetError
    return received


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_end_loses_nothing(tmp_path: Path, model: Path, number: signal.Signals) -> None:
    with running(tmp_path / "state", model) as server:
        seen = [Seen() for _ in range(8)]
        clients = [threading.Thread(target=ask_until_refused, args=(server, each)) for each in seen]
        for client in clients:
            client.start()
        until(lambda: sum(each.answered for each in seen) > 100)
        server.process.send_signal(number)
        assert server.process.wait(20) == 0
        for client in clients:
            client.join()
    assert sum(each.lost for each in seen) == 0
    assert sum(each.closed for each in seen) >= 8
    assert "The server has ended; what had begun was answered.\n" in server.lines


def test_a_long_request_is_answered_to_its_end(tmp_path: Path, model: Path) -> None:
    with running(tmp_path / "state", model) as server:
        answers: list[int] = []

        def ask() -> None:
            found = server.predict(*[f"{TEXT} " * 40] * 300).json()
            answers.append(sum(len(document["entities"]) for document in found["documents"]))

        client = threading.Thread(target=ask)
        client.start()
        time.sleep(0.15)
        assert server.stop() == 0
        client.join()
    assert answers
    assert answers[0] > 1_000


def test_while_it_ends_it_is_not_ready(tmp_path: Path, model: Path) -> None:
    with running(tmp_path / "state", model) as server, server.client() as client:
        assert client.get("/health/ready").status_code == 200
        with socket.create_connection(("127.0.0.1", server.port)) as open_connection:
            open_connection.sendall(REQUEST[:-10])
            time.sleep(0.1)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            told = client.get("/health/ready")
            assert told.status_code == 503
            assert told.headers["connection"] == "close"
            open_connection.sendall(REQUEST[-10:])
            assert answer(open_connection)[0].startswith(b"HTTP/1.1 200")
        assert server.process.wait(20) == 0


def test_without_anybody_it_ends_at_once(tmp_path: Path, model: Path) -> None:
    with running(tmp_path / "state", model) as server:
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 3
