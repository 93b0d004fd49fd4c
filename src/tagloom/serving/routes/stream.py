"""`POST /v1/models/{slot}/stream`: JSON lines in, JSON lines out, for files of any length."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from tagloom.inference.predictor import Entity
from tagloom.serving.answers.documented import READING, problems
from tagloom.serving.answers.offsets import Unit
from tagloom.serving.answers.requests import DocumentIn, Options, parsed
from tagloom.serving.answers.shapes import Text, tagloom_document
from tagloom.serving.bodies import JSON_LINES, expect_media_type
from tagloom.serving.exchange import ClientGoneError, Exchange, Receive, Scope, Send, exchange_of
from tagloom.serving.limits import Limits
from tagloom.serving.live import LiveModel
from tagloom.serving.parts import Parts
from tagloom.serving.problems import Problem, internal
from tagloom.serving.routes.direct import DirectRoute, body_of, query
from tagloom.serving.routes.predict import too_long
from tagloom.serving.snippets import TEXT

_LINE = TypeAdapter(DocumentIn)
_LINES_AT_ONCE, _CHARACTERS_AT_ONCE = 64, 32_000
_GROUPS_AHEAD = 3  # that are read while their answers wait to be sent
_BYTES_A_CHARACTER = 6  # at most, as JSON writes it
_SECONDS_BETWEEN_TRIES = 0.05
_MEDIA_TYPE = b"application/x-ndjson"
_THRESHOLD = {
    "name": "threshold",
    "in": "query",
    "required": False,
    "description": "Leave out entities with a lower score.",
    "schema": {"type": "number", "minimum": 0, "maximum": 1, "default": 0},
}


@dataclass(slots=True)
class _Group:
    """Some lines, and what was found in those that are sound.

    Args:
        lines: of each its document, or what is wrong with it, with its number.
        found: what was found in the sound ones.
    """

    lines: list[tuple[int, DocumentIn | Problem]] = field(default_factory=list)
    found: asyncio.Future[list[list[Entity]]] | None = None

    @property
    def texts(self) -> list[str]:
        """Those of the sound ones."""
        return [each.text for _, each in self.lines if isinstance(each, DocumentIn)]


def stream_routes(parts: Parts) -> APIRouter:
    """The route."""
    router = APIRouter(route_class=DirectRoute, tags=["predict"])
    line = f'{{"id": "a", "text": "{TEXT}"}}\n'

    @router.post(
        "/v1/models/{slot}/stream",
        summary="Find entities in a stream",
        responses={
            200: {
                "description": "A line a document, in order; of a line that is not sound its number and an `error`; at "
                "last a line `done`, without which the stream was cut: a last line with an `error` alone says why.",
                "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
            },
            **problems("wrong-parameter", "wrong-media-type", "body-too-slow", *READING),
        },
        openapi_extra={
            **body_of({"type": "string"}, {"a line": line}, "application/x-ndjson"),
            "parameters": [query("offsets", "What offsets count.", [*Unit]), _THRESHOLD],
        },
    )
    async def stream(request: Request, slot: str) -> Response:
        """Finds the entities of one JSON object a line, and answers while the lines still come.

        Read the answer while you send: what is not read stops the stream.
        """
        exchange = exchange_of(request.scope)
        exchange.slot = slot
        expect_media_type(exchange.headers, JSON_LINES)
        options = _options(request.scope["query_string"])
        live = parts.live.model(slot)
        exchange.version = live.version.number
        return _Stream(parts, live, exchange, options)

    return router


class _Stream(Response):
    """The answer to a stream: reads groups of lines on one side, and sends what was found on the other.

    Args:
        parts: of the server.
        live: the model that reads all lines, whatever is deployed meanwhile.
        exchange: what is known of the request.
        options: that the client has asked for.
    """

    def __init__(self, parts: Parts, live: LiveModel, exchange: Exchange, options: Options) -> None:
        super().__init__()
        self._parts, self._live, self._exchange, self._options = parts, live, exchange, options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI calls it
        """Answers until the last line."""
        self._parts.queue.hold_on(self._live.version.digest)
        try:
            await self._answer(receive, send)
        finally:
            self._parts.queue.let_go(self._live.version.digest)

    async def _answer(self, receive: Receive, send: Send) -> None:
        groups: asyncio.Queue[_Group | None] = asyncio.Queue(_GROUPS_AHEAD)
        reading = asyncio.create_task(self._read(receive, groups))
        try:
            group = await groups.get()  # before anything is sent: a client may wait to be told that it may send
            if group is None:
                await reading  # raises what ended it before its first line, which is told as of any other request
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", _MEDIA_TYPE)]})
            await self._send_lines(group, groups, reading, send)
        finally:
            reading.cancel()

    async def _send_lines(
        self, group: _Group | None, groups: "asyncio.Queue[_Group | None]", reading: asyncio.Task[None], send: Send
    ) -> None:
        """Sends a line for each of these groups, and at last one that says that these were all, or why they are not."""
        num_errors = 0
        try:
            while group is not None:
                found = iter(await group.found if group.found is not None else ())
                told = [self._told(number, each, found) for number, each in group.lines]
                num_errors += sum(isinstance(each, Problem) for _, each in group.lines)
                await send({"type": "http.response.body", "body": b"".join(told), "more_body": True})
                group = await groups.get()
            await reading  # raises what ended it early
        except ClientGoneError:
            raise
        except Exception as error:
            problem = error if isinstance(error, Problem) else internal()
            last = to_json({"error": problem.document(self._exchange.request_id)}) + b"\n"
            await send({"type": "http.response.body", "body": last, "more_body": True})
            raise  # and the connection breaks off
        done = {"done": {"documents": self._exchange.num_documents, "errors": num_errors}}
        await send({"type": "http.response.body", "body": to_json(done) + b"\n"})

    def _told(self, number: int, each: DocumentIn | Problem, found: Iterator[list[Entity]]) -> bytes:
        if isinstance(each, Problem):
            return to_json({"line": number, "error": each.document()}) + b"\n"
        text = Text(str(number - 1) if each.id is None else each.id, each.text, next(found))
        return to_json(tagloom_document(text, self._options.offsets, self._options.threshold)) + b"\n"

    async def _read(self, receive: Receive, groups: "asyncio.Queue[_Group | None]") -> None:
        """Puts groups of lines into a queue, whose end makes a client wait that sends faster than it reads."""
        try:
            number = 0
            pieces = self._parts.bodies.pieces(receive)
            async for lines in _lines(pieces, self._parts.limits):
                for group in self._grouped(number, lines):
                    group.found = await self._found(group.texts)
                    await groups.put(group)
                number += len(lines)
        finally:
            await groups.put(None)

    def _grouped(self, number: int, lines: Sequence[bytes | Problem]) -> Iterator[_Group]:
        group, num_characters = _Group(), 0
        for place, line in enumerate(lines, start=number + 1):
            if isinstance(line, bytes) and not line.strip():
                continue
            each = line if isinstance(line, Problem) else _document(line, self._parts.limits)
            group.lines.append((place, each))
            num_characters += len(line) if isinstance(line, bytes) else 0
            if len(group.lines) == _LINES_AT_ONCE or num_characters > _CHARACTERS_AT_ONCE:
                yield group
                group, num_characters = _Group(), 0
        if group.lines:
            yield group

    async def _found(self, texts: Sequence[str]) -> "asyncio.Future[list[list[Entity]]]":
        """What is found in some texts; where the queue is full, a stream waits."""
        self._exchange.num_documents += len(texts)
        self._exchange.num_characters += sum(map(len, texts))
        while True:
            try:
                return self._parts.queue.read(self._live.model, texts, is_patient=True)
            except Problem:
                await asyncio.sleep(_SECONDS_BETWEEN_TRIES)


async def _lines(pieces: AsyncIterator[bytes], limits: Limits) -> AsyncIterator[list[bytes | Problem]]:
    """The lines that are whole after each piece; of one that is too long a problem in its place."""
    most = limits.text_characters * _BYTES_A_CHARACTER
    rest, is_skipping = b"", False
    async for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n") if rest else piece.split(b"\n")
        found: list[bytes | Problem] = [*whole]
        if is_skipping and whole:
            found[0], is_skipping = _line_too_long(limits), False
        if len(rest) > most:
            rest, is_skipping = b"", True
        elif is_skipping and not whole:
            rest = b""
        if found:
            yield found
    if is_skipping:
        yield [_line_too_long(limits)]
    elif rest:
        yield [rest]


def _line_too_long(limits: Limits) -> Problem:
    return Problem("text-too-long", f"A text may have at most {limits.text_characters} characters. Divide it.")


def _document(line: bytes, limits: Limits) -> DocumentIn | Problem:
    try:
        asked: DocumentIn = parsed(line, _LINE)
    except Problem as problem:
        return problem
    if len(asked.text) > limits.text_characters:
        return too_long("/text", len(asked.text), limits)
    return asked


def _options(query_string: bytes) -> Options:
    """What the address asks for.

    Raises:
        Problem: there is no such option, or its value does not fit.
    """
    given = {name: values[-1] for name, values in parse_qs(query_string.decode("latin-1"), True).items()}
    try:
        return Options.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = "".join(map(str, first["loc"][:1]))[:50]
        raise Problem("wrong-parameter", f"{name}: {first['msg']}. Expected threshold or offsets.") from None
