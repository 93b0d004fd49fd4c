"""Spans that a gazetteer proposes, against a search by brute force."""

import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagloom import tokenize
from tagloom.data import Dataset
from tagloom.data.weak_labels.gazetteer import Entry, Gazetteer
from tagloom.data.weak_labels.prelabel import Prelabelled, prelabel
from tagloom.errors import DataError
from tagloom.text import Document, Span, Token


def gazetteer(
    *surfaces: str,
    patterns: Sequence[str] = (),
    ignore_case: bool = False,
    whole_words: bool = True,
    time_limit: float = 2.0,
) -> Gazetteer:
    """A surface or pattern a line, the surfaces first; labels are A, B, A, ..."""
    texts = [(surface, False) for surface in surfaces] + [(pattern, True) for pattern in patterns]
    entries = tuple(
        Entry("AB"[place % 2], text, place + 1, is_pattern) for place, (text, is_pattern) in enumerate(texts)
    )
    return Gazetteer("list.txt", entries, ignore_case=ignore_case, whole_words=whole_words, time_limit=time_limit)


def found(text: str | Document, entries: Gazetteer) -> list[tuple[str, str]]:
    """The texts of all spans with their labels."""
    document = Document(text) if isinstance(text, str) else text
    (labelled,) = prelabel(Dataset((document,)), entries).dataset.documents
    return [(labelled.text[span.start : span.end], span.label) for span in labelled.spans]


def by_brute_force(text: str, known: Sequence[Span], entries: Gazetteer) -> set[tuple[int, int]]:
    """Every stretch, from word to word or not, that reads as a surface; then the longest first, none on another."""

    def normal(part: str) -> str:
        return " ".join(part.casefold().split() if entries.ignore_case else part.split())

    wanted = {normal(entry.surface) for entry in entries.entries}
    words = tokenize.tokens(text)
    if not entries.whole_words:
        words = [Token(place, place + 1) for word in words for place in range(word.start, word.end)]
    fitting = [
        (first.start, last.end)
        for place, first in enumerate(words)
        for last in words[place : place + 20]
        if normal(text[first.start : last.end]) in wanted
    ]
    taken = {place for span in known for place in range(span.start, span.end)}
    kept = set()
    for start, end in sorted(fitting, key=lambda stretch: (stretch[0] - stretch[1], stretch[0])):
        if not taken & set(range(start, end)):
            kept.add((start, end))
            taken |= set(range(start, end))
    return kept


words = st.sampled_from(
    ["a", "b", "A", "ab", "Stra\u00dfe", "STRASSE", "D90", "カ", "カメラ", "é", "x.", "Inc.", "-", "n't"]
)
blanks = st.sampled_from([" ", "  ", "\t", "\n", "\u00a0", ""])
texts = st.lists(st.tuples(words, blanks), max_size=25).map(lambda pairs: "".join(map("".join, pairs)))
surfaces = st.lists(st.lists(words, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=8)


stretches = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)), max_size=3)


@given(texts, surfaces, stretches, st.booleans(), st.booleans())
def test_spans_are_those_of_a_search_by_brute_force(
    text: str, listed: list[str], labelled: list[tuple[int, int]], ignore_case: bool, whole_words: bool
) -> None:
    known = sorted({(start, min(start + length, len(text))) for start, length in labelled if start < len(text)})
    spans = tuple(Span(start, end, "Z") for start, end in known)
    entries = tuple(Entry("P", surface, line) for line, surface in enumerate(listed, start=1))
    listing = Gazetteer("list.txt", entries, ignore_case=ignore_case, whole_words=whole_words)
    (document,) = prelabel(Dataset((Document(text, spans),)), listing).dataset.documents
    new = {(span.start, span.end) for span in document.spans if span.origin is not None}
    assert new == by_brute_force(text, spans, listing)
    assert tuple(span for span in document.spans if span.origin is None) == spans
    assert [span.start for span in document.spans] == sorted(span.start for span in document.spans)


@pytest.mark.parametrize(
    ("text", "surface", "expected"),
    [
        ("My Nikon  D90s and Nikon\nD90.", "Nikon D90", ["Nikon\nD90"]),
        ("Sony's CE-7RM3's menu", "CE-7RM3", ["CE-7RM3"]),
        ("Acme Inc. and Acme Inc., said", "Acme Inc.", ["Acme Inc.", "Acme Inc."]),
        ("このカメラは良い", "カメラ", ["カメラ"]),
        ("กล้องนี้ดี", "กล้อง", ["กล้อง"]),
        ("الكاميرا جيدة", "الكاميرا", ["الكاميرا"]),
        ("D90D90 D90", "D90", ["D90"]),
        ("camera\u200bbag", "camera bag", ["camera\u200bbag"]),
    ],
)
def test_surfaces_match_whole_words_in_any_script(text: str, surface: str, expected: list[str]) -> None:
    assert [shown for shown, _ in found(text, gazetteer(surface))] == expected


def test_inside_words_is_for_those_who_ask() -> None:
    assert found("Kamerataschen", gazetteer("tasche")) == []
    assert found("Kamerataschen", gazetteer("tasche", whole_words=False)) == [("tasche", "A")]
    assert found(
        "GRO\u1e9eE STRA\u00dfEN", gazetteer("gro\u00dfe stra\u00dfe", whole_words=False, ignore_case=True)
    ) == [("GROẞE STRAßE", "A")]


def test_of_matches_that_overlap_the_longest_stays_and_frees_no_less() -> None:
    text = "the New York Times Building"
    assert found(text, gazetteer("New York", "York Times Building", "New")) == [
        ("New", "A"),
        ("York Times Building", "B"),
    ]
    assert found("a b c", gazetteer("b c", "a b")) == [("a b", "B")]


