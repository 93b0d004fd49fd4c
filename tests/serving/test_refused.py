"""Requests that are not answered as they were asked: each kind of problem, told without a text, a path or a trace."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from running import Running, running

from tagloom.serving.problems import KINDS

PREDICT = "/v1/models/production/predict"
JSON = {"Content-Type": "application/json"}
GOOD = {"documents": [{"text": "My Nikon D90"}]}
SECRET = "Xylophon"  # a text of a user, which no error may repeat


@pytest.fixture(scope="module")
def small(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with limits that a test reaches."""
    limits = {
        "body_bytes": 20_000,
        "documents": 5,
        "text_characters": 1_000,
        "body_seconds": 1.0,
        "head_seconds": 1.5,
        "bundle_bytes": 1_000,
        "write_seconds": 2.0,
    }
    arguments = [part for name, value in limits.items() for part in ("--limit", f"{name}={value}")]
    with running(tmp_path_factory.mktemp("state") / "state", model, *arguments) as started:
        yield started


def problem(answer: httpx.Response) -> dict[str, Any]:
    told: dict[str, Any] = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    kind = KINDS[told["type"].removeprefix("urn:tagloom:problem:")]
    assert (told["status"], told["title"]) == (answer.status_code, kind.title)
    assert told["request_id"] == answer.headers["x-request-id"]
    assert SECRET not in answer.text
    return told


