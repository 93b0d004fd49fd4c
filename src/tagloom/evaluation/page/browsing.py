"""Every error, to go through."""

from collections.abc import Sequence

from tagloom.evaluation.failures import Failure
from tagloom.evaluation.page.figures import FAULTS
from tagloom.pages.browser import Browser, Example, Mark
from tagloom.text import Span


def error_browser(failures: Sequence[Failure]) -> Browser:
    """The sentences with an error, with what is right and what was found.

    Args:
        failures: in order.
    """
    examples = [
        Example(
            each.number,
            each.document,
            each.text,
            _marks(each.gold, each.gold_outcomes),
            _marks(each.predicted, each.predicted_outcomes),
        )
        for each in failures
    ]
    return Browser(examples, list(FAULTS.values()))


def _marks(spans: Sequence[Span], outcomes: Sequence[str]) -> list[Mark]:
    return [
        Mark(span.start, span.end, span.label, FAULTS.get(outcome, ""), span.score)
        for span, outcome in zip(spans, outcomes, strict=True)
    ]
