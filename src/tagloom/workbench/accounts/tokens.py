"""Tokens: with which programs ask the workbench's own API in a person's name."""

import time
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from tagloom.workbench.accounts.people import Person
from tagloom.workbench.accounts.secrets import new_secret
from tagloom.workbench.database.rows import inserted
from tagloom.workbench.database.tables import tokens
from tagloom.workbench.problems import Refused

PREFIX = "tagloom-wb-"


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token, which is not its secret.

    Args:
        id: number that it is revoked by.
        name: what it is for.
        created_at: seconds since 1970.
        expires_at: seconds since 1970; None for never.
        last_used_at: seconds since 1970, to the hour; None for not yet.
    """

    id: int
    name: str
    created_at: float
    expires_at: float | None
    last_used_at: float | None = None


def create_token(
    connection: Connection, person: Person, name: str, *, expires_at: float | None = None
) -> tuple[Token, str]:
    """A new token, and its secret, which is not kept.

    Raises:
        Refused: the name is none.
    """
    if not 1 <= len(name) <= 100:
        raise Refused("wrong-fields", f"name: expected 1 to 100 characters, received {len(name)}.")
    secret, kept = new_secret(PREFIX)
    now = time.time()
    number = inserted(
        connection, tokens, person_id=person.id, name=name, digest=kept, created_at=now, expires_at=expires_at
    )
    return Token(number, name, now, expires_at), secret


def tokens_of(connection: Connection, person: Person) -> list[Token]:
    """A person's tokens, the newest first."""
    rows = connection.execute(select(tokens).where(tokens.c.person_id == person.id).order_by(tokens.c.id.desc()))
    return [Token(row.id, row.name, row.created_at, row.expires_at, row.last_used_at) for row in rows]


def revoke_token(connection: Connection, person: Person, token_id: int) -> None:
    """Ends a token of a person.

    Raises:
        Refused: the person has none of that number.
    """
    gone = connection.execute(delete(tokens).where(tokens.c.id == token_id, tokens.c.person_id == person.id))
    if not gone.rowcount:
        raise Refused("no-such-thing", "There is no such token.")
