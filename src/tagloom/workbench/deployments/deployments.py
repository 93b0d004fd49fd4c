"""What a project has deployed, and what it could deploy."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from tagloom.errors import BundleError
from tagloom.serving.live import Live
from tagloom.serving.parts import Parts
from tagloom.serving.state.deployments import MODELS, Deployments, Version
from tagloom.workbench.deployments.slots import default_slot, owned, slots_of
from tagloom.workbench.folders import Folders
from tagloom.workbench.models.facts import ModelFacts, facts_of
from tagloom.workbench.projects.projects import Project
from tagloom.workbench.trainings.trainings import Training, trained


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version of a slot.

    Args:
        number: of it, from 1.
        model: what it is called: the name of its training when it was deployed.
        training_id: of the training whose model it is; None where that is gone.
        deployed_at: seconds since 1970.
        f1: the headline figure of its model; None where it was not judged.
    """

    number: int
    model: str
    training_id: int | None
    deployed_at: float
    f1: float | None


@dataclass(frozen=True, slots=True)
class ShownSlot:
    """A slot of a project.

    Args:
        name: in addresses.
        is_ready: whether its live version answers.
        problem: why it does not; empty where it does, or soon will.
        versions: the live one, then what it can be rolled back to; none where nothing is deployed.
    """

    name: str
    is_ready: bool
    problem: str
    versions: Sequence[ShownVersion]


@dataclass(frozen=True, slots=True)
class Deployable:
    """A training whose model can be deployed.

    Args:
        id: of the training.
        name: of the training.
        created_at: seconds since 1970.
        f1: the headline figure; None where it was not judged.
        num_bytes: of the model.
        slots: of the project, where it is live.
    """

    id: int
    name: str
    created_at: float
    f1: float | None
    num_bytes: int
    slots: Sequence[str]


@dataclass(frozen=True, slots=True)
class ProjectDeployments:
    """What a project has deployed, and what it could deploy.

    Args:
        slots: of the project.
        trainings: whose models can be deployed, the newest first.
        default_slot: where the next one is deployed to where nobody says otherwise.
        unowned: slots that something is deployed to and that belong to no project.
    """

    slots: Sequence[ShownSlot]
    trainings: Sequence[Deployable]
    default_slot: str
    unowned: Sequence[str]


def deployments_of(connection: Connection, folders: Folders, serving: Parts, project: Project) -> ProjectDeployments:
    """What a project has deployed, and what it could deploy.

    Args:
        connection: to read with.
        folders: of the workbench.
        serving: what the API shares.
        project: the project.
    """
    kept = Deployments(serving.database).kept()
    names, all_owned = slots_of(connection, project.id), owned(connection)
    models = _models(connection, folders, project.id)
    by_digest = {facts.digest: training.id for training, facts in reversed(models)}
    live_digests = {name: kept[name][-1].digest for name in names if name in kept}
    return ProjectDeployments(
        slots=[_slot(name, kept.get(name, ()), serving.live, folders, by_digest) for name in names],
        trainings=[_deployable(training, facts, live_digests) for training, facts in models],
        default_slot=names[0] if names else default_slot(project.name, all_owned | kept.keys()),
        unowned=sorted(kept.keys() - all_owned),
    )


def _models(connection: Connection, folders: Folders, project_id: int) -> list[tuple[Training, ModelFacts]]:
    """The trainings of a project with a model, the newest first, and what it says of itself."""
    found = []
    for training in trained(connection, project_id):
        with contextlib.suppress(BundleError):
            found.append((training, facts_of(folders.run(training.id))))
    return found


def _deployable(training: Training, facts: ModelFacts, live_digests: Mapping[str, str]) -> Deployable:
    return Deployable(
        id=training.id,
        name=training.name,
        created_at=training.created_at,
        f1=facts.f1,
        num_bytes=facts.num_bytes,
        slots=[name for name, digest in live_digests.items() if digest == facts.digest],
    )


def _slot(
    name: str, versions: Sequence[Version], live: Live, folders: Folders, by_digest: Mapping[str, int]
) -> ShownSlot:
    served = live.models.get(name)
    is_ready = bool(versions) and served is not None and served.version.number == versions[-1].number
    return ShownSlot(
        name=name,
        is_ready=is_ready,
        problem="Its files are damaged or gone. Deploy a model anew." if name in live.missing else "",
        versions=[_version(each, folders, by_digest.get(each.digest)) for each in reversed(versions)],
    )


def _version(version: Version, folders: Folders, training_id: int | None) -> ShownVersion:
    try:
        f1 = facts_of(folders.serving / MODELS / version.digest).f1
    except BundleError:
        f1 = None
    return ShownVersion(version.number, version.model, training_id, version.deployed_at, f1)
