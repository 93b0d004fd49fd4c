"""Passwords: argon2id (RFC 9106), with costs that its library keeps up to date."""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tagloom.workbench.problems import Refused

T = TypeVar("T")

SHORTEST, LONGEST = 10, 1000
"""Characters of a password."""

_AT_ONCE = 2  # each takes 64 MiB and a processor for a moment
_MOST_WAITING = 30

_hasher = PasswordHasher()


class Passwords:
    """Hashes and compares passwords, few at a time and beside all else; a few more may wait."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_AT_ONCE, "tagloom-passwords")
        self._num_waiting = 0

    async def hashed(self, password: str) -> str:
        """What is kept of a password.

        Raises:
            Refused: it is too short or too long, or too many wait.
        """
        if not SHORTEST <= len(password) <= LONGEST:
            raise Refused(
                "wrong-fields", f"password: expected {SHORTEST} to {LONGEST} characters, received {len(password)}."
            )
        return await self._in_turn(lambda: _hasher.hash(_composed(password)))

    async def fits(self, kept: str | None, password: str) -> bool:
        """Whether a password is the one that was kept; it takes as long where None is.

        Raises:
            Refused: too many wait.
        """
        return await self._in_turn(lambda: _fits(kept, password))

    def close(self) -> None:
        """Ends, once what has begun is done."""
        self._threads.shutdown()

    async def _in_turn(self, work: Callable[[], T]) -> T:
        if self._num_waiting >= _MOST_WAITING:
            raise Refused("queue-full", "Too many people log in at this moment. Try again.", retry_after=2)
        self._num_waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._num_waiting -= 1


def _fits(kept: str | None, password: str) -> bool:
    if len(password) > LONGEST:
        return False
    try:
        _hasher.verify(kept or _nobodys(), _composed(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")


def _composed(password: str) -> str:
    """The same signs, however a keyboard puts them together (RFC 8265, 4.2)."""
    return unicodedata.normalize("NFC", password)
