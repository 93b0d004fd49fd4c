"""How a model goes live, and how it goes again. What is done counts when it is answered: the API serves it by then."""

import asyncio
import contextlib

from tagloom.errors import BundleError, ConfigError
from tagloom.serving.deploying import deploy_apart
from tagloom.serving.state.deployments import Deployments
from tagloom.workbench.deployments.slots import expect_slot, release_slot, take_slot
from tagloom.workbench.problems import Refused
from tagloom.workbench.trainings.trainings import State, training_in
from tagloom.workbench.workbench import Workbench


async def deploy(workbench: Workbench, project_id: int, training_id: int, slot: str) -> None:
    """Makes the model of a training the live version of a slot; what was live stays at hand.

    Raises:
        Refused: there is no such training, or it has no model; the slot's name is none, or another project's; the
            model is not sound, and then nothing has changed.
    """
    training = await workbench.store.read(lambda connection: training_in(connection, project_id, training_id))
    if training.state is not State.FINISHED:
        raise Refused("wrong-state", "The training has no model that was judged. Let it finish first.")
    is_new = await workbench.store.write(lambda connection: take_slot(connection, project_id, slot))
    path = workbench.folders.run(training.id).resolve()
    try:
        await deploy_apart(workbench.folders.serving, path, slot, training.name)
    except BundleError as error:
        if is_new:
            await workbench.store.write(lambda connection: release_slot(connection, project_id, slot))
        raise Refused("model-failed", str(error)) from None
    await workbench.serving.live.follow()


async def roll_back(workbench: Workbench, project_id: int, slot: str) -> None:
    """Makes the version before the live one of a project's slot live again.

    Raises:
        Refused: the project has no such slot, nothing is deployed to it, or nothing else was.
    """
    await workbench.store.read(lambda connection: expect_slot(connection, project_id, slot))
    try:
        version = await asyncio.to_thread(Deployments(workbench.serving.database).roll_back, slot)
    except ConfigError:
        raise Refused("wrong-state", "Nothing is deployed to the slot.") from None
    if version is None:
        raise Refused("nothing-before", "The slot has had no other version, or its earlier ones were given up.")
    await workbench.serving.live.follow()


async def undeploy(workbench: Workbench, project_id: int, slot: str) -> None:
    """Takes the model of a project's slot away, and lets go of the slot.

    Raises:
        Refused: the project has no such slot.
    """
    await workbench.store.read(lambda connection: expect_slot(connection, project_id, slot))
    with contextlib.suppress(ConfigError):  # where nothing is deployed to it, it only goes from the list
        await asyncio.to_thread(Deployments(workbench.serving.database).undeploy, slot)
    await workbench.store.write(lambda connection: release_slot(connection, project_id, slot))
    await workbench.serving.live.follow()


async def adopt(workbench: Workbench, project_id: int, slot: str) -> None:
    """Makes a slot that belongs to no project, such as one of the command line, one of a project.

    Raises:
        Refused: nothing is deployed to it, or it is another project's.
    """
    kept = await asyncio.to_thread(Deployments(workbench.serving.database).kept)
    if slot not in kept:
        raise Refused("wrong-state", "Nothing is deployed to that slot. Deploy a model to it.")
    await workbench.store.write(lambda connection: take_slot(connection, project_id, slot))
