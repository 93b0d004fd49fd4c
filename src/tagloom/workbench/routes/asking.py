"""What routes declare of who may ask: a role, and the project that the address names. A test looks at every route."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Path, Request

from tagloom.workbench.accounts.people import Person
from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.door import asking_of
from tagloom.workbench.problems import Refused
from tagloom.workbench.projects.projects import Project, project_for
from tagloom.workbench.workbench import Workbench


def workbench_of(request: Request) -> Workbench:
    """What the routes share."""
    found: Workbench = request.app.state.workbench
    return found


def _who_is(role: Role) -> Callable[[Request], Coroutine[Any, Any, Person]]:
    async def who(request: Request) -> Person:
        person = asking_of(request.scope).person
        if person is None:
            raise Refused("not-logged-in", "Log in, or bring a token: Authorization: Bearer TOKEN.")
        if not person.role.includes(role):
            raise Refused("not-allowed", f"This needs the role {role}. Ask an admin.")
        return person

    return who


def _project_as(role: Role) -> Callable[..., Coroutine[Any, Any, Project]]:
    async def project(
        request: Request,
        person: Annotated[Person, Depends(_who_is(role))],
        project_id: Annotated[int, Path(ge=1, lt=2**63)],
    ) -> Project:
        return await workbench_of(request).store.read(lambda connection: project_for(connection, person, project_id))

    return project


Shared = Annotated[Workbench, Depends(workbench_of)]
"""What the routes share."""

Viewer = Annotated[Person, Depends(_who_is(Role.VIEWER))]
Annotator = Annotated[Person, Depends(_who_is(Role.ANNOTATOR))]
Admin = Annotated[Person, Depends(_who_is(Role.ADMIN))]
"""Who asks, with at least that role."""

ViewedProject = Annotated[Project, Depends(_project_as(Role.VIEWER))]
LabelledProject = Annotated[Project, Depends(_project_as(Role.ANNOTATOR))]
ManagedProject = Annotated[Project, Depends(_project_as(Role.ADMIN))]
"""The project that the address names, which who asks sees, with at least that role."""

Number = Annotated[int, Path(ge=1, lt=2**63)]
"""The number of something in an address; whether it is of the project is for the route to see to."""
