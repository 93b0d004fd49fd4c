"""Deploying from within a server: in a process of its own, which a hostile model may bring down, and not the server."""

import asyncio
import contextlib
import multiprocessing
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from tagloom.errors import BundleError
from tagloom.serving.state.deployments import Version, deploy_in


async def deploy_apart(state: Path, path: Path, slot: str, model: str) -> Version:
    """Checks a model and makes it the live version of a slot, as `Deployments.deploy` does.

    Args:
        state: the state folder.
        path: of the bundle, or of a run.
        slot: its name, which is known to be one.
        model: what it is called.

    Raises:
        BundleError: it is not sound; then nothing has changed. What it says does not name the path.
    """
    async with _process() as process:
        working = asyncio.get_running_loop().run_in_executor(process, deploy_in, state, path, slot, model)
        try:
            return await working
        except BundleError as error:
            raise BundleError(str(error).replace(str(path), "the model")) from None
        except BrokenProcessPool:
            raise BundleError("The process that checked the model broke down.") from None


@contextlib.asynccontextmanager
async def _process() -> AsyncIterator[ProcessPoolExecutor]:
    """A process that is waited for at its end, and not by the event loop, which answers meanwhile."""
    process = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
    try:
        yield process
    finally:
        await asyncio.to_thread(process.shutdown)
