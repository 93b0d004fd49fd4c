"""What every request goes through: host, key, rate, and afterwards metrics and the log. Problems are answered here."""

import logging
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

from tagloom.serving.access.hosts import Hosts
from tagloom.serving.access.rates import Rates
from tagloom.serving.access.scopes import PREDICTING, needed_scope
from tagloom.serving.exchange import App, ClientGoneError, Exchange, Headers, Message, Receive, Scope, Send, begin
from tagloom.serving.live import Live
from tagloom.serving.logs import RequestLog, in_short
from tagloom.serving.metrics import Metrics
from tagloom.serving.problems import Problem, internal
from tagloom.serving.responses import problem_response
from tagloom.serving.state.keys import Key
from tagloom.serving.state.keys import Scope as KeyScope

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_CLIENT_GONE = 499  # as nginx calls it, in the log alone
_NEVER_KEPT = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))
_CLOSE = (b"connection", b"close")
_CHALLENGE = [(b"www-authenticate", b"Bearer")]

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Draining:
    """Whether the server is about to end: each answer then says that its connection ends with it."""

    is_on: bool = False


class Gate:
    """The way in and out of an application.

    Args:
        app: the application.
        live: has the keys.
        hosts: that are answered to.
        rates: of keys.
        metrics: that count.
        log: of requests.
        draining: whether the server is about to end.
        is_open: whether requests need no key as long as there never was one.
        is_traced: whether the log of errors may hold their traces, in which there may be anybody's text.
    """

    def __init__(
        self,
        app: App,
        live: Live,
        hosts: Hosts,
        rates: Rates,
        metrics: Metrics,
        log: RequestLog,
        draining: Draining,
        *,
        is_open: bool = False,
        is_traced: bool = False,
    ) -> None:
        self.app, self._live, self._hosts, self._rates = app, live, hosts, rates
        self._metrics, self._log, self._draining = metrics, log, draining
        self._is_open, self._is_traced = is_open, is_traced

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection of ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        headers: Headers = dict(scope["headers"])
        exchange = Exchange(_request_id(headers), headers)
        begin(scope, exchange)
        answer = _Answer(send, exchange.request_id, self._draining, is_kept=scope["method"] != "POST")
        try:
            self._admit(scope, exchange)
            await self.app(_with_get(scope), receive, answer.send)
        except Problem as problem:
            await answer.tell(problem, scope, receive)
        except ClientGoneError:
            answer.status = _CLIENT_GONE
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told here and not by the server's library
            self._log_error(error, exchange)
            await answer.tell(internal(), scope, receive)
        self._note(scope, exchange, answer.status, time.perf_counter() - began)

    def _admit(self, scope: Scope, exchange: Exchange) -> None:
        """Lets a request in.

        Raises:
            Problem: it may not.
        """
        headers = exchange.headers
        host, origin = _text(headers, b"host"), _text(headers, b"origin")
        self._hosts.expect_known(host)
        self._hosts.expect_own_page(origin, host)
        needed = needed_scope(scope["method"], scope["path"])
        if needed is not None:
            exchange.key = self._key(needed, headers)

    def _key(self, needed: KeyScope, headers: Headers) -> Key | None:
        """The key of a request, once it is known to open; None where none is needed."""
        keyring = self._live.keyring
        if self._is_open and not keyring and needed is KeyScope.predict:
            return None  # whatever is brought: clients send their key before there is one
        token = _token(headers)
        if token is None:
            raise _no_key(needed)
        key = keyring.find(token, time.time())
        if key is None:
            raise Problem("wrong-key", "Its admin can make a new one: tagloom keys create.", headers=_CHALLENGE)
        if needed is KeyScope.admin and key.scope is not KeyScope.admin:
            raise Problem("wrong-scope", "This needs a key with the scope admin: tagloom keys create --scope admin.")
        self._rates.expect_room(key)
        return key

    def _note(self, scope: Scope, exchange: Exchange, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        slot = exchange.slot if exchange.slot in self._live.models else None  # what is none is anybody's text
        self._metrics.request(route, status, seconds)
        asked = route.rpartition("/")[2]
        if slot is not None and asked in PREDICTING:
            self._metrics.recent.count(slot, status, None if asked == "stream" else seconds)
        self._log.add(
            request_id=exchange.request_id,
            method=scope["method"],
            route=route,
            status=status,
            seconds=round(seconds, 6),
            key=None if exchange.key is None else exchange.key.id,
            slot=slot,
            version=exchange.version,
            documents=exchange.num_documents,
            characters=exchange.num_characters,
        )

    def _log_error(self, error: Exception, exchange: Exchange) -> None:
        """Says what kind of error it was and where, and only if asked all that it says."""
        told = error if self._is_traced else None
        _log.error("Request %s: %s", exchange.request_id, in_short(error), exc_info=told)


class _Answer:
    """What is sent for one request.

    Args:
        send: sends a message of ASGI.
        request_id: of the request.
        draining: whether the server is about to end.
        is_kept: whether browsers and proxies would keep the answer, as those to `GET`, unless told not to.
    """

    __slots__ = ("_draining", "_is_kept", "_request_id", "_send", "has_begun", "is_whole", "status")

    def __init__(self, send: Send, request_id: str, draining: Draining, *, is_kept: bool) -> None:
        self._send, self._request_id, self._draining, self._is_kept = send, request_id, draining, is_kept
        self.status, self.has_begun, self.is_whole = 0, False, False

    async def send(self, message: Message) -> None:
        """Sends a message, with the headers that every answer has."""
        if message["type"] == "http.response.start":
            self.status, self.has_begun = message["status"], True
            headers = [*message.get("headers", ()), (b"x-request-id", self._request_id.encode())]
            if self._is_kept:
                headers += _NEVER_KEPT
            if self._draining.is_on:
                headers.append(_CLOSE)
            message["headers"] = headers
        elif not message.get("more_body", False):
            self.is_whole = True
        await self._send(message)

    async def tell(self, problem: Problem, scope: Scope, receive: Receive) -> None:
        """Answers with a problem; where an answer has begun, its connection breaks off: nobody takes it as whole.

        Raises:
            Problem: the answer had begun.
        """
        if self.is_whole:
            return
        if self.has_begun:
            raise problem
        await problem_response(problem, self._request_id)(scope, receive, self.send)


def _with_get(scope: Scope) -> Scope:
    """A request for headers alone is routed as one for all; its server leaves the body out."""
    return {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope


def _no_key(needed: KeyScope) -> Problem:
    told = f"Send the header Authorization: Bearer KEY, with a key for {needed.value}: tagloom keys create."
    return Problem("no-key", told, headers=_CHALLENGE)


def _request_id(headers: Mapping[bytes, bytes]) -> str:
    """The client's name for the request, where it is a short plain one; else a new one."""
    given = headers.get(b"x-request-id")
    return given.decode() if given is not None and _REQUEST_ID.fullmatch(given) else os.urandom(8).hex()


def _token(headers: Mapping[bytes, bytes]) -> str | None:
    """The key that a request brings, as `Authorization: Bearer` or, as some clients send it, `X-API-Key`."""
    given = headers.get(b"authorization")
    if given is not None:
        method, _, token = given.partition(b" ")
        return token.strip().decode("latin-1") if method.lower() == b"bearer" else ""
    other = headers.get(b"x-api-key")
    return None if other is None else other.decode("latin-1")


def _text(headers: Mapping[bytes, bytes], name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")
