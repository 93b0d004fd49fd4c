"""What is told of train, dev and test together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2_contingency

from tagloom.data import Dataset, problems_between, summarise_parts
from tagloom.data.quality.drift import drift
from tagloom.text import Document, Span


def of(*texts: str) -> Dataset:
    return Dataset(tuple(Document(text, id=str(number)) for number, text in enumerate(texts)))


def entities(*pairs: tuple[str, str]) -> Dataset:
    return Dataset(tuple(Document(text, (Span(0, len(text), label),), str(n)) for n, (text, label) in enumerate(pairs)))


def told(**parts: Dataset) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {problem.kind: (problem.count, problem.examples) for problem in problems_between(parts)}


def test_sentences_of_two_parts_leak_between_each_pair() -> None:
    found = told(train=of("a b", "c d", "e f"), dev=of("g h", "c  d"), test=of("a b", "g h", "a b"))
    assert found["leaked_sentences"] == (
        4,
        (
            "1 of 2 sentences of dev are in train, such as dev document 1: c  d",
            "2 of 3 sentences of test are in train, such as test document 0: a b",
            "1 of 3 sentences of test are in dev, such as test document 1: g h",
        ),
    )


def test_parts_that_share_nothing_do_not_leak() -> None:
    assert "leaked_sentences" not in told(train=of("a"), test=of("b"))


def test_labels_that_a_part_lacks_are_told_with_where_they_are() -> None:
    parts = {
        "train": entities(("a", "A"), ("b", "B"), ("c", "C")),
        "dev": entities(("d", "A"), ("e", "C")),
        "test": entities(("f", "A"), ("g", "D")),
    }
    assert told(**parts)["absent_labels"] == (
        3,
        (
            "C: none in test, 1 in train, 1 in dev",
            "B: none in dev and test, 1 in train",
            "D: none in train and dev, 1 in test",
        ),
    )


def test_words_that_train_lacks_are_counted_as_often_as_they_stand() -> None:
    train = of("a b c d")
    assert "unknown_words" not in told(train=train, test=of("a b c d x"))  # a fifth
    found = told(train=train, test=of("a b c x", "x y"))
    assert found["unknown_words"] == (1, ("test: 50.0% of the words, such as x, y",))


@pytest.mark.parametrize(
    ("seen", "shares"),
    [
        (0, "0% of 10 different entities are in train (0% of their places)"),
        (5, None),
        (9, "90% of 10 different entities are in train (90% of their places)"),
    ],
)
def test_entities_of_which_train_has_all_or_none_are_told(seen: int, shares: str | None) -> None:
    train = entities(*((f"n{number}", "X") for number in range(seen)), ("other", "X"))
    test = entities(*((f"n{number}", "X") for number in range(10)))
    expected = None if shares is None else (1, (f"test: {shares}",))
    assert told(train=train, test=test).get("entity_overlap") == expected


def test_an_entity_under_another_label_is_not_seen() -> None:
    parts = {"train": entities(("Canon", "ORG")), "test": entities(("Canon", "PNAME"))}
    comparison = summarise_parts(parts).parts["test"].comparison
    assert comparison is not None
    assert comparison.seen_entities == 0


def test_a_mix_that_differs_by_more_than_chance_drifts() -> None:
    train = entities(*(("a", "A"),) * 50, *(("b", "B"),) * 50)
    assert told(train=train, test=entities(*(("c", "A"),) * 45, *(("d", "B"),) * 5))["label_drift"] == (
        1,
        ("test: distance 0.38: A 90% rather than 50%, B 10% rather than 50%",),
    )
    assert "label_drift" not in told(train=train, test=entities(("c", "A"), ("d", "A")))  # two tell nothing
    many = entities(*(("c", "A"),) * 5200, *(("d", "B"),) * 4800)
    assert "label_drift" not in told(train=many, test=train)  # too little to matter


COUNTS = st.dictionaries(st.sampled_from("ABCDE"), st.integers(1, 500), min_size=1)


@given(COUNTS, COUNTS)
def test_drift_is_what_scipy_says(one: dict[str, int], other: dict[str, int]) -> None:
    labels = sorted({**one, **other})
    table = [[counts.get(label, 0) for label in labels] for counts in (one, other)]
    apart = drift(one, other)
    assert apart.distance == pytest.approx(jensenshannon(*table, base=2) if len(labels) > 1 else 0.0, abs=1e-6)
    chance = chi2_contingency(table, correction=False, lambda_="log-likelihood").pvalue if len(labels) > 1 else 1.0
    assert apart.chance == pytest.approx(chance, abs=0.06)  # Wilson and Hilferty come near, most of all in the tail
    if chance < 0.01:
        assert apart.chance == pytest.approx(chance, abs=0.0005)


def test_without_a_train_part_only_leaks_and_absent_labels_are_told() -> None:
    parts = {"dev": entities(("a", "A")), "test": entities(("a", "B"))}
    assert set(told(**parts)) == {"leaked_sentences", "absent_labels"}


def test_one_part_alone_has_nothing_to_be_held_against() -> None:
    assert told(train=entities(("a", "A"))) == {}
    assert told() == {}
