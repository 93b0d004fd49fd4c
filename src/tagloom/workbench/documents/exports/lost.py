"""What people are told of what an export loses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tagloom.data.formats.carrying import LOST
from tagloom.data.quality.kinds import KINDS, UNKNOWN

_OWN: Mapping[str, str] = {
    "guarded_cells": "A spreadsheet would run these as formulas: they get an apostrophe in front. "
    "Programs that read the table have it, too.",
}


@dataclass(frozen=True, slots=True)
class Lost:
    """What is lost or changed.

    Args:
        kind: of it, in words.
        count: how often.
        examples: the first few.
        meaning: what that means.
    """

    kind: str
    count: int
    examples: list[str]
    meaning: str


def lost(findings: Iterable[Mapping[str, Any]]) -> list[Lost]:
    """Findings of a writer, as `Finding.to_json` has them, with what each means."""
    return [
        Lost(each["kind"].replace("_", " "), each["count"], each["examples"], _meaning(each["kind"]))
        for each in findings
    ]


def _meaning(kind: str) -> str:
    return _OWN.get(kind) or LOST.get(kind) or KINDS.get(kind, UNKNOWN).advice
