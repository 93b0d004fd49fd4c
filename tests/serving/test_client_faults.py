"""The client and all that can go wrong on the way, with a server that does as it is told (`fake.py`)."""

import contextlib
import email.utils
import itertools
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

import pytest
from fake import ANSWER, Fake, Script, Talk, fake, header

from tagloom.serving import client as module
from tagloom.serving.client import Client, ClientError


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FIRST_PAUSE", 0.01)


@contextlib.contextmanager
def faulty(*scripts: Script, **options: Any) -> Iterator[tuple[Fake, Client]]:
    """A server that does as it is told, and a client of it."""
    with fake(*scripts) as server, Client(server.address, **options) as client:
        yield server, client


def answering(*arguments: Any, **headers: Any) -> Script:
    """Answers one request."""
    return lambda talk: talk.read_request() and talk.answer(*arguments, **headers)


def resetting(talk: Talk) -> None:
    talk.read_request()
    talk.reset()


def breaking(talk: Talk) -> None:
    talk.read_request()
    talk.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    talk.reset()


def ending(talk: Talk) -> None:
    talk.read_request()
    talk.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{")


def serving(talk: Talk) -> None:
    """Answers every request of a connection."""
    while talk.read_request():
        talk.answer()


def refusing_at_once(talk: Talk) -> None:
    """Answers before it reads anything, and hangs up, as a server does that has too many connections."""
    talk.answer(503, {"type": "urn:tagloom:problem:queue-full", "detail": "Full."}, Connection="close")


@pytest.mark.parametrize(
    "fault",
    [answering(status) for status in (429, 502, 503, 504)] + [resetting, breaking, ending, refusing_at_once],
    ids=["429", "502", "503", "504", "reset", "broken", "ended", "refused"],
)
def test_what_may_pass_is_asked_again_and_not_for_ever(fault: Script) -> None:
    with faulty(fault, fault, serving) as (server, client):
        assert client.predict("x") == []
        assert server.num_connections == 3
    with faulty(fault, retries=2) as (server, client):
        with pytest.raises(ClientError):
            client.predict("x")
        assert server.num_connections == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 409, 413, 422, 500])
def test_what_does_not_pass_is_asked_once(status: int) -> None:
    with faulty(answering(status, b"<html>", X_Request_ID="a1")) as (server, client):
        with pytest.raises(ClientError, match="expected an answer of Tagloom's API, received another") as caught:
            client.predict("x")
        error = caught.value
        assert (error.status, error.kind, error.request_id) == (status, "unexpected-answer", "a1")
        assert server.num_connections == 1


def test_changes_are_repeated_only_where_they_were_refused() -> None:
    asks: list[Callable[[Client], object]] = [lambda client: client.roll_back("a"), lambda client: client.undeploy("a")]
    for ask in asks:
        for fault in (answering(502), resetting):
            with faulty(serving, fault) as (server, client):
                client.predict("x")  # leaves a connection, which must not be used: it may have ended
                with pytest.raises(ClientError):
                    ask(client)
                assert server.num_connections == 2
        with faulty(answering(503), answering(429), answering(body={"version": "1"})) as (server, client):
            ask(client)
            assert server.num_connections == 3


def test_a_server_says_when_it_may_be_asked_again() -> None:
    date = email.utils.formatdate(time.time() + 2, usegmt=True)
    for status, after, least in ((429, date, 0.9), (503, "1", 1.0), (503, "soon", 0.0)):
        with faulty(answering(status, Retry_After=after), serving) as (server, client):
            began = time.monotonic()
            client.predict("x")
            assert least <= time.monotonic() - began < least + 2
    problem = {"type": "urn:tagloom:problem:too-many-requests", "title": "Too many.", "detail": "Wait."}
    with faulty(answering(429, problem, Retry_After="3600")) as (server, client):
        with pytest.raises(ClientError, match=r"429 too-many-requests: Too many\. Wait\.") as caught:
            client.predict("x")
        assert (caught.value.retry_after, server.num_connections) == (3600, 1)


