"""A page: sections of facts, tables, charts, notes and examples, as one HTML file that opens without a network.

Nothing in it comes from elsewhere, and nothing that its texts say is taken for markup: the template escapes, the data
of charts and examples is text until our own scripts read it, and a content security policy lets the browser run
plotly's script and ours alone, by their digests. What can be read stands before every script and all their data, so
that it is on the screen before any of them is read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from tagloom import files
from tagloom.pages.browser import Browser
from tagloom.pages.charts import Chart
from tagloom.pages.rendering import Script, as_json, library, own_script, render


@dataclass(frozen=True, slots=True)
class Facts:
    """Large figures side by side.

    Args:
        facts: what each is, and the figure.
        notes: small print below a figure, by what it is.
    """

    facts: Sequence[tuple[str, str]]
    notes: Mapping[str, str] = field(default_factory=dict)
    block: ClassVar[str] = "facts"


@dataclass(frozen=True, slots=True)
class Share:
    """A cell that shows a share, 0 to 1, as figure and bar."""

    value: float


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under names of columns.

    Args:
        columns: their names.
        rows: a cell a column.
        texts: the columns that are text, by their places; the others are figures.
        title: above it, if any.
        num_totals: how many rows at the end sum up the others.
        note: below it, if any.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str | Share]]
    texts: Sequence[int] = (0,)
    title: str = ""
    num_totals: int = 0
    note: str = ""
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


@dataclass(frozen=True, slots=True)
class Advice:
    """Something to do, and why.

    Args:
        severity: `error`, `warning` or `info`.
        title: what was noticed.
        text: what tells so.
        actions: what to do in words, and the command that does it; empty where none does.
    """

    severity: str
    title: str
    text: str
    actions: Sequence[tuple[str, str]]
    block: ClassVar[str] = "advice"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A few words."""

    text: str
    block: ClassVar[str] = "paragraph"


@dataclass(frozen=True, slots=True)
class Columns:
    """Blocks side by side where there is room.

    Args:
        blocks: from left to right.
        columns: how many, 2 or 3.
    """

    blocks: Sequence["Block"]
    columns: int = 2
    block: ClassVar[str] = "columns"


Block = Facts | Table | Note | Advice | Paragraph | Chart | Browser | Columns


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
        blocks = [block for section in self.sections for block in _flat(section.blocks)]
        charts = [block for block in blocks if isinstance(block, Chart)]
        browsers = [block for block in blocks if isinstance(block, Browser)]
        scripts: list[Script] = []
        if any(isinstance(block, Advice) for block in blocks):
            scripts.append(own_script("copy.js"))
        if charts:
            scripts += [own_script("chart_theme.js"), own_script("charts.js")]
        if browsers:
            scripts.append(own_script("browser.js"))
        return render(
            {
                "page": self,
                "scripts": scripts,
                "charts": as_json([chart.to_json() for chart in charts]),
                "browsers": [(as_json(each.index()), map(as_json, each.blocks())) for each in browsers],
                "library": library() if charts else None,
            }
        )

    def write(self, path: str | Path) -> None:
        """Writes the file whole or not at all."""
        files.write_bytes(Path(path), self.render().encode("utf-8", "backslashreplace"))


def _flat(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Columns):
            yield from _flat(block.blocks)
        else:
            yield block