def test_a_surface_and_a_pattern_on_one_stretch_take_the_earlier_line() -> None:
    assert found("A D90", gazetteer("x", "D90", patterns=[r"D\d+"])) == [("D90", "B")]


def test_patterns_match_from_word_to_word_and_tell_where_they_do_not() -> None:
    document = Document("D90 and D90s, and a D 80", id="r")
    result = prelabel(Dataset((document,)), gazetteer(patterns=[r"D ?\d+", "a*"]))
    assert [(span.start, span.end, span.origin) for span in result.dataset.documents[0].spans] == [
        (0, 3, "gazetteer list.txt:1"),
        (18, 19, "gazetteer list.txt:2"),
        (20, 24, "gazetteer list.txt:1"),
    ]
    first, second = result.entries
    assert (first.num_matches, first.num_spans, first.num_misaligned) == (2, 2, 1)
    assert (second.num_spans, second.num_misaligned) == (1, 2)  # the two `a` of `and`; where it fits nothing, nothing
    assert found(document, gazetteer(patterns=[r"(?<=D90)s"], whole_words=False)) == [("s", "A")]


def test_case_is_ignored_by_surfaces_and_patterns_where_that_is_asked_for() -> None:
    text = "nikon d90 and NIKON D80"
    assert found(text, gazetteer("Nikon D90", patterns=["Nikon d[0-9]+"])) == []
    assert found(text, gazetteer("Nikon D90", patterns=["Nikon d[0-9]+"], ignore_case=True)) == [
        ("nikon d90", "A"),
        ("NIKON D80", "B"),
    ]


def test_words_and_sentences_of_the_source_are_kept_to() -> None:
    tokens = (Token(0, 5), Token(6, 9), Token(10, 15), Token(16, 20))
    document = Document("Nikon D90 Nikon D90s", tokens=tokens, sentence_bounds=((0, 1), (1, 4)), source_tags=("O",) * 4)
    entries = gazetteer("Nikon D90", "Nikon", patterns=[r"Nikon\sD90\b", "D90 N"])
    (labelled,) = prelabel(Dataset((document,)), entries).dataset.documents
    assert [(span.start, span.end) for span in labelled.spans] == [(0, 5), (10, 15)]
    assert labelled.source_tags is None
    assert prelabel(Dataset((document,)), gazetteer("Canon")).dataset.documents == (document,)


@pytest.fixture
def counted() -> Prelabelled:
    person = Span(3, 12, "A")
    texts = (Document("My Nikon D90 and D90", (person,), "r0"), Document("Nikon D90 menu D90", id="r1"))
    return prelabel(Dataset(texts), gazetteer("Nikon D90", "menu", "D90", "grip", "Nikon"))


def test_every_match_is_counted_with_what_became_of_it(counted: Prelabelled) -> None:
    rows = {str(one.entry): (one.num_matches, one.num_spans, one.num_known) for one in counted.entries}
    assert rows == {"Nikon D90": (2, 1, 1), "menu": (1, 1, 0), "D90": (4, 2, 0), "grip": (0, 0, 0), "Nikon": (2, 0, 0)}
    assert counted.labels == {"A": 3, "B": 1}
    assert [one.entry.line for one in counted.unmatched] == [4]


def test_spans_of_a_person_stay_and_a_second_time_changes_nothing(counted: Prelabelled) -> None:
    assert counted.dataset.documents[0].spans[0] == Span(3, 12, "A")
    again = prelabel(counted.dataset, gazetteer("Nikon D90", "menu", "D90", "grip", "Nikon"))
    assert again.dataset == counted.dataset
    assert again.labels == {"A": 0, "B": 0}


@pytest.mark.parametrize("pattern", ["(a+)+$", "(?i)(a|aa)+$", "(?R)", "(a|a)*b"])
def test_a_catastrophic_pattern_ends_within_its_limit(pattern: str) -> None:
    dataset = Dataset((Document("a" * 5000 + "!", id="bad"),))
    began = time.perf_counter()
    try:
        assert prelabel(dataset, gazetteer(patterns=[pattern], time_limit=0.2)).labels == {"A": 0}
    except DataError as error:
        assert "took longer than 0.2 s on document 'bad'" in str(error)  # noqa: PT017 - either outcome is right
    assert time.perf_counter() - began < 2


def test_a_pattern_that_takes_too_long_is_named_with_its_line() -> None:
    entries = gazetteer("a", patterns=["b", "(?i)(a|aa)+$"], time_limit=0.1)
    message = (
        r"^list\.txt:3: the pattern /\(\?i\)\(a\|aa\)\+\$/ took longer than 0\.1 s on document 2\. Make it simpler"
    )
    with pytest.raises(DataError, match=message):
        prelabel(Dataset((Document("a"), Document("a" * 60 + "!"))), entries)


def test_many_surfaces_cost_no_more_than_few() -> None:
    dataset = Dataset((Document(" ".join(f"word{number % 997}" for number in range(5_000))),))

    def seconds(num_surfaces: int) -> float:
        entries = tuple(Entry("P", f"word{line} x{line % 7}", line) for line in range(num_surfaces))
        listing, began = Gazetteer("list.txt", entries), time.thread_time()
        prelabel(dataset, listing)
        return time.thread_time() - began

    seconds(10)
    many, few = (min(seconds(number) for _ in range(3)) for number in (10_000, 100))
    assert many < 20 * few  # a hundred times as many
