import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagloom.data.division import divide, groups_of_equal_sentences, without_duplicates
from tagloom.text import Document, Span, Token

RATIOS = (0.8, 0.1, 0.1)


def document(words: Sequence[str], labels: Sequence[str], number: int) -> Document:
    """One sentence a document; the first words have these labels."""
    ends = [sum(map(len, words[: index + 1])) + index for index in range(len(words))]
    tokens = tuple(Token(end - len(word), end) for word, end in zip(words, ends, strict=True))
    spans = tuple(Span(token.start, token.end, label) for token, label in zip(tokens, labels, strict=False))
    return Document(" ".join(words), spans, str(number), tokens=tokens)


few_words = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=3)
few_labels = st.lists(st.sampled_from(["often", "often", "often", "seldom"]), max_size=3)
documents = st.lists(st.builds(document, few_words, few_labels, st.integers()), max_size=60)


def ids(parts: Sequence[Sequence[Document]]) -> list[list[int]]:
    return [[id(each) for each in part] for part in parts]


@given(documents, st.integers(0, 5))
def test_every_document_is_in_exactly_one_part_in_its_order(corpus: list[Document], seed: int) -> None:
    parts = ids(divide(corpus, RATIOS, seed))
    positions = {id(each): index for index, each in enumerate(corpus)}
    assert sorted(chain.from_iterable(parts)) == sorted(positions)
    assert all(part == sorted(part, key=positions.__getitem__) for part in parts)


@given(documents, st.integers(0, 5))
def test_equal_sentences_are_on_one_side(corpus: list[Document], seed: int) -> None:
    texts = [{each.text for each in part} for part in divide(corpus, RATIOS, seed)]
    assert sum(map(len, texts)) == len(set().union(*texts))


@given(documents, st.integers(0, 5))
def test_the_same_seed_gives_the_same_parts(corpus: list[Document], seed: int) -> None:
    assert ids(divide(corpus, RATIOS, seed)) == ids(divide(corpus, RATIOS, seed))


def corpus_of(num_documents: int) -> list[Document]:
    """Every document has its own words; labels are skewed, and some documents have none."""
    labels = ["often"] * 3 + ["seldom"] * 2 + ["rare"]
    return [
        document([f"w{number}", "x", "y"], labels[number % 7 : number % 7 + number % 3], number)
        for number in range(num_documents)
    ]


def test_another_seed_gives_other_parts() -> None:
    corpus = corpus_of(100)
    assert ids(divide(corpus, RATIOS, 1)) != ids(divide(corpus, RATIOS, 2))


def test_parts_do_not_depend_on_the_order_of_hashes() -> None:
    code = (
        "from tagloom.data.division import divide; from tagloom.text import Document, Span\n"
        "corpus = [Document(f'w{n}', (Span(0, 1, 'ABC'[n % 3]),), str(n)) for n in range(200)]\n"
        "print([[one.id for one in part] for part in divide(corpus, (0.8, 0.1, 0.1), 7)])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_each_label_and_the_documents_are_shared_as_the_ratios_say() -> None:
    corpus = corpus_of(700)
    totals = Counter(span.label for each in corpus for span in each.spans)
    for seed in range(5):
        for part, ratio in zip(divide(corpus, RATIOS, seed), RATIOS, strict=True):
            counts = Counter(span.label for each in part for span in each.spans)
            assert abs(len(part) - ratio * len(corpus)) <= 2
            assert all(abs(counts[label] - ratio * total) <= 2 for label, total in totals.items())


def test_a_part_without_a_share_stays_empty() -> None:
    assert [len(part) for part in divide(corpus_of(100), (0.9, 0.0, 0.1), 1)] == [90, 0, 10]


def test_documents_that_share_a_sentence_are_tied_together_also_through_others() -> None:
    texts = ["A b. C d.", "E f.", "C d. G h.", "G h.", "I j."]
    assert groups_of_equal_sentences([Document(text) for text in texts]) == [[0, 2, 3], [1], [4]]


def test_of_duplicates_the_first_copy_stays() -> None:
    texts = ["a b", "c", "a  b", "c d", "c"]
    corpus = [Document(text, id=str(number)) for number, text in enumerate(texts)]
    assert [each.id for each in without_duplicates(corpus)] == ["0", "1", "3"]


def test_documents_that_drag_a_whole_corpus_into_one_part_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    corpus = [Document(f"word {number}. Same end." if number < 5 else f"word {number}") for number in range(40)]
    divide(corpus, RATIOS, 1)
    assert caplog.messages == ["5 of 40 documents share sentences and stay in one part"]
