"""Exhibits: models that an admin has chosen to show, to admins, to everybody with an account, or to visitors too."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, update

from tagloom.workbench.accounts.people import Person
from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.database.rows import inserted, row_of
from tagloom.workbench.database.store import AnyRow
from tagloom.workbench.database.tables import exhibits, labels, projects, trainings
from tagloom.workbench.folders import Folders
from tagloom.workbench.gallery import packaged
from tagloom.workbench.problems import Refused
from tagloom.workbench.projects.templates import TEMPLATES
from tagloom.workbench.trainings.trainings import State


class Audience(StrEnum):
    """Who sees an exhibit."""

    ADMINS = "admins"
    PEOPLE = "people"
    """Everybody with an account."""
    VISITORS = "visitors"
    """Everybody who reaches the workbench, with or without an account."""


@dataclass(frozen=True, slots=True)
class About:
    """What an admin says of an exhibit.

    Args:
        title: of it.
        description: what it is for, in Markdown.
        data: what it was trained on, in Markdown.
        licence: what others may do with it.
        samples: sentences to try it on.
        audience: who sees it.
    """

    title: str
    description: str
    data: str
    licence: str
    samples: Sequence[str]
    audience: Audience


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A model that is shown.

    Args:
        id: number.
        training_id: whose model it is; None for one that comes with the package.
        about: what an admin says of it.
        created_at: when it was first shown, in seconds since 1970.
    """

    id: int
    training_id: int | None
    about: About
    created_at: float

    def path(self, folders: Folders) -> Path:
        """Where its model is."""
        return packaged.PATH if self.training_id is None else folders.run(self.training_id)


@dataclass(frozen=True, slots=True)
class Showable:
    """A training whose model could be shown.

    Args:
        training_id: its number.
        training: its name.
        project: the name of its project.
    """

    training_id: int
    training: str
    project: str


def exhibits_for(connection: Connection, person: Person | None) -> list[Exhibit]:
    """Those that somebody sees, the newest first; None is a visitor."""
    query = select(exhibits).where(exhibits.c.audience.in_(_seen(person))).order_by(exhibits.c.id.desc())
    return [_exhibit(row) for row in connection.execute(query)]


def exhibit_for(connection: Connection, person: Person | None, exhibit_id: int) -> Exhibit:
    """An exhibit that somebody sees.

    Raises:
        Refused: there is none, or it is not for them, which is told alike.
    """
    query = select(exhibits).where(exhibits.c.id == exhibit_id, exhibits.c.audience.in_(_seen(person)))
    return _exhibit(row_of(connection, query, "There is no such model in the gallery, or you may not see it."))


def showable(connection: Connection) -> list[Showable]:
    """The finished trainings that are not shown yet, the newest first."""
    query = (
        select(trainings.c.id, trainings.c.name, projects.c.name)
        .join(projects, projects.c.id == trainings.c.project_id)
        .outerjoin(exhibits, exhibits.c.training_id == trainings.c.id)
        .where(trainings.c.state == State.FINISHED.value, exhibits.c.id.is_(None))
        .order_by(trainings.c.id.desc())
    )
    return [Showable(*row) for row in connection.execute(query)]


def label_colours(connection: Connection, exhibit: Exhibit) -> dict[str, int]:
    """The colours of labels in the project that an exhibit comes from, or that it would come from."""
    if exhibit.training_id is None:
        return {label.name: place for place, label in enumerate(TEMPLATES[packaged.TEMPLATE].labels)}
    query = (
        select(labels.c.name, labels.c.colour)
        .join(trainings, trainings.c.project_id == labels.c.project_id)
        .where(trainings.c.id == exhibit.training_id)
    )
    return dict(connection.execute(query).tuples().all())


def add_exhibit(connection: Connection, training_id: int, about: About) -> int:
    """Shows the model of a training, and gives the number of the exhibit.

    Raises:
        Refused: there is no such training, it has not finished, or it is shown already.
    """
    state = connection.execute(select(trainings.c.state).where(trainings.c.id == training_id)).scalar_one_or_none()
    if state is None:
        raise Refused("no-such-thing", "There is no such training.")
    if state != State.FINISHED:
        raise Refused("wrong-state", "The training has no model that was judged. Let it finish first.")
    taken = Refused("wrong-state", "The model is in the gallery already.")
    own = {**_values(about), "training_id": training_id, "created_at": time.time()}
    return inserted(connection, exhibits, taken=taken, **own)


def change_exhibit(connection: Connection, exhibit_id: int, about: About) -> None:
    """Says something else of an exhibit.

    Raises:
        Refused: there is none.
    """
    found = connection.execute(update(exhibits).where(exhibits.c.id == exhibit_id).values(**_values(about)))
    if not found.rowcount:
        raise Refused("no-such-thing", "There is no such model in the gallery.")


def remove_exhibit(connection: Connection, exhibit_id: int) -> None:
    """Shows a model no longer; its training stays.

    Raises:
        Refused: there is none, or it comes with the package.
    """
    known = select(exhibits.c.packaged).where(exhibits.c.id == exhibit_id)
    if row_of(connection, known, "There is no such model in the gallery.").packaged is not None:
        raise Refused("wrong-state", "It comes with Tagloom, and would come again. Show it to admins alone.")
    connection.execute(delete(exhibits).where(exhibits.c.id == exhibit_id))


def add_packaged(connection: Connection) -> None:
    """Shows the model that comes with the package, unless it is there: what an admin has said of it stays."""
    if connection.execute(select(exhibits.c.id).where(exhibits.c.packaged == packaged.NAME)).first() is None:
        about = About(
            packaged.TITLE,
            packaged.DESCRIPTION,
            packaged.DATA,
            packaged.LICENCE,
            packaged.SAMPLES,
            Audience.PEOPLE,
        )
        connection.execute(insert(exhibits).values(**_values(about), packaged=packaged.NAME, created_at=time.time()))


def _values(about: About) -> dict[str, object]:
    return {**asdict(about), "samples": list(about.samples), "audience": about.audience.value}


def _seen(person: Person | None) -> list[str]:
    if person is None:
        return [Audience.VISITORS.value]
    seen = [Audience.VISITORS.value, Audience.PEOPLE.value]
    return [*seen, Audience.ADMINS.value] if person.role.includes(Role.ADMIN) else seen


def _exhibit(row: AnyRow) -> Exhibit:
    about = About(row.title, row.description, row.data, row.licence, tuple(row.samples), Audience(row.audience))
    return Exhibit(row.id, row.training_id, about, row.created_at)
