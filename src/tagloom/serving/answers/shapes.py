"""Answers in the shapes that clients read: the API's own, and those of Hugging Face, Azure, AWS, spaCy, Label Studio.

Hugging Face's, AWS's and spaCy's have one shape for one document, and a list of such for several.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tagloom.inference.predictor import Entity
from tagloom.serving.answers.offsets import Unit, converted

Json = Any

EMPTY = "The text has no words."


@dataclass(frozen=True, slots=True)
class Text:
    """One text with what was found in it.

    Args:
        id: its name.
        text: itself.
        found: its entities, in code points.
    """

    id: str
    text: str
    found: Sequence[Entity]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for one request.

    Args:
        slot: that answered.
        version: of its model.
        request_id: of the request.
        texts: with what was found.
        unit: that offsets count.
        threshold: below which entities are left out.
        is_list: whether the client asked for a list, which may be of one text.
    """

    slot: str
    version: int
    request_id: str
    texts: Sequence[Text]
    unit: Unit = Unit.codepoint
    threshold: float = 0.0
    is_list: bool = False


Told = tuple[str, str, int, int, float]
"""One entity as a client is told of it: text, label, start, end, score; offsets in what the client counts in."""


def entities(text: Text, unit: Unit, threshold: float) -> list[Told]:
    """The entities of a text that are sure enough, as a client is told of them."""
    whole = text.text
    told = [(start, end, label, round(score, 4)) for start, end, label, score in text.found]
    sure = [each for each in told if each[3] >= threshold]  # as it is told: who asks for what was seen, gets it
    if unit is Unit.codepoint:
        return [(whole[start:end], label, start, end, score) for start, end, label, score in sure]
    places = converted(whole, [offset for start, end, _, _ in sure for offset in (start, end)], unit)
    return [(whole[start:end], label, places[start], places[end], score) for start, end, label, score in sure]


def shaped(answer: Answer, format_name: str) -> Json:
    """An answer in one of the shapes."""
    return SHAPES[format_name](answer)


def tagloom_document(text: Text, unit: Unit, threshold: float) -> Json:
    """One text in the API's own shape."""
    return {
        "id": text.id,
        "entities": [
            {"text": surface, "label": label, "start": start, "end": end, "score": score}
            for surface, label, start, end, score in entities(text, unit, threshold)
        ],
        "warnings": [] if text.text.strip() else [EMPTY],
    }


def _found(answer: Answer) -> list[list[Told]]:
    return [entities(text, answer.unit, answer.threshold) for text in answer.texts]


def _tagloom(answer: Answer) -> Json:
    return {
        "model": answer.slot,
        "version": str(answer.version),
        "request_id": answer.request_id,
        "documents": [tagloom_document(text, answer.unit, answer.threshold) for text in answer.texts],
    }


def _huggingface(answer: Answer) -> Json:
    return _one_or_list(
        answer,
        [
            [
                {"entity_group": label, "score": score, "word": surface, "start": start, "end": end}
                for surface, label, start, end, score in found
            ]
            for found in _found(answer)
        ],
    )


def _azure(answer: Answer) -> Json:
    documents = [
        {
            "id": text.id,
            "entities": [
                {"text": surface, "category": label, "offset": start, "length": end - start, "confidenceScore": score}
                for surface, label, start, end, score in found
            ],
            "warnings": [],
        }
        for text, found in zip(answer.texts, _found(answer), strict=True)
    ]
    return {"results": {"documents": documents, "errors": [], "modelVersion": str(answer.version)}}


def _aws(answer: Answer) -> Json:
    lists = [
        [
            {"BeginOffset": start, "EndOffset": end, "Score": score, "Text": surface, "Type": label}
            for surface, label, start, end, score in found
        ]
        for found in _found(answer)
    ]
    if not answer.is_list:
        return {"Entities": lists[0]}
    return {"ResultList": [{"Index": index, "Entities": own} for index, own in enumerate(lists)], "ErrorList": []}


def _spacy(answer: Answer) -> Json:
    return _one_or_list(
        answer,
        [
            {
                "text": text.text,
                "ents": [{"start": start, "end": end, "label": label} for _, label, start, end, _ in found],
            }
            for text, found in zip(answer.texts, _found(answer), strict=True)
        ],
    )


def _label_studio(answer: Answer) -> Json:
    predictions = [_prediction(found, answer.version) for found in _found(answer)]
    return {"results": predictions, "model_version": str(answer.version)}


def _prediction(found: Sequence[Told], version: int) -> Json:
    result = [
        {
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {"start": start, "end": end, "text": surface, "labels": [label]},
            "score": score,
        }
        for surface, label, start, end, score in found
    ]
    mean = sum(score for *_, score in found) / len(found) if found else 0.0
    return {"result": result, "score": mean, "model_version": str(version)}


def _one_or_list(answer: Answer, shapes: list[Json]) -> Json:
    return shapes if answer.is_list else shapes[0]


SHAPES: Mapping[str, Callable[[Answer], Json]] = {
    "tagloom": _tagloom,
    "huggingface": _huggingface,
    "azure": _azure,
    "aws": _aws,
    "spacy": _spacy,
    "label-studio": _label_studio,
}
"""The shapes by the names of `requests.FORMATS`."""
