"""One request on its way through the server: what is known of it, for its answer, metrics and the log."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from tagloom.serving.state.keys import Key

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

Headers = dict[bytes, bytes]
"""Of a request, by their names in small letters; of equal ones the last."""

_ENTRY = "tagloom.exchange"


class ClientGoneError(Exception):
    """The client has hung up: nobody waits for an answer."""


@dataclass(slots=True)
class Exchange:
    """What is known of a request.

    Args:
        request_id: the client's, or made here.
        headers: of the request.
        key: that it brought; None where none was needed.
        slot: that it asks.
        version: that answered; 0 before that is known.
        num_documents: that it has.
        num_characters: of their texts.
    """

    request_id: str
    headers: Headers
    key: Key | None = None
    slot: str = ""
    version: int = 0
    num_documents: int = 0
    num_characters: int = 0


def begin(scope: Scope, exchange: Exchange) -> None:
    """Puts what is known of a request where its route finds it."""
    scope[_ENTRY] = exchange


def exchange_of(scope: Scope) -> Exchange:
    """What is known of a request."""
    found: Exchange = scope[_ENTRY]
    return found
