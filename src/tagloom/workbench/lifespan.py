"""Another application's beginning and end, within those of one's own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from tagloom.serving.exchange import App, Message


@contextlib.asynccontextmanager
async def running(app: App) -> AsyncIterator[None]:
    """Within the block an ASGI application has started up.

    Raises:
        RuntimeError: it could not start up.
    """
    asked: asyncio.Queue[Message] = asyncio.Queue()
    told: asyncio.Queue[Message] = asyncio.Queue()
    task = asyncio.create_task(_run(app, asked, told))
    await _do("startup", asked, told)
    try:
        yield
    finally:
        await _do("shutdown", asked, told)
        await task


async def _run(app: App, asked: asyncio.Queue[Message], told: asyncio.Queue[Message]) -> None:
    await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, asked.get, told.put)


async def _do(step: str, asked: asyncio.Queue[Message], told: asyncio.Queue[Message]) -> None:
    await asked.put({"type": f"lifespan.{step}"})
    answer = await told.get()
    if answer["type"] != f"lifespan.{step}.complete":
        raise RuntimeError(f"the API of models: {step} failed: {answer.get('message', '')}")
