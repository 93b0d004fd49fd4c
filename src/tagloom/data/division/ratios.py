"""Documents divided into parts: by ratio, with what belongs together in one part, by time, or by filters."""

import logging
import random
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

from tagloom.data.division.grouping import groups_by_field, groups_by_time, groups_of_equal_sentences
from tagloom.data.division.stratification import Group, refine, stratify
from tagloom.data.filters.fields import named
from tagloom.data.filters.filter import Filter
from tagloom.errors import DataError
from tagloom.text import Document

_log = logging.getLogger(__name__)

Parts = list[list[Document]]


def divide(documents: Sequence[Document], ratios: Sequence[float], seed: int) -> Parts:
    """The documents of each part, in their own order; those that share a sentence, word for word, stay together.

    Args:
        documents: what to divide.
        ratios: the share of each part, which sum to 1.
        seed: decides between what is equal.

    Example:
        >>> texts = [f"word {number}" for number in range(10)]
        >>> [len(part) for part in divide([Document(text) for text in texts], (0.8, 0.1, 0.1), seed=13)]
        [8, 1, 1]
    """
    groups = groups_of_equal_sentences(documents)
    largest = max(map(len, groups), default=0)
    if largest > max(1, len(documents) // 10):
        _log.warning("%d of %d documents share sentences and stay in one part", largest, len(documents))
    random.Random(seed).shuffle(groups)
    return _dealt(documents, groups, stratify(_weighed(documents, groups), ratios), len(ratios))


def divide_by_field(documents: Sequence[Document], ratios: Sequence[float], seed: int, field: str) -> Parts:
    """The same; those of one value of a field stay together, whatever sentences they share with others.

    Raises:
        ConfigError: no document has the field.
        DataError: a document has no value of it, or several.

    Example:
        >>> reviews = [Document(f"word {number}", metadata={"product": "ABCDE"[number % 5]}) for number in range(10)]
        >>> [len(part) for part in divide_by_field(reviews, (0.6, 0.2, 0.2), 13, "product")]
        [6, 2, 2]
    """
    groups = groups_by_field(documents, field)
    random.Random(seed).shuffle(groups)
    weighed = _weighed(documents, groups)
    return _dealt(documents, groups, refine(weighed, ratios, stratify(weighed, ratios)), len(ratios))


def divide_by_time(documents: Sequence[Document], ratios: Sequence[float], field: str) -> Parts:
    """The oldest documents to the first part, the newest to the last; those of the same time stay together.

    Where that moves the border between two parts, it goes to the nearest change of time.

    Raises:
        ConfigError: no document has the field.
        DataError: a document has no value of it, several, or one that is no time.

    Example:
        >>> reviews = [Document("A D90", metadata={"date": f"2024-01-{day:02}"}) for day in range(10, 20)]
        >>> [len(part) for part in divide_by_time(reviews, (0.8, 0.1, 0.1), "date")]
        [8, 1, 1]
    """
    groups = groups_by_time(documents, field)
    open_parts = [part for part, ratio in enumerate(ratios) if ratio > 0]
    edges = [0, *accumulate(map(len, groups))]  # documents before each change of time
    begin, shares, parts = 0, 0.0, []
    for position, part in enumerate(open_parts):
        shares += ratios[part]
        num_later = len(open_parts) - position - 1  # parts that need a time of their own
        end = _nearest(edges, shares * len(documents), begin + 1, len(groups) - num_later) if num_later else len(groups)
        parts.extend([part] * (end - begin))
        begin = end
    return _dealt(documents, groups, parts, len(ratios))


def extract(documents: Sequence[Document], filters: Sequence[Filter | None]) -> Parts:
    """First what fits no filter, then what fits each of them, in their own order.

    Args:
        documents: what to divide.
        filters: one a further part; None leaves it empty.

    Raises:
        ConfigError: no document has a field of a filter.
        DataError: a document fits two filters, or none fits one of them.

    Example:
        >>> texts = ["A D90", "A D80", "Its menu"]
        >>> rest, chosen = extract([Document(text) for text in texts], [Filter.parse("text~D[89]0")])
        >>> [document.text for document in rest], [document.text for document in chosen]
        (['Its menu'], ['A D90', 'A D80'])
    """
    part_of: dict[int, int] = {}
    for part, chosen in enumerate(filters, start=1):
        fitting = chosen.places(documents) if chosen else []
        if chosen and not fitting:
            raise chosen.none_fits(documents)
        for index in fitting:
            if index in part_of:
                texts = " and ".join(repr(each.text) for each in filters if each)
                raise DataError(
                    f"filters {texts}: expected each document in one part, {named(documents[index], index)} fits both. "
                    "Narrow one of them."
                )
            part_of[index] = part
    every = range(len(documents))
    return _dealt(documents, [[index] for index in every], [part_of.get(index, 0) for index in every], len(filters) + 1)


def _weighed(documents: Sequence[Document], groups: Sequence[Sequence[int]]) -> list[Group]:
    return [
        Group(len(group), Counter(span.label for index in group for span in documents[index].spans)) for group in groups
    ]


def _dealt(
    documents: Sequence[Document], groups: Sequence[Sequence[int]], parts: Sequence[int], num_parts: int
) -> Parts:
    """The documents of each part in their own order, from the part of each group."""
    part_of = {index: part for group, part in zip(groups, parts, strict=True) for index in group}
    dealt: Parts = [[] for _ in range(num_parts)]
    for index, document in enumerate(documents):
        dealt[part_of[index]].append(document)
    return dealt


def _nearest(edges: Sequence[int], target: float, lowest: int, highest: int) -> int:
    """The place of the edge that is nearest to a target, of two the lower, between these places if they allow it."""
    after = bisect_left(edges, target)
    around = [place for place in (after - 1, after) if 0 <= place < len(edges)]
    nearest = min(around, key=lambda place: abs(edges[place] - target))
    return max(min(nearest, highest), min(lowest, len(edges) - 1))
