"""What a request brings that says who asks: the secret of a session, or of a token."""

import time
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, or_, select, update

from tagloom.workbench.accounts.people import Person, person_of
from tagloom.workbench.accounts.secrets import digest
from tagloom.workbench.database.tables import people

_SECONDS_BETWEEN_NOTES = 3600.0


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a secret is.

    Args:
        person: who may log in.
        is_noted: whether it is known to have been used within the last hour.
    """

    person: Person
    is_noted: bool


def owner_of(connection: Connection, table: Table, secret: str) -> Owner | None:
    """Whose it is; None where it is none, or has ended, or the person may not log in any more.

    Args:
        connection: to read with.
        table: `sessions` or `tokens`.
        secret: that was brought.
    """
    now = time.time()
    row = connection.execute(_owner(table), {"digest": digest(secret), "now": now}).one_or_none()
    if row is None:
        return None
    return Owner(person_of(row), row.last_used_at is not None and row.last_used_at > now - _SECONDS_BETWEEN_NOTES)


def note_use(connection: Connection, table: Table, secret: str) -> None:
    """Notes that it was used now."""
    connection.execute(update(table).where(table.c.digest == digest(secret)).values(last_used_at=time.time()))


@cache
def _owner(table: Table) -> Select[Any]:
    """What finds whose a secret is; made once, since every request asks it."""
    return (
        select(people.c.id, people.c.name, people.c.role, people.c.is_active, table.c.last_used_at)
        .join(table, table.c.person_id == people.c.id)
        .where(
            table.c.digest == bindparam("digest"),
            or_(table.c.expires_at.is_(None), table.c.expires_at > bindparam("now")),
            people.c.is_active,
        )
    )
