"""JSON schemas as rows that are read: each field by its place, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from tagloom.serving.documentation.openapi import Document, resolved

_KINDS = {
    "string": ("text", "texts"),
    "integer": ("whole number", "whole numbers"),
    "number": ("number", "numbers"),
    "boolean": ("true or false", "true or false"),
    "object": ("object", "objects"),
    "array": ("list", "lists"),
}
"""What the types of JSON are called, one and many."""

_ANY = ("anything", "anything")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a body.

    Args:
        place: its name behind those that it lies in, such as `documents[].text`.
        kind: what it holds; what that names is in backticks.
        is_required: whether it must be there.
        default: what counts where it is not; empty where there is none.
        description: what it is for.
    """

    place: str
    kind: str
    is_required: bool
    default: str
    description: str


def fields(schema: Document, schemas: Document) -> list[Field]:
    """The fields of what a schema describes, each followed by those within it.

    Args:
        schema: of the body.
        schemas: by the names that they are referred to by.

    Example:
        >>> entity = {"type": "object", "properties": {"score": {"type": "number", "minimum": 0, "maximum": 1}}}
        >>> (entities, score) = fields({"properties": {"entities": {"type": "array", "items": entity}}}, {})
        >>> entities.place, entities.kind, score.place, score.kind
        ('entities', 'list of objects', 'entities[].score', 'number, 0 to 1')
    """
    return [*_within(schema, "", schemas)]


def kind(schema: Document, schemas: Document, *, is_one: bool = True) -> str:
    """What a schema asks for, in words; what it names is in backticks.

    Args:
        schema: of a value.
        schemas: by the names that they are referred to by.
        is_one: whether one is meant, or many.
    """
    schema = resolved(schema, schemas)
    if "enum" in schema or "const" in schema:
        return " or ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    if "anyOf" in schema:
        return " or ".join(kind(each, schemas, is_one=is_one) for each in _alternatives(schema))
    one, many = _KINDS.get(schema.get("type", ""), _ANY)
    if "items" in schema:
        one = f"list of {kind(schema['items'], schemas, is_one=False)}"
    return ", ".join([one if is_one else many, *_bounds(schema)])


def _within(schema: Document, place: str, schemas: Document) -> Iterator[Field]:
    schema = resolved(schema, schemas)
    for each in _alternatives(schema):
        yield from _within(each, place, schemas)
    if "items" in schema:
        yield from _within(schema["items"], f"{place}[]", schemas)
    required, properties = schema.get("required", ()), schema.get("properties", {})
    for name in sorted(properties, key=lambda name: name not in required):
        own, at = resolved(properties[name], schemas), f"{place}.{name}" if place else name
        yield Field(at, kind(own, schemas), name in required, _default(own), own.get("description", ""))
        yield from _within(own, at, schemas)


def _default(schema: Document) -> str:
    default = schema.get("default")
    return "" if default is None else f"{default:g}" if isinstance(default, float) else str(default)


def _alternatives(schema: Document) -> list[Document]:
    """What a value may be instead of anything else; that it may be missing is told by its being not required."""
    return [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]


def _bounds(schema: Document) -> Iterator[str]:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        yield f"{least} to {most}"
    if "maxLength" in schema:
        yield f"up to {schema['maxLength']:,} characters"
    if "maxItems" in schema:
        yield f"up to {schema['maxItems']:,}"
