"""The application of one process, put together: routes behind a gate, following a state folder."""

import asyncio
import contextlib
import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Match

from tagloom.serving.access.hosts import Hosts
from tagloom.serving.access.rates import Rates
from tagloom.serving.bodies import Bodies
from tagloom.serving.exchange import App, exchange_of
from tagloom.serving.gate import Draining, Gate
from tagloom.serving.limits import Limits
from tagloom.serving.live import Live
from tagloom.serving.logs import RequestLog
from tagloom.serving.metrics import Metrics
from tagloom.serving.parts import Parts
from tagloom.serving.problems import Problem, internal
from tagloom.serving.reading.queue import Queue
from tagloom.serving.responses import PlainResponse, problem_response
from tagloom.serving.routes.direct import Direct
from tagloom.serving.routes.documentation import documentation_routes
from tagloom.serving.routes.health import health_routes
from tagloom.serving.routes.inference_protocol import inference_protocol_routes
from tagloom.serving.routes.models import INCOMING, model_routes
from tagloom.serving.routes.predict import predict_routes
from tagloom.serving.routes.stream import stream_routes
from tagloom.serving.state.database import Database
from tagloom.serving.state.deployments import MODELS


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a server serves.

    Args:
        state: the folder with slots, keys and models.
        limits: of requests.
        host_names: that are answered to beside `localhost` and numeric addresses; `*` for all.
        origins: of pages on other sites that may ask.
        is_open: whether requests to predict need no key as long as there never was one.
        is_logging: whether each request has a line in the log.
        is_traced: whether the log of errors may hold their traces, in which there may be anybody's text.
        workers: processes that read texts.
        threads: of the processor, for each model in each of them; 0 for all that this process may use.
    """

    state: Path
    limits: Limits = field(default_factory=Limits)
    host_names: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    is_open: bool = True
    is_logging: bool = True
    is_traced: bool = False
    workers: int = 1
    threads: int = 0


def parts_of(options: Options, draining: Draining | None = None) -> Parts:
    """What the routes of one process share.

    Args:
        options: how it serves.
        draining: is switched on when the server is about to end.
    """
    database, metrics = Database(options.state), Metrics()
    models = database.folder / MODELS
    queue = Queue(models, options.limits, metrics, num_readers=options.workers, threads=options.threads)
    live = Live(database, queue, metrics)
    return Parts(database, live, options.limits, Bodies(options.limits), metrics, draining or Draining(), queue)


def create_app(options: Options, draining: Draining | None = None, *, parts: Parts | None = None) -> App:
    """The application that ASGI servers run.

    Args:
        options: how it serves.
        draining: is switched on when the server is about to end.
        parts: what its routes share, of `parts_of`, where others look at it too.
    """
    parts = parts or parts_of(options, draining)
    log = RequestLog(sys.stderr.write if options.is_logging else None)
    gate = Gate(
        Direct(_routed(parts, log)),
        parts.live,
        Hosts(options.host_names, options.origins),
        Rates(),
        parts.metrics,
        log,
        parts.draining,
        is_open=options.is_open,
        is_traced=options.is_traced,
    )
    return _open_to(gate, options.origins)


def _routed(parts: Parts, log: RequestLog) -> FastAPI:
    """The routes, and what happens before the first request and after the last."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        shutil.rmtree(parts.database.folder / INCOMING, ignore_errors=True)
        await parts.queue.readers.start()
        await parts.live.follow()
        following = asyncio.create_task(parts.live.follow_on())
        yield
        following.cancel()
        log.flush()
        await parts.queue.readers.end()
        await asyncio.to_thread(parts.live.leave)

    app = FastAPI(
        title="Tagloom",
        version=version("tagloom"),
        summary="Entities in texts, found by models that you trained.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        exception_handlers={
            Problem: _tell,
            HTTPException: _tell_http,
            RequestValidationError: _tell_parameters,
            Exception: _tell_internal,
        },
    )
    for routes in (
        predict_routes,
        stream_routes,
        inference_protocol_routes,
        model_routes,
        health_routes,
        documentation_routes,
    ):
        app.router.routes += routes(parts).routes  # FastAPI would look through an included router each time
    return app


def _open_to(app: App, origins: tuple[str, ...]) -> App:
    """The application for pages of these sites too; without any, no page of another site may read an answer."""
    if not origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "X-API-Key", "X-Request-ID"],
        expose_headers=["X-Request-ID", "Retry-After"],
    )


async def _tell(request: Request, problem: Exception) -> PlainResponse:
    assert isinstance(problem, Problem)
    return problem_response(problem, exchange_of(request.scope).request_id)


async def _tell_http(request: Request, error: Exception) -> PlainResponse:
    """What the router refuses."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        allowed = ", ".join(methods_of(request))
        told = f"Use {allowed}."
        return await _tell(request, Problem("wrong-method", told, headers=[(b"allow", allowed.encode())]))
    if error.status_code == 404:
        return await _tell(request, Problem("no-such-path", "See /docs for the addresses that there are."))
    return await _tell(request, Problem("malformed-json", "The request cannot be read. See /docs."))


async def _tell_internal(request: Request, _: Exception) -> PlainResponse:
    """What went wrong here; it goes on to the gate, which logs it."""
    return await _tell(request, internal())


def methods_of(request: Request) -> list[str]:
    """The methods that an address takes, of all routes."""
    routes = [route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE]
    return sorted({method for route in routes for method in route.methods})


async def _tell_parameters(request: Request, error: Exception) -> PlainResponse:
    """Parameters that FastAPI has read, and that do not fit."""
    assert isinstance(error, RequestValidationError)
    first: dict[str, Any] = error.errors()[0]
    told = f"{'.'.join(str(step)[:50] for step in first['loc'][1:])}: {first['msg']}. See /docs for what is expected."
    return await _tell(request, Problem("wrong-parameter", told))
