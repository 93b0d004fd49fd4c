"""Deployments of a project: to a slot, back, away; how a slot is asked, and how often it was."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.encoders import jsonable_encoder
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from tagloom.serving.recent import Hour
from tagloom.serving.snippets import snippets
from tagloom.serving.state.keys import Keys
from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.deployments.deploying import adopt, deploy, roll_back, undeploy
from tagloom.workbench.deployments.deployments import ProjectDeployments, deployments_of
from tagloom.workbench.deployments.slots import expect_slot
from tagloom.workbench.pages.page import page
from tagloom.workbench.projects.projects import Project
from tagloom.workbench.routes.asking import Address, ManagedProject, Shared, ViewedProject, Viewer
from tagloom.workbench.routes.keys import shown_keys
from tagloom.workbench.workbench import Workbench

router = APIRouter(tags=["deployment"])

_Slot = Annotated[str, Path(max_length=63)]
_SlotName = Annotated[str, Field(max_length=63, description="Small letters, digits, - and _.")]


class NewDeployment(BaseModel):
    """A model to deploy."""

    training_id: int = Field(ge=1, lt=2**63)
    slot: _SlotName


class TakenOver(BaseModel):
    """A slot to take over."""

    slot: _SlotName


@router.get("/projects/{project_id}/deployment", include_in_schema=False)
async def deployment_page(workbench: Shared, project: ViewedProject, person: Viewer, address: Address) -> HTMLResponse:
    """What is deployed, what could be, keys, and how a slot is asked."""
    is_admin = person.role.includes(Role.ADMIN)
    keys = await shown_keys(Keys(workbench.serving.database)) if is_admin else []
    return page(
        "deployment",
        title="Deployment",
        person=person,
        project=project,
        data={
            "project": project.id,
            "is_admin": is_admin,
            "address": address,
            "deployments": jsonable_encoder(await _shown(workbench, project)),
            "keys": jsonable_encoder(keys),
        },
    )


@router.get("/api/projects/{project_id}/deployments", summary="What is deployed")
async def show_deployments(workbench: Shared, project: ViewedProject) -> ProjectDeployments:
    """The slots of a project with their versions, and the trainings whose models can be deployed."""
    return await _shown(workbench, project)


@router.post("/api/projects/{project_id}/deployments", status_code=201, summary="Deploy a model")
async def deploy_model(workbench: Shared, project: ManagedProject, new: NewDeployment) -> ProjectDeployments:
    """Makes the model of a training the live version of a slot, once it has been found sound.

    The version before stays at hand; requests under way end on it. What is answered is live.
    """
    await deploy(workbench, project.id, new.training_id, new.slot)
    return await _shown(workbench, project)


@router.post("/api/projects/{project_id}/slots", status_code=201, summary="Take a slot over")
async def take_over(workbench: Shared, project: ManagedProject, taken: TakenOver) -> ProjectDeployments:
    """Makes a slot one of the project that belongs to none: of the command line, or of a project that is gone."""
    await adopt(workbench, project.id, taken.slot)
    return await _shown(workbench, project)


@router.post("/api/projects/{project_id}/deployments/{slot}/rollback", summary="Roll back")
async def roll_back_slot(workbench: Shared, project: ManagedProject, slot: _Slot) -> ProjectDeployments:
    """Makes the version before the live one live again."""
    await roll_back(workbench, project.id, slot)
    return await _shown(workbench, project)


@router.delete("/api/projects/{project_id}/deployments/{slot}", summary="Undeploy")
async def undeploy_slot(workbench: Shared, project: ManagedProject, slot: _Slot) -> ProjectDeployments:
    """Takes the model of a slot away, and lets go of its name."""
    await undeploy(workbench, project.id, slot)
    return await _shown(workbench, project)


@router.get("/api/projects/{project_id}/deployments/{slot}/snippets", summary="How a slot is asked")
async def show_snippets(workbench: Shared, project: ViewedProject, address: Address, slot: _Slot) -> Mapping[str, str]:
    """The same request in curl, Python and JavaScript, which read a key from `TAGLOOM_KEY`."""
    await workbench.store.read(lambda connection: expect_slot(connection, project.id, slot))
    return snippets(address, slot)


@router.get("/api/projects/{project_id}/deployments/{slot}/requests", summary="How often a slot was asked")
async def show_requests(workbench: Shared, project: ViewedProject, slot: _Slot) -> Hour:
    """Requests, errors and how long answers took in the last hour, a minute at a time; since the workbench started."""
    await workbench.store.read(lambda connection: expect_slot(connection, project.id, slot))
    return workbench.serving.metrics.recent.hour(slot)


async def _shown(workbench: Workbench, project: Project) -> ProjectDeployments:
    return await workbench.store.read(
        lambda connection: deployments_of(connection, workbench.folders, workbench.serving, project)
    )
