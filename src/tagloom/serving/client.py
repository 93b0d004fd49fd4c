"""A client of the API. It needs Python's own library alone: this file may be copied to where Tagloom is not installed.

Example: `with Client("http://127.0.0.1:8000") as client: entities = client.predict("My Nikon D90 is bright.")`
"""

import contextlib
import email.utils
import http.client
import io
import json
import math
import os
import random
import re
import selectors
import socket
import ssl
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple, TypedDict, TypeVar, Unpack, cast
from urllib.parse import quote, urlencode

T = TypeVar("T")
Texts = Iterable[str | Mapping[str, str]]  # each itself, or its `text` and `id`, which else is its place, from "0"
Entity = dict[str, Any]  # `text`, `label`, `start`, `end` (half-open) and `score`
Errors = Literal["raise", "yield"]
Document = dict[str, Any]  # `id`, `entities`, `warnings`; in a stream of what is not sound its `line` and `error` too

_ADDRESS = re.compile(r"(https?)://((\[[0-9a-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?)(/[\w.~/%-]*)?", re.ASCII | re.IGNORECASE)
_MOST_DOCUMENTS, _MOST_BYTES = 256, 2**20  # of one request; bytes of a problem too
_MOST_IDLE, _PIECE = 16, 2**16  # connections that are kept; bytes that are read or sent at once
_FIRST_PAUSE, _LONGEST_PAUSE, _PATIENCE = 0.1, 5.0, 1.0  # seconds; `_PATIENCE` with servers that know no `Expect`
_LOST = (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError, http.client.IncompleteRead)
_FAILURES: Sequence[tuple[Any, str, str]] = (  # what there may be instead of an answer: the first that fits
    (TimeoutError, "timed-out", "received none in time. Give Client a longer timeout, or ask for less at once."),
    (ConnectionRefusedError, "no-connection", "nothing listens there. Start the server, or correct the address."),
    (_LOST, "cut", "the connection broke off before its end. Ask again; the server's log may say more."),
    (ssl.SSLError, "tls-failed", "received {}. Correct http or https, or give Client an ssl_context."),
    (http.client.HTTPException, "unexpected-answer", "received something else than HTTP. Correct the address."),
    ((OSError, UnicodeError), "unreachable", "received {}. Correct the address, or look after the network."),
)
_REFUSED = {429, 503, "no-connection"}  # statuses and kinds of what was surely not done
_PASSING = {*_REFUSED, 502, 504, "cut"}  # of what may go better later


@dataclass(eq=False, repr=False)
class ClientError(Exception):
    """A request that was not answered as it was asked, as a problem document (RFC 9457) says it.

    Kinds that are found here, with status 0 where there was no answer: `wrong-argument`, `no-connection`, `timed-out`,
    `unreachable`, `tls-failed`, `cut` (an answer broke off), `unexpected-answer`. `retry_after` is in seconds.
    """

    kind: str
    detail: str
    status: int = 0
    request_id: str | None = None
    errors: Sequence[Mapping[str, str]] = ()
    retry_after: float | None = None

    def __str__(self) -> str:
        request = f" (request {self.request_id})" if self.request_id else ""
        return f"{self.status or ''} {self.kind}: {self.detail}{request}".strip()


class Options(TypedDict, total=False):
    """What is told of texts: entities that score `threshold` or more, 0 to 1, and where by `offsets`.

    They count code points, as Python and the server do unless they are told, UTF-16 code units, or bytes of UTF-8.
    """

    threshold: float
    offsets: Literal["codepoint", "utf16", "byte"]


