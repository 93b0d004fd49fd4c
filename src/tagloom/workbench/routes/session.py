"""Logging in and out, invitations, and a person's own account."""

import time
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from tagloom.workbench.accounts.invitations import accept, invitation_with
from tagloom.workbench.accounts.passwords import SHORTEST
from tagloom.workbench.accounts.people import Person, composed, password_of, set_password
from tagloom.workbench.accounts.sessions import (
    SECONDS,
    Session,
    begin_session,
    end_other_sessions,
    end_session,
    sessions_of,
)
from tagloom.workbench.accounts.tokens import Token, create_token, revoke_token, tokens_of
from tagloom.workbench.door import COOKIE, asking_of
from tagloom.workbench.pages.page import page
from tagloom.workbench.problems import Refused
from tagloom.workbench.routes.asking import Number, Shared, Viewer
from tagloom.workbench.workbench import Workbench

router = APIRouter(tags=["accounts"])

_Secret = Annotated[str, Path(max_length=100)]


class Login(BaseModel):
    """Who somebody says to be."""

    name: str = Field(max_length=200)
    password: str = Field(max_length=2000)


class NewToken(BaseModel):
    """A token to make."""

    name: str = Field(max_length=200)
    days: int | None = Field(default=90, ge=1, le=3650, description="that it opens; null for ever")


class TokenMade(BaseModel):
    """A token, told this once."""

    token: Token
    secret: str


class NewPassword(BaseModel):
    """Another password."""

    old: str = Field(max_length=2000)
    new: str = Field(max_length=2000)


@router.get("/login", include_in_schema=False)
async def login_page(request: Request) -> HTMLResponse:
    """Where people log in."""
    return page("login", title="Log in", person=asking_of(request.scope).person)


@router.post("/api/session", status_code=204, summary="Log in")
async def log_in(workbench: Shared, request: Request, login: Login) -> Response:
    """Begins a session, whose cookie comes with the answer. Too many wrong passwords make the next ones wait."""
    name = composed(login.name)
    workbench.attempts.begin(name)
    found = await workbench.store.read(lambda connection: password_of(connection, name))
    person, kept = found if found is not None else (None, None)
    if not await workbench.passwords.fits(kept, login.password) or person is None:
        raise Refused("wrong-login", "Check both. An admin can make a link that sets the password anew.")
    workbench.attempts.succeeded(name)
    return await _logged_in(workbench, request, person)


@router.delete("/api/session", status_code=204, summary="Log out")
async def log_out(workbench: Shared, request: Request) -> Response:
    """Ends the session."""
    secret = asking_of(request.scope).session
    await workbench.store.write(lambda connection: end_session(connection, secret))
    response = Response(status_code=204)
    response.delete_cookie(COOKIE)
    return response


@router.get("/invitation/{secret}", include_in_schema=False)
async def invitation_page(workbench: Shared, secret: _Secret) -> HTMLResponse:
    """Where somebody makes an account."""
    invitation = await workbench.store.read(lambda connection: invitation_with(connection, secret))
    return page(
        "invitation",
        title="Welcome" if invitation.person is None else "Set your password",
        person=None,
        invitation=invitation,
        shortest=SHORTEST,
        data={"secret": secret},
    )


@router.post("/api/invitation/{secret}", status_code=204, summary="Accept an invitation")
async def accept_invitation(workbench: Shared, request: Request, secret: _Secret, login: Login) -> Response:
    """Makes the account that the invitation is for, or sets its password, and logs in."""
    await workbench.store.read(lambda connection: invitation_with(connection, secret))
    hashed = await workbench.passwords.hashed(login.password)
    person = await workbench.store.write(lambda connection: accept(connection, secret, login.name, hashed))
    return await _logged_in(workbench, request, person)


@router.get("/account", include_in_schema=False)
async def account_page(workbench: Shared, request: Request, person: Viewer) -> HTMLResponse:
    """A person's own account."""
    own = asking_of(request.scope).session
    tokens, sessions = await workbench.store.read(
        lambda connection: (tokens_of(connection, person), sessions_of(connection, person, own))
    )
    return page("account", title="Your account", person=person, tokens=tokens, sessions=sessions, shortest=SHORTEST)


@router.put("/api/account/password", status_code=204, summary="Change your password")
async def change_password(workbench: Shared, request: Request, person: Viewer, new: NewPassword) -> Response:
    """Another password; all other sessions end."""
    workbench.attempts.begin(person.name)
    found = await workbench.store.read(lambda connection: password_of(connection, person.name))
    if found is None or not await workbench.passwords.fits(found[1], new.old):
        raise Refused("wrong-login", "The old password is another one.")
    workbench.attempts.succeeded(person.name)
    hashed = await workbench.passwords.hashed(new.new)
    await workbench.store.write(lambda connection: set_password(connection, person.id, hashed))
    return await _logged_in(workbench, request, person)


@router.get("/api/sessions", summary="Your sessions")
async def list_sessions(workbench: Shared, request: Request, person: Viewer) -> list[Session]:
    """Where you are logged in, the newest first."""
    own = asking_of(request.scope).session
    return await workbench.store.read(lambda connection: sessions_of(connection, person, own))


@router.delete("/api/sessions", status_code=204, summary="Log out everywhere else")
async def end_others(workbench: Shared, request: Request, person: Viewer) -> None:
    """Ends all your sessions but the one that asks."""
    own = asking_of(request.scope).session
    await workbench.store.write(lambda connection: end_other_sessions(connection, person, own))


@router.get("/api/tokens", summary="Your tokens")
async def list_tokens(workbench: Shared, person: Viewer) -> list[Token]:
    """Your tokens, without their secrets."""
    return await workbench.store.read(lambda connection: tokens_of(connection, person))


@router.post("/api/tokens", status_code=201, summary="Make a token")
async def make_token(workbench: Shared, request: Request, person: Viewer, new: NewToken) -> TokenMade:
    """A token with which a program asks in your name; it is told this once, and only to who has logged in."""
    if not asking_of(request.scope).session:
        raise Refused("not-allowed", "A token makes no other token, or it would never end. Log in, and see /account.")
    ends = None if new.days is None else time.time() + new.days * 24 * 3600
    token, secret = await workbench.store.write(
        lambda connection: create_token(connection, person, new.name.strip(), expires_at=ends)
    )
    return TokenMade(token=token, secret=secret)


@router.delete("/api/tokens/{token_id}", status_code=204, summary="Revoke a token")
async def drop_token(workbench: Shared, person: Viewer, token_id: Number) -> None:
    """Ends one of your tokens."""
    await workbench.store.write(lambda connection: revoke_token(connection, person, token_id))


async def _logged_in(workbench: Workbench, request: Request, person: Person) -> Response:
    browser = request.headers.get("user-agent", "")
    secret = await workbench.store.write(lambda connection: begin_session(connection, person, browser))
    response = Response(status_code=204)
    response.set_cookie(
        COOKIE, secret, max_age=int(SECONDS), httponly=True, samesite="lax", secure=workbench.options.is_https
    )
    return response
