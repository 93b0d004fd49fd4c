"""`/v2`: the Open Inference Protocol (KServe's v2): texts as `BYTES` in, each one's entities as JSON out."""

from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from pydantic_core import to_json

from tagloom.serving.answers.documented import ANYBODY, EVERYWHERE, JSON_BODY, READING, problems, reference
from tagloom.serving.answers.inference_protocol import (
    InferInput,
    InferRequest,
    ModelMetadata,
    ModelReady,
    Ready,
    ServerLive,
    ServerMetadata,
    TensorMetadata,
)
from tagloom.serving.answers.requests import DocumentIn, parsed
from tagloom.serving.answers.shapes import tagloom_document
from tagloom.serving.bodies import JSON, expect_media_type
from tagloom.serving.exchange import exchange_of
from tagloom.serving.live import LiveModel
from tagloom.serving.parts import Parts
from tagloom.serving.problems import Problem
from tagloom.serving.responses import PlainResponse
from tagloom.serving.routes.direct import DirectRoute, body_of
from tagloom.serving.routes.health import expect_ready
from tagloom.serving.routes.predict import found_in
from tagloom.serving.snippets import TEXT

TEXT_INPUT, ENTITIES_OUTPUT = "text", "entities"
PLATFORM = "tagloom"

_ADAPTER = TypeAdapter(InferRequest)
_EXAMPLE = {"inputs": [{"name": TEXT_INPUT, "shape": [1], "datatype": "BYTES", "data": [TEXT]}]}
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"description": "A string of JSON for each text: its entities.", "content": {"application/json": {}}}
}


def inference_protocol_routes(parts: Parts) -> APIRouter:
    """The routes."""
    router = APIRouter(tags=["Open Inference Protocol"])

    @router.get("/v2", summary="Server metadata", responses=problems(*EVERYWHERE))
    async def server() -> ServerMetadata:
        """What the server is."""
        return ServerMetadata(name=PLATFORM, version=version("tagloom"), extensions=[])

    @router.get("/v2/health/live", summary="Server live", responses=problems(*ANYBODY))
    async def live() -> ServerLive:
        """Whether the server is there."""
        return ServerLive(live=True)

    @router.get("/v2/health/ready", summary="Server ready", responses=problems("not-ready", *ANYBODY))
    async def ready() -> Ready:
        """Whether every deployed model can answer."""
        expect_ready(parts)
        return Ready(ready=True)

    @router.get(
        "/v2/models/{slot}", summary="Model metadata", responses=problems("no-such-slot", "not-ready", *EVERYWHERE)
    )
    async def metadata(slot: str) -> ModelMetadata:
        """What the model takes and gives."""
        return _metadata(parts.live.model(slot))

    @router.get(
        "/v2/models/{slot}/ready", summary="Model ready", responses=problems("no-such-slot", "not-ready", *EVERYWHERE)
    )
    async def model_ready(slot: str) -> ModelReady:
        """Whether the model can answer."""
        parts.live.model(slot)
        return ModelReady(name=slot, ready=True)

    router.routes += _infer_routes(parts).routes
    return router


def _infer_routes(parts: Parts) -> APIRouter:
    router = APIRouter(route_class=DirectRoute)

    @router.post(
        "/v2/models/{slot}/infer",
        summary="Infer",
        responses={**_ANSWER, **problems(*JSON_BODY, *READING)},
        openapi_extra=body_of(reference(InferRequest), {"one text": _EXAMPLE}),
    )
    async def infer(request: Request, slot: str) -> PlainResponse:
        """Finds the entities of some texts; `parameters` may have `threshold` and `offsets`."""
        exchange = exchange_of(request.scope)
        exchange.slot = slot
        expect_media_type(exchange.headers, JSON)
        asked: InferRequest = parsed(await parts.bodies.whole(request.receive, exchange.headers), _ADAPTER)
        documents = [DocumentIn(id=None, text=text) for text in _texts(asked.inputs[0])]
        texts = await found_in(documents, slot, parts, exchange)
        told = [tagloom_document(each, asked.parameters.offsets, asked.parameters.threshold) for each in texts]
        entities = [to_json(each["entities"]).decode() for each in told]
        output = {"name": ENTITIES_OUTPUT, "datatype": "BYTES", "shape": [len(entities)], "data": entities}
        answer = {"model_name": slot, "model_version": str(exchange.version), "outputs": [output]}
        return PlainResponse(to_json({**answer, "id": asked.id or exchange.request_id}))

    return router


def _texts(given: InferInput) -> list[str]:
    """The texts of an input.

    Raises:
        Problem: its shape is not that of its data.
    """
    num_texts = 1
    for size in given.shape:
        num_texts *= size
    if num_texts != len(given.data):
        told = f"At /inputs/0/shape: expected [{len(given.data)}], as many as there are data."
        raise Problem("wrong-fields", told, errors=[{"pointer": "/inputs/0/shape", "detail": told}])
    return given.data


def _metadata(model: LiveModel) -> ModelMetadata:
    return ModelMetadata(
        name=model.version.slot,
        versions=[str(model.version.number)],
        platform=PLATFORM,
        inputs=[TensorMetadata(name=TEXT_INPUT, datatype="BYTES", shape=[-1])],
        outputs=[TensorMetadata(name=ENTITIES_OUTPUT, datatype="BYTES", shape=[-1])],
    )
