"""What a request to predict says: the API's own JSON, and what clients of others send."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from tagloom.serving.answers.offsets import Unit
from tagloom.serving.problems import Problem
from tagloom.serving.snippets import TEXT

MOST_DOCUMENTS = 10_000
"""Of a request, whatever its limit is."""

_MOST_ERRORS = 10
_NO_TEXT = ("surrogate", "end of hex escape", "unicode")  # how the parser tells of half a pair, and of broken UTF-8
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")

Id = Annotated[str, Field(max_length=256)]


def _without_most(schema: dict[str, Any]) -> None:
    """Too many documents are a problem of their own, and no fault of a request's form."""
    schema.pop("maxItems", None)


_AT_MOST = Field(max_length=MOST_DOCUMENTS, json_schema_extra=_without_most)

Texts = Annotated[list[str], _AT_MOST]
Threshold = Annotated[float, Field(ge=0, le=1, strict=False, description="Leave out entities with a lower score.")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class DocumentIn(_Body):
    """One text."""

    id: Id | None = Field(None, description="Its name; without one, its place among the documents.", examples=["a"])
    text: str = Field(description="The text.", examples=[TEXT])


class Options(_Body):
    """What every request may say beside its texts."""

    threshold: Threshold = 0.0
    offsets: Annotated[Unit, Field(strict=False, description="What offsets count.")] = Unit.codepoint


class PredictRequest(Options):
    """Texts to find entities in."""

    documents: Annotated[list[DocumentIn], _AT_MOST] = Field(description="The texts.")

    @property
    def is_list(self) -> bool:
        """Whether it asks for other than one text."""
        return len(self.documents) != 1

    def texts(self) -> list[DocumentIn]:
        """The documents."""
        return self.documents


class HuggingFaceRequest(Options):
    """What clients of Hugging Face's inference API send."""

    inputs: str | Texts
    parameters: dict[str, Any] | None = None

    @property
    def is_list(self) -> bool:
        """Whether it asks for a list of texts, perhaps of one."""
        return not isinstance(self.inputs, str)

    def texts(self) -> list[DocumentIn]:
        """The documents."""
        return _documents([self.inputs] if isinstance(self.inputs, str) else self.inputs)


class AzureDocument(_Body):
    """One text as Azure's clients send it."""

    id: Id
    text: str
    language: str | None = None


class AzureRequest(Options):
    """What clients of Azure's text analytics send."""

    is_list: ClassVar[bool] = True
    documents: Annotated[list[AzureDocument], _AT_MOST]

    def texts(self) -> list[DocumentIn]:
        """The documents."""
        return [DocumentIn(id=each.id, text=each.text) for each in self.documents]


class AwsRequest(Options):
    """What clients of AWS Comprehend send for one text."""

    is_list: ClassVar[bool] = False
    Text: str
    LanguageCode: str | None = None

    def texts(self) -> list[DocumentIn]:
        """The document."""
        return _documents([self.Text])


class AwsBatchRequest(Options):
    """What clients of AWS Comprehend send for many texts."""

    is_list: ClassVar[bool] = True
    TextList: Texts
    LanguageCode: str | None = None

    def texts(self) -> list[DocumentIn]:
        """The documents."""
        return _documents(self.TextList)


class SpacyRequest(Options):
    """One text, as spaCy's services take it."""

    is_list: ClassVar[bool] = False
    text: str

    def texts(self) -> list[DocumentIn]:
        """The document."""
        return _documents([self.text])


class LabelStudioTask(BaseModel):
    """A task of Label Studio; of what it says only the text is read."""

    id: int | None = None
    data: dict[str, Any]


class LabelStudioRequest(BaseModel):
    """What Label Studio sends to a machine-learning backend."""

    is_list: ClassVar[bool] = True
    tasks: Annotated[list[LabelStudioTask], _AT_MOST]
    threshold: Threshold = 0.0
    offsets: Unit = Unit.codepoint

    def texts(self) -> list[DocumentIn]:
        """The documents: of each task its entry `text`."""
        return _documents([_task_text(number, task) for number, task in enumerate(self.tasks)])


class Request(Protocol):
    """Any of these."""

    threshold: float
    offsets: Unit

    @property
    def is_list(self) -> bool:
        """Whether it asks for a list of texts, perhaps of one."""
        ...

    def texts(self) -> list[DocumentIn]:
        """The documents."""
        ...


_BODIES: Mapping[str, Any] = {
    "tagloom": PredictRequest,
    "huggingface": PredictRequest | HuggingFaceRequest,
    "azure": PredictRequest | AzureRequest,
    "aws": PredictRequest | AwsRequest | AwsBatchRequest,
    "spacy": PredictRequest | SpacyRequest,
    "label-studio": PredictRequest | LabelStudioRequest,
}
"""What each format's requests may say: always the API's own JSON too."""

FORMATS = tuple(_BODIES)
"""Names of formats, the API's own first."""

_ADAPTERS = {name: TypeAdapter[Request](body) for name, body in _BODIES.items()}


def parsed_request(body: bytes, format_name: str = "tagloom") -> Request:
    """What a body says.

    Raises:
        Problem: it is no JSON, nested too deeply, no UTF-8, or does not fit.
    """
    request: Request = parsed(body, _ADAPTERS[format_name])
    return request


def parsed(body: bytes, adapter: "TypeAdapter[Any]") -> Any:
    """What a body says, as a pydantic type knows it.

    Raises:
        Problem: it is no JSON, nested too deeply, no UTF-8, or does not fit.
    """
    try:
        return adapter.validate_json(body)
    except ValidationError as error:
        raise _problem(body, error.errors(include_url=False, include_input=False)) from None


def _problem(body: bytes, errors: list[ErrorDetails]) -> Problem:
    """What does not fit, without what was received: that may be anybody's text."""
    first = errors[0]
    if first["type"] == "json_invalid":
        return _not_json(body, str(first["ctx"]["error"]))
    if any(each["type"] == "too_long" and each["ctx"]["max_length"] == MOST_DOCUMENTS for each in errors):
        return Problem("too-many-documents", f"A request may have at most {MOST_DOCUMENTS}. Ask with fewer, or stream.")
    told = [{"pointer": _pointer(each["loc"]), "detail": each["msg"]} for each in errors[:_MOST_ERRORS]]
    where = told[0]["pointer"] or "the body"
    return Problem("wrong-fields", f"At {where}: {told[0]['detail']}. See /docs for what is expected.", errors=told)


def _not_json(body: bytes, said: str) -> Problem:
    if "recursion" in said:
        return Problem("too-deep", "Lists and objects may be nested a hundred deep. Send what /docs says.")
    if any(word in said for word in _NO_TEXT) or not _is_utf_8(body):
        return Problem("not-utf-8", f"Send text in UTF-8, without half surrogate pairs ({said}).")
    return Problem("malformed-json", f"Send JSON: {said}.")


def _is_utf_8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _pointer(place: tuple[int | str, ...]) -> str:
    """A place as a JSON pointer: without the names of alternatives, and a client's own name only where it is one."""
    steps = [str(step) for step in place if not (isinstance(step, str) and step.endswith("Request"))]
    return "".join(f"/{step if _NAME.fullmatch(step) else '...'}" for step in steps)


def _documents(texts: list[str]) -> list[DocumentIn]:
    return [DocumentIn(id=None, text=text) for text in texts]


def _task_text(number: int, task: LabelStudioTask) -> str:
    text = task.data.get("text")
    if not isinstance(text, str):
        pointer = f"/tasks/{number}/data/text"
        raise Problem(
            "wrong-fields",
            f"At {pointer}: expected a text.",
            errors=[{"pointer": pointer, "detail": "expected a text"}],
        )
    return text
