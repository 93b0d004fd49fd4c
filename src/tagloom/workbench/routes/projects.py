"""Projects: made, seen, changed, taken away."""

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from tagloom.workbench.accounts.people import Person, all_people
from tagloom.workbench.markdown import as_html
from tagloom.workbench.pages.page import page
from tagloom.workbench.projects.labels import Label, labels_of, set_labels
from tagloom.workbench.projects.projects import (
    LONGEST_TEXT,
    Project,
    add_project,
    change_project,
    members_of,
    projects_of,
    remove_project,
    set_members,
)
from tagloom.workbench.projects.summaries import summaries_for
from tagloom.workbench.projects.templates import TEMPLATES
from tagloom.workbench.routes.asking import Admin, ManagedProject, Shared, ViewedProject, Viewer

router = APIRouter(tags=["projects"])


_MOST_MEMBERS = 10_000

Members = Annotated[list[Annotated[int, Field(ge=1, lt=2**63)]], Body(max_length=_MOST_MEMBERS)]
"""Numbers of people."""


class NewProject(BaseModel):
    """A project to make."""

    name: str = Field(max_length=200)
    template: str = Field(default="blank", max_length=40)


class ProjectTexts(BaseModel):
    """What a project says of itself."""

    name: str = Field(max_length=200)
    description: str = Field(max_length=LONGEST_TEXT)
    guidelines: str = Field(max_length=LONGEST_TEXT)


@router.get("/", include_in_schema=False)
async def projects_page(workbench: Shared, person: Viewer) -> HTMLResponse:
    """All projects."""
    summaries = await workbench.store.read(lambda connection: summaries_for(connection, person))
    return page("projects", title="Projects", person=person, summaries=summaries)


@router.get("/projects/new", include_in_schema=False)
async def new_project_page(person: Admin) -> HTMLResponse:
    """Where a project is made."""
    return page("new_project", title="New project", person=person, templates=list(TEMPLATES.values()))


@router.get("/projects/{project_id}/settings", include_in_schema=False)
async def settings_page(workbench: Shared, project: ManagedProject, person: Admin) -> HTMLResponse:
    """Labels, guidelines and members of a project."""

    def found(connection: Connection) -> tuple[list[Label], list[Person], list[int]]:
        return (
            labels_of(connection, project.id),
            all_people(connection),
            members_of(connection, project.id),
        )

    labels, people, members = await workbench.store.read(found)
    return page(
        "settings",
        title="Settings",
        person=person,
        project=project,
        people=people,
        members=members,
        guidelines=as_html(project.guidelines),
        data={"project": project.id, "labels": [_label(label) for label in labels]},
    )


@router.get("/api/projects", summary="All projects")
async def list_projects(workbench: Shared, person: Viewer) -> list[Project]:
    """Those that you see, the newest first."""
    return await workbench.store.read(lambda connection: projects_of(connection, person))


@router.post("/api/projects", status_code=201, summary="Make a project")
async def make_project(workbench: Shared, _: Admin, new: NewProject) -> Project:
    """A project from a template, with its labels and guidelines."""
    return await workbench.store.write(lambda connection: add_project(connection, new.name, new.template))


@router.get("/api/projects/{project_id}", summary="One project")
async def show_project(project: ViewedProject) -> Project:
    """What it is."""
    return project


@router.put("/api/projects/{project_id}", status_code=204, summary="Change a project")
async def edit_project(workbench: Shared, project: ManagedProject, texts: ProjectTexts) -> None:
    """Its name, description and guidelines."""
    await workbench.store.write(
        lambda connection: change_project(
            connection, project.id, name=texts.name, description=texts.description, guidelines=texts.guidelines
        )
    )


@router.delete("/api/projects/{project_id}", status_code=204, summary="Take a project away")
async def drop_project(workbench: Shared, project: ManagedProject) -> None:
    """With its documents, labels, feature sets and trainings; what is deployed stays deployed."""
    await workbench.store.write(lambda connection: remove_project(connection, project.id))
    workbench.supervisor.wake()
    workbench.maker.sweep()


@router.get("/api/projects/{project_id}/labels", summary="Labels")
async def list_labels(workbench: Shared, project: ViewedProject) -> list[Label]:
    """In the order of their number keys."""
    return await workbench.store.read(lambda connection: labels_of(connection, project.id))


@router.put("/api/projects/{project_id}/labels", summary="Change labels")
async def edit_labels(workbench: Shared, project: ManagedProject, labels: list[Label]) -> list[Label]:
    """All labels in their order: with its number a label keeps its spans, with 0 it is new, who is missing goes."""
    return await workbench.store.write(lambda connection: set_labels(connection, project.id, labels))


@router.put("/api/projects/{project_id}/members", status_code=204, summary="Change members")
async def edit_members(workbench: Shared, project: ManagedProject, people: Members) -> None:
    """The numbers of the people who see it beside admins."""
    await workbench.store.write(lambda connection: set_members(connection, project.id, people))


def _label(label: Label) -> dict[str, object]:
    return {"id": label.id, "name": label.name, "description": label.description, "colour": label.colour}