def test_pauses_grow_and_end_with_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(module, "_FIRST_PAUSE", 0.1)
    monkeypatch.setattr(time, "sleep", pauses.append)
    with faulty(answering(503), retries=8) as (_, client), pytest.raises(ClientError):
        client.predict("x")
    for number, pause in enumerate(pauses):
        assert 0.05 * 2**number <= pause <= 0.1 * 2**number or 2.5 <= pause <= 5
    assert len(pauses) == 8
    monkeypatch.undo()
    with faulty(answering(503), retries=1_000, timeout=0.3) as (_, client), pytest.raises(ClientError, match="503"):
        client.predict("x")


def test_connections_are_used_again() -> None:
    with faulty(serving) as (server, client):
        for _ in range(5):
            client.predict("x")
        assert (server.num_connections, len(server.heads)) == (1, 5)


def test_a_connection_that_the_server_has_closed_is_no_fault() -> None:
    with faulty(answering(), retries=0) as (server, client):
        for _ in range(3):
            client.predict("x")
            time.sleep(0.05)
        assert server.num_connections == 3


def test_a_connection_that_ends_as_it_is_used_again_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module._Connection, "is_open", lambda _: True)  # it closes just after that was looked at
    with faulty(answering(), lambda talk: serving(talk), retries=0) as (server, client):
        client.predict("x")
        time.sleep(0.05)
        client.predict("x")
        assert server.num_connections == 2


def test_a_connection_is_not_used_again_where_the_server_says_so() -> None:
    def closing(talk: Talk) -> None:
        talk.read_request()
        talk.answer(Connection="close")
        assert talk.read_head() == ""

    with faulty(closing, retries=0) as (server, client):
        client.predict("x")
        assert client._idle == []
        client.predict("x")
        assert server.num_connections == 2


def test_an_answer_that_nobody_asked_for_answers_nothing() -> None:
    def talking(talk: Talk) -> None:
        talk.read_request()
        talk.answer()
        time.sleep(0.05)
        talk.answer(body={"documents": [{**FOUND, "entities": ["a stranger's"]}]})
        talk.read_request()

    with faulty(talking, serving) as (server, client):
        client.predict("x")
        time.sleep(0.1)
        assert client.predict("x") == []
        assert server.num_connections == 2


def test_a_forked_process_leaves_connections_to_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    with faulty(serving) as (server, client):
        client.predict("x")
        (kept,) = client._idle
        monkeypatch.setattr(os, "getpid", lambda: 1)
        client.predict("x")
        assert (server.num_connections, len(client._idle)) == (2, 1)
        assert kept not in client._idle


@pytest.mark.parametrize("piece", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", b"HTTP/1.1 200 OK\r\nA: "])
def test_a_slow_answer_ends_in_time(piece: bytes) -> None:
    def dripping(talk: Talk) -> None:
        talk.read_request()
        talk.write(piece)
        while True:
            if piece:
                talk.write(b"x")
            time.sleep(0.05)
            talk.connected.setblocking(False)
            try:
                if not talk.connected.recv(1):
                    return
            except BlockingIOError:
                pass

    began, busy = time.monotonic(), time.process_time()
    with faulty(dripping, timeout=0.4) as (_, client), pytest.raises(ClientError, match="timed-out: POST http"):
        client.predict("x")
    assert 0.3 < time.monotonic() - began < 1.5
    assert time.process_time() - busy < 0.2  # it waits, and does not ask over and over


def test_redirects_are_not_followed() -> None:
    with fake(serving) as aim, fake(answering(307, b"", Location=f"{aim.address}/x")) as server:
        with Client(server.address, "secret") as client, pytest.raises(ClientError, match="a redirect to") as caught:
            client.predict("x")
        assert (caught.value.status, aim.num_connections, server.num_connections) == (307, 0, 1)
        assert aim.address in caught.value.detail


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b"[" * 100_000, b"\xff"])
def test_an_answer_of_something_else_is_told(body: bytes) -> None:
    with (
        faulty(answering(200, body)) as (_, client),
        pytest.raises(ClientError, match="unexpected-answer: expected JSON"),
    ):
        client.predict("x")