class _Request(NamedTuple):
    """What is asked."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""
    send: Callable[["_Connection"], object] | None = None  # a body, once the server asks for it
    may_repeat: Callable[[bool], bool] = lambda _: True  # once it was refused (True), or perhaps done (False)


class Client(contextlib.AbstractContextManager["Client"]):
    """Asks a server. Threads may share it; connections are kept for the next requests.

    What may go better later is asked again after growing pauses: connections that are refused or lost, and answers with
    status 429, 503 (not before their `Retry-After`), 502 or 504. Redirects and the environment's proxies are not used.

    Args:
        address: such as `https://example.org` or `http://127.0.0.1:8000`, with a path where a proxy adds one.
        key: to the server. With `http` it can be read on its way: beyond one machine, use `https`.
        timeout: seconds that a request may take with all its repetitions; of a stream, that its next answer may take.
        retries: most repetitions of a request.
        ssl_context: for `https`; None for one that checks certificates against those that the system trusts.

    Raises:
        ClientError: the address or the key cannot be one.
    """

    def __init__(
        self,
        address: str,
        key: str | None = None,
        *,
        timeout: float = 60.0,
        retries: int = 6,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._idle: list[_Connection] = []  # of which threads pop, and to which they append
        found = _ADDRESS.fullmatch(address)
        if found is None or int(found[4] or 0) > 65535:
            told = "address: expected one such as http://127.0.0.1:8000, without a password or a query, received"
            raise ClientError("wrong-argument", f"{told} {address.rpartition('@')[2][:100]!r}.")
        if not re.fullmatch(r"[!-~]*", key or ""):
            raise ClientError("wrong-argument", "key: expected ASCII without spaces, received another. Copy it anew.")
        scheme, place, host, port, path = found.groups()
        self._connect = partial(http.client.HTTPConnection, host.strip("[]"), int(port or 80))
        if scheme.lower() == "https":
            context = ssl_context or ssl.create_default_context()
            self._connect = partial(http.client.HTTPSConnection, host.strip("[]"), int(port or 443), context=context)
        self._address, self._path, self._timeout, self._retries = address, (path or "").rstrip("/"), timeout, retries
        self._headers = {"Host": place, "User-Agent": "tagloom", **({"Authorization": f"Bearer {key}"} if key else {})}

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connections that are kept."""
        while self._idle:
            self._idle.pop().end()

    __del__ = close

    def predict(self, text: str, slot: str = "production", **options: Unpack[Options]) -> list[Entity]:
        """The entities of one text."""
        (document,) = self.predict_many([text], slot, **options)
        return cast(list[Entity], document["entities"])

    def predict_many(self, texts: Texts, slot: str = "production", **options: Unpack[Options]) -> list[Document]:
        """What is found in many texts, in their order, by as many requests as they need."""
        found: list[Document] = []
        for batch in _batches(_encoded(texts)):
            body = json.dumps({**options, "documents": []}).encode()[:-2] + b",".join(batch) + b"]}"
            headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
            request = _Request("POST", f"/v1/models/{quote(slot, '')}/predict", headers, body)
            try:
                answer = self._json(request, "documents")
            except ClientError as error:
                error.add_note(f"In the request with the texts {len(found)} to {len(found) + len(batch) - 1}.")
                raise
            found += [document for document, _ in zip(answer["documents"], batch, strict=True)]
        return found

    def stream(
        self, texts: Texts, slot: str = "production", *, errors: Errors = "raise", **options: Unpack[Options]
    ) -> Iterator[Document]:
        """What is found in any number of texts, one by one, by one request and in little memory.

        It begins with the first `next`. A thread of its own reads the texts and sends each at once; it waits where the
        answers are not read. Servers end streams that rest: by default 20 seconds without a text, or 30 with answers
        that are not read. From the first text on, nothing is repeated. A text that the server refuses ends the stream,
        or is yielded with an `error`, as `errors` says. What reading the texts raises is raised here.
        """
        stream = _Stream(_encoded(texts), self._timeout, is_raising=errors == "raise")
        path = f"/v1/models/{quote(slot, '')}/stream?{urlencode(options)}"
        headers = {"Content-Type": "application/x-ndjson", "Transfer-Encoding": "chunked", "Expect": "100-continue"}
        request = _Request("POST", path, headers, send=stream.start, may_repeat=lambda _: not stream.has_begun)
        try:
            with contextlib.ExitStack() as stack:
                answer = self._repeated(request, lambda until: stack.enter_context(self._answer(request, until)))
                yield from stream.answers(*answer)
        except ClientError:
            if stream.error is not None:
                raise stream.error from None
            raise

    def models(self) -> list[dict[str, Any]]:
        """What each slot serves, and can be rolled back to."""
        return cast(list[dict[str, Any]], self._json(_Request("GET", "/v1/models", {}), "models")["models"])

    def deploy(
        self, path: str | os.PathLike[str], slot: str = "production", *, name: str | None = None, timeout: float = 600.0
    ) -> dict[str, str]:
        """Makes a model the live version of a slot, and tells which that is; what it serves already stays that.

        The path is a `.loom` file, or the folder of a model or a run; without a name, its last part is the model's.
        """
        target = f"/v1/models/{quote(slot, '')}?{urlencode({'name': name or Path(path).absolute().stem})}"
        with _bundle(Path(path)) as file:
            length = str(file.seek(0, os.SEEK_END))
            headers = {"Content-Type": "application/zip", "Content-Length": length, "Expect": "100-continue"}
            request = _Request("PUT", target, headers, send=lambda connection: connection.send_file(file))
            return self._json(request, "version", timeout)

    def roll_back(self, slot: str) -> dict[str, str]:
        """Makes the version before live again, and tells which that is; see `models` where the answer was lost."""
        path = f"/v1/models/{quote(slot, '')}/rollback"
        return self._json(_Request("POST", path, {"Content-Length": "0"}, may_repeat=bool), "version")

    def undeploy(self, slot: str) -> None:
        """Takes the model of a slot away; see `models` where the answer was lost."""
        self._json(_Request("DELETE", f"/v1/models/{quote(slot, '')}", {}, may_repeat=bool))

    def is_ready(self) -> bool:
        """Whether the server can be reached and has all its models loaded; it is asked once."""
        try:
            self._whole(_Request("GET", "/health/ready", {}), time.monotonic() + self._timeout)
        except ClientError as error:
            if (error.status or error.kind) in {*_PASSING, "timed-out", "unreachable"}:
                return False
            raise
        return True

    def _json(self, request: _Request, needed: str | None = None, timeout: float | None = None) -> dict[str, Any]:
        content = self._repeated(request, partial(self._whole, request), timeout)
        return {} if needed is None else _parsed(content, needed)

    def _repeated(self, request: _Request, ask: Callable[[float], T], timeout: float | None = None) -> T:
        """What asking gives, which is told until when; again and again where that is allowed and may help."""
        until, number = time.monotonic() + (timeout or self._timeout), 0
        while True:
            try:
                return ask(until)
            except ClientError as error:
                cause = error.status or error.kind
                grown = min(_FIRST_PAUSE * 2**number, _LONGEST_PAUSE)
                pause = (error.retry_after or 0.0) + random.uniform(grown / 2, grown)
                may_help = number < self._retries and cause in _PASSING and time.monotonic() + pause < until
                if not may_help or not request.may_repeat(cause in _REFUSED):
                    raise
            time.sleep(pause)
            number += 1

    def _whole(self, request: _Request, until: float) -> bytes:
        with self._answer(request, until) as (_, response):
            return response.read()

    @contextlib.contextmanager
    def _answer(self, request: _Request, until: float) -> Iterator[tuple["_Connection", http.client.HTTPResponse]]:
        """An answer that is no problem. Its connection is kept unless a body was sent later, or the server ends it."""
        connection = None
        try:
            connection, response = self._begun(request, until)
            if not 200 <= response.status < 300:
                raise _problem(response)
            yield connection, response
            if not response.will_close and request.send is None and len(self._idle) < _MOST_IDLE:
                self._idle.append(connection)
                connection = None
        except (OSError, http.client.HTTPException, UnicodeError) as error:  # the last of host names
            kind, told = next((kind, told) for types, kind, told in _FAILURES if isinstance(error, types))
            asked = f"{request.method} {self._address}{request.path.partition('?')[0]}"
            raise ClientError(kind, f"{asked}: expected an answer, {told.format(error)}") from error
        finally:
            if connection is not None:
                connection.end()

    def _begun(self, request: _Request, until: float) -> tuple["_Connection", http.client.HTTPResponse]:
        """The head of an answer, over a new connection where those that were kept have ended meanwhile."""
        while self._idle and request.send is None and request.may_repeat(False):
            with contextlib.suppress(IndexError, *_LOST):
                kept = self._idle.pop()
                if kept.is_open():
                    return kept, self._exchanged(kept, request, until)
                kept.end()
        made = self._connect(timeout=max(until - time.monotonic(), 0.001))
        made.connect()
        connection = _Connection(made.sock)
        return connection, self._exchanged(connection, request, until)

    def _exchanged(self, connection: "_Connection", request: _Request, until: float) -> http.client.HTTPResponse:
        lines = [f"{name}: {value}" for name, value in {**self._headers, **request.headers}.items()]
        head = "\r\n".join([f"{request.method} {self._path}{request.path} HTTP/1.1", *lines, "\r\n"])
        connection.until = until
        try:
            response = http.client.HTTPResponse(cast(Any, connection), method=request.method)
            with contextlib.suppress(*_LOST):  # a server that refuses a body may say so before it hangs up
                connection.send(head.encode("ascii") + request.body)
                if request.send is not None and connection.is_asked(response):
                    connection.until = until
                    request.send(connection)
            connection.until = until
            response.begin()
        except BaseException:
            connection.end()
            raise
        return response


