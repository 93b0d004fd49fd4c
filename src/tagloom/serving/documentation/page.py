"""The page of an API: every operation, how each is asked in several languages, and what may go wrong."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tagloom.pages.templates import own_file, rendered
from tagloom.serving.documentation.formats import Format
from tagloom.serving.documentation.openapi import Document
from tagloom.serving.documentation.operations import Operation
from tagloom.serving.problems import Kind

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


@dataclass(frozen=True, kw_only=True)
class About:
    """What the page of an API says that is not in its OpenAPI document.

    Args:
        asking: how programs say who they are; what it names is in backticks.
        snippets: a request by language.
        kinds: of problems, by name.
        key: what the box for a key says.
        needed: what an operation needs of who asks, in words.
        changes: whether an operation changes something, so that a person is asked first.
        root: the address of the server as its page's address names it: `.`, or `..` for a page in a folder.
        formats: that answers may have.
    """

    asking: str
    snippets: Mapping[str, str]
    kinds: Mapping[str, Kind]
    key: str
    needed: Callable[[Operation], str]
    changes: Callable[[Operation], bool]
    root: str = "."
    formats: Sequence[Format] = ()


def page(document: Document, every: Sequence[Operation], address: str, about: About) -> str:
    """The page's HTML.

    Args:
        document: the API in OpenAPI.
        every: operation of it.
        address: that the server is asked at, such as `http://127.0.0.1:8000`.
        about: what else there is to say.
    """
    tags = dict.fromkeys(each.tag for each in every)
    content: dict[str, Any] = {
        "info": document["info"],
        "address": address,
        "about": about,
        "groups": [(tag, [each for each in every if each.tag == tag]) for tag in tags],
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
