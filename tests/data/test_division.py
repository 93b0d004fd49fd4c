import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagloom.data.division.grouping import groups_of_equal_sentences, num_shared_sentences, without_duplicates
from tagloom.data.division.ratios import divide, divide_by_field, divide_by_time, extract
from tagloom.data.filters.filter import Filter
from tagloom.errors import ConfigError, DataError
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
        "from tagloom.data.division.ratios import divide; from tagloom.text import Document, Span\n"
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


products = st.lists(
    st.builds(lambda value: Document("A D90", metadata={"product": value}), st.sampled_from("abcdefgh"))
)


@given(products, st.integers(0, 5))
def test_documents_of_one_value_stay_together(corpus: list[Document], seed: int) -> None:
    parts = divide_by_field(corpus, RATIOS, seed, "product") if corpus else [[], [], []]
    values = [{each.metadata["product"] for each in part} for part in parts]
    assert sum(map(len, values)) == len(set().union(*values))
    assert sum(map(len, parts)) == len(corpus)
    if len({each.metadata["product"] for each in corpus}) >= 3:
        assert all(parts)


def test_ratios_are_approximated_by_whole_groups() -> None:
    counts = {"a": 50, "b": 21, "c": 12, "d": 9, "e": 8}
    corpus = [Document(f"word {n}", metadata={"author": name}) for name, count in counts.items() for n in range(count)]
    for seed in range(5):
        sizes = [len(part) for part in divide_by_field(corpus, RATIOS, seed, "author")]
        assert sizes in ([79, 12, 9], [79, 9, 12], [80, 12, 8], [80, 8, 12], [83, 9, 8], [83, 8, 9])


@pytest.mark.parametrize("field", ["id", "POS", "label"])
def test_a_field_may_be_the_id_a_column_or_the_label(field: str) -> None:
    corpus = [
        Document("a b", (Span(0, 1, name),), name, tokens=(Token(0, 1), Token(2, 3)), columns={"POS": (name, name)})
        for name in "xyz" * 4
    ]
    parts = divide_by_field(corpus, (0.4, 0.3, 0.3), 1, field)
    assert [len(part) for part in parts] == [4, 4, 4]
    assert all(len({each.id for each in part}) == 1 for part in parts)


@pytest.mark.parametrize(
    ("metadata", "field", "error", "message"),
    [
        (
            {},
            "author",
            DataError,
            r"by: expected a value of 'author' in each of 3 documents, 1 have none, the first of ",
        ),
        ({"author": ""}, "author", DataError, "the first of them document 'odd'. Fill it in, or leave them out by"),
        ({"author": "x"}, "autor", ConfigError, r"by: no document has the field 'autor'\. Known .* id, text, label, a"),
        ({"author": "x"}, "POS", DataError, r"received 2 \(NN, VB, \.\.\.\) in document 'odd'\. Choose another field"),
    ],
)
def test_documents_without_one_value_are_refused(
    metadata: dict[str, str], field: str, error: type[Exception], message: str
) -> None:
    odd = Document("a b", id="odd", metadata=metadata, tokens=(Token(0, 1), Token(2, 3)), columns={"POS": ("NN", "VB")})
    others = [Document("a", metadata={"author": "y"}, columns={"POS": ("NN",)})] * 2
    with pytest.raises(error, match=message):
        divide_by_field([others[0], odd, others[1]], RATIOS, 1, field)


days = st.integers(1, 28).map(lambda day: f"2024-02-{day:02}")


@given(st.lists(st.builds(lambda day: Document("a", metadata={"date": day}), days), min_size=1))
def test_no_part_is_older_than_the_one_before_it_and_equal_times_stay_together(corpus: list[Document]) -> None:
    parts = divide_by_time(corpus, RATIOS, "date")
    dates = [[each.metadata["date"] for each in part] for part in parts]
    filled = [own for own in dates if own]
    assert all(max(before) < min(after) for before, after in pairwise(filled))
    assert sum(map(len, parts)) == len(corpus)
    if len({each.metadata["date"] for each in corpus}) >= 3:
        assert all(parts)


@given(st.lists(st.integers(0, 10), min_size=3, max_size=12), st.sampled_from([RATIOS, (0.5, 0.25, 0.25)]))
def test_by_time_borders_are_as_near_to_the_ratios_as_times_allow(times: list[int], ratios: tuple[float, ...]) -> None:
    corpus = [Document("a", metadata={"time": str(time)}) for time in times]
    train, dev, test = (len(part) for part in divide_by_time(corpus, ratios, "time"))
    edges = [sum(time < border for time in times) for border in sorted(set(times))[1:]]
    if len(edges) > 2 and train and dev and test:
        target = ratios[0] * len(times)
        assert abs(train - target) == min(abs(edge - target) for edge in edges[:-1])


def test_by_time_without_a_dev_share_leaves_it_empty() -> None:
    corpus = [Document("a", metadata={"time": str(time)}) for time in (3, 1.5, 2, 10)]
    parts = divide_by_time(corpus, (0.75, 0.0, 0.25), "time")
    assert [[each.metadata["time"] for each in part] for part in parts] == [["3", "1.5", "2"], [], ["10"]]


@pytest.mark.parametrize(
    ("time", "message"),
    [
        ("soon", "by_time: expected a date such as 2024-01-31, a time or a number, received 'soon' in document 'odd'"),
        (
            "",
            "by_time: expected a value of 'time' in each of 2 documents, 1 have none, the first of them document 'odd'",
        ),
        (
            "5",
            "expected dates or numbers in 'time', received both: the number '5' in document 'odd' and the date '2024-0",
        ),
    ],
)
def test_times_that_cannot_be_compared_are_refused(time: str, message: str) -> None:
    corpus = [Document("a", (), "odd", {"time": time}), Document("a", (), "even", {"time": "2024-01-01"})]
    with pytest.raises(DataError, match=message):
        divide_by_time(corpus, RATIOS, "time")


def test_what_fits_no_filter_is_the_first_part_also_where_a_document_stands_twice() -> None:
    twice = Document("A D90")
    rest, chosen, none = extract([twice, Document("Its menu"), twice], [Filter.parse("text~D90"), None])
    assert ([each.text for each in rest], len(chosen), none) == (["Its menu"], 2, [])


def test_a_document_that_fits_two_filters_is_refused() -> None:
    filters = [Filter.parse("text~a"), Filter.parse("text~b")]
    message = "filters 'text~a' and 'text~b': expected each document in one part, document 2 fits both"
    with pytest.raises(DataError, match=message):
        extract([Document("a"), Document("ab"), Document("b")], filters)


def test_a_filter_that_nothing_fits_is_refused() -> None:
    with pytest.raises(DataError, match="filter 'text=c': expected documents that fit it, found none of 1"):
        extract([Document("a")], [Filter.parse("text=c")])


def test_shared_sentences_are_counted_once_each() -> None:
    parts = [["A b. C d.", "A b."], ["C d. A b."], ["E f.", "A b.", "C  d."]]
    assert num_shared_sentences([[Document(text) for text in part] for part in parts]) == 2