BODIES = {
    "no JSON": (b"{", "malformed-json"),
    "an empty body": (b"", "malformed-json"),
    "two values": (b"{}{}", "malformed-json"),
    "not a number": (b'{"documents": [], "threshold": NaN}', "wrong-fields"),
    "a list": (b"[]", "wrong-fields"),
    "null": (b"null", "wrong-fields"),
    "no documents": (b"{}", "wrong-fields"),
    "documents that are none": (b'{"documents": {}}', "wrong-fields"),
    "a text that is a number": (b'{"documents": [{"text": 5}]}', "wrong-fields"),
    "no text": (b'{"documents": [{}]}', "wrong-fields"),
    "an unknown field": (f'{{"documents": [{{"text": "{SECRET}", "{SECRET} it is": 1}}]}}'.encode(), "wrong-fields"),
    "a threshold beyond 1": (b'{"documents": [], "threshold": 2}', "wrong-fields"),
    "an unknown unit": (b'{"documents": [], "offsets": "words"}', "wrong-fields"),
    "a long id": (json.dumps({"documents": [{"text": "x", "id": "x" * 300}]}).encode(), "wrong-fields"),
    "broken UTF-8": (b'{"documents": [{"text": "\xff\xfe"}]}', "not-utf-8"),
    "Latin-1": (b'{"documents": [{"text": "caf\xe9"}]}', "not-utf-8"),
    "a lone surrogate": (b'{"documents": [{"text": "\\ud800"}]}', "not-utf-8"),
    "a lone low surrogate": (b'{"documents": [{"text": "x\\udc00y"}]}', "not-utf-8"),
    "UTF-16": ('{"documents": []}'.encode("utf-16"), "not-utf-8"),
    "deep lists": (b"[" * 9_000, "too-deep"),
    "deep objects": (b'{"documents": ' * 1_000, "too-deep"),
    "deep in an unknown field": (b'{"x": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", "too-deep"),
    "a large body": (b'{"documents": [{"text": "' + b"x" * 30_000 + b'"}]}', "body-too-large"),
    "many documents": (json.dumps({"documents": [{"text": "x"}] * 6}).encode(), "too-many-documents"),
    "a long text": (json.dumps({"documents": [{"text": "x"}, {"text": "x" * 1_001}]}).encode(), "text-too-long"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_does_not_fit_has_its_own_problem(small: Running, name: str) -> None:
    content, kind = BODIES[name]
    with small.client() as client:
        answer = client.post(PREDICT, content=content, headers=JSON)
        told = problem(answer)
        assert told["type"] == f"urn:tagloom:problem:{kind}"
        assert client.post(PREDICT, json=GOOD).status_code == 200


def test_problems_say_where(small: Running) -> None:
    with small.client() as client:
        answer = client.post(PREDICT, json={"documents": [{"text": "x"}, {"text": 5}], "threshold": -1})
        assert {each["pointer"] for each in problem(answer)["errors"]} == {"/documents/1/text", "/threshold"}
        assert (
            "/documents/0/text" in problem(client.post(PREDICT, json={"documents": [{"text": "x" * 2_000}]}))["detail"]
        )


def test_many_errors_are_told_as_ten(small: Running) -> None:
    with small.client() as client:
        answer = client.post(PREDICT, json={"documents": [{"text": 5}] * 500})
    assert len(problem(answer)["errors"]) == 10


@pytest.mark.parametrize("media_type", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_other_media_types_are_refused(small: Running, media_type: str | None) -> None:
    headers = {} if media_type is None else {"Content-Type": media_type}
    with small.client() as client:
        answer = client.post(PREDICT, content=json.dumps(GOOD).encode(), headers=headers)
    assert problem(answer)["type"] == "urn:tagloom:problem:wrong-media-type"


def test_json_may_say_its_encoding(small: Running) -> None:
    with small.client() as client:
        headers = {"Content-Type": "Application/JSON; charset=utf-8"}
        assert client.post(PREDICT, content=json.dumps(GOOD).encode(), headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/", "no-such-path"),
        ("GET", "/v1/models/production/predict", "wrong-method"),
        ("GET", "/v1/nothing", "no-such-path"),
        ("GET", "/docs/../state.sqlite3", "no-such-path"),
        ("GET", "/docs/%2e%2e/state.sqlite3", "no-such-path"),
        ("POST", "/v1/models/production%2f..%2f/predict", "no-such-path"),
        ("POST", "/v1/models/%00/predict", "no-such-slot"),
        ("POST", "/v1/models/..%2f..%2fetc/predict", "no-such-path"),
    ],
)
def test_addresses_that_are_none_are_told(small: Running, method: str, path: str, kind: str) -> None:
    with small.client() as client:
        request = client.build_request(method, "/", json=GOOD)
        request.url = request.url.copy_with(raw_path=path.encode())
        answer = client.send(request)
    assert problem(answer)["type"] == f"urn:tagloom:problem:{kind}"
    if kind == "wrong-method":
        assert answer.headers["allow"] == "POST"


# What clients do that are no good ones, spoken by hand.


def spoken(server: Running, *pieces: bytes, pause: float = 0.0, seconds: float = 10.0) -> bytes:
    """What the server answers to these pieces until it closes the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as connection:
        speaking = threading.Thread(target=_speak, args=(connection, pieces, pause))
        speaking.start()
        answer = b""
        with contextlib.suppress(ConnectionError):
            while piece := connection.recv(65_536):
                answer += piece
        speaking.join()
        return answer


def _speak(connection: socket.socket, pieces: tuple[bytes, ...], pause: float) -> None:
    with contextlib.suppress(OSError):
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)


HEAD = b"POST /v1/models/production/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


def test_a_body_that_comes_too_slowly_is_not_waited_for(small: Running) -> None:
    began = time.monotonic()
    answer = spoken(small, HEAD + b"Content-Length: 100\r\n\r\n", b'{"doc')
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"urn:tagloom:problem:body-too-slow" in answer
    assert time.monotonic() - began < 4


def test_a_body_that_drips_is_not_waited_for(small: Running) -> None:
    answer = spoken(small, HEAD + b"Content-Length: 100\r\n\r\n", *[b" "] * 30, pause=0.1)
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_headers_that_do_not_end_are_not_waited_for(small: Running) -> None:
    for pieces in ((b"GET /hea",), (HEAD,), ()):
        began = time.monotonic()
        assert spoken(small, *pieces) == b""
        assert time.monotonic() - began < 5


def test_headers_that_drip_are_not_waited_for(small: Running) -> None:
    began = time.monotonic()
    spoken(small, HEAD, *[b"X: y\r\n"] * 60, pause=0.1)
    assert time.monotonic() - began < 7


def test_endless_headers_are_refused(small: Running) -> None:
    answer = spoken(small, HEAD, *[b"X-%d: %s\r\n" % (number, b"y" * 4_000) for number in range(40)])
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b"200 OK" not in spoken(small, b"GET /" + b"x" * 200_000)


def test_what_is_no_http_is_told_as_a_problem(small: Running) -> None:
    answer = spoken(small, b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"urn:tagloom:problem:not-http" in answer


def test_a_chunked_body_has_the_same_limit(small: Running) -> None:
    chunk = b"3e8\r\n" + b" " * 1_000 + b"\r\n"
    answer = spoken(small, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 30, b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("length", [b"-1", b"x", b"1e3", b"99999999999999999999"])
def test_a_length_that_is_none_is_refused(small: Running, length: bytes) -> None:
    answer = spoken(small, HEAD + b"Content-Length: " + length + b"\r\nConnection: close\r\n\r\n")
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 413 "))


def test_who_hangs_up_disturbs_nobody(small: Running) -> None:
    for cut in (10, len(HEAD), len(HEAD) + 25, len(HEAD) + 30):
        with socket.create_connection(("127.0.0.1", small.port)) as connection:
            connection.sendall((HEAD + b"Content-Length: 40\r\n\r\n" + b'{"documents": [')[:cut])
    body = json.dumps(GOOD).encode()
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", small.port)) as connection:
            connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    assert small.predict("My Nikon D90").status_code == 200
    assert not [line for line in small.lines if '"event": "error"' in line]


def test_no_log_holds_a_text_a_path_or_a_trace(small: Running) -> None:
    with small.client() as client:
        client.post(PREDICT, json={"documents": [{"text": SECRET, "id": SECRET}]})
        client.post(f"/v1/models/{SECRET}/predict?format={SECRET}", json={"documents": [{"text": SECRET}]})
        client.get(f"/{SECRET}")
        client.post(PREDICT, content=SECRET.encode(), headers={**JSON, "Authorization": f"Bearer {SECRET}"})
    time.sleep(0.3)
    assert [line for line in small.lines if '"event":"request"' in line]
    log = "".join(line for line in small.lines if line.startswith("{"))
    for word in ("Traceback", ".py", str(small.state)):
        assert word not in log
    assert SECRET not in log
