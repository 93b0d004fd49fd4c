"""Marked text as HTML and as displaCy takes it."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagloom.markup import MAX_CHARACTERS, displacy, marked, marked_block
from tagloom.text import Document, Span, Spans

EVIL = "<script>alert(1)</script>&amp;\"'{0}"


class Read(HTMLParser):
    """The text outside labels, that inside each mark, and the labels; fails where tags are not nested."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.tags, self.labels = "", set[str](), list[str]()
        self.marked: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not any(name.startswith("on") for name, _ in attrs)
        self.tags.add(tag)
        self._open.append(tag)
        if tag == "mark":
            self.marked.append("")
        if tag == "span":
            self.labels.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "span" in self._open:
            self.labels[-1] += data
            return
        self.text += data
        if "mark" in self._open:
            self.marked[-1] += data


def test_each_entity_is_marked_with_its_label_and_score() -> None:
    seen = Read(marked("The Canon R5 rocks", [Span(4, 12, "PNAME", 0.9312), Span(13, 18, "OPINION")]))
    assert seen.text == "The Canon R5 rocks"
    assert seen.marked == ["Canon R5", "rocks"]
    assert seen.labels == ["PNAME 93.1 %", "OPINION"]


def test_hostile_texts_and_labels_are_inert() -> None:
    seen = Read(marked_block(EVIL, [Span(0, 8, EVIL)]))
    assert seen.tags == {"div", "mark", "span"}
    assert seen.text == EVIL
    assert seen.labels == [EVIL]


@given(
    st.text(max_size=30),
    st.lists(st.builds(Span, st.integers(-3, 35), st.integers(-3, 35), st.sampled_from("AB")), max_size=8),
)
def test_whatever_overlaps_is_nested_and_the_text_is_whole(text: str, spans: list[Span]) -> None:
    text = "".join(sign for sign in text if sign.isprintable())
    seen = Read(marked(text, spans))
    assert seen.text == text
    assert sorted(seen.labels) == sorted(span.label for span in spans)


def test_an_entity_that_crosses_another_is_closed_and_opened_again() -> None:
    seen = Read(marked("abcdef", [Span(0, 4, "A"), Span(2, 6, "B")]))
    assert seen.text == "abcdef"
    assert seen.labels == ["A", "B"]
    assert seen.marked == ["ab", "cd", "ef"]


def test_a_label_always_has_the_same_colour() -> None:
    first, second = (marked("abc", [Span(place, 3, "PNAME")]) for place in (0, 2))
    assert first.partition("background:")[2][:9] == second.partition("background:")[2][:9]


def test_texts_in_either_direction_begin_on_their_own_side() -> None:
    assert marked_block("שלום", []).startswith('<div dir="auto"')


def test_of_a_long_text_the_beginning_is_shown_and_the_rest_is_counted() -> None:
    text = "x" * (MAX_CHARACTERS + 1_500)
    block = marked_block(text, [Span(0, 1, "A"), Span(MAX_CHARACTERS, MAX_CHARACTERS + 3, "B")])
    assert block.count("<mark") == 1
    assert "1,500 more characters with 1 more entities" in block


def test_a_document_and_what_was_found_show_themselves() -> None:
    spans = (Span(2, 5, "PNAME"),)
    assert Document("A D90.", spans)._repr_html_() == Spans("A D90.", spans)._repr_html_()
    assert "PNAME" in Document("A D90.", spans)._repr_html_()


def test_displacy_gets_exactly_what_its_manual_mode_takes() -> None:
    expected = {"text": "A D90.", "ents": [{"start": 2, "end": 5, "label": "PNAME"}], "title": None}
    spans = (Span(2, 5, "PNAME", 0.9),)
    assert Document("A D90.", spans).to_displacy() == expected
    assert Spans("A D90.", spans).to_displacy() == expected


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_displacy_renders_it_and_hostile_labels_are_inert() -> None:
    renderer = pytest.importorskip("spacy.displacy")
    html = renderer.render(
        displacy(EVIL, [Span(0, 8, EVIL)], EVIL), style="ent", manual=True, page=False, jupyter=False
    )
    assert "<script" not in html
    plain = renderer.render(displacy("A D90.", [Span(2, 5, "PNAME")]), style="ent", manual=True, jupyter=False)
    assert "D90" in plain
    assert "PNAME" in plain
