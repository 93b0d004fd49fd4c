"""The page at `/docs`: every operation, how each is asked in three languages, and what may go wrong."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from tagloom.pages.templates import own_file, rendered
from tagloom.serving.defaults import DEFAULT_SLOT
from tagloom.serving.documentation.formats import Format, formats
from tagloom.serving.documentation.openapi import Document
from tagloom.serving.documentation.operations import Operation, operations
from tagloom.serving.problems import KINDS
from tagloom.serving.snippets import snippets

_OWN, _PAGES = "tagloom.serving.documentation", "tagloom.pages"
_HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")

FILES: Mapping[str, tuple[str, str]] = {
    "page.css": (_PAGES, "text/css"),
    "docs.css": (_OWN, "text/css"),
    "copy.js": (_PAGES, "text/javascript"),
    "docs.js": (_OWN, "text/javascript"),
    "icon.svg": (_OWN, "image/svg+xml"),
}
"""What the page is made of beside itself: the folder that each lies in, and its media type."""

HEADERS: Mapping[str, str] = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
}
"""What browsers are to hold the page to: nothing of it is from elsewhere, and no text becomes markup."""


def page(document: Document, address: str) -> str:
    """The page's HTML.

    Args:
        document: the API in OpenAPI.
        address: that the server is asked at, such as `http://127.0.0.1:8000`.
    """
    shapes = formats()
    every = [_with_formats(each, shapes) for each in operations(document)]
    content: dict[str, Any] = {
        "info": document["info"],
        "address": address,
        "slot": DEFAULT_SLOT,
        "snippets": snippets(address, DEFAULT_SLOT),
        "groups": [(tag, [*own]) for tag, own in groupby(every, key=lambda each: each.tag)],
        "formats": shapes,
        "kinds": sorted(KINDS.items(), key=lambda each: each[1].status),
    }
    return rendered(_OWN, "docs.html", content)


def file(name: str) -> tuple[str, str]:
    """The text and the media type of one of `FILES`.

    Raises:
        KeyError: there is none of that name.
    """
    package, media_type = FILES[name]
    return own_file(package, name), media_type


def address_of(host: str | None, otherwise: Sequence[Any], *, scheme: str = "http") -> str:
    """The address that a request has named, fit for a command line.

    Args:
        host: of its `Host` header.
        otherwise: host and port of the server, in place of one that is no plain name.
        scheme: `https` where a proxy before the server speaks it.

    Example:
        >>> address_of("models.example.org:8443", ("127.0.0.1", 8000))
        'http://models.example.org:8443'
        >>> address_of("localhost:80;reboot", ("127.0.0.1", 8000))
        'http://127.0.0.1:8000'
    """
    return f"{scheme}://{host if host and _HOST.fullmatch(host) else ':'.join(map(str, otherwise))}"


def _with_formats(operation: Operation, shapes: Sequence[Format]) -> Operation:
    """The operation with an example for each shape that its address may ask for."""
    choices = {choice for each in operation.parameters if each.name == "format" for choice in each.choices}
    more = [each.request for each in shapes if each.request.format in choices]
    if operation.body is None or not more:
        return operation
    first = more[0].format
    examples = [*operation.body.examples, *(each for each in more if each.format != first)]
    named = [each if each.format else replace(each, format=first) for each in examples]
    return replace(operation, body=replace(operation.body, examples=named))
