"""The people of a workbench."""

import re
import time
import unicodedata
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select, update

from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.database.rows import inserted, row_of
from tagloom.workbench.database.store import AnyRow
from tagloom.workbench.database.tables import invitations, people, sessions, tokens
from tagloom.workbench.problems import Refused

_NAME = re.compile(r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,98}[^\s\x00-\x1f\x7f])?")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has an account.

    Args:
        id: number.
        name: that they log in with.
        role: what they may.
        is_active: whether they may log in.
    """

    id: int
    name: str
    role: Role
    is_active: bool = True


_COLUMNS = people.c.id, people.c.name, people.c.role, people.c.is_active


def person_of(row: AnyRow) -> Person:
    """The person of a row of `_COLUMNS`."""
    return Person(row.id, row.name, Role(row.role), row.is_active)


def composed(name: str) -> str:
    """A name as it is kept and compared, however a keyboard puts its signs together.

    Example:
        >>> composed(" Zoe\u0308 ") == "Zo\u00eb"
        True
    """
    return unicodedata.normalize("NFC", name).strip()


def add_person(connection: Connection, name: str, role: Role, password_hash: str) -> Person:
    """A new person.

    Raises:
        Refused: the name is none, or somebody has it.
    """
    name = composed(name)
    if not _NAME.fullmatch(name):
        raise Refused("wrong-fields", "name: expected 1 to 100 characters without line ends or blanks around.")
    number = inserted(
        connection,
        people,
        taken=Refused("name-taken", "Somebody has that name. Choose another."),
        name=name,
        role=role.value,
        password=password_hash,
        is_active=True,
        created_at=time.time(),
    )
    return Person(number, name, role)


def all_people(connection: Connection) -> list[Person]:
    """Everybody, by name."""
    return [person_of(row) for row in connection.execute(select(*_COLUMNS).order_by(people.c.name))]


def person_with(connection: Connection, person_id: int) -> Person:
    """The person of that number.

    Raises:
        Refused: there is none.
    """
    query = select(*_COLUMNS).where(people.c.id == person_id)
    return person_of(row_of(connection, query, "There is no such person."))


def password_of(connection: Connection, name: str) -> tuple[Person, str] | None:
    """The person of that name who may log in, with what is kept of the password; None where there is none."""
    row = connection.execute(
        select(*_COLUMNS, people.c.password).where(people.c.name == composed(name), people.c.is_active)
    ).one_or_none()
    return None if row is None else (person_of(row), row.password)


def is_anybody_there(connection: Connection) -> bool:
    """Whether there is an account at all."""
    return connection.execute(select(people.c.id).limit(1)).first() is not None


def set_password(connection: Connection, person_id: int, password_hash: str) -> None:
    """Another password; every session of the person ends."""
    connection.execute(update(people).where(people.c.id == person_id).values(password=password_hash))
    connection.execute(sessions.delete().where(sessions.c.person_id == person_id))


def change_person(connection: Connection, person_id: int, *, role: Role, is_active: bool) -> Person:
    """Another role, or whether the person may log in.

    With who may not, sessions, tokens and links end; with who is no admin any more, the links that person has made.

    Raises:
        Refused: there is none of that number, or no admin would be left.
    """
    before = person_with(connection, person_id)
    connection.execute(update(people).where(people.c.id == person_id).values(role=role.value, is_active=is_active))
    admins = select(func.count()).where(people.c.role == Role.ADMIN.value, people.c.is_active)
    if not connection.execute(admins).scalar_one():
        raise Refused("last-admin", "Nobody could let people in any more. Make somebody else an admin first.")
    if not is_active:
        for table in (sessions, tokens, invitations):
            connection.execute(delete(table).where(table.c.person_id == person_id))
    if not is_active or role is not Role.ADMIN:
        connection.execute(delete(invitations).where(invitations.c.invited_by == person_id))
    return Person(before.id, before.name, role, is_active)
