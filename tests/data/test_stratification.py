"""Groups dealt out by label and size, and moved until nothing is better."""

import itertools
import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagloom.data.division.stratification import MAX_REFINED, Group, refine, stratify

RATIOS = (0.8, 0.1, 0.1)


@pytest.mark.parametrize("seed", range(10))
def test_groups_with_many_of_a_label_come_first_so_that_small_ones_fill_up(seed: int) -> None:
    groups = [Group(1, {"X": 10})] + [Group(1, {"X": 1}) for _ in range(10)]
    random.Random(seed).shuffle(groups)
    parts = stratify(groups, (0.5, 0.5))
    assert [
        sum(group.labels["X"] for group, own in zip(groups, parts, strict=True) if own == part) for part in (0, 1)
    ] == [10, 10]


@pytest.mark.parametrize("seed", range(10))
def test_large_groups_without_a_label_come_first_too(seed: int) -> None:
    groups = [Group(10, {})] + [Group(1, {}) for _ in range(10)]
    random.Random(seed).shuffle(groups)
    parts = stratify(groups, (0.5, 0.5))
    assert [sum(group.size for group, own in zip(groups, parts, strict=True) if own == part) for part in (0, 1)] == [
        10,
        10,
    ]


groups_of_any_size = st.lists(
    st.builds(Group, st.integers(1, 40), st.dictionaries(st.sampled_from("ABC"), st.integers(1, 9), max_size=3)),
    min_size=1,
    max_size=7,
)
shares = st.sampled_from([RATIOS, (0.6, 0.2, 0.2), (0.9, 0.0, 0.1), (1 / 3, 1 / 3, 1 / 3)])


def distance(groups: Sequence[Group], ratios: Sequence[float], parts: Sequence[int]) -> tuple[int, float]:
    """Parts that lack a group, then how far shares are from the ratios: by the definition, from the start."""
    labels = sorted({label for group in groups for label in group.labels})
    total, num_empty = 0.0, 0
    for part, ratio in enumerate(ratios):
        if ratio == 0:
            continue
        own = [group for group, chosen in zip(groups, parts, strict=True) if chosen == part]
        if not own:
            num_empty += 1
            continue
        total += (sum(group.size for group in own) / sum(group.size for group in groups) - ratio) ** 2
        for label in labels:
            share = sum(group.labels.get(label, 0) for group in own) / sum(
                group.labels.get(label, 0) for group in groups
            )
            total += (share - ratio) ** 2 / len(labels)
    return num_empty, total


@given(groups_of_any_size, shares)
def test_no_move_and_no_exchange_betters_what_was_refined(groups: list[Group], ratios: Sequence[float]) -> None:
    parts = refine(groups, ratios, stratify(groups, ratios))
    num_empty, reached = distance(groups, ratios, parts)
    open_parts = [part for part, ratio in enumerate(ratios) if ratio]
    assert set(parts) <= set(open_parts)
    assert num_empty == max(0, len(open_parts) - len(groups))
    others = [[*parts[:at], part, *parts[at + 1 :]] for at in range(len(parts)) for part in open_parts]
    for one, other in itertools.combinations(range(len(parts)), 2):
        exchanged = list(parts)
        exchanged[one], exchanged[other] = parts[other], parts[one]
        others.append(exchanged)
    assert all(distance(groups, ratios, other) >= (num_empty, reached - 1e-9) for other in others)


def test_few_groups_come_near_the_best_of_all_divisions() -> None:
    generator = random.Random(5)
    behind = []
    for _ in range(40):
        groups = [Group(generator.randint(5, 60), {"A": generator.randint(1, 30)}) for _ in range(6)]
        best = min(distance(groups, RATIOS, parts) for parts in itertools.product(range(3), repeat=6))
        reached = distance(groups, RATIOS, refine(groups, RATIOS, stratify(groups, RATIOS)))
        behind.append(reached[1] - best[1])
    assert sum(gap < 1e-9 for gap in behind) >= 30
    assert max(behind) < 0.1


def test_more_groups_than_can_be_refined_stay_where_they_are() -> None:
    groups = [Group(1, {})] * (MAX_REFINED + 1)
    parts = [0] * len(groups)
    assert refine(groups, RATIOS, parts) == parts


def test_rare_labels_come_first_since_frequent_ones_even_out_later() -> None:
    groups = [Group(1, {"a frequent one": 1, "rare": 1})] * 10 + [Group(1, {"a frequent one": 1})] * 90
    parts = stratify(groups, RATIOS)
    assert [parts[:10].count(part) for part in range(3)] == [8, 1, 1]
    assert [parts.count(part) for part in range(3)] == [80, 10, 10]
