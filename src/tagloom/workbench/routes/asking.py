"""What routes declare of who may ask: a role, and the project that the address names. A test looks at every route."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.dependencies.models import Dependant

from tagloom.serving.documentation.page import address_of
from tagloom.workbench.accounts.people import Person
from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.door import asking_of
from tagloom.workbench.problems import Refused
from tagloom.workbench.projects.projects import Project, project_for
from tagloom.workbench.workbench import Workbench

Number = Annotated[int, Path(ge=1, lt=2**63)]
"""The number of something in an address; whether it is of the project is for the route to see to."""


def workbench_of(request: Request) -> Workbench:
    """What the routes share."""
    found: Workbench = request.app.state.workbench
    return found


async def _shared(request: Request) -> Workbench:
    """`workbench_of`, for routes: what is no coroutine would be called in a thread."""
    return workbench_of(request)


def address_of_request(request: Request) -> str:
    """Where people reach the workbench, by the host that the door has checked."""
    scheme = "https" if workbench_of(request).options.is_https else "http"
    return address_of(request.headers.get("host"), request.scope["server"], scheme=scheme)


@dataclass(frozen=True)
class Asker:
    """Finds who asks, which must be somebody with a role.

    Args:
        role: at least.
    """

    role: Role

    async def __call__(self, request: Request) -> Person:
        """The person.

        Raises:
            Refused: it is nobody, or the role does not do.
        """
        person = asking_of(request.scope).person
        if person is None:
            raise Refused("not-logged-in", "Log in, or bring a token: Authorization: Bearer TOKEN.")
        if not person.role.includes(self.role):
            raise Refused("not-allowed", f"This needs the role {self.role}. Ask an admin.")
        return person


@dataclass(frozen=True)
class AskedProject:
    """Finds the project that the address names, for who sees it.

    Args:
        asker: finds who asks.
    """

    asker: Asker

    async def __call__(self, request: Request, project_id: Number) -> Project:
        """The project.

        Raises:
            Refused: the role does not do; or there is no such project, or the person does not see it.
        """
        person = await self.asker(request)
        store = workbench_of(request).store
        return store.glance(lambda connection: project_for(connection, person, project_id))


_viewer, _annotator, _admin = Asker(Role.VIEWER), Asker(Role.ANNOTATOR), Asker(Role.ADMIN)

Shared = Annotated[Workbench, Depends(_shared)]
"""What the routes share."""

Address = Annotated[str, Depends(address_of_request)]
"""Where people reach the workbench, such as `http://127.0.0.1:8080`."""

Viewer = Annotated[Person, Depends(_viewer)]
Annotator = Annotated[Person, Depends(_annotator)]
Admin = Annotated[Person, Depends(_admin)]
"""Who asks, with at least that role."""

ViewedProject = Annotated[Project, Depends(AskedProject(_viewer))]
LabelledProject = Annotated[Project, Depends(AskedProject(_annotator))]
ManagedProject = Annotated[Project, Depends(AskedProject(_admin))]
"""The project that the address names, which who asks sees, with at least that role."""


def needed_role(dependant: Dependant) -> Role | None:
    """The role that a route needs, by what it declares; None where anybody may ask."""
    declared = [
        call.asker.role if isinstance(call, AskedProject) else call.role
        for call in (each.call for each in dependant.dependencies)
        if isinstance(call, Asker | AskedProject)
    ]
    return max(declared, key=list(Role).index, default=None)
