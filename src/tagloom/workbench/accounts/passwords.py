"""Passwords: argon2id (RFC 9106), with costs that its library keeps up to date."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tagloom.workbench.problems import Refused

SHORTEST, LONGEST = 10, 1000  # characters

_hasher = PasswordHasher()
_room = threading.Semaphore(2)  # each takes 64 MiB and a processor for a moment: many at once would stop everybody
_NOBODYS = _hasher.hash("nobody has this password")


def hashed(password: str) -> str:
    """What is kept of a password.

    Raises:
        Refused: it is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(
            "wrong-fields", f"password: expected {SHORTEST} to {LONGEST} characters, received {len(password)}."
        )
    with _room:
        return _hasher.hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Whether a password is the one that was kept; it takes as long where there is nobody of that name."""
    if len(password) > LONGEST:
        return False
    try:
        with _room:
            _hasher.verify(kept or _NOBODYS, password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None