def test_what_is_no_http_is_told() -> None:
    def speaking(talk: Talk) -> None:
        talk.read_request()
        talk.write(b"SSH-2.0-x\r\n")

    with (
        faulty(speaking) as (_, client),
        pytest.raises(ClientError, match="received something else than HTTP") as caught,
    ):
        client.predict("x")
    assert caught.value.kind == "unexpected-answer"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.org", ("example.org", 443)),
        ("HTTP://Example.org/x", ("Example.org", 80)),
        ("http://[::1]", ("::1", 80)),
        ("https://[::1]:99/", ("::1", 99)),
    ],
)
def test_addresses_have_ports(address: str, expected: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def note(place: object, *_: object, **__: object) -> None:
        asked.append(place)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", note)
    with Client(address) as client, pytest.raises(ClientError, match="unreachable"):
        client.models()
    assert asked == [expected]


@pytest.mark.parametrize("host", ["nowhere", "a..b", f"{'a' * 70}.org"])
def test_a_host_that_is_not_known_is_told(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    if host == "nowhere":
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with (
        Client(f"http://{host}") as client,
        pytest.raises(ClientError, match=rf"unreachable: GET http://{host}/v1/models"),
    ):
        client.models()


def test_an_answer_with_another_number_of_documents_is_no_answer() -> None:
    with faulty(serving) as (_, client), pytest.raises(ValueError, match="zip"):
        client.predict_many(["x", "y"])


def test_a_path_of_a_proxy_and_the_key_are_sent() -> None:
    with fake(serving) as server, Client(f"{server.address}/some/path/", "secret") as client:
        client.predict("x", slot="a/b c")
        (head,) = server.heads
        assert head.startswith("POST /some/path/v1/models/a%2Fb%20c/predict HTTP/1.1\r\n")
        assert (header(head, "Authorization"), header(head, "Host")) == ("Bearer secret", server.address[7:])


# Faults of what is sent once a server asks for it


def streaming(*lines: dict[str, Any]) -> Script:
    """Answers a stream with these lines, however long it is."""

    def stream(talk: Talk) -> None:
        talk.read_head()
        talk.go_on()
        while talk.read_line():
            pass
        for line in lines:
            talk.chunk(line)
        talk.write(b"0\r\n\r\n")

    return stream


DONE = {"done": {"documents": 2, "errors": 0}}
FOUND = ANSWER["documents"][0]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [FOUND],
        [FOUND, FOUND],
        [FOUND, DONE],
        [FOUND, FOUND, FOUND, DONE],
        [FOUND, FOUND, {"done": {"documents": 2, "errors": 1}}],
    ],
)
def test_a_stream_without_all_its_answers_was_cut(lines: list[dict[str, Any]]) -> None:
    with faulty(streaming(*lines)) as (server, client):
        stream = client.stream(["x", "y"])
        for _ in [line for line in lines if line is FOUND]:
            next(stream)
        number = lines.count(FOUND)
        with pytest.raises(
            ClientError, match=rf"cut: .* received {number} answers .* for the texts from {number} on\."
        ):
            next(stream)
        assert server.num_connections == 1


@pytest.mark.parametrize("errors", ["raise", "yield"])
def test_a_stream_that_says_why_it_was_cut_raises_that(errors: Literal["raise", "yield"]) -> None:
    problem = {"type": "urn:tagloom:problem:body-too-slow", "title": "Too slow.", "status": 408, "detail": "Be faster."}
    with faulty(streaming(FOUND, {"error": {**problem, "request_id": "5f0c"}})) as (server, client):
        stream = client.stream(["x", "y"], errors=errors)
        assert next(stream) == FOUND
        with pytest.raises(ClientError, match=r"408 body-too-slow: text 1: Too slow\. Be faster\.") as raised:
            next(stream)
        assert (raised.value.kind, raised.value.request_id, server.num_connections) == ("body-too-slow", "5f0c", 1)


