"""How much visitors without an account may ask: so little that they never keep those who have one waiting."""

import contextlib
import ipaddress
import time
from collections.abc import Callable, Iterator

from tagloom.serving.access.rates import Pace
from tagloom.workbench.problems import Refused

PER_MINUTE = 30
"""Texts that one address may have read."""

ALL_PER_MINUTE = 120
"""Texts that all of them together may have read."""

_MOST_AT_ONCE = 2
_NETWORK_BITS = 64  # of an address of IPv6, which belong to one customer


class Visitors:
    """Counts what visitors ask: by address, since that is all that is known of them, and all together.

    Args:
        clock: seconds that only go up.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._each, self._all = Pace(clock), Pace(clock)
        self._num_asking = 0

    @contextlib.contextmanager
    def asking(self, address: str) -> Iterator[None]:
        """Within the block a visitor's text is read.

        Args:
            address: of the visitor's machine, or of the proxy before us.

        Raises:
            Refused: it is not the visitor's turn.
        """
        if self._num_asking >= _MOST_AT_ONCE:
            raise Refused("too-many-attempts", "Others are trying it. Ask again in a moment.", retry_after=1)
        for pace, who, per_minute in ((self._each, _network(address), PER_MINUTE), (self._all, "", ALL_PER_MINUTE)):
            wait = pace.wait(who, per_minute)
            if wait > 0:
                told = "Without an account a model can be tried a few times a minute. Ask again in a moment."
                raise Refused("too-many-attempts", told, retry_after=wait)
        self._num_asking += 1
        try:
            yield
        finally:
            self._num_asking -= 1


def _network(address: str) -> str:
    """What is known of who asks."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if known.version == 4:
        return address
    return str(ipaddress.ip_network((known, _NETWORK_BITS), strict=False))
