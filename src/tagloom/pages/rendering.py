"""How a page becomes HTML: its template, its scripts, and data that no reader takes for markup."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

from plotly.offline import get_plotlyjs  # type: ignore[import-untyped]

from tagloom.pages.templates import own_file, rendered

_PACKAGE = "tagloom.pages"
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True, slots=True)
class Script:
    """What a page may run.

    Args:
        text: the whole script.
        digest: how a content security policy names it: by what it says.
    """

    text: str
    digest: str


def own_script(name: str) -> Script:
    """One of ours."""
    return _script(own_file(_PACKAGE, name))


@cache
def library() -> Script:
    """Plotly's script, which draws charts."""
    return _script(get_plotlyjs())


def as_json(value: object) -> str:
    """JSON that no reader of HTML takes for markup."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return text


def render(content: Mapping[str, Any]) -> str:
    """The page's HTML.

    Args:
        content: `page`, `scripts`, `charts`, `browsers` and `library`, as the template asks for them.
    """
    scripts = [*content["scripts"], *([content["library"]] if content["library"] else [])]
    around = {
        "style": own_file(_PACKAGE, "page.css"),
        "allowed_scripts": " ".join(script.digest for script in scripts) or "'none'",
        "chart_numbers": count(),
        "browser_numbers": count(),
        "next_number": next,
    }
    return rendered(_PACKAGE, "page.html", {**content, **around})


def _script(text: str) -> Script:
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return Script(text, f"'sha256-{digest}'")
