"""The application: the workbench's own routes behind its door, and beside them the API of models."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from importlib.metadata import version

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from tagloom.serving.app import Options as ServingOptions
from tagloom.serving.app import create_app as create_serving
from tagloom.serving.app import methods_of, parts_of
from tagloom.serving.bodies import Bodies
from tagloom.serving.exchange import App, Receive, Scope, Send
from tagloom.serving.gate import Draining
from tagloom.serving.problems import Problem, internal
from tagloom.workbench.database.store import Store
from tagloom.workbench.door import Door, asking_of, told
from tagloom.workbench.folders import Folders
from tagloom.workbench.gallery.exhibits import add_packaged
from tagloom.workbench.lifespan import running
from tagloom.workbench.options import Options
from tagloom.workbench.problems import Refused
from tagloom.workbench.routes import (
    api_docs,
    deployments,
    documents,
    exports,
    feature_sets,
    gallery,
    imports,
    keys,
    labelling,
    people,
    playground,
    projects,
    session,
    static,
    training_pages,
    trainings,
)
from tagloom.workbench.workbench import Workbench

ROUTERS = (
    session.router,
    people.router,
    projects.router,
    documents.router,
    imports.router,
    exports.router,
    labelling.router,
    feature_sets.router,
    training_pages.router,
    trainings.router,
    deployments.router,
    keys.router,
    playground.router,
    gallery.router,
    api_docs.router,
    static.router,
)
_OF_MODELS = ("/v1/", "/v2/", "/health/", "/docs", "/openapi.json", "/metrics")


def create_app(options: Options, store: Store, draining: Draining | None = None) -> App:
    """The application that ASGI servers run.

    Args:
        options: how it runs.
        store: of its folder; it closes that when it ends.
        draining: is switched on when the server is about to end.
    """
    folders = Folders(options.folder)
    serving = ServingOptions(
        state=folders.serving,
        limits=options.limits,
        host_names=options.host_names,
        is_open=False,
        is_logging=False,
        workers=options.workers,
        threads=options.threads,
    )
    parts = parts_of(serving, draining)
    workbench = Workbench(options, folders, store, Bodies(options.limits), parts)
    models = create_serving(serving, parts=parts)
    return _Both(Door(_routed(workbench, models), workbench), models)


def _routed(workbench: Workbench, models: App) -> FastAPI:
    """The routes, and what happens before the first request and after the last."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with running(models):
            await asyncio.to_thread(workbench.importer.resume)
            await asyncio.to_thread(workbench.maker.resume)
            await workbench.store.write(add_packaged)
            workbench.supervisor.start()
            yield
        await workbench.prereading.close()
        await asyncio.to_thread(workbench.importer.close)
        await asyncio.to_thread(workbench.maker.close)
        await workbench.supervisor.close()
        await asyncio.to_thread(workbench.comparisons.close)
        workbench.passwords.close()
        workbench.models.close()
        workbench.store.close()

    app = FastAPI(
        title="Tagloom workbench",
        version=version("tagloom"),
        summary="Label, divide, train, judge, deploy and try.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        exception_handlers={
            Problem: _tell,
            HTTPException: _tell_http,
            RequestValidationError: _tell_fields,
            Exception: _tell_internal,
        },
    )
    app.state.workbench = workbench
    for router in ROUTERS:
        app.router.routes += router.routes  # FastAPI would look through an included router each time
    return app


class _Both:
    """Two applications at one address.

    Args:
        own: the workbench.
        models: their API.
    """

    def __init__(self, own: App, models: App) -> None:
        self._own, self._models = own, models

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection of ASGI; what begins and ends is the workbench's, which sees to the other."""
        is_of_models = scope["type"] == "http" and scope["path"].startswith(_OF_MODELS)
        await (self._models if is_of_models else self._own)(scope, receive, send)


async def _tell(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return told(problem, asking_of(request.scope))


async def _tell_http(request: Request, error: Exception) -> Response:
    """What the router refuses."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        allowed = ", ".join(methods_of(request))
        told = f"Use {allowed}. See /api/docs."
        return await _tell(request, Refused("wrong-method", told, headers=[(b"allow", allowed.encode())]))
    if error.status_code == 404:
        return await _tell(request, Refused("no-such-path", "Check the address."))
    return await _tell(request, Refused("malformed-json", "The request cannot be read. See /api/docs."))


async def _tell_fields(request: Request, error: Exception) -> Response:
    """What FastAPI has read, and what does not fit, without what was received: that may be anybody's text."""
    assert isinstance(error, RequestValidationError)
    errors = [
        {"pointer": "".join(f"/{str(step)[:50]}" for step in each["loc"][1:]), "detail": str(each["msg"])}
        for each in error.errors()[:10]
    ]
    kind = "malformed-json" if error.errors()[0]["type"] == "json_invalid" else "wrong-fields"
    return await _tell(request, Refused(kind, f"{errors[0]['pointer']}: {errors[0]['detail']}.", errors=errors))


async def _tell_internal(request: Request, _: Exception) -> Response:
    """What went wrong here; it goes on to the door, which logs it."""
    return await _tell(request, internal())
