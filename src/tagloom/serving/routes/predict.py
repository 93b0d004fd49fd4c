"""`POST /v1/models/{slot}/predict`: texts in, entities out."""

from collections.abc import Sequence
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from pydantic_core import to_json

from tagloom.serving.answers.documented import ANSWERS, EXAMPLES, reference
from tagloom.serving.answers.requests import FORMATS, DocumentIn, PredictRequest, parsed_request
from tagloom.serving.answers.shapes import Answer, Text, shaped
from tagloom.serving.bodies import JSON, expect_media_type
from tagloom.serving.exchange import Exchange, exchange_of
from tagloom.serving.limits import Limits
from tagloom.serving.parts import Parts
from tagloom.serving.problems import Problem
from tagloom.serving.responses import PlainResponse
from tagloom.serving.routes.direct import DirectRoute, body_of, query

FORMAT = query("format", "The shape of the answer; requests may come in it too.", FORMATS)


def predict_routes(parts: Parts) -> APIRouter:
    """The route."""
    router = APIRouter(route_class=DirectRoute, tags=["predict"])

    @router.post(
        "/v1/models/{slot}/predict",
        summary="Find entities",
        responses=ANSWERS,
        openapi_extra={**body_of(reference(PredictRequest), EXAMPLES), "parameters": [FORMAT]},
    )
    async def predict(request: Request, slot: str) -> PlainResponse:
        """Finds the entities of some texts with what the slot serves.

        Offsets are Unicode code points, half-open, unless `offsets` asks for UTF-16 code units or bytes. A score is
        the probability of exactly that span with that label.
        """
        exchange = exchange_of(request.scope)
        exchange.slot = slot
        format_name = _format(request.scope["query_string"])
        expect_media_type(exchange.headers, JSON)
        asked = parsed_request(await parts.bodies.whole(request.receive, exchange.headers), format_name)
        texts = await found_in(asked.texts(), slot, parts, exchange)
        answer = Answer(
            slot, exchange.version, exchange.request_id, texts, asked.offsets, asked.threshold, asked.is_list
        )
        return PlainResponse(to_json(shaped(answer, format_name)))

    return router


async def found_in(documents: Sequence[DocumentIn], slot: str, parts: Parts, exchange: Exchange) -> list[Text]:
    """What a slot's model finds in the documents of a request, which are noted.

    Raises:
        Problem: there are too many, or one is too long; nothing is deployed there; too much is waiting.
    """
    texts = [document.text for document in documents]
    _expect_within(texts, parts.limits)
    exchange.num_documents, exchange.num_characters = len(texts), sum(map(len, texts))
    live = parts.live.model(slot)
    exchange.version = live.version.number
    found = await parts.queue.read(live.model, texts)
    return [
        Text(str(number) if document.id is None else document.id, document.text, found[number])
        for number, document in enumerate(documents)
    ]


def _expect_within(texts: Sequence[str], limits: Limits) -> None:
    if len(texts) > limits.documents:
        told = f"A request may have at most {limits.documents}, received {len(texts)}. Ask with fewer, or stream."
        raise Problem("too-many-documents", told)
    for number, text in enumerate(texts):
        if len(text) > limits.text_characters:
            raise too_long(f"/documents/{number}/text", len(text), limits)


def too_long(place: str, num_characters: int, limits: Limits) -> Problem:
    """What a text is told that is longer than it may be."""
    return Problem(
        "text-too-long",
        f"At {place}: a text may have at most {limits.text_characters} characters, received {num_characters}. "
        "Divide it, such as by paragraphs.",
    )


def _format(query_string: bytes) -> str:
    """The shape that the address asks for.

    Raises:
        Problem: there is none of that name.
    """
    if not query_string:
        return FORMATS[0]
    asked = parse_qs(query_string.decode("latin-1"), keep_blank_values=True).get("format", [FORMATS[0]])[-1]
    if asked not in FORMATS:
        raise Problem("wrong-parameter", f"format: expected one of {', '.join(FORMATS)}.")
    return asked
