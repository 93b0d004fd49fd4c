"""What requests and answers of the Open Inference Protocol (KServe's v2) say."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tagloom.serving.answers.requests import Options, Texts


class ServerMetadata(BaseModel):
    """What the server is."""

    name: str
    version: str
    extensions: list[str]


class TensorMetadata(BaseModel):
    """What goes in or comes out."""

    name: str
    datatype: str
    shape: list[int]


class ModelMetadata(BaseModel):
    """What a model takes and gives."""

    name: str
    versions: list[str]
    platform: str
    inputs: list[TensorMetadata]
    outputs: list[TensorMetadata]


class ServerLive(BaseModel):
    """Whether the server is there."""

    live: bool


class Ready(BaseModel):
    """Whether it can answer."""

    ready: bool


class ModelReady(BaseModel):
    """Whether a model can answer."""

    name: str
    ready: bool


class InferInput(BaseModel):
    """The texts."""

    name: Annotated[str, Field(max_length=256)]
    shape: Annotated[list[int], Field(max_length=2)]
    datatype: Literal["BYTES"]
    data: Texts
    parameters: dict[str, Any] | None = None


class InferParameters(Options):
    """What a request may say beside its texts."""

    model_config = ConfigDict(extra="ignore")


class InferRequest(BaseModel):
    """What is asked."""

    model_config = ConfigDict(strict=True)
    id: Annotated[str, Field(max_length=256)] | None = None
    inputs: Annotated[list[InferInput], Field(min_length=1, max_length=1)]
    parameters: InferParameters = InferParameters()
    outputs: list[dict[str, Any]] | None = None