def test_a_stream_is_not_done_before_all_texts_are_sent() -> None:
    def hasty(talk: Talk) -> None:
        talk.read_head()
        talk.go_on()
        talk.read_line()
        talk.chunk(FOUND)
        talk.chunk({"done": {"documents": 1, "errors": 0}})
        talk.write(b"0\r\n\r\n")

    may_go_on = threading.Event()

    def texts() -> Iterator[str]:
        yield "x"
        may_go_on.wait(10)

    with faulty(hasty) as (_, client), pytest.raises(ClientError, match="cut"):
        list(client.stream(texts()))
    may_go_on.set()


def test_texts_are_read_no_faster_than_the_server_reads_them() -> None:
    number, taken, may_read = 400, itertools.count(), threading.Event()

    def pausing(talk: Talk) -> None:
        talk.read_head()
        talk.go_on()
        may_read.wait(10)
        while talk.read_line():
            talk.chunk(FOUND)
        talk.chunk({"done": {"documents": number, "errors": 0}})
        talk.write(b"0\r\n\r\n")

    with faulty(pausing) as (_, client), ThreadPoolExecutor(1) as threads:
        answers = threads.submit(lambda: list(client.stream(f"{next(taken)} {'x' * 60_000}" for _ in range(number))))
        before, now = 0, 0
        while now != before + 1:  # until what lies between is full
            time.sleep(0.2)
            before, now = now, next(taken)
        assert 10 < now < number
        may_read.set()
        assert len(answers.result(10)) == number


def test_a_stream_may_last_longer_than_its_answers_may() -> None:
    def steady(talk: Talk) -> None:
        talk.read_head()
        talk.go_on()
        while talk.read_line():
            time.sleep(0.15)
            talk.chunk(FOUND)
        talk.chunk({"done": {"documents": 6, "errors": 0}})
        talk.write(b"0\r\n\r\n")

    with faulty(steady, timeout=0.6) as (_, client):
        assert len(list(client.stream(["x"] * 6))) == 6
        assert client._idle == []


def test_an_empty_stream_can_be_cut_too() -> None:
    with faulty(streaming()) as (_, client), pytest.raises(ClientError, match="cut"):
        list(client.stream([]))


def test_a_stream_that_breaks_off_was_cut() -> None:
    def breaking_stream(talk: Talk) -> None:
        talk.read_head()
        talk.go_on()
        talk.read_line()
        talk.chunk(FOUND)
        talk.write(b"50\r\n{")
        time.sleep(0.1)
        talk.reset()

    with faulty(breaking_stream) as (_, client):
        stream = client.stream(iter(lambda: "x", None))
        assert next(stream) == FOUND
        with pytest.raises(ClientError, match="received 1 answers before the end"):
            next(stream)


def test_a_stream_whose_answers_do_not_come_ends_in_time() -> None:
    def silent(talk: Talk) -> None:
        talk.read_head()
        talk.go_on()
        while talk.connected.recv(65_536):
            pass

    with faulty(silent, timeout=0.3) as (_, client), pytest.raises(ClientError, match="timed-out"):
        list(client.stream(iter(lambda: "x", None)))


@pytest.mark.parametrize("fault", [answering(503), answering(502), refusing_at_once, lambda talk: talk.reset()])
def test_a_stream_that_is_refused_is_asked_again_before_a_text_is_read(fault: Script) -> None:
    texts = iter(["x", "y"])
    with faulty(fault, fault, streaming(FOUND, FOUND, DONE)) as (server, client):
        assert list(client.stream(texts)) == [FOUND, FOUND]
        assert server.num_connections == 3
    assert header(server.heads[-1], "Expect") == "100-continue"


def test_a_stream_whose_texts_were_read_is_not_repeated() -> None:
    def refusing_late(talk: Talk) -> None:
        talk.read_head()
        talk.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        talk.read_line()
        talk.answer(503)

    with faulty(refusing_late) as (server, client):
        with pytest.raises(ClientError, match="503"):
            list(client.stream(["x"]))
        assert server.num_connections == 1


