import copy
import pickle
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagloom.errors import DataError
from tagloom.schemes import BIO, BIOES
from tagloom.text import Document, Sentence, Span, Spans, Token, without_overlaps

TEXT = "The Canon EOS R5’s grip 😀 rocks"
TOKENS = (Token(0, 3), Token(4, 9), Token(10, 13), Token(14, 16), Token(16, 18), Token(19, 23), Token(24, 25))

spans = st.builds(
    lambda start, width, label: Span(start, start + width, label),
    st.integers(0, 30),
    st.integers(1, 8),
    st.sampled_from(["PNAME", "PFEATURE"]),
)


def sentence(*spans: Span) -> Sentence:
    return Sentence(TEXT, TOKENS, spans, document_id="review-7")


def test_words_are_the_text_of_the_tokens_in_code_points() -> None:
    assert sentence().words == ["The", "Canon", "EOS", "R5", "’s", "grip", "😀"]


def test_a_sentence_without_spans_has_no_chunks() -> None:
    assert sentence().chunks() == []
    assert sentence().tags(BIO) == ["O"] * len(TOKENS)


def test_spans_become_chunks_of_words_in_order() -> None:
    marked = sentence(Span(19, 23, "PFEATURE"), Span(4, 16, "PNAME"), Span(24, 25, "EMOJI"))
    assert marked.chunks() == [(1, 4, "PNAME"), (5, 6, "PFEATURE"), (6, 7, "EMOJI")]


def test_tags_are_encoded_anew_in_the_scheme_that_is_asked_for() -> None:
    marked = sentence(Span(4, 16, "PNAME"), Span(19, 23, "PFEATURE"))
    assert marked.tags(BIO) == ["O", "B-PNAME", "I-PNAME", "I-PNAME", "O", "B-PFEATURE", "O"]
    assert marked.tags(BIOES) == ["O", "B-PNAME", "I-PNAME", "E-PNAME", "O", "S-PFEATURE", "O"]


@pytest.mark.parametrize("span", [Span(5, 16, "PNAME"), Span(4, 15, "PNAME"), Span(3, 9, "PNAME"), Span(4, 99, "X")])
def test_a_span_that_cuts_a_word_is_refused_with_its_place(span: Span) -> None:
    with pytest.raises(DataError, match=rf"document 'review-7': span {span.start}-{span.end} {span.label}"):
        sentence(span).chunks()


def test_of_spans_that_overlap_only_the_longest_becomes_a_chunk() -> None:
    marked = sentence(Span(4, 9, "BRAND"), Span(4, 16, "PNAME"), Span(14, 18, "MODEL"))
    assert marked.chunks() == [(1, 4, "PNAME")]


def test_an_overlapping_span_that_is_dropped_may_cut_a_word() -> None:
    assert sentence(Span(4, 16, "PNAME"), Span(5, 7, "PART")).chunks() == [(1, 4, "PNAME")]


def test_of_equally_long_overlapping_spans_the_first_stays() -> None:
    assert without_overlaps([Span(2, 6, "B"), Span(0, 4, "A")]) == [Span(0, 4, "A")]


def test_spans_that_only_touch_all_stay() -> None:
    assert without_overlaps([Span(4, 8, "B"), Span(0, 4, "A")]) == [Span(0, 4, "A"), Span(4, 8, "B")]


@given(st.lists(spans, max_size=12))
def test_what_stays_is_apart_in_order_and_as_long_as_whatever_it_displaced(marked: list[Span]) -> None:
    kept = without_overlaps(marked)
    assert all(before.end <= after.start for before, after in pairwise(kept))
    assert set(kept) <= set(marked)
    for span in marked:
        rivals = [other for other in kept if span.start < other.end and other.start < span.end]
        assert span in kept or max(other.end - other.start for other in rivals) >= span.end - span.start


def test_a_document_needs_no_more_than_a_text() -> None:
    document = Document("A D90.")
    assert (document.spans, document.tokens, document.metadata) == ((), None, {})


FOUND = [Span(4, 16, "PNAME", 0.9), Span(19, 23, "PFEATURE", 0.7)]


def test_what_was_found_equals_any_sequence_of_the_same_spans() -> None:
    found = Spans(TEXT, FOUND)
    assert found == FOUND
    assert [*FOUND] == found  # a list's own comparison gives way
    assert found == tuple(FOUND)
    assert found == Spans(TEXT, FOUND)
    assert found != FOUND[:1]
    assert found != "other"
    assert hash(found) == hash(tuple(FOUND))
    assert Spans("", []) == []


def test_what_was_found_is_a_sequence_whose_parts_keep_their_text() -> None:
    found = Spans(TEXT, iter(FOUND))
    assert (found[0], found[-1], len(found)) == (FOUND[0], FOUND[1], 2)
    assert list(found) == FOUND
    assert FOUND[1] in found
    part = found[1:]
    assert isinstance(part, Spans)
    assert (part.text, part) == (TEXT, FOUND[1:])
    assert repr(found) == repr(FOUND)
    assert not Spans("nothing")
    with pytest.raises(IndexError):
        found[2]


def test_what_was_found_can_be_copied_and_pickled() -> None:
    found = Spans(TEXT, FOUND)
    for other in (copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert (other, other.text) == (FOUND, TEXT)
