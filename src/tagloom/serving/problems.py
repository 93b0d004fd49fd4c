"""What goes wrong in a request, as a problem document (RFC 9457): one kind a cause, told without a user's text."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

MEDIA_TYPE = b"application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its HTTP status and its title."""

    status: int
    title: str


KINDS: Mapping[str, Kind] = {
    "not-http": Kind(400, "The request is not HTTP."),
    "malformed-json": Kind(400, "The body is not JSON."),
    "not-utf-8": Kind(400, "The body is not UTF-8, or holds half a surrogate pair."),
    "too-deep": Kind(400, "The JSON is nested too deeply."),
    "wrong-parameter": Kind(400, "A parameter of the address does not fit."),
    "no-key": Kind(401, "A key is needed."),
    "wrong-key": Kind(401, "The key is not known, or no longer."),
    "wrong-scope": Kind(403, "The key is not for this."),
    "wrong-origin": Kind(403, "Pages of this site may not ask."),
    "no-such-path": Kind(404, "There is nothing at this address."),
    "no-such-slot": Kind(404, "Nothing is deployed under this name."),
    "wrong-method": Kind(405, "This address takes another method."),
    "body-too-slow": Kind(408, "The body did not arrive in time."),
    "nothing-before": Kind(409, "There is no version to roll back to."),
    "body-too-large": Kind(413, "The body is too large."),
    "too-many-documents": Kind(413, "There are too many documents."),
    "text-too-long": Kind(413, "A text is too long."),
    "wrong-media-type": Kind(415, "The body is of another media type."),
    "wrong-host": Kind(421, "The server does not answer to this host name."),
    "wrong-fields": Kind(422, "The JSON has other fields than expected."),
    "bundle-refused": Kind(422, "The model is not sound, and was not deployed."),
    "too-many-requests": Kind(429, "The key's rate is used up."),
    "headers-too-large": Kind(431, "The headers are too large."),
    "internal": Kind(500, "Something went wrong here."),
    "queue-full": Kind(503, "Too many requests are waiting."),
    "waited-too-long": Kind(503, "The request's turn did not come in time."),
    "not-ready": Kind(503, "The model could not be loaded."),
}
"""Every problem that the API answers with."""


def internal() -> "Problem":
    """What a client is told of an error that is the server's."""
    return Problem("internal", "The server's log has this request's id. Ask its admin.")


class Problem(Exception):  # noqa: N818 - as RFC 9457 calls it
    """A request that is not answered as it was asked.

    Args:
        kind: one of `kinds`.
        detail: what was received, expected, and what to do; no text of a user's, no path of the machine.
        retry_after: seconds after which it may be asked again.
        errors: where the body does not fit, each a `pointer` (RFC 6901) and a `detail`.
        headers: further ones of the response.
    """

    kinds: ClassVar[Mapping[str, Kind]] = KINDS

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        retry_after: float | None = None,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Sequence[tuple[bytes, bytes]] = (),
    ) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.errors = kind, detail, errors
        self.status = self.kinds[kind].status
        self.headers = list(headers)
        if retry_after is not None:
            self.headers.append((b"retry-after", str(max(1, round(retry_after))).encode()))

    def document(self, request_id: str | None = None) -> dict[str, Any]:
        """The problem document."""
        kind = self.kinds[self.kind]
        said: dict[str, Any] = {
            "type": f"urn:tagloom:problem:{self.kind}",
            "title": kind.title,
            "status": kind.status,
            "detail": self.detail,
        }
        if request_id is not None:
            said["request_id"] = request_id
        if self.errors:
            said["errors"] = [*self.errors]
        return said

    def to_bytes(self, request_id: str | None = None) -> bytes:
        """The problem document as JSON."""
        return json.dumps(self.document(request_id)).encode()
