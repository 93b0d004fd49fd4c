import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagloom.errors import DataError
from tagloom.evaluation.counts import Counts, count, total
from tagloom.text import Chunk

chunks = st.lists(st.tuples(st.integers(0, 3), st.integers(4, 6), st.sampled_from("AB")), max_size=4, unique=True)
sentences = st.lists(st.tuples(chunks, chunks), max_size=6)


def test_a_chunk_is_correct_where_words_and_label_agree() -> None:
    gold = [[(0, 2, "A"), (3, 4, "B")], [(0, 1, "A")]]
    predicted = [[(0, 2, "A"), (3, 5, "B")], [(0, 1, "C")]]
    assert count(gold, predicted) == {"A": Counts(1, 1, 2), "B": Counts(0, 1, 1), "C": Counts(0, 1, 0)}


def test_the_same_chunk_of_another_sentence_is_not_correct() -> None:
    assert count([[(0, 1, "A")], []], [[], [(0, 1, "A")]]) == {"A": Counts(0, 1, 1)}


@given(sentences)
def test_counts_equal_those_of_sets_of_chunks_with_their_sentence(pairs: list[tuple[list[Chunk], list[Chunk]]]) -> None:
    gold = {(number, chunk) for number, (chunks, _) in enumerate(pairs) for chunk in chunks}
    predicted = {(number, chunk) for number, (_, chunks) in enumerate(pairs) for chunk in chunks}
    counts = count([pair[0] for pair in pairs], [pair[1] for pair in pairs])
    assert list(counts) == sorted({chunk[2] for _, chunk in gold | predicted})
    assert total(counts.values()) == Counts(len(gold & predicted), len(predicted), len(gold))


def test_no_sentences_give_no_counts() -> None:
    assert count([], []) == {}
    assert total([]) == Counts(0, 0, 0)


@pytest.mark.parametrize(("gold", "predicted", "lacking"), [(3, 1, "predicted"), (1, 2, "gold")])
def test_unequal_numbers_of_sentences_are_refused(gold: int, predicted: int, lacking: str) -> None:
    message = (
        f"sentence 2: expected {gold} predicted sentences for {gold} gold ones, received {predicted}. "
        f"Add the {lacking} sentence"
    )
    with pytest.raises(DataError, match=message):
        count([[]] * gold, [[]] * predicted)
