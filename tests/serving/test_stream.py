"""JSON lines in, JSON lines out."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running import Running, running
from test_predicting import expected, found

from tagloom.cli.main import main
from tagloom.inference.predictor import Predictor

STREAM = "/v1/models/production/stream"
LINES = {"Content-Type": "application/x-ndjson"}
TEXT = "My Nikon D90 has a bright viewfinder"


def streamed(server: Running, content: bytes | Iterator[bytes], query: str = "") -> list[dict[str, Any]]:
    with server.client() as client:
        answer = client.post(f"{STREAM}{query}", content=content, headers=LINES)
    assert answer.status_code == 200
    return [json.loads(line) for line in answer.text.splitlines()]


def line(text: str, **more: object) -> bytes:
    return json.dumps({"text": text, **more}).encode() + b"\n"


def test_each_line_has_its_answer_in_order(server: Running, predictor: Predictor) -> None:
    texts = [f"{TEXT} {number} 📷" for number in range(500)]
    *documents, done = streamed(server, b"".join(map(line, texts)))
    assert [found(document) for document in documents] == [expected(predictor, text) for text in texts]
    assert [document["id"] for document in documents] == [str(number) for number in range(500)]
    assert done == {"done": {"documents": 500, "errors": 0}}


def test_lines_may_come_in_any_pieces(server: Running) -> None:
    whole = b"".join(line(f"{TEXT} {number}", id=f"n{number}") for number in range(30))
    expected_lines = streamed(server, whole)
    for size in (1, 7, 100):
        pieces = (whole[start : start + size] for start in range(0, len(whole), size))
        assert streamed(server, pieces) == expected_lines
    assert streamed(server, whole.rstrip(b"\n")) == expected_lines
    assert streamed(server, whole.replace(b"\n", b"\r\n")) == expected_lines


def test_a_line_that_is_not_sound_is_told_and_the_others_are_read(server: Running) -> None:
    bad = [b"nothing\n", b'{"text": 5}\n', b'{"text": "\xff"}\n', b"[" * 5_000 + b"\n", b'{"text": "\\ud800"}\n']
    content = line("a") + b"".join(bad) + b"\n" + line(TEXT)
    first, *errors, last, done = streamed(server, content)
    assert (first["id"], last["id"]) == ("0", "7")
    assert [error["line"] for error in errors] == [2, 3, 4, 5, 6]
    kinds = [error["error"]["type"].rpartition(":")[2] for error in errors]
    assert kinds == ["malformed-json", "wrong-fields", "not-utf-8", "too-deep", "not-utf-8"]
    assert done == {"done": {"documents": 2, "errors": 5}}


def test_options_stand_in_the_address(server: Running) -> None:
    (document, _) = streamed(server, line("📷 " + TEXT), "?offsets=utf16&threshold=0.1")
    (plain,) = server.predict("📷 " + TEXT, offsets="utf16", threshold=0.1).json()["documents"]
    assert document == plain
    with server.client() as client:
        wrong = client.post(f"{STREAM}?offsets=words", content=b"", headers=LINES)
        assert (wrong.status_code, wrong.json()["type"]) == (400, "urn:tagloom:problem:wrong-parameter")
        assert client.post("/v1/models/nowhere/stream", content=b"", headers=LINES).status_code == 404


def test_nothing_gives_nothing(server: Running) -> None:
    assert streamed(server, b"") == [{"done": {"documents": 0, "errors": 0}}]
    assert streamed(server, b"\n\n  \n") == [{"done": {"documents": 0, "errors": 0}}]


def test_answers_come_while_lines_are_still_sent(server: Running) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        head = f"POST {STREAM} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
        connection.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        for number in range(3):
            content = line(f"{TEXT} {number}", id=f"mine{number}")
            connection.sendall(b"%x\r\n%s\r\n" % (len(content), content))
            received = b""
            while f"mine{number}".encode() not in received:
                received += connection.recv(65_536)
        connection.sendall(b"0\r\n\r\n")
        while b'"done"' not in received:
            received += connection.recv(65_536)


@pytest.fixture
def small(tmp_path: Path, model: Path) -> Iterator[Running]:
    limits = ["--limit", "text_characters=1000", "--limit", "body_seconds=1", "--limit", "write_seconds=2"]
    with running(tmp_path / "state", model, *limits) as started:
        yield started


def test_a_line_that_is_too_long_is_told_and_not_kept(small: Running) -> None:
    content = line("a") + line("x" * 2_000) + line("y" * 3_000_000) + line("b")
    first, long, endless, last, done = streamed(small, content)
    assert [each["error"]["type"].rpartition(":")[2] for each in (long, endless)] == ["text-too-long"] * 2
    assert (first["id"], last["id"], done["done"]["errors"]) == ("0", "3", 2)


def test_a_stream_that_stops_is_cut_and_told_why(small: Running) -> None:
    with socket.create_connection(("127.0.0.1", small.port), timeout=10) as connection:
        head = f"POST {STREAM} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
        connection.sendall(f"{head}Content-Length: 10000\r\n\r\n".encode() + line(TEXT))
        received = b""
        while piece := connection.recv(65_536):
            received += piece
    assert b'"id":"0"' in received
    assert b'"done"' not in received
    assert not received.endswith(b"0\r\n\r\n")
    last = json.loads(received.split(b"\r\n")[-2])
    assert [*last] == ["error"]
    assert (last["error"]["type"], last["error"]["status"]) == ("urn:tagloom:problem:body-too-slow", 408)
    assert f"x-request-id: {last['error']['request_id']}\r\n".encode() in received


def test_a_stream_that_never_begins_is_told_so_as_other_requests_are(small: Running) -> None:
    with socket.create_connection(("127.0.0.1", small.port), timeout=10) as connection:
        head = f"POST {STREAM} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
        connection.sendall(f"{head}Content-Length: 10000\r\n\r\n".encode())
        received = b""
        while piece := connection.recv(65_536):
            received += piece
    assert received.startswith(b"HTTP/1.1 408 ")
    assert json.loads(received.split(b"\r\n\r\n")[1])["type"] == "urn:tagloom:problem:body-too-slow"


def test_who_does_not_read_stops_its_own_stream_alone(small: Running) -> None:
    content = line(f"{TEXT} " * 10) * 20_000
    with socket.create_connection(("127.0.0.1", small.port), timeout=20) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        head = f"POST {STREAM} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
        connection.sendall(f"{head}Content-Length: {len(content)}\r\n\r\n".encode())
        is_cut = threading.Event()

        def send() -> None:
            try:
                connection.sendall(content)
            except OSError:
                is_cut.set()

        sender = threading.Thread(target=send)
        sender.start()
        for _ in range(10):
            began = time.monotonic()
            assert small.predict(TEXT).status_code == 200
            assert time.monotonic() - began < 1
            time.sleep(0.1)
        assert is_cut.wait(15)
        sender.join()


def test_a_stream_stays_with_its_version(server: Running, other_model: Path, predictor: Predictor) -> None:
    right = expected(predictor, TEXT)

    def lines() -> Iterator[bytes]:
        for number in range(4):
            yield line(TEXT) * 200
            if number < 3:
                state = str(server.state)
                told = ["deploy", str(other_model)] if number % 2 == 0 else ["rollback"]
                assert main([*told, "--state", state]) == 0

    *documents, done = streamed(server, lines())
    assert done["done"] == {"documents": 800, "errors": 0}
    assert all(found(document) == right for document in documents)
    assert main(["rollback", "--state", str(server.state)]) == 0