def test_servers_that_do_not_ask_for_a_body_get_it_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(talk: Talk) -> None:
        talk.read_head()
        lines = [talk.read_line(), talk.read_line(), talk.read_line()]
        assert lines[-1] == ""
        talk.go_on()
        talk.chunk(FOUND)
        talk.chunk(FOUND)
        talk.chunk(DONE)
        talk.write(b"0\r\n\r\n")

    monkeypatch.setattr(module, "_PATIENCE", 0.1)
    with faulty(late) as (_, client):
        assert len(list(client.stream(["x", "y"]))) == 2


@pytest.mark.parametrize("is_asking", [False, True])
def test_a_refusal_is_told_while_a_model_is_sent(tmp_path: Path, is_asking: bool) -> None:
    def refusing(talk: Talk) -> None:
        talk.read_head()
        if is_asking:
            talk.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            talk.read(b"x" * 1_000)
        talk.answer(413, {"type": "urn:tagloom:problem:body-too-large", "detail": "Too large."}, Connection="close")
        talk.connected.shutdown(1)
        time.sleep(0.1)

    (tmp_path / "model.loom").write_bytes(b"x" * 20_000_000)
    with faulty(refusing) as (server, client):
        with pytest.raises(ClientError, match="413 body-too-large: Too large"):
            client.deploy(tmp_path / "model.loom")
        assert server.num_connections == 1


def test_a_model_is_sent_again_whole(tmp_path: Path) -> None:
    sizes: list[int] = []

    def taking(talk: Talk) -> None:
        head = talk.read_head()
        talk.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        length = int(header(head, "Content-Length") or 0)
        talk.read(b"end")
        sizes.append(length)
        if len(sizes) == 1:
            talk.reset()
        else:
            time.sleep(0.3)
            talk.answer(body={"version": "1"})

    (tmp_path / "model.loom").write_bytes(b"x" * 300_000 + b"end")
    with faulty(taking, timeout=0.1) as (_, client):  # which is not that of deployments
        assert client.deploy(tmp_path / "model.loom") == {"version": "1"}
    assert sizes == [300_003] * 2


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 that nobody else trusts, with its key."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl is installed")
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-days", "2"]
    more = ["-addext", "subjectAltName=IP:127.0.0.1", "-out", str(path), "-keyout", str(path.with_suffix(".key"))]
    subprocess.run([*command, *more], check=True, capture_output=True)
    return path


def secured(certificate: Path, script: Script) -> Any:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    return fake(script, context=context)


def test_certificates_are_checked(certificate: Path) -> None:
    with secured(certificate, serving) as server, Client(server.address) as client:
        with pytest.raises(ClientError, match="CERTIFICATE_VERIFY_FAILED") as caught:
            client.predict("x")
        assert caught.value.kind == "tls-failed"
        assert (server.num_connections, server.heads) == (1, [])
    with fake(lambda talk: talk.read(b"\x00") and talk.answer(400)) as plain:
        client = Client(plain.address.replace("http", "https"))
        with client, pytest.raises(ClientError, match="tls-failed"):
            client.predict("x")


def test_a_trusted_server_is_asked_over_one_connection(certificate: Path) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    with secured(certificate, serving) as server, Client(server.address, ssl_context=context) as client:
        for _ in range(3):
            assert client.predict("x" * 3_000_000) == []
        assert server.num_connections == 1


def test_a_stream_sends_and_reads_at_once_over_tls(certificate: Path) -> None:
    number = 300

    def echoing(talk: Talk) -> None:
        talk.read_head()
        talk.go_on()
        while line := talk.read_line():
            talk.chunk({**FOUND, "warnings": [line]})
        talk.chunk({"done": {"documents": number, "errors": 0}})
        talk.write(b"0\r\n\r\n")

    context = ssl.create_default_context(cafile=str(certificate))
    with secured(certificate, echoing) as server, Client(server.address, ssl_context=context) as client:
        texts = [f"{each} " * 4_000 for each in range(number)]
        found = list(client.stream(texts))
    assert [f'"text": "{text}"' in document["warnings"][0] for text, document in zip(texts, found, strict=True)]
