"""Answers that are at hand whole, with as little around them as an answer can have."""

from collections.abc import Iterable

from starlette.responses import Response

from tagloom.serving.exchange import Receive, Scope, Send
from tagloom.serving.problems import MEDIA_TYPE, Problem


class PlainResponse(Response):
    """A body that is at hand.

    Args:
        body: the content.
        media_type: of it.
        status: of HTTP.
        headers: beside the body's type and length.
    """

    def __init__(
        self,
        body: bytes,
        media_type: bytes = b"application/json",
        *,
        status: int = 200,
        headers: Iterable[tuple[bytes, bytes]] = (),
    ) -> None:
        self.status_code, self.body, self.background = status, body, None
        length = str(len(body)).encode()
        self.raw_headers = [(b"content-type", media_type), (b"content-length", length), *headers]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI calls it
        """Sends it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body})


def problem_response(problem: Problem, request_id: str | None = None) -> PlainResponse:
    """The answer that tells of a problem, in the request with this id if it is known."""
    body = problem.to_bytes(request_id)
    return PlainResponse(body, MEDIA_TYPE, status=problem.status, headers=problem.headers)
