"""Styles and scripts: those in `static/`, and what other rooms and packages lend. Addresses change with the content."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources
from importlib.resources.abc import Traversable

from tagloom.pages.rendering import library
from tagloom.pages.templates import own_file

_LENT = {
    "styles/page.css": ("tagloom.pages", "page.css"),
    "scripts/chart_theme.js": ("tagloom.pages", "chart_theme.js"),
    "icon.svg": ("tagloom.serving.documentation", "icon.svg"),
}
_LIBRARY = "plotly.js"
_MEDIA_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file that pages are made of.

    Args:
        content: of it.
        media_type: of it.
    """

    content: bytes
    media_type: str


def address_of(name: str) -> str:
    """Where a file of `static/` is: with the digest of them all, so that a browser keeps it until one changes.

    Raises:
        KeyError: there is none of that name.
    """
    if name != _LIBRARY and name not in _own():
        raise KeyError(name)
    return f"/static/{digest()}/{name}"


def static_file(name: str) -> StaticFile | None:
    """The file of that name; None where there is none."""
    if name == _LIBRARY:
        return StaticFile(library().text.encode(), "text/javascript")
    return _own().get(name)


@cache
def digest() -> str:
    """Of all files, short."""
    whole = hashlib.sha256()
    for name, file in sorted(_own().items()):
        whole.update(name.encode() + b"\0" + file.content)
    return whole.hexdigest()[:16]


@cache
def _own() -> Mapping[str, StaticFile]:
    found = {}
    root = resources("tagloom.workbench") / "static"
    for name, file in _walked(root, ""):
        found[name] = _file(name, file.read_bytes())
    for name, (package, own) in _LENT.items():
        found[name] = _file(name, own_file(package, own).encode())
    return found


def _file(name: str, content: bytes) -> StaticFile:
    return StaticFile(content, _MEDIA_TYPES[name.rpartition(".")[2]])


def _walked(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for entry in folder.iterdir():
        name = prefix + entry.name
        found += _walked(entry, f"{name}/") if entry.is_dir() else [(name, entry)]
    return found
