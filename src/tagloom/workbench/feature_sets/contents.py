"""What a feature set holds, for its page: how much, how evenly, and everything that is wrong with it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from tagloom.data.division.balance import FeatureSetSummary
from tagloom.data.quality.page import inspection_page
from tagloom.data.quality.summary import Summary
from tagloom.pages.page import Section, Table
from tagloom.workbench.feature_sets.names import referring
from tagloom.workbench.pages.blocks import sections_json

_SHARES = {"documents": "documents", "sentences": "sentences", "words": "tokens"}
_MOST_LABELS = 30


def contents(summary: Summary, divided: FeatureSetSummary, numbers: Mapping[str, int]) -> dict[str, Any]:
    """What the table of feature sets keeps.

    Args:
        summary: what `data inspect` tells of it.
        divided: how it was divided.
        numbers: of the documents, by what they are called in it.
    """
    severities = Counter(problem.severity for problem in summary.problems)
    return {
        "parts": {name: part.counts.to_json() for name, part in summary.parts.items()},
        "rule": divided.rule.to_json(),
        "severities": dict(severities),
        "sections": sections_json(_sections(summary, divided), partial(referring, numbers=numbers)),
    }


def _sections(summary: Summary, divided: FeatureSetSummary) -> Iterator[Section]:
    """Those of the page of `data inspect`, and behind the first what each part got."""
    first, *others = inspection_page(summary, "").sections
    yield from (first, Section("How it was divided", [_shares(divided)]), *others)


def _shares(divided: FeatureSetSummary) -> Table:
    balance = divided.balance()
    rows = [] if balance["asked"] is None else [("asked for", balance["asked"])]
    rows += [(name, balance[key]) for name, key in _SHARES.items()]
    rows += list(balance["entities"].items())[:_MOST_LABELS]
    cells = [(name, *(f"{100 * row[part]:.1f}" for part in divided.parts)) for name, row in rows]
    return Table(("share of", *divided.parts), cells, title="Share of each part, %", note=_left_out(divided))


def _left_out(divided: FeatureSetSummary) -> str:
    rule = divided.rule
    if not rule.num_left_out and not rule.num_duplicates:
        return ""
    return f"Left out: {rule.num_left_out:,} documents that do not fit, {rule.num_duplicates:,} duplicates."
