"""The way into the workbench: host, origin, who asks, how much is sent. Only what a list names is for everybody."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from sqlalchemy import Table
from starlette.responses import Response

from tagloom.serving.access.hosts import Hosts
from tagloom.serving.bodies import JSON, expect_media_type
from tagloom.serving.exchange import App, ClientGoneError, Headers, Message, Receive, Scope, Send
from tagloom.serving.problems import MEDIA_TYPE, Problem, internal
from tagloom.workbench.accounts.credentials import note_use, owner_of
from tagloom.workbench.accounts.people import Person
from tagloom.workbench.database.tables import sessions, tokens
from tagloom.workbench.pages.page import problem_page
from tagloom.workbench.problems import Refused
from tagloom.workbench.workbench import Workbench

COOKIE = "tagloom_session"

PUBLIC = frozenset({"/login", "/api/session"})
"""What anybody may ask."""

PUBLIC_FOLDERS = ("/static/", "/invitation/", "/api/invitation/", "/gallery", "/api/gallery")
"""Likewise, with all below: invitations have a secret in their address, and the gallery shows to visitors what an admin
has opened to them."""

UPLOADS = ("/imports",)
"""What addresses end with whose bodies are files, read piece by piece."""

_READING = ("GET", "HEAD")
_ENTRY = "tagloom.asking"
_HEADERS: Mapping[bytes, bytes] = {
    b"content-security-policy": (
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        b"frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"referrer-policy": b"same-origin",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"cache-control": b"no-store",
}
"""What browsers are to hold every answer to, unless its route says otherwise."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Asking:
    """Who asks, and in which request.

    Args:
        request_id: for the log.
        headers: of the request.
        person: who asks; None for a visitor.
        session: the secret of the session; empty where a token, or nobody, asks.
    """

    request_id: str
    headers: Headers
    person: Person | None = None
    session: str = field(default="", repr=False)


def asking_of(scope: Scope) -> Asking:
    """Who asks."""
    found: Asking = scope[_ENTRY]
    return found


def told(problem: Problem, asking: Asking) -> Response:
    """A problem as an answer: a document (RFC 9457), or for who looks at pages a page."""
    if _is_for_people(asking.headers):
        response: Response = problem_page(problem, asking.person, asking.request_id)
    else:
        response = Response(problem.to_bytes(asking.request_id), media_type=MEDIA_TYPE.decode())
    response.status_code = problem.status
    response.raw_headers.extend(problem.headers)
    return response


class Door:
    """The way in and out.

    Args:
        app: behind it.
        workbench: that it belongs to.
    """

    def __init__(self, app: App, workbench: Workbench) -> None:
        self._app, self._workbench = app, workbench
        self._hosts = Hosts(workbench.options.host_names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection of ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asking = scope[_ENTRY] = Asking(secrets.token_hex(8), dict(scope["headers"]))
        answer = _Answer(send)
        try:
            await self._admit(scope, asking)
            await self._app(scope, await self._bounded(scope, receive, asking.headers), answer.send)
        except _LogInFirst as visitor:
            await answer.go_to(visitor.address)
        except Problem as problem:
            await answer.tell(problem, asking)
        except ClientGoneError:
            return
        except Exception:  # noqa: BLE001 - whatever it is, it is logged here and told without what it says
            _log.exception("request %s: %s failed", asking.request_id, getattr(scope.get("route"), "path", "none"))
            await answer.tell(internal(), asking)

    async def _admit(self, scope: Scope, asking: Asking) -> None:
        """Lets a request in, and says who asks.

        Raises:
            Problem: it may not.
            _LogInFirst: the page is for those who have logged in.
        """
        host, origin = _text(asking.headers, b"host"), _text(asking.headers, b"origin")
        self._hosts.expect_known(host)
        self._hosts.expect_own_page(origin, host)
        await self._recognise(asking)
        if scope["method"] not in _READING and asking.session and origin is None:
            raise Refused("wrong-origin", "The request has no Origin header. Programs use a token, see /account.")
        path: str = scope["path"]
        if asking.person is None and path not in PUBLIC and not path.startswith(PUBLIC_FOLDERS):
            if scope["method"] in _READING and (not path.startswith("/api/") or _is_for_people(asking.headers)):
                raise _LogInFirst(path, scope["query_string"])
            raise Refused("not-logged-in", "Log in, or bring a token: Authorization: Bearer TOKEN.")

    async def _recognise(self, asking: Asking) -> None:
        """Finds out who asks, by a token or by the cookie of a session."""
        scheme, _, token = (_text(asking.headers, b"authorization") or "").partition(" ")
        if scheme.lower() == "bearer":
            asking.person = await self._owner(tokens, token.strip())
            return
        secret = _cookie(asking.headers)
        if secret:
            asking.person = await self._owner(sessions, secret)
            asking.session = secret if asking.person is not None else ""

    async def _owner(self, table: Table, secret: str) -> Person | None:
        store = self._workbench.store
        owner = store.glance(lambda connection: owner_of(connection, table, secret))
        if owner is None:
            return None
        if not owner.is_noted:
            await store.write(lambda connection: note_use(connection, table, secret))
        return owner.person

    async def _bounded(self, scope: Scope, receive: Receive, headers: Headers) -> Receive:
        """What the application receives: of a body in JSON all, once it is here; a file comes piece by piece."""
        if scope["method"] in _READING or scope["path"].endswith(UPLOADS):
            return receive
        body = await self._workbench.bodies.whole(receive, headers)
        if body:
            expect_media_type(headers, JSON)
        return _replayed(body, receive)


class _LogInFirst(Exception):  # noqa: N818 - not an error
    """A visitor asks for a page of those who have logged in."""

    def __init__(self, path: str, query: bytes) -> None:
        super().__init__()
        asked = path + (f"?{query.decode('latin-1')}" if query else "")
        self.address = "/login" if asked == "/" else f"/login?next={quote(asked, safe='/')}"


class _Answer:
    """An answer on its way out.

    Args:
        send: of ASGI.
    """

    def __init__(self, send: Send) -> None:
        self._send, self._has_begun = send, False

    async def send(self, message: Message) -> None:
        """A message of ASGI, with the headers of every answer."""
        if message["type"] == "http.response.start":
            self._has_begun = True
            given = {name.lower() for name, _ in message["headers"]}
            own = [(name, value) for name, value in _HEADERS.items() if name not in given]
            message = {**message, "headers": [*message["headers"], *own]}
        await self._send(message)

    async def tell(self, problem: Problem, asking: Asking) -> None:
        """A problem, where nothing was sent yet."""
        if not self._has_begun:
            response = told(problem, asking)
            headers = response.raw_headers
            await self.send({"type": "http.response.start", "status": response.status_code, "headers": headers})
            await self.send({"type": "http.response.body", "body": response.body})

    async def go_to(self, address: str) -> None:
        """Sends a browser to another page."""
        headers = [(b"location", address.encode("latin-1")), (b"content-length", b"0")]
        await self.send({"type": "http.response.start", "status": 303, "headers": headers})
        await self.send({"type": "http.response.body", "body": b""})


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A body that is here already, then what comes next."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed


def _is_for_people(headers: Headers) -> bool:
    """Whether a page is asked for."""
    return (_text(headers, b"accept") or "").startswith("text/html")


def _text(headers: Headers, name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


def _cookie(headers: Headers) -> str:
    """The secret of the session's cookie; empty where there is none."""
    pairs = (pair.strip().partition("=") for pair in (_text(headers, b"cookie") or "").split(";"))
    return next((value for name, _, value in pairs if name == COOKIE), "")
