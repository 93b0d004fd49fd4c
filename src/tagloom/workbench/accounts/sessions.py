"""Sessions: who has logged in, from which browser, until when."""

import time

from sqlalchemy import Connection, delete, insert, select

from tagloom.workbench.accounts.people import Person, person_of
from tagloom.workbench.accounts.secrets import digest, new_secret
from tagloom.workbench.database.tables import people, sessions

SECONDS = 30 * 24 * 3600.0  # that a session lasts


def begin_session(connection: Connection, person: Person) -> str:
    """A session of a person: its secret, for the cookie. Those that have ended are forgotten."""
    now = time.time()
    connection.execute(delete(sessions).where(sessions.c.expires_at < now))
    secret, kept = new_secret()
    connection.execute(
        insert(sessions).values(digest=kept, person_id=person.id, created_at=now, expires_at=now + SECONDS)
    )
    return secret


def person_of_session(connection: Connection, secret: str) -> Person | None:
    """Whose session it is; None where it is none, or has ended, or the person may not log in any more."""
    row = connection.execute(
        select(people.c.id, people.c.name, people.c.role, people.c.is_active)
        .join(sessions, sessions.c.person_id == people.c.id)
        .where(sessions.c.digest == digest(secret), sessions.c.expires_at > time.time(), people.c.is_active)
    ).one_or_none()
    return None if row is None else person_of(row)


def end_session(connection: Connection, secret: str) -> None:
    """Ends it."""
    connection.execute(delete(sessions).where(sessions.c.digest == digest(secret)))
