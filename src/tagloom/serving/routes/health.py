"""Whether the server is there, and whether it can answer."""

from fastapi import APIRouter, Response

from tagloom.serving.answers.documented import ANYBODY, EVERYWHERE, HealthOut, problems
from tagloom.serving.metrics import MEDIA_TYPE
from tagloom.serving.parts import Parts
from tagloom.serving.problems import Problem


def health_routes(parts: Parts) -> APIRouter:
    """The routes."""
    router = APIRouter(tags=["health"])

    @router.get("/health/live", summary="Is the server there?", responses=problems(*ANYBODY))
    async def live() -> HealthOut:
        """Says so as long as the process answers; where it does not, start it anew."""
        return HealthOut(status="live")

    @router.get("/health/ready", summary="Can the server answer?", responses=problems("not-ready", *ANYBODY))
    async def ready() -> HealthOut:
        """Says so where every deployed model is loaded and the server is not about to end."""
        expect_ready(parts)
        return HealthOut(status="ready")

    @router.get(
        "/metrics",
        summary="Figures for Prometheus",
        response_class=Response,
        responses={200: {"content": {"text/plain": {}}}, **problems(*EVERYWHERE)},
    )
    async def metrics() -> Response:
        """Requests, latency, batches, the queue, entities by label, scores, unknown words, versions."""
        return Response(parts.metrics.to_bytes(), media_type=MEDIA_TYPE)

    return router


def expect_ready(parts: Parts) -> None:
    """Lets pass while the server can answer.

    Raises:
        Problem: it is about to end, or a model could not be loaded.
    """
    if parts.draining.is_on:
        raise Problem("not-ready", "The server is about to end.")
    if parts.live.missing:
        raise Problem("not-ready", f"Not loaded: {', '.join(sorted(parts.live.missing))}. Deploy anew.")
