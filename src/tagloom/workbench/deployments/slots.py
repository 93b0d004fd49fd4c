"""Which project each slot belongs to; what a slot serves, the serving state says."""

import re
import unicodedata
from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from tagloom.errors import ConfigError
from tagloom.serving.state.deployments import expect_slot_name
from tagloom.workbench.database.tables import slots
from tagloom.workbench.problems import Refused

_LONGEST_NAME = 63


def slots_of(connection: Connection, project_id: int) -> list[str]:
    """The names of a project's slots, in order."""
    query = select(slots.c.name).where(slots.c.project_id == project_id).order_by(slots.c.name)
    return list(connection.execute(query).scalars())


def owned(connection: Connection) -> set[str]:
    """The names of all projects' slots."""
    return set(connection.execute(select(slots.c.name)).scalars())


def expect_slot(connection: Connection, project_id: int, name: str) -> None:
    """Lets a slot of a project pass.

    Raises:
        Refused: the project has none of that name.
    """
    if name not in slots_of(connection, project_id):
        raise Refused("no-such-thing", "There is no such slot in this project.")


def take_slot(connection: Connection, project_id: int, name: str) -> bool:
    """Makes a name a slot of a project; gives whether it was not one before.

    Raises:
        Refused: it is no name of a slot, or another project's.
    """
    try:
        expect_slot_name(name)
    except ConfigError as error:
        raise Refused("wrong-fields", str(error)) from None
    owner = connection.execute(select(slots.c.project_id).where(slots.c.name == name)).scalar_one_or_none()
    if owner is None:
        connection.execute(insert(slots).values(name=name, project_id=project_id))
    elif owner != project_id:
        raise Refused("name-taken", "The slot belongs to another project. Choose another name.")
    return owner is None


def release_slot(connection: Connection, project_id: int, name: str) -> None:
    """Lets go of a slot of a project, so that any project may take its name."""
    connection.execute(delete(slots).where(slots.c.name == name, slots.c.project_id == project_id))


def default_slot(project_name: str, taken: Iterable[str] = ()) -> str:
    """A name for the first slot of a project: what its own name leaves in small letters, digits and hyphens.

    Args:
        project_name: of the project.
        taken: names that are not to be had.

    Example:
        >>> default_slot("Kamera-Rezensionen (Größe)"), default_slot("カメラ", {"model"})
        ('kamera-rezensionen-grosse', 'model-2')
    """
    plain = unicodedata.normalize("NFKD", project_name.casefold()).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_NAME].strip("-") or "model"
    not_free, number, found = set(taken), 1, name
    while found in not_free:
        number += 1
        found = f"{name[: _LONGEST_NAME - len(str(number)) - 1]}-{number}"
    return found
