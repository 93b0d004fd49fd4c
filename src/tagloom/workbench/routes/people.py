"""Who uses the workbench: roles, invitations, links that set passwords anew."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from pydantic import BaseModel
from sqlalchemy import Connection

from tagloom.workbench.accounts.invitations import Invitation, invite, revoke_invitation, waiting
from tagloom.workbench.accounts.people import Person, all_people, change_person, person_with
from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.pages.page import page
from tagloom.workbench.projects.projects import ProjectName, projects_by_member
from tagloom.workbench.routes.asking import Address, Admin, Number, Shared

router = APIRouter(tags=["people"])


class NewInvitation(BaseModel):
    """Whom to let in."""

    role: Role


class ChangedPerson(BaseModel):
    """What somebody may."""

    role: Role
    is_active: bool


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody, and where they work.

    Args:
        person: who.
        projects: that they were added to; admins see all in any case.
    """

    person: Person
    projects: list[ProjectName]


@dataclass(frozen=True, slots=True)
class InvitationMade:
    """An invitation, and its link, told this once.

    Args:
        invitation: that was made.
        link: that works once.
    """

    invitation: Invitation
    link: str


@router.get("/people", include_in_schema=False)
async def people_page(workbench: Shared, person: Admin) -> HTMLResponse:
    """Everybody, and who is expected."""
    members, invitations = await workbench.store.read(lambda connection: (_members(connection), waiting(connection)))
    return page("people", title="People", person=person, members=members, invitations=invitations, roles=list(Role))


@router.get("/api/people", summary="Everybody")
async def list_people(workbench: Shared, _: Admin) -> list[Member]:
    """By name, with the projects that each was added to."""
    return await workbench.store.read(_members)


@router.put("/api/people/{person_id}", summary="Change what somebody may")
async def edit_person(workbench: Shared, _: Admin, person_id: Number, changed: ChangedPerson) -> Person:
    """Another role, which counts at once; who is not active is logged out everywhere, and loses all tokens."""
    return await workbench.store.write(
        lambda connection: change_person(connection, person_id, role=changed.role, is_active=changed.is_active)
    )


@router.post("/api/people/{person_id}/password-link", status_code=201, summary="Set somebody's password anew")
async def make_password_link(workbench: Shared, admin: Admin, person_id: Number, address: Address) -> InvitationMade:
    """A link by which that person chooses another password, once; until then the old one works."""

    def made(connection: Connection) -> tuple[Invitation, str]:
        person = person_with(connection, person_id)
        return invite(connection, person.role, invited_by=admin, person=person)

    return _made(address, *await workbench.store.write(made))


@router.get("/api/invitations", summary="Invitations that wait")
async def list_invitations(workbench: Shared, _: Admin) -> list[Invitation]:
    """The newest first, without their links."""
    return await workbench.store.read(waiting)


@router.post("/api/invitations", status_code=201, summary="Invite somebody")
async def make_invitation(workbench: Shared, admin: Admin, new: NewInvitation, address: Address) -> InvitationMade:
    """A link by which somebody makes an account of that role, once, within a week; it is told this once."""
    return _made(
        address, *await workbench.store.write(lambda connection: invite(connection, new.role, invited_by=admin))
    )


@router.delete("/api/invitations/{invitation_id}", status_code=204, summary="Revoke an invitation")
async def drop_invitation(workbench: Shared, _: Admin, invitation_id: Number) -> None:
    """Its link works no more."""
    await workbench.store.write(lambda connection: revoke_invitation(connection, invitation_id))


def _members(connection: Connection) -> list[Member]:
    projects = projects_by_member(connection)
    return [Member(person, projects.get(person.id, [])) for person in all_people(connection)]


def _made(address: str, invitation: Invitation, secret: str) -> InvitationMade:
    return InvitationMade(invitation, f"{address}/invitation/{secret}")
