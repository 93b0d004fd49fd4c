"""Documents chosen and divided as a rule says."""

import math
from collections.abc import Sequence
from dataclasses import replace

from tagloom.data.division.grouping import without_duplicates
from tagloom.data.division.ratios import Parts, divide, divide_by_field, divide_by_time, extract
from tagloom.data.division.rule import Rule
from tagloom.data.filters.filter import Filter
from tagloom.data.sources.folders import PARTS
from tagloom.errors import ConfigError, DataError
from tagloom.text import Document

_EXAMPLE = (0.8, 0.1, 0.1)


def chosen(documents: Sequence[Document], rule: Rule) -> tuple[Sequence[Document], Rule]:
    """The documents that a rule divides, and the rule with how many it leaves out.

    Raises:
        ConfigError: its filter is none, or no document has a field of it.
        DataError: no document fits its filter.
    """
    fitting = documents
    if rule.where is not None:
        where = Filter.parse(rule.where)
        fitting = where.kept(documents)
        if not fitting:
            raise where.none_fits(documents)
    kept = without_duplicates(fitting) if rule.drop_duplicates else fitting
    counted = replace(rule, num_left_out=len(documents) - len(fitting), num_duplicates=len(fitting) - len(kept))
    return kept, counted


def divided(documents: Sequence[Document], rule: Rule) -> Parts:
    """The documents of train, dev and test.

    Raises:
        ConfigError: the ratios are none, no document has a field, or the rule says two ways or none.
        DataError: there is too little for a part, a document lacks a field or fits two filters.

    Example:
        >>> texts = [Document(f"word {number}", id=str(number)) for number in range(4)]
        >>> [len(part) for part in divided(texts, Rule(ratios=(0.5, 0.25, 0.25), by_time="id"))]
        [2, 1, 1]
    """
    if rule.ratios is None:
        return _extracted(documents, rule)
    _check_ratios(rule.ratios)
    if rule.by is not None and rule.by_time is not None:
        raise ConfigError(f"by, by_time: expected one of them, received both: {rule.by!r} and {rule.by_time!r}.")
    parts = _by_ratio(documents, rule, rule.ratios)
    for name, part, ratio in zip(PARTS, parts, rule.ratios, strict=True):
        if ratio > 0 and not part:
            raise DataError(
                f"{name}: expected {ratio:.0%} of {len(documents)} documents, received none, since those that "
                f"{_tie(rule)} stay together. Give more documents, or a ratio of 0."
            )
    return parts


def _by_ratio(documents: Sequence[Document], rule: Rule, ratios: Sequence[float]) -> Parts:
    if rule.by_time is not None:
        return divide_by_time(documents, ratios, rule.by_time)
    seed = 0 if rule.seed is None else rule.seed
    if rule.by is not None:
        return divide_by_field(documents, ratios, seed, rule.by)
    return divide(documents, ratios, seed)


def _extracted(documents: Sequence[Document], rule: Rule) -> Parts:
    texts = (rule.dev_where, rule.test_where)
    if texts == (None, None):
        raise ConfigError("extract: expected a filter for dev or test, received none. Give one, or split by ratio.")
    parts = extract(documents, [None if text is None else Filter.parse(text) for text in texts])
    if not parts[0]:
        raise DataError(f"train: expected documents that fit no filter, found none of {len(documents)}. Narrow one.")
    return parts


def _tie(rule: Rule) -> str:
    """What keeps documents together."""
    if rule.by_time is not None:
        return f"have the same {rule.by_time!r}"
    return f"have the same {rule.by!r}" if rule.by is not None else "share a sentence"


def _check_ratios(ratios: Sequence[float]) -> None:
    whole = math.isclose(sum(ratios), 1, abs_tol=1e-6)
    if len(ratios) != len(PARTS) or not whole or min(ratios) < 0 or ratios[0] <= 0:
        raise ConfigError(
            f"ratios: expected the shares of train, dev and test, which sum to 1, such as {_EXAMPLE}, "
            f"received {tuple(ratios)}."
        )