class _Connection(io.RawIOBase):
    """A socket as `HTTPResponse` reads it, whose waits all end by one time: its own timeout would begin with each.

    One thread may send while another reads: what they do with the socket never waits, and each has it for itself, as
    TLS needs it.
    """

    def __init__(self, connected: socket.socket) -> None:
        connected.setblocking(False)
        self.until = math.inf  # on the monotonic clock
        self._socket, self._lock = connected, threading.Lock()
        self._process = os.getpid()  # in a forked one, the connection is not its own

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._done(partial(self._socket.recv_into, buffer), selectors.EVENT_READ, self.until)

    def makefile(self, _: str) -> io.BufferedReader:
        return io.BufferedReader(self, _PIECE)

    def close(self) -> None:
        """Nothing: an answer that was read calls this, and the next one may come."""

    def send(self, content: bytes, until: float | None = None) -> None:
        rest = memoryview(content)
        while rest:
            send = partial(self._socket.send, rest)
            rest = rest[self._done(send, selectors.EVENT_WRITE, self.until if until is None else until) :]

    def send_file(self, file: IO[bytes]) -> None:
        file.seek(0)
        while piece := file.read(_PIECE):
            self.send(piece)

    def is_asked(self, response: http.client.HTTPResponse) -> bool:
        """Whether a body is to follow: the server says `100 Continue`, or nothing for a while."""
        self.until = min(self.until, time.monotonic() + _PATIENCE)
        with contextlib.suppress(TimeoutError):
            return response.fp.peek(12)[:12] == b"HTTP/1.1 100"
        return True

    def is_open(self) -> bool:
        """Whether the server has neither closed it nor sent what nobody asked for."""
        self.until = 0.0
        try:
            return self._process == os.getpid() and self.readinto(bytearray(1)) < 0
        except OSError as error:
            return isinstance(error, TimeoutError)  # nothing came

    def stop(self) -> None:
        """Hangs up; who waits for it wakes."""
        with self._lock, contextlib.suppress(OSError):
            if self._process == os.getpid():
                self._socket.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        self.stop()
        self._socket.close()

    def _done(self, act: Callable[[], int], event: int, until: float) -> int:
        while True:
            try:
                with self._lock:
                    return act()
            except BlockingIOError:
                wanted = event
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
                wanted = selectors.EVENT_READ if error.errno == ssl.SSL_ERROR_WANT_READ else selectors.EVENT_WRITE
            seconds = min(until - time.monotonic(), 1.0)  # it may be ended meanwhile
            if seconds <= 0:
                raise TimeoutError
            with selectors.DefaultSelector() as selector:
                selector.register(self._socket, wanted)
                selector.select(seconds)


