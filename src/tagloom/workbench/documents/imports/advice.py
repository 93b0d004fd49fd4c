"""What people are told of the findings of an import."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tagloom.data.quality.kinds import INFO, KINDS, UNKNOWN, Kind

_OWN: Mapping[str, Kind] = {
    "renamed_labels": Kind(INFO, "Labels have no blanks here: these were given other names. Nothing to do."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A finding with what it means.

    Args:
        kind: of it, in words.
        count: how often.
        examples: the first few.
        severity: `error`, `warning` or `info`.
        advice: what it means, and what to do.
    """

    kind: str
    count: int
    examples: list[str]
    severity: str
    advice: str


def told(findings: Iterable[Mapping[str, Any]]) -> list[Told]:
    """Findings, as `Finding.to_json` has them, with what each means and what to do."""
    return [_told(finding, _OWN.get(finding["kind"]) or KINDS.get(finding["kind"], UNKNOWN)) for finding in findings]


def _told(finding: Mapping[str, Any], kind: Kind) -> Told:
    name = finding["kind"].replace("_", " ")
    return Told(name, finding["count"], finding["examples"], kind.severity, kind.advice)
