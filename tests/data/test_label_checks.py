"""Labels that are rare or at odds, and places that were probably missed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagloom.data import Dataset, problems_of
from tagloom.data.quality.checks.misses import LEAST_LABELLED, LEAST_SHARE
from tagloom.text import Document, JoinedWords, Span


def problems(*documents: Document) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {problem.kind: (problem.count, problem.examples) for problem in problems_of(Dataset(documents))}


def labelled(text: str, label: str, number: int = 0) -> Document:
    return Document(text, (Span(0, len(text), label),), str(number))


def test_labels_under_fifty_examples_are_rare() -> None:
    documents = [
        labelled(f"w{number}", label) for label, count in (("A", 50), ("B", 49), ("C", 1)) for number in range(count)
    ]
    assert problems(*documents)["rare_labels"] == (2, ("C: 1 example", "B: 49 examples"))


@pytest.mark.parametrize(("count", "told"), [(5, None), (4, (1, ("B: 25 times rarer than A",)))])
def test_a_label_with_less_than_a_twentieth_of_the_most_frequent_is_told(
    count: int, told: tuple[int, tuple[str, ...]] | None
) -> None:
    documents = [labelled(f"a{number}", "A") for number in range(100)]
    documents += [labelled(f"b{number}", "B") for number in range(count)]
    assert problems(*documents).get("imbalanced_labels") == told


def test_a_surface_under_several_labels_is_told_with_the_place_of_the_rarest() -> None:
    documents = [labelled("Canon", "PNAME", number) for number in range(3)]
    documents += [labelled("Canon", "ORG", 7), labelled("Sony", "ORG", 8), labelled("Sony", "PNAME", 9)]
    assert problems(*documents)["ambiguous_surfaces"] == (
        2,
        ("Canon: PNAME 3, ORG 1: document 7", "Sony: PNAME 1, ORG 1: document 8"),
    )


def test_a_surface_that_is_labelled_in_most_places_is_probably_missed_in_others() -> None:
    documents = [labelled("Canon", "PNAME", number) for number in range(40)]
    bare = [Document(f"my Canon and Canonical {number}", id=str(number)) for number in (50, 51, 52, 53)]
    assert problems(*documents, *bare)["bare_surfaces"] == (
        4,
        ("Canon: labelled 40 times as PNAME, bare 4 times: document 50, document 51, document 52, ...",),
    )


def test_a_place_within_a_longer_entity_is_not_bare() -> None:
    documents = [labelled("York", "LOC", number) for number in range(5)]
    assert "bare_surfaces" not in problems(*documents, labelled("New York", "LOC", 9))


def test_a_place_of_which_a_part_is_labelled_is_not_bare() -> None:
    documents = [labelled("New York", "LOC", number) for number in range(5)]
    for start, end in ((0, 3), (4, 8)):
        touched = Document("New York", (Span(start, end, "LOC"),), "9")
        assert "bare_surfaces" not in problems(*documents, touched)


def test_a_surface_does_not_run_over_the_end_of_a_sentence() -> None:
    documents = [labelled("New York", "LOC", number) for number in range(5)]
    divided = Document("New York", id="9", tokens=JoinedWords(("New", "York")), sentence_bounds=((0, 1), (1, 2)))
    assert "bare_surfaces" not in problems(*documents, divided)


def test_nothing_is_missed_where_nothing_is_labelled() -> None:
    assert problems(Document("a b c")) == {}


SENTENCES = st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=7), min_size=1, max_size=8)


@given(SENTENCES, st.lists(st.tuples(st.integers(0, 7), st.integers(0, 6), st.integers(1, 3)), max_size=14))
def test_bare_places_are_those_that_trying_every_place_finds(
    sentences: list[list[str]], marks: list[tuple[int, int, int]]
) -> None:
    chosen: list[set[tuple[int, int]]] = [set() for _ in sentences]
    for sentence, begin, length in marks:
        if sentence < len(sentences) and begin + length <= len(sentences[sentence]):
            chosen[sentence].add((begin, begin + length))
    documents = [
        Document(
            " ".join(words),
            tuple(Span(2 * a, 2 * b - 1, "X") for a, b in sorted(pairs)),
            tokens=JoinedWords(tuple(words)),
        )
        for words, pairs in zip(sentences, chosen, strict=True)
    ]
    surfaces = [tuple(words[a:b]) for words, pairs in zip(sentences, chosen, strict=True) for a, b in pairs]
    expected = 0
    for surface in set(surfaces):
        bare = sum(
            tuple(words[a : a + len(surface)]) == surface
            and not any(a < end and begin < a + len(surface) for begin, end in pairs)
            for words, pairs in zip(sentences, chosen, strict=True)
            for a in range(len(words) - len(surface) + 1)
        )
        times = surfaces.count(surface)
        if times >= LEAST_LABELLED and times >= LEAST_SHARE * (times + bare):
            expected += bare
    assert problems(*documents).get("bare_surfaces", (0, ()))[0] == expected
