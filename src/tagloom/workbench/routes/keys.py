"""Keys to the API of models: of the whole workbench, for every slot of every project."""

import asyncio
import time
from dataclasses import dataclass

from fastapi import APIRouter
from pydantic import BaseModel, Field

from tagloom.errors import ConfigError
from tagloom.serving.state.keys import Key, Keys
from tagloom.workbench.problems import Refused
from tagloom.workbench.routes.asking import Admin, Number, Shared

router = APIRouter(tags=["keys"])

_DAY = 24 * 3600.0


class NewKey(BaseModel):
    """A key to make."""

    name: str = Field(max_length=100)
    days: int | None = Field(default=90, ge=1, le=3650, description="that it opens; null for ever")
    per_minute: int | None = Field(default=None, ge=1, le=1_000_000, description="requests; null for any number")


@dataclass(frozen=True, slots=True)
class ShownKey:
    """What is known of a key, which is not the key.

    Args:
        id: number that it is revoked by.
        name: what or whom it is for.
        scope: `predict`, or `admin` for one of the command line that may deploy, too.
        created_at: seconds since 1970.
        expires_at: seconds since 1970; None for never.
        per_minute: requests that it may make; None for any number.
    """

    id: int
    name: str
    scope: str
    created_at: float
    expires_at: float | None
    per_minute: int | None


@dataclass(frozen=True, slots=True)
class KeyMade:
    """A key, told this once."""

    key: ShownKey
    secret: str


@router.get("/api/keys", summary="Keys to the models")
async def list_keys(workbench: Shared, _: Admin) -> list[ShownKey]:
    """Those that open, the newest first, without their secrets. Each opens every slot of every project."""
    return await shown_keys(Keys(workbench.serving.database))


@router.post("/api/keys", status_code=201, summary="Make a key to the models")
async def make_key(workbench: Shared, _: Admin, new: NewKey) -> KeyMade:
    """A key with which programs ask every deployed model; it is told this once."""
    ends = None if new.days is None else time.time() + new.days * _DAY
    keys = Keys(workbench.serving.database)
    try:
        key, secret = await asyncio.to_thread(keys.create, new.name.strip(), expires_at=ends, per_minute=new.per_minute)
    except ConfigError as error:
        raise Refused("wrong-fields", str(error)) from None
    await workbench.serving.live.follow()
    return KeyMade(_shown(key), secret)


@router.delete("/api/keys/{key_id}", status_code=204, summary="Revoke a key to the models")
async def revoke_key(workbench: Shared, _: Admin, key_id: Number) -> None:
    """From now on it opens nothing."""
    try:
        await asyncio.to_thread(Keys(workbench.serving.database).revoke, key_id)
    except ConfigError:
        raise Refused("no-such-thing", "There is no such key, or it was revoked before.") from None
    await workbench.serving.live.follow()


async def shown_keys(keys: Keys) -> list[ShownKey]:
    """The keys that open, the newest first."""
    now = time.time()
    return [_shown(key) for key in reversed(await asyncio.to_thread(keys.all)) if key.is_valid(now)]


def _shown(key: Key) -> ShownKey:
    return ShownKey(key.id, key.name, key.scope.value, key.created_at, key.expires_at, key.per_minute)
