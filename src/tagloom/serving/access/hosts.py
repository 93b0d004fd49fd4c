"""Which host names a server answers to, and whose pages may ask: what keeps a page of another site from it."""

import ipaddress
import re
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import urlsplit

from tagloom.serving.problems import Problem

ANY = "*"

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?")  # RFC 9110, 7.2, without what nobody uses


class Hosts:
    """The host names of a server. A numeric address is none that another site can make point here, so it passes.

    Args:
        names: beside `localhost`, as they stand in addresses; `*` for every name.
        origins: of pages on other hosts that may ask, such as `https://example.org`.
    """

    def __init__(self, names: Collection[str] = (), origins: Collection[str] = ()) -> None:
        self._names = {"localhost", *(name.lower() for name in names)}
        self._origins = frozenset(origins)
        self._knows = lru_cache(maxsize=1024)(self._is_known)

    def expect_known(self, host: str | None) -> None:
        """Lets a request pass that names this server.

        Args:
            host: what the `Host` header says; None where there is none.

        Raises:
            Problem: it names another.
        """
        if ANY not in self._names and not self._knows(host or ""):
            raise Problem(
                "wrong-host", "Ask the server by its address, or start it with --allow-host and the name that you use."
            )

    def expect_own_page(self, origin: str | None, host: str | None) -> None:
        """Lets a request pass that no page of another site has made.

        Args:
            origin: what the `Origin` header says; None where no page asks.
            host: what the `Host` header says.

        Raises:
            Problem: it comes from a page that is neither this server's nor named.
        """
        if origin is None or origin in self._origins or ANY in self._origins:
            return
        if urlsplit(origin).netloc != (host or ""):
            raise Problem(
                "wrong-origin", "Start the server with --allow-origin and the address of the pages that are to ask."
            )

    def _is_known(self, host: str) -> bool:
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = found[1].strip("[]").lower()
        return name in self._names or _is_address(name)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what is bound to it.

    Example:
        >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0"), is_loopback("example.org")
        (True, True, False, False)
    """
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
