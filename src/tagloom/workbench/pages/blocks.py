"""Sections of facts, tables, notes and charts as JSON, which `static/scripts/blocks.js` shows in our pages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tagloom.pages.charts import Chart
from tagloom.pages.page import Block, Columns, Facts, Note, Section, Share, Table

Pieces = Callable[[str], Sequence[Mapping[str, Any]]]
"""What makes of an example its pieces, of which some name a document."""


def sections_json(sections: Iterable[Section], pieces: Pieces | None = None) -> list[dict[str, Any]]:
    """Sections as JSON.

    Args:
        sections: of a page.
        pieces: of the examples of notes; None leaves each as it is.

    Example:
        >>> sections_json([Section("Figures", [Facts([("words", "12")])])])[0]["blocks"]
        [{'block': 'facts', 'facts': [['words', '12']], 'notes': {}}]
    """
    return [
        {
            "title": section.title,
            "columns": section.columns,
            "blocks": [block_json(block, pieces) for block in section.blocks],
        }
        for section in sections
    ]


def block_json(block: Block, pieces: Pieces | None = None) -> dict[str, Any]:
    """One block as JSON, as `sections_json` does it.

    Raises:
        TypeError: it is of a kind that is for reports alone.
    """
    match block:
        case Facts():
            own: dict[str, Any] = {"facts": [list(fact) for fact in block.facts], "notes": dict(block.notes)}
        case Table():
            rows = [[_cell(cell) for cell in row] for row in block.rows]
            own = asdict(block) | {"columns": list(block.columns), "rows": rows, "texts": list(block.texts)}
        case Note():
            examples = [[{"text": each}] if pieces is None else list(pieces(each)) for each in block.examples]
            own = asdict(block) | {"examples": examples}
        case Chart():
            own = chart_json(block)
        case Columns():
            own = {"columns": block.columns, "blocks": [block_json(each, pieces) for each in block.blocks]}
        case _:
            raise TypeError(f"a {block.block} is shown by reports alone")
    return {"block": block.block, **own}


def chart_json(chart: Chart) -> dict[str, Any]:
    """A chart with what stands around it."""
    return {
        "title": chart.title,
        "figure": chart.to_json(),
        "height": chart.height,
        "note": chart.note,
        "width": chart.width,
    }


def _cell(cell: str | Share) -> str | dict[str, float]:
    return cell if isinstance(cell, str) else {"share": cell.value}
