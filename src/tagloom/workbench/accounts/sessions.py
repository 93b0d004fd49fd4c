"""Sessions: who has logged in, with which browser, until when."""

import time
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from tagloom.workbench.accounts.browsers import browser_name
from tagloom.workbench.accounts.people import Person
from tagloom.workbench.accounts.secrets import digest, new_secret
from tagloom.workbench.database.tables import sessions

SECONDS = 30 * 24 * 3600.0
"""That a session lasts."""


@dataclass(frozen=True, slots=True)
class Session:
    """What is known of a session, which is not its secret.

    Args:
        browser: that has it, such as `Firefox on Linux`.
        created_at: seconds since 1970.
        last_used_at: seconds since 1970, to the hour; None for not yet.
        expires_at: seconds since 1970.
        is_own: whether the request came with it.
    """

    browser: str
    created_at: float
    last_used_at: float | None
    expires_at: float
    is_own: bool


def begin_session(connection: Connection, person: Person, browser: str) -> str:
    """A session of a person: its secret, for the cookie. Those that have ended are forgotten.

    Args:
        connection: to write with.
        person: who has logged in.
        browser: what it calls itself.
    """
    now = time.time()
    connection.execute(delete(sessions).where(sessions.c.expires_at < now))
    secret, kept = new_secret()
    connection.execute(
        insert(sessions).values(
            digest=kept,
            person_id=person.id,
            browser=browser_name(browser),
            created_at=now,
            expires_at=now + SECONDS,
        )
    )
    return secret


def sessions_of(connection: Connection, person: Person, own_secret: str) -> list[Session]:
    """A person's sessions, the newest first."""
    rows = connection.execute(
        select(sessions)
        .where(sessions.c.person_id == person.id, sessions.c.expires_at > time.time())
        .order_by(sessions.c.created_at.desc())
    )
    own = digest(own_secret)
    return [Session(row.browser, row.created_at, row.last_used_at, row.expires_at, row.digest == own) for row in rows]


def end_session(connection: Connection, secret: str) -> None:
    """Ends it."""
    connection.execute(delete(sessions).where(sessions.c.digest == digest(secret)))


def end_other_sessions(connection: Connection, person: Person, own_secret: str) -> None:
    """Ends all of a person's but that one."""
    others = sessions.c.person_id == person.id, sessions.c.digest != digest(own_secret)
    connection.execute(delete(sessions).where(*others))
