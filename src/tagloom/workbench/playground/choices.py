"""The models that can be tried in a project: deployed, trained, and those of the gallery. Each by a name of our own."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection

from tagloom.errors import BundleError
from tagloom.serving.state.deployments import MODELS, Deployments
from tagloom.workbench.accounts.people import Person
from tagloom.workbench.deployments.slots import slots_of
from tagloom.workbench.gallery.exhibits import exhibits_for
from tagloom.workbench.models.facts import facts_of
from tagloom.workbench.problems import Refused
from tagloom.workbench.trainings.trainings import trained
from tagloom.workbench.workbench import Workbench


class Kind(StrEnum):
    """Where a model comes from."""

    VERSION = "version"
    """Of a slot of the project."""
    TRAINING = "training"
    """Of the project."""
    EXHIBIT = "exhibit"
    """Of the gallery."""


@dataclass(frozen=True, slots=True)
class Found:
    """A model that there is.

    Args:
        id: that it is asked for by.
        kind: where it comes from.
        name: for people.
        path: of its bundle.
    """

    id: str
    kind: Kind
    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Choice:
    """A model that can be tried.

    Args:
        id: that it is asked for by.
        kind: where it comes from.
        name: for people.
        f1: the headline figure; None where it was not judged.
        labels: what it tells apart.
    """

    id: str
    kind: Kind
    name: str
    f1: float | None
    labels: tuple[str, ...]


def choices(connection: Connection, workbench: Workbench, person: Person, project_id: int) -> list[Choice]:
    """The models that somebody can try in a project: what is deployed first, then the newest."""
    shown = []
    for found in _all(connection, workbench, person, project_id):
        with contextlib.suppress(BundleError):
            facts = facts_of(found.path)
            shown.append(Choice(found.id, found.kind, found.name, facts.f1, facts.labels))
    return shown


def chosen(connection: Connection, workbench: Workbench, person: Person, project_id: int, model: str) -> Path:
    """Where the model with an id is.

    Raises:
        Refused: somebody cannot try such a one in the project.
    """
    for found in _all(connection, workbench, person, project_id):
        if found.id == model:
            return found.path
    raise Refused("no-such-thing", "There is no such model in this project. Ask for those that there are.")


def _all(connection: Connection, workbench: Workbench, person: Person, project_id: int) -> Iterator[Found]:
    folders = workbench.folders
    kept = Deployments(workbench.serving.database).kept()
    for slot in slots_of(connection, project_id):
        for version in reversed(kept.get(slot, ())):
            path = folders.serving / MODELS / version.digest
            name = f"{slot}, version {version.number}: {version.model}"
            yield Found(f"{Kind.VERSION}-{version.number}-{slot}", Kind.VERSION, name, path)
    for training in trained(connection, project_id):
        yield Found(f"{Kind.TRAINING}-{training.id}", Kind.TRAINING, training.name, folders.run(training.id))
    for exhibit in exhibits_for(connection, person):
        yield Found(f"{Kind.EXHIBIT}-{exhibit.id}", Kind.EXHIBIT, exhibit.about.title, exhibit.path(folders))