class _Stream:
    """Sends the lines of a stream in a thread of its own, while their answers are read."""

    def __init__(self, lines: Iterator[bytes], timeout: float, *, is_raising: bool) -> None:
        self._lines, self._timeout, self._is_raising = lines, timeout, is_raising
        self._num_sent, self._has_ended, self.has_begun = 0, False, False
        self.error: Exception | None = None

    def start(self, connection: _Connection) -> None:
        self.has_begun = True
        threading.Thread(target=self._send, args=(connection,), name="tagloom-stream", daemon=True).start()

    def answers(self, connection: _Connection, response: http.client.HTTPResponse) -> Iterator[Document]:
        """The answers, up to the line that says that these were all."""
        number = 0
        with contextlib.suppress(*_LOST):
            for answer in self._received(connection, response):
                if "done" in answer:
                    if self._has_ended and self._num_sent == number == sum(answer["done"].values()):
                        return
                    break
                if "error" in answer and (self._is_raising or "line" not in answer):  # without: why all ends here
                    raise _of_problem(answer["error"], answer["error"]["status"], f"text {number}: ")
                yield {"id": str(number), "entities": [], "warnings": [], **answer}
                number += 1
        told = f"expected an answer to each text and a line that says done, received {number} answers before the end."
        raise ClientError("cut", f"{told} Ask again for the texts from {number} on.", response.status)

    def _received(self, connection: _Connection, response: http.client.HTTPResponse) -> Iterator[dict[str, Any]]:
        rest = b""
        while True:
            connection.until = time.monotonic() + self._timeout
            piece = response.read1(_PIECE)
            if not piece:
                return
            *whole, rest = (rest + piece).split(b"\n")
            yield from map(_parsed, whole)

    def _send(self, connection: _Connection) -> None:
        with contextlib.suppress(OSError, ValueError):  # the connection has ended, of which the answer tells more
            for chunk in self._chunks(connection):
                connection.send(chunk, math.inf)

    def _chunks(self, connection: _Connection) -> Iterator[bytes]:
        try:
            for line in self._lines:
                self._num_sent += 1
                yield b"%x\r\n%b\n\r\n" % (len(line) + 1, line)
            self._has_ended = True
            yield b"0\r\n\r\n"
        except Exception as error:  # noqa: BLE001 - whatever reading the texts raises is raised where answers are read
            self.error = error
            connection.stop()


