"""`/v1/models`: what each slot serves, and how that is changed. Models come as bodies: no name of a file does."""

import asyncio
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from fastapi import APIRouter, Request

from tagloom.errors import BundleError, ConfigError
from tagloom.serving.answers.documented import (
    EVERYWHERE,
    DeployedOut,
    SlotOut,
    SlotsOut,
    VersionOut,
    problems,
)
from tagloom.serving.bodies import BUNDLE, expect_media_type, expect_size
from tagloom.serving.deploying import deploy_apart
from tagloom.serving.exchange import exchange_of
from tagloom.serving.parts import Parts
from tagloom.serving.problems import Problem
from tagloom.serving.routes.direct import body_of
from tagloom.serving.state.deployments import Deployments, Version, expect_slot_name

INCOMING = "incoming"
_BODY = ("body-too-large", "body-too-slow", "wrong-media-type")
_BUNDLE_BODY = body_of({"type": "string", "format": "binary"}, {}, "application/zip")


def model_routes(parts: Parts) -> APIRouter:
    """The routes."""
    router, deployments = APIRouter(), Deployments(parts.database)
    for each in (_asking_routes(parts, deployments), _deploying_routes(parts), _undoing_routes(parts, deployments)):
        router.routes += each.routes
    return router


def _asking_routes(parts: Parts, deployments: Deployments) -> APIRouter:
    """What is deployed."""
    router = APIRouter(tags=["models"])

    @router.get("/v1/models", summary="All slots", responses=problems(*EVERYWHERE))
    async def slots() -> SlotsOut:
        """What is deployed."""
        kept = await asyncio.to_thread(deployments.kept)
        return SlotsOut(models=[_slot(parts, versions) for versions in kept.values()])

    @router.get("/v1/models/{slot}", summary="One slot", responses=problems("no-such-slot", *EVERYWHERE))
    async def one(request: Request, slot: str) -> SlotOut:
        """What it serves, and what it can be rolled back to."""
        exchange_of(request.scope).slot = slot
        kept = await asyncio.to_thread(deployments.kept)
        if slot not in kept:
            raise _no_such_slot()
        return _slot(parts, kept[slot])

    return router


def _deploying_routes(parts: Parts) -> APIRouter:
    """How a model goes live."""
    router = APIRouter(tags=["models"])

    @router.put(
        "/v1/models/{slot}",
        summary="Deploy a model",
        responses=problems("no-such-slot", "bundle-refused", *_BODY, *EVERYWHERE),
        openapi_extra=_BUNDLE_BODY,
    )
    async def deploy(request: Request, slot: str, name: str = "model") -> DeployedOut:
        """Makes the bundle in the body (a `.loom` file) the live version of a slot, once it has been found sound.

        The version before stays at hand. Requests under way end on it.
        """
        exchange = exchange_of(request.scope)
        exchange.slot = slot
        _expect_slot_name(slot)
        expect_media_type(exchange.headers, BUNDLE)
        expect_size(exchange.headers, parts.limits.bundle_bytes)
        incoming = parts.database.folder / INCOMING
        incoming.mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=incoming) as folder:
            path = Path(folder, "model.loom")
            await _receive(request, parts, path)
            version = await _deploy(parts, path, slot, _shown_name(name))
        return await _deployed(parts, version)

    return router


def _undoing_routes(parts: Parts, deployments: Deployments) -> APIRouter:
    """How it goes again."""
    router = APIRouter(tags=["models"])

    @router.post(
        "/v1/models/{slot}/rollback",
        summary="Roll back",
        responses=problems("no-such-slot", "nothing-before", *EVERYWHERE),
    )
    async def roll_back(request: Request, slot: str) -> DeployedOut:
        """Makes the version before live again."""
        exchange_of(request.scope).slot = slot
        try:
            version = await asyncio.to_thread(deployments.roll_back, slot)
        except ConfigError:
            raise _no_such_slot() from None
        if version is None:
            raise Problem("nothing-before", "The slot has had no other version, or its earlier ones were given up.")
        return await _deployed(parts, version)

    @router.delete(
        "/v1/models/{slot}", summary="Undeploy", status_code=204, responses=problems("no-such-slot", *EVERYWHERE)
    )
    async def undeploy(request: Request, slot: str) -> None:
        """Takes the model of a slot away."""
        exchange_of(request.scope).slot = slot
        try:
            await asyncio.to_thread(deployments.undeploy, slot)
        except ConfigError:
            raise _no_such_slot() from None
        await parts.live.follow()

    return router


async def _receive(request: Request, parts: Parts, path: Path) -> None:
    """Writes the body to a file of its own, within its size."""
    size, most = 0, parts.limits.bundle_bytes
    with path.open("xb") as stream:
        async for piece in parts.bodies.pieces(request.receive):
            size += len(piece)
            if size > most:
                raise Problem("body-too-large", f"A model may have at most {most} bytes.")
            await asyncio.to_thread(stream.write, piece)


async def _deploy(parts: Parts, path: Path, slot: str, model: str) -> Version:
    """Checks and deploys.

    Raises:
        Problem: the model is not sound.
    """
    try:
        return await deploy_apart(parts.database.folder, path, slot, model)
    except BundleError as error:
        raise Problem("bundle-refused", str(error)) from None


async def _deployed(parts: Parts, version: Version) -> DeployedOut:
    """What a slot serves, once it does."""
    await parts.live.follow()
    return DeployedOut(slot=version.slot, version=str(version.number), model=version.model, digest=version.digest)


def _slot(parts: Parts, versions: Sequence[Version]) -> SlotOut:
    live = versions[-1]
    model = parts.live.models.get(live.slot)
    is_ready = model is not None and model.version.number == live.number
    return SlotOut(
        slot=live.slot,
        **_version(live).model_dump(),
        is_ready=is_ready,
        labels=[*model.labels] if model is not None else [],
        earlier=[_version(version) for version in versions[-2::-1]],
    )


def _version(version: Version) -> VersionOut:
    return VersionOut(
        version=str(version.number),
        model=version.model,
        digest=version.digest,
        deployed_at=datetime.fromtimestamp(version.deployed_at, UTC).isoformat(timespec="seconds"),
    )


def _expect_slot_name(slot: str) -> None:
    try:
        expect_slot_name(slot)
    except ConfigError:
        raise Problem("no-such-slot", "A slot's name has up to 63 small letters, digits, - and _.") from None


def _shown_name(name: str) -> str:
    return "".join(character for character in name if character.isprintable())[:100] or "model"


def _no_such_slot() -> Problem:
    return Problem("no-such-slot", "Ask GET /v1/models for those that there are.")
