"""Keys to the API: kept as digests, each with a scope, an end and a rate."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tagloom.errors import ConfigError
from tagloom.serving.state.database import Database

_PREFIX = "tagloom"
_SECRET_BYTES = 32
_LONGEST_NAME = 100


class Scope(StrEnum):
    """What a key is for; who may administer may predict too."""

    predict = "predict"
    admin = "admin"


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key, which is not the key.

    Args:
        id: number that it is revoked by.
        name: what or whom it was given to.
        scope: what it is for.
        digest: SHA-256 of its secret. A secret is 256 random bits: there is nothing that a slow hash would add.
        created_at: seconds since 1970.
        expires_at: seconds since 1970; None for never.
        revoked_at: seconds since 1970; None where it was not.
        per_minute: requests that it may make; None for any number.
    """

    id: int
    name: str
    scope: Scope
    digest: bytes
    created_at: float
    expires_at: float | None
    revoked_at: float | None
    per_minute: int | None

    def is_valid(self, now: float) -> bool:
        """Whether it opens at that time."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class Keys:
    """The keys of one state folder; a running server follows what is changed here within a second.

    Args:
        database: of the state folder.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def create(
        self,
        name: str,
        scope: Scope = Scope.predict,
        *,
        expires_at: float | None = None,
        per_minute: int | None = None,
    ) -> tuple[Key, str]:
        """A new key.

        Args:
            name: what or whom it is for, 1 to 100 characters.
            scope: what it is for.
            expires_at: seconds since 1970; None for never.
            per_minute: requests that it may make, at least 1; None for any number.

        Returns:
            What is kept of it, and the key itself, which nothing can show again.

        Raises:
            ConfigError: the name is too short or too long, the end has passed, or the rate is less than 1.
        """
        if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
            raise ConfigError(f"name: expected 1 to {_LONGEST_NAME} printable characters, received {name[:120]!r}.")
        if per_minute is not None and per_minute < 1:
            raise ConfigError(f"rate: expected 1 request a minute or more, received {per_minute}.")
        now, secret = time.time(), secrets.token_urlsafe(_SECRET_BYTES)
        if expires_at is not None and expires_at <= now:
            raise ConfigError("expiry: expected a time to come, received one that has passed.")
        row = (name, scope.value, _digest(secret), now, expires_at, per_minute)
        with self.database.changing() as connection:
            columns = "name, scope, digest, created_at, expires_at, per_minute"
            inserted = connection.execute(f"INSERT INTO keys ({columns}) VALUES (?, ?, ?, ?, ?, ?)", row)
            number = inserted.lastrowid or 0
        key = Key(number, name, scope, _digest(secret), now, expires_at, None, per_minute)
        return key, f"{_PREFIX}_{number}_{secret}"

    def all(self) -> list[Key]:
        """Every key that was ever made, in order."""
        with self.database.reading() as connection:
            columns = "id, name, scope, digest, created_at, expires_at, revoked_at, per_minute"
            rows = connection.execute(f"SELECT {columns} FROM keys ORDER BY id").fetchall()
        return [Key(row[0], row[1], Scope(row[2]), *row[3:]) for row in rows]

    def revoke(self, number: int) -> Key:
        """Makes a key open nothing any more.

        Raises:
            ConfigError: there is no such key, or it was revoked before.
        """
        with self.database.changing() as connection:
            changed = connection.execute(
                "UPDATE keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", (time.time(), number)
            )
            if not changed.rowcount:
                raise ConfigError(f"key: expected the number of one that is not revoked, received {number}. See list.")
        return next(key for key in self.all() if key.id == number)


class Keyring:
    """The keys of a server, to hold what a request brings against.

    Args:
        keys: all of them.
    """

    def __init__(self, keys: Iterable[Key] = ()) -> None:
        self._keys = {key.id: key for key in keys}

    def __bool__(self) -> bool:
        """Whether there ever was a key; one that was revoked does not open the door to all."""
        return bool(self._keys)

    def find(self, token: str, now: float) -> Key | None:
        """The key that this is, where it is one and is valid.

        Its number, which is no secret, finds it; its secret is compared in constant time.
        """
        prefix, _, rest = token.partition("_")
        number, _, secret = rest.partition("_")
        known = self._keys.get(int(number)) if number.isdecimal() and len(number) < 19 else None
        expected = known.digest if known is not None else bytes(hashlib.sha256().digest_size)
        fits = hmac.compare_digest(_digest(secret), expected)
        return known if known is not None and fits and prefix == _PREFIX and known.is_valid(now) else None


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
