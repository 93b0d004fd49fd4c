"""Every route of the workbench, read from its routers; how each is asked, and things for it to be asked about.

A new kind of thing in addresses has its line in `THINGS`; what a route's body must hold beyond its schema, in `BODIES`.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.types import JSON, Boolean, Float, Integer, LargeBinary

from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.app import ROUTERS
from tagloom.workbench.database import tables
from tagloom.workbench.documents.imports.asked import Asked
from tagloom.workbench.feature_sets.asked import Asked as FeatureSetAsked
from tagloom.workbench.routes.asking import AskedProject, needed_role

_numbers = count(1)
_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


@dataclass(frozen=True)
class Route:
    """A route and one of its methods.

    Args:
        method: of HTTP.
        path: with the names of its parameters in braces.
        role: that it needs; None where anybody may ask.
        has_project: whether it looks the project of its address up for who asks.
        is_page: whether people look at it; else it is for programs.
    """

    method: str
    path: str
    role: Role | None
    has_project: bool
    is_page: bool

    @property
    def parameters(self) -> list[str]:
        """Names of what its address holds."""
        return _PARAMETER.findall(self.path)

    def address(self, things: Mapping[str, Any]) -> str:
        """Its address with these in place of its parameters."""
        return _PARAMETER.sub(lambda found: str(things[found[1]]), self.path)


def _routes() -> Iterator[Route]:
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            has_project = any(isinstance(each.call, AskedProject) for each in route.dependant.dependencies)
            for method in route.methods:
                yield Route(
                    method, route.path, needed_role(route.dependant), has_project, not route.path.startswith("/api/")
                )


ROUTES = sorted(_routes(), key=lambda route: (route.path, route.method))

BODIES: Mapping[tuple[str, str], Any] = {
    ("POST", "/api/projects"): lambda _: {"name": f"Made {next(_numbers)}"},
    ("PUT", "/api/projects/{project_id}"): lambda _: {
        "name": f"Changed {next(_numbers)}",
        "description": "",
        "guidelines": "",
    },
}
"""What is sent where the smallest body that fits the schema would be refused."""

_IN_BODIES = {"ids": "document_id", "training": "training_id", "import": "import_id"}
"""Fields that hold numbers of things and do not say so in their names."""


def made(connection: Connection, table: Table, **values: Any) -> int:
    """A row, with something in each column that must have it."""
    for column in table.columns:
        if column.name not in values and not column.nullable and not column.primary_key:
            values[column.name] = _something(column.type)
    row = connection.execute(insert(table).values(values))
    assert row.inserted_primary_key is not None
    return int(row.inserted_primary_key[0])


def _something(kind: Any) -> Any:
    if isinstance(kind, JSON):
        return {}
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Float):
        return time.time()
    if isinstance(kind, Integer):
        return 0
    if isinstance(kind, LargeBinary):
        return f"{next(_numbers):032}".encode()
    return f"text {next(_numbers)}"


def made_project(connection: Connection) -> int:
    """A project with a label."""
    number = made(connection, tables.projects)
    made(connection, tables.labels, project_id=number, name=f"LABEL{number}")
    return number


def _import(connection: Connection, project: int) -> int:
    asked = Asked(names=("reviews.txt",)).to_json()
    return made(connection, tables.imports, project_id=project, state="done", options=asked, findings=[])


def _document(connection: Connection, project: int) -> int:
    number = made(connection, tables.documents, project_id=project, state="draft", text="Ada wrote it.")
    label = (
        connection.execute(select(tables.labels.c.id).where(tables.labels.c.project_id == project)).scalars().first()
    )
    made_span = {"document_id": number, "start": 0, "end": 3, "label_id": label}
    connection.execute(insert(tables.spans).values(made_span))
    return number


def _feature_set(connection: Connection, project: int) -> int:
    options = FeatureSetAsked().to_json()
    return made(connection, tables.feature_sets, project_id=project, state="failed", options=options)


def _training(connection: Connection, project: int) -> int:
    feature_set = _feature_set(connection, project)
    return made(connection, tables.trainings, project_id=project, feature_set_id=feature_set, state="failed")


def _slot(connection: Connection, project: int) -> str:
    name = f"slot-{next(_numbers)}"
    connection.execute(insert(tables.slots).values(name=name, project_id=project))
    return name


THINGS: Mapping[str, Callable[[Connection, int], int | str]] = {
    "import_id": _import,
    "document_id": _document,
    "feature_set_id": _feature_set,
    "training_id": _training,
    "slot": _slot,
}
"""What belongs to a project and is named in addresses: how one is made."""

ELSEWHERE: Mapping[str, int | str] = {
    "project_id": 2**40,
    "person_id": 2**40,
    "token_id": 2**40,
    "invitation_id": 2**40,
    "key_id": 2**40,
    "exhibit_id": 2**40,
    "secret": "x",
    "version": "x",
    "name": "docs.js",
}
"""What else is named in addresses, and one that there is not (or of files, one that there is)."""


def body_of(route: Route, things: Mapping[str, Any]) -> Any:
    """The smallest body that fits, with these things named in it; None where it takes none."""
    if (route.method, route.path) in BODIES:
        return BODIES[route.method, route.path](things)
    told = _told(route).get("requestBody")
    if told is None:
        return None
    return _smallest(told["content"]["application/json"]["schema"], things)


def query_of(route: Route, things: Mapping[str, Any]) -> dict[str, Any]:
    """The smallest query that fits."""
    return {
        each["name"]: _smallest(each["schema"], things, each["name"])
        for each in _told(route).get("parameters", ())
        if each["in"] == "query" and (each.get("required") or _thing(each["name"]) in things)
    }


def _told(route: Route) -> Any:
    """What OpenAPI says of it; nothing of pages."""
    return _description()["paths"].get(route.path.replace(":path", ""), {}).get(route.method.lower(), {})


@cache
def _description() -> Any:
    return get_openapi(title="", version="", routes=[route for router in ROUTERS for route in router.routes])


def _thing(name: str) -> str:
    """What a field of that name holds the number of."""
    return _IN_BODIES.get(name, name[:-1] if name.endswith("_ids") else name)


def _smallest(schema: Any, things: Mapping[str, Any], name: str = "") -> Any:
    if "$ref" in schema:
        return _smallest(_description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]], things, name)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return _smallest(schema[choice][0], things, name)
    thing = _thing(name)
    assert thing in things or not thing.endswith("_id"), f"{name}: what is it the number of? See THINGS."
    kind = schema.get("type")
    if kind == "array":
        least = max(schema.get("minItems", 0), int(thing in things))
        return [_smallest(schema["items"], things, thing) for _ in range(least)]
    if thing in things:
        return things[thing]
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if kind == "object":
        properties, required = schema.get("properties", {}), schema.get("required", ())
        return {
            key: _smallest(value, things, key)
            for key, value in properties.items()
            if key in required or _thing(key) in things
        }
    return {
        "string": "x" * max(1, schema.get("minLength", 0)),
        "integer": max(0, schema.get("minimum", 0)),
        "number": max(0.0, schema.get("minimum", 0.0)),
        "boolean": False,
    }.get(kind)
