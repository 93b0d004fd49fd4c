"""Invitations: links that work once. Nobody comes in without one; the first is printed in the terminal."""

import time
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from tagloom.workbench.accounts.people import Person, add_person, person_with, set_password
from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.accounts.secrets import digest, new_secret
from tagloom.workbench.database.rows import inserted
from tagloom.workbench.database.tables import invitations
from tagloom.workbench.problems import Refused

SECONDS = 7 * 24 * 3600.0  # that an invitation waits


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that waits for somebody.

    Args:
        id: number that it is revoked by.
        role: that who takes it will have.
        person: whose password it sets anew; None for somebody new.
        expires_at: seconds since 1970.
    """

    id: int
    role: Role
    person: Person | None
    expires_at: float


def invite(
    connection: Connection, role: Role, *, invited_by: Person | None = None, person: Person | None = None
) -> tuple[Invitation, str]:
    """An invitation and the secret of its link.

    Args:
        connection: to write with.
        role: that who takes it will have.
        invited_by: None for the link in the terminal: those before it end.
        person: whose password is to be set anew; None for somebody new.

    Raises:
        Refused: the person may not log in.
    """
    if person is not None and not person.is_active:
        raise Refused("wrong-state", "Let the person log in again first.")
    now = time.time()
    connection.execute(delete(invitations).where(invitations.c.expires_at < now))
    if invited_by is None:
        connection.execute(delete(invitations).where(invitations.c.invited_by.is_(None)))
    secret, kept = new_secret()
    number = inserted(
        connection,
        invitations,
        digest=kept,
        role=role.value,
        person_id=None if person is None else person.id,
        invited_by=None if invited_by is None else invited_by.id,
        created_at=now,
        expires_at=now + SECONDS,
    )
    return Invitation(number, role, person, now + SECONDS), secret


def invitation_with(connection: Connection, secret: str) -> Invitation:
    """The invitation of a link.

    Raises:
        Refused: there is none, or no longer.
    """
    row = connection.execute(
        select(invitations).where(invitations.c.digest == digest(secret), invitations.c.expires_at > time.time())
    ).one_or_none()
    if row is None:
        raise Refused("no-such-invitation", "It was used, revoked or has run out. Ask an admin for another.")
    person = None if row.person_id is None else person_with(connection, row.person_id)
    return Invitation(row.id, Role(row.role), person, row.expires_at)


def accept(connection: Connection, secret: str, name: str, password_hash: str) -> Person:
    """Makes the account, or sets the password, that an invitation is for; it works no second time.

    Raises:
        Refused: there is no such invitation, or the name is none or taken.
    """
    invitation = invitation_with(connection, secret)
    connection.execute(delete(invitations).where(invitations.c.id == invitation.id))
    if invitation.person is not None:
        set_password(connection, invitation.person.id, password_hash)
        return invitation.person
    return add_person(connection, name, invitation.role, password_hash)


def waiting(connection: Connection) -> list[Invitation]:
    """Those that wait, the newest first."""
    rows = connection.execute(
        select(invitations).where(invitations.c.expires_at > time.time()).order_by(invitations.c.id.desc())
    )
    return [
        Invitation(
            row.id,
            Role(row.role),
            None if row.person_id is None else person_with(connection, row.person_id),
            row.expires_at,
        )
        for row in rows
    ]


def revoke_invitation(connection: Connection, invitation_id: int) -> None:
    """Ends it.

    Raises:
        Refused: there is none.
    """
    if not connection.execute(delete(invitations).where(invitations.c.id == invitation_id)).rowcount:
        raise Refused("no-such-thing", "There is no such invitation.")
