"""Templates of HTML: whatever goes into one is text, and nothing that it says is taken for markup."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files as resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def rendered(package: str, name: str, content: Mapping[str, Any]) -> str:
    """A template with what it asks for.

    Args:
        package: in whose folder it lies.
        name: of its file.
        content: what it asks for, by name.
    """
    return _environment(package).get_template(name).render(content)


def own_file(package: str, name: str) -> str:
    """The text of a file in a package's folder, such as a style sheet."""
    return (resources(package) / name).read_text("utf-8")


@cache
def _environment(package: str) -> Environment:
    return Environment(
        loader=PackageLoader(package, "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
