"""Spans with doubtful edges, spans that tags cannot say, spans of machines."""

import pytest

from tagloom.data import Dataset, problems_of
from tagloom.data.dataset import Source
from tagloom.data.findings import Finding
from tagloom.data.quality.checks.spans import has_stray_edge
from tagloom.text import Document, Span, Token


def examples(*documents: Document) -> dict[str, tuple[str, ...]]:
    problems = problems_of(Dataset(documents))
    return {problem.kind: problem.examples for problem in problems if problem.kind != "rare_labels"}


STRAY = """D90, | , D90 | (Canon | Canon) | Canon (Japan | [1 | "Avatar | Avatar” | Monday - | -Larry | 24/ | 、東京
    | AT& | Canon: | ) | »x | Canon)( | " | D90 , | Canon] x"""
FINE = """U.S. | Inc. | Yahoo! | Canon (Japan) | (Canon) | "Avatar" | “Avatar” | „Avatar“ | «Аватар» | .NET | 'N Sync
    | C++ | Beatles' | 24" | -5 | $5 | 50 % | @canon | #canon | D90 | 東京 | … | AT&T | é | 😀"""


@pytest.mark.parametrize("text", [text.strip() for text in STRAY.split("|")])
def test_a_sign_that_hardly_belongs_to_a_name_is_stray(text: str) -> None:
    assert has_stray_edge(text)


@pytest.mark.parametrize("text", ["", *(text.strip() for text in FINE.split("|"))])
def test_a_sign_that_may_belong_to_a_name_is_not_stray(text: str) -> None:
    assert not has_stray_edge(text)


def test_edges_are_told_with_their_document() -> None:
    document = Document("The D90 , and more", (Span(4, 9, "X"), Span(14, 18, "Y"), Span(9, 13, "Z")), "7")
    assert examples(document) == {
        "punctuation_edged_spans": ("document 7: D90 , = X",),
        "blank_edged_spans": ("document 7:  and = Z",),
        "misaligned_spans": ("document 7:  and = Z, of and",),
    }


def test_spans_that_tags_cannot_say_are_told() -> None:
    tokens = (Token(0, 2), Token(3, 6), Token(8, 11), Token(12, 16))
    spans = (Span(3, 5, "INSIDE"), Span(6, 8, "BLANK"), Span(3, 11, "CROSSING"), Span(12, 16, "FINE"))
    document = Document("my D90  too much", spans, "7", {}, tokens, ((0, 2), (2, 4)))
    found = examples(document)
    assert found.pop("overlapping_spans") == ("document 7: D9 = INSIDE", "document 7:    = BLANK")
    assert found == {
        "misaligned_spans": ("document 7: D9 = INSIDE, of D90",),
        "wordless_spans": ("document 7:    = BLANK",),
        "crossing_spans": ("document 7: D90  too = CROSSING",),
        "blank_edged_spans": ("document 7:    = BLANK",),
    }


def test_spans_in_a_document_without_words_touch_none() -> None:
    before, blank, behind = (Document("a", id="1"), Document("  ", (Span(0, 1, "X"),), "2"), Document("b", id="3"))
    assert examples(before, blank, behind)["wordless_spans"] == ("document 2:   = X",)
    assert examples(before, blank)["wordless_spans"] == ("document 2:   = X",)


def test_overlaps_are_found_in_any_order_and_not_between_documents() -> None:
    nested = Document("a b c d", (Span(6, 7, "Z"), Span(2, 7, "Y"), Span(0, 3, "X")), "1")
    beside = Document("a b", (Span(0, 1, "X"), Span(2, 3, "Y")), "2")
    assert examples(nested, beside) == {"overlapping_spans": ("document 1: d = Z", "document 1: a b = X")}


def test_a_span_of_a_machine_says_who_it_was() -> None:
    document = Document("a b", (Span(0, 1, "X", 0.5, "gazetteer names.txt:3"), Span(2, 3, "X")), "1")
    assert examples(document) == {"machine_labels": ("document 1: a = X, by gazetteer names.txt:3",)}


def test_what_a_check_counts_stands_in_place_of_what_was_noticed_in_reading() -> None:
    document = Document("a  b", (Span(0, 2, "X"),), "1")
    noticed = (Finding("blank_edged_spans", 1, ("as it was read",)), Finding("empty_spans", 2, ("document 1",)))
    problems = problems_of(Dataset((document,), (Source((), "json_lines", findings=noticed),)))
    counts = {problem.kind: (problem.count, problem.examples[0]) for problem in problems}
    assert counts["blank_edged_spans"] == (1, "document 1: a  = X")
    assert counts["empty_spans"] == (2, "document 1")


def test_a_kind_that_only_a_later_version_knows_is_told_all_the_same() -> None:
    source = Source((), "json_lines", findings=(Finding("cursed_spans", 3),))
    (problem,) = problems_of(Dataset((), (source,)))
    assert (problem.kind, problem.count, problem.severity) == ("cursed_spans", 3, "warning")
