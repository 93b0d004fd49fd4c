"""The model that a project has now, which suggests labels: the one that is deployed for it, else the newest."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from tagloom.errors import BundleError
from tagloom.inference.predictor import model_path
from tagloom.serving.defaults import DEFAULT_SLOT
from tagloom.serving.state.deployments import MODELS, Deployments, Version
from tagloom.workbench.database.tables import slots
from tagloom.workbench.folders import Folders
from tagloom.workbench.models.facts import facts_of
from tagloom.workbench.trainings.trainings import trained


@dataclass(frozen=True, slots=True)
class CurrentModel:
    """A model that suggests labels.

    Args:
        name: for people.
        origin: what spans that come of it say of it; no other model's is the same.
        path: of its bundle.
    """

    name: str
    origin: str
    path: Path


def current_model(
    connection: Connection, folders: Folders, deployments: Deployments, project_id: int
) -> CurrentModel | None:
    """The model that a project has now; None where it has none.

    Args:
        connection: to read with.
        folders: of the workbench.
        deployments: of all projects.
        project_id: whose model is asked for.
    """
    version = _deployed(connection, deployments, project_id)
    if version is not None:
        path = folders.serving / MODELS / version.digest
        return CurrentModel(version.model, _origin(version.model, version.digest), path)
    for training in trained(connection, project_id):
        try:
            path = model_path(folders.run(training.id))
            digest = facts_of(path).digest
        except BundleError:
            continue
        return CurrentModel(training.name, _origin(training.name, digest), path)
    return None


def _deployed(connection: Connection, deployments: Deployments, project_id: int) -> Version | None:
    own = set(connection.execute(select(slots.c.name).where(slots.c.project_id == project_id)).scalars())
    if not own:
        return None
    live = deployments.live()
    return min(
        (version for slot, version in live.items() if slot in own),
        key=lambda version: (version.slot != DEFAULT_SLOT, version.slot),
        default=None,
    )


def _origin(name: str, digest: str) -> str:
    return f"model {name[:150]} {digest[:12]}"
