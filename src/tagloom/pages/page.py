"""A page: sections of facts, tables, charts and notes, as one HTML file that opens without a network.

Nothing in it comes from elsewhere, and nothing that its texts say is taken for markup: the template escapes, the data
of charts is text until our own script reads it, and a content security policy lets the browser run plotly's script and
ours alone, by their digests.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources
from pathlib import Path
from typing import ClassVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from plotly.offline import get_plotlyjs  # type: ignore[import-untyped]

from tagloom import files
from tagloom.pages.charts import Chart

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True, slots=True)
class Facts:
    """Large figures side by side: what each is, and the figure."""

    facts: Sequence[tuple[str, str]]
    block: ClassVar[str] = "facts"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under names of columns.

    Args:
        columns: their names.
        rows: a cell a column.
        texts: the columns that are text, by their places; the others are figures.
        title: above it, if any.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    texts: Sequence[int] = (0,)
    title: str = ""
    block: ClassVar[str] = "table"


@dataclass(frozen=True, slots=True)
class Note:
    """Something to look at.

    Args:
        severity: `error`, `warning` or `info`.
        title: what it is.
        count: how often.
        text: what to make of it.
        examples: each in a line.
    """

    severity: str
    title: str
    count: str
    text: str
    examples: Sequence[str]
    block: ClassVar[str] = "note"


Block = Facts | Table | Note | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a heading.

    Args:
        title: the heading.
        blocks: what stands below it.
        columns: how many of them stand side by side where there is room.
    """

    title: str
    blocks: Sequence[Block]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """One HTML file.

    Args:
        title: of the page.
        subtitle: below it.
        sections: one after the other.

    Example:
        >>> page = Page("R&D", "cameras", [Section("Figures", [Facts([("words", "1,024")])])])
        >>> "<h1>R&amp;D</h1>" in page.render()
        True
    """

    title: str
    subtitle: str
    sections: Sequence[Section]

    def render(self) -> str:
        """The file's text: the same page gives the same."""
        charts = [block for section in self.sections for block in section.blocks if isinstance(block, Chart)]
        library, drawing = (get_plotlyjs(), _own("charts.js")) if charts else ("", "")
        return (
            _environment()
            .get_template("page.html")
            .render(
                page=self,
                style=_own("page.css"),
                charts=_as_json([chart.to_json() for chart in charts]),
                library=library,
                drawing=drawing,
                allowed_scripts=" ".join(map(_digest, (library, drawing))) if charts else "'none'",
            )
        )

    def write(self, path: str | Path) -> None:
        """Writes the file whole or not at all."""
        files.write_bytes(Path(path), self.render().encode("utf-8", "backslashreplace"))


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("tagloom.pages", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _own(name: str) -> str:
    return (resources("tagloom.pages") / name).read_text("utf-8")


def _as_json(value: object) -> str:
    """JSON that no reader of HTML takes for markup."""
    text = json.dumps(value, ensure_ascii=False)
    for sign, escape in _ESCAPES.items():
        text = text.replace(sign, escape)
    return text


def _digest(script: str) -> str:
    """How a content security policy names a script: by what it says."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode('utf-8')).digest()).decode('ascii')}'"
