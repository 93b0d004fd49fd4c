"""Groups dealt out to parts so that each part has its share of the documents and of every label."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

MAX_REFINED = 200
"""Up to so many groups are moved and exchanged one by one; more of them come out even by themselves."""

_LEAST_GAIN = 1e-12


@dataclass(frozen=True, slots=True)
class Group:
    """What must stay in one part.

    Args:
        size: the number of documents.
        labels: the number of entities per label.
    """

    size: int
    labels: Mapping[str, int]


def stratify(groups: Sequence[Group], ratios: Sequence[float]) -> list[int]:
    """The part of each group.

    From the rarest label to the most frequent one, groups with many of it first, each goes to the part that lacks most
    entities of that label, and what has no label to the part that lacks most documents (after Sechidis et al. 2011,
    "On the stratification of multi-label data", algorithm 1).

    Args:
        groups: to deal out; their order decides between what is equal.
        ratios: the share of each part, which sum to 1.

    Example:
        >>> stratify([Group(1, {"X": 1}), Group(1, {}), Group(2, {"X": 1})], (0.5, 0.5))
        [0, 0, 1]
    """
    totals: Counter[str] = Counter()
    for group in groups:
        totals.update(group.labels)
    lacking = {label: [ratio * total for ratio in ratios] for label, total in totals.items()}
    lacking_size = [ratio * sum(group.size for group in groups) for ratio in ratios]
    open_parts = _open_parts(ratios)
    chosen: dict[int, int] = {}
    for index, label in _in_turn(groups, totals):
        if index in chosen:
            continue
        part = _neediest(open_parts, lacking_size if label is None else lacking[label], lacking_size)
        chosen[index] = part
        lacking_size[part] -= groups[index].size
        for own, count in groups[index].labels.items():
            lacking[own][part] -= count
    return [chosen[index] for index in range(len(groups))]


def refine(groups: Sequence[Group], ratios: Sequence[float], parts: Sequence[int]) -> list[int]:
    """Better parts: until no move of one group and no exchange of two brings the shares nearer to the ratios.

    Few and large groups need that, since what is dealt out first fills a part too much. A part without a group is
    worse than any share that is far off. More than `MAX_REFINED` groups stay where they are.

    Args:
        groups: that were dealt out.
        ratios: the share of each part, which sum to 1.
        parts: the part of each group.

    Example:
        >>> groups = [Group(4, {}), Group(4, {}), Group(1, {}), Group(1, {})]
        >>> refine(groups, (0.8, 0.1, 0.1), [0, 0, 0, 0])
        [0, 0, 1, 2]
    """
    if not 1 < len(groups) <= MAX_REFINED:
        return list(parts)
    shares = _Shares(groups, ratios, parts)
    while shares.move() + shares.exchange():
        pass
    return shares.parts


class _Shares:
    """What each part holds, in whole numbers, and how far that is from its share.

    Args:
        groups: that are dealt out.
        ratios: the share of each part.
        parts: the part of each group.
    """

    def __init__(self, groups: Sequence[Group], ratios: Sequence[float], parts: Sequence[int]) -> None:
        labels = list(dict.fromkeys(label for group in groups for label in group.labels))
        self.parts = list(parts)
        self._ratios, self._open_parts = ratios, _open_parts(ratios)
        self._holdings = [[1, group.size, *(group.labels.get(label, 0) for label in labels)] for group in groups]
        self._totals: list[int] = [sum(column) for column in zip(*self._holdings, strict=True)]
        self._held = [[0] * len(self._totals) for _ in ratios]
        for part, holding in zip(self.parts, self._holdings, strict=True):
            self._held[part] = _added(self._held[part], holding)

    def move(self) -> int:
        """Moves each group where that helps; how many were moved."""
        return sum(self._try({index: part}) for index in range(len(self.parts)) for part in self._open_parts)

    def exchange(self) -> int:
        """Exchanges groups of different parts where that helps; how many pairs were."""
        pairs = combinations(range(len(self.parts)), 2)
        return sum(self._try({one: self.parts[other], other: self.parts[one]}) for one, other in pairs)

    def _try(self, moves: Mapping[int, int]) -> bool:
        """Makes these moves if they help; whether they do."""
        after: dict[int, list[int]] = {}
        for index, part in moves.items():
            own = self.parts[index]
            if own == part:
                return False
            after[own] = _added(after.get(own, self._held[own]), self._holdings[index], -1)
            after[part] = _added(after.get(part, self._held[part]), self._holdings[index])
        before = math.fsum(self._distance(part, self._held[part]) for part in after)
        if math.fsum(self._distance(part, held) for part, held in after.items()) > before - _LEAST_GAIN:
            return False
        for index, part in moves.items():
            self.parts[index] = part
        for part, held in after.items():
            self._held[part] = held
        return True

    def _distance(self, part: int, held: Sequence[int]) -> float:
        """Squared distance of a part's share of the documents from its ratio, plus the mean of those of the labels."""
        num_groups, *counts = held
        if num_groups == 0:
            return len(self._ratios) * 2.0  # more than all other distances together
        missing = [count / total - self._ratios[part] for count, total in zip(counts, self._totals[1:], strict=True)]
        of_size, *of_labels = [share * share for share in missing]
        return of_size + math.fsum(of_labels) / max(len(of_labels), 1)


def _added(held: Sequence[int], holding: Sequence[int], times: int = 1) -> list[int]:
    return [one + times * other for one, other in zip(held, holding, strict=True)]


def _open_parts(ratios: Sequence[float]) -> list[int]:
    return [part for part, ratio in enumerate(ratios) if ratio > 0]


def _in_turn(groups: Sequence[Group], totals: Mapping[str, int]) -> Iterator[tuple[int, str | None]]:
    """Each group with each of its labels, then each with none; rare labels first, then groups that have many."""
    with_label: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for index, group in enumerate(groups):
        for label, count in group.labels.items():
            with_label[label].append((-count, index))
    for label in sorted(totals, key=lambda each: (totals[each], each)):
        yield from ((index, label) for _, index in sorted(with_label[label]))
    yield from ((index, None) for _, index in sorted((-group.size, index) for index, group in enumerate(groups)))


def _neediest(parts: Iterable[int], lacking: Sequence[float], lacking_size: Sequence[float]) -> int:
    return max(parts, key=lambda part: (lacking[part], lacking_size[part]))