def _encoded(texts: Texts) -> Iterator[bytes]:
    """Each text as a document of the API, in JSON."""
    for number, text in enumerate([None] if isinstance(texts, str | bytes | Mapping) else texts):
        if not isinstance(text, str | Mapping):
            told = "expected a list of texts, or of mappings with a `text` and an `id`, received another type."
            raise ClientError("wrong-argument", f"text {number}: {told}")
        document: dict[str, Any] = {"text": text} if isinstance(text, str) else dict(text)
        if document.get("id") is None:
            document["id"] = str(number)
        yield json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")  # the server tells of halves


def _batches(documents: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Documents that are sent together; one that is too large for that goes alone."""
    batch: list[bytes] = []
    for document in documents:
        if batch and (len(batch) == _MOST_DOCUMENTS or sum(map(len, batch)) + len(document) > _MOST_BYTES):
            yield batch
            batch = []
        batch.append(document)
    if batch:
        yield batch


def _bundle(path: Path) -> IO[bytes]:
    """A model as a file: as it is, or a folder's plain files in a zip; stored, as numbers hardly shrink."""
    folder = path / "model" if (path / "model").is_dir() else path
    if not folder.is_dir():
        return path.open("rb")
    if not (folder / "config.json").is_file():
        raise ClientError("wrong-argument", f"{folder}: expected a model's config.json, found none. Correct the path.")
    file = tempfile.TemporaryFile()  # noqa: SIM115 - who asks for it closes it
    with zipfile.ZipFile(file, "w", strict_timestamps=False) as archive:
        for each in sorted(each for each in folder.iterdir() if each.is_file() and not each.name.startswith(".")):
            archive.write(each, each.name)
    return file


def _parsed(content: bytes, needed: str | None = None) -> dict[str, Any]:
    """An object of JSON that has what is needed."""
    with contextlib.suppress(ValueError, RecursionError):
        found = json.loads(content)
        if isinstance(found, dict) and (needed is None or needed in found):
            return found
    raise ClientError("unexpected-answer", "expected JSON of Tagloom's API, received another. Correct the address.")


def _problem(response: http.client.HTTPResponse) -> ClientError:
    """What an answer says that is none of those that were asked for."""
    location = response.headers.get("Location")
    received = "another" if location is None else f"a redirect to {location[:200]!r}, which is not followed"
    document = {"detail": f"expected an answer of Tagloom's API, received {received}. Correct the address."}
    with contextlib.suppress(ClientError):
        document = _parsed(response.read(_MOST_BYTES), "detail")
    error = _of_problem(document, response.status)
    error.request_id = error.request_id or response.headers.get("X-Request-ID")
    given = response.headers.get("Retry-After", "")
    with contextlib.suppress(ValueError):  # neither seconds nor a date (RFC 9110, section 10.2.3)
        date = None if given.isdecimal() else email.utils.parsedate_to_datetime(given)
        error.retry_after = float(given) if date is None else max(0.0, date.timestamp() - time.time())
    return error


def _of_problem(document: Mapping[str, Any], status: int, where: str = "") -> ClientError:
    """The error that a problem document (RFC 9457) describes."""
    kind = str(document.get("type", "unexpected-answer")).rpartition(":")[2]
    detail = f"{where}{document.get('title', '')} {document['detail']}".strip()
    return ClientError(kind, detail, status, document.get("request_id"), document.get("errors", ()))
