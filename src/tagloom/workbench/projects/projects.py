"""Projects: made from a template, seen by their members and by admins."""

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from tagloom.workbench.accounts.people import Person
from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.database.rows import inserted
from tagloom.workbench.database.store import AnyRow
from tagloom.workbench.database.tables import members, projects
from tagloom.workbench.problems import Refused
from tagloom.workbench.projects.labels import Label, set_labels
from tagloom.workbench.projects.templates import TEMPLATES

LONGEST_TEXT = 100_000
"""Characters of a description and of guidelines."""

_TAKEN = "Another project has that name. Choose another."


@dataclass(frozen=True, slots=True)
class Project:
    """A project.

    Args:
        id: number.
        name: for people; no other has it.
        template: that it was made from.
        description: what it is for.
        guidelines: for those who label, in Markdown.
        settings: `training`: options that suit its text.
        created_at: seconds since 1970.
    """

    id: int
    name: str
    template: str
    description: str
    guidelines: str
    settings: dict[str, Any]
    created_at: float


@dataclass(frozen=True, slots=True)
class ProjectName:
    """What a project is called.

    Args:
        id: number.
        name: for people.
    """

    id: int
    name: str


def add_project(connection: Connection, name: str, template_name: str) -> Project:
    """A new project from a template.

    Raises:
        Refused: the name is none or taken, or there is no such template.
    """
    if template_name not in TEMPLATES:
        raise Refused("wrong-fields", f"template: expected one of {', '.join(TEMPLATES)}.")
    template = TEMPLATES[template_name]
    values: dict[str, Any] = {
        "name": fit_name(name),
        "template": template.name,
        "description": template.description,
        "guidelines": template.guidelines,
        "settings": {"training": dict(template.training)},
        "created_at": time.time(),
    }
    number = inserted(connection, projects, taken=Refused("name-taken", _TAKEN), **values)
    made = Project(id=number, **values)
    first = [Label(0, label.name, label.description, place) for place, label in enumerate(template.labels)]
    set_labels(connection, made.id, first)
    return made


def projects_of(connection: Connection, person: Person) -> list[Project]:
    """Those that a person sees, the newest first."""
    query = select(projects).order_by(projects.c.id.desc())
    if not person.role.includes(Role.ADMIN):
        own = select(members.c.project_id).where(members.c.person_id == person.id)
        query = query.where(projects.c.id.in_(own))
    return [_project(row) for row in connection.execute(query)]


def project_for(connection: Connection, person: Person, project_id: int) -> Project:
    """A project that a person sees.

    Raises:
        Refused: there is none, or the person does not see it, which is told alike.
    """
    numbers = {"project_id": project_id, "person_id": person.id}
    row = connection.execute(_ANY if person.role.includes(Role.ADMIN) else _OWN, numbers).one_or_none()
    if row is None:
        raise Refused("no-such-thing", "There is no such project, or you are not one of its members.")
    return _project(row)


_ANY = select(projects).where(projects.c.id == bindparam("project_id"))
_OWN = _ANY.join(members).where(members.c.person_id == bindparam("person_id"))


def change_project(connection: Connection, project_id: int, *, name: str, description: str, guidelines: str) -> None:
    """Another name, description and guidelines.

    Raises:
        Refused: the name is none or taken, or a text is too long.
    """
    if max(len(description), len(guidelines)) > LONGEST_TEXT:
        raise Refused("wrong-fields", f"expected at most {LONGEST_TEXT} characters.")
    values = {"name": fit_name(name), "description": description, "guidelines": guidelines}
    try:
        connection.execute(update(projects).where(projects.c.id == project_id).values(values))
    except IntegrityError:
        raise Refused("name-taken", _TAKEN) from None


def remove_project(connection: Connection, project_id: int) -> None:
    """Takes a project away with all that is in it."""
    connection.execute(delete(projects).where(projects.c.id == project_id))


def members_of(connection: Connection, project_id: int) -> list[int]:
    """The numbers of the people who were added to it; admins see it in any case."""
    rows = connection.execute(select(members.c.person_id).where(members.c.project_id == project_id))
    return [row.person_id for row in rows]


def projects_by_member(connection: Connection) -> dict[int, list[ProjectName]]:
    """The projects that each person was added to, by the person's number."""
    rows = connection.execute(
        select(members.c.person_id, projects.c.id, projects.c.name).join_from(members, projects).order_by(projects.c.id)
    )
    found: dict[int, list[ProjectName]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(ProjectName(row.id, row.name))
    return found


def set_members(connection: Connection, project_id: int, person_ids: list[int]) -> None:
    """Makes these people its members.

    Raises:
        Refused: there is no such person.
    """
    connection.execute(delete(members).where(members.c.project_id == project_id))
    try:
        for person_id in dict.fromkeys(person_ids):
            connection.execute(insert(members).values(project_id=project_id, person_id=person_id))
    except IntegrityError:
        raise Refused("no-such-thing", "There is no such person.") from None


def _project(row: AnyRow) -> Project:
    return Project(row.id, row.name, row.template, row.description, row.guidelines, dict(row.settings), row.created_at)


def fit_name(name: str) -> str:
    """A name of a project, or of something in one.

    Raises:
        Refused: it is none.
    """
    fit = name.strip()
    if not 1 <= len(fit) <= 100 or not fit.isprintable():
        raise Refused("wrong-fields", "name: expected 1 to 100 characters in one line.")
    return fit
