"""Texts of every script on the page of labelling: the server has code points, whatever the browser counts."""

from collections.abc import Callable

import pytest
from labelling_page import LabellingPage
from playwright.sync_api import expect

from tagloom.text import Document, Span, Token

Opening = Callable[..., LabellingPage]

FAMILY = "👩\u200d👩\u200d👧"
TEXTS = {
    "emoji": (f"{FAMILY}{FAMILY} I love 📷 my 👍🏽 D90", "D90"),
    "a family": (f"We 😀 are {FAMILY} here", FAMILY),
    "flags": ("From 🇯🇵🇩🇪 to Köln", "Köln"),
    "hebrew": ("המצלמה Sony CE-7RM3 מצוינת. חיי הסוללה ארוכים!", "הסוללה"),
    "arabic": ("الكاميرا جيدة جدا، وعمر البطارية طويل.", "البطارية"),
    "combining": ("Le cafe\u0301 d'Ame\u0301lie et un D90", "d'Ame\u0301lie"),
    "hindi": ("मेरा कैमरा बहुत अच्छा है", "कैमरा"),
    "rare letters": ("The 𝐃𝟗𝟎 and the 𠮷野家 shop", "shop"),
    "a long word": ("x" * 3000 + " D90 " + "y" * 3000, "D90"),
    "line ends": ("One\r\nTwo D90\r\n\r\nThree\ttabs\tD7000 here\nfour", "D7000"),
    "odd blanks": ("A\u00a0D90\u2003and\u200ba\u3000lens", "lens"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_word_is_labelled_where_it_is(opened: Opening, name: str) -> None:
    text, word = TEXTS[name]
    page = opened(text).press("1").click(word, times=2)
    assert page.saved() == [(word, "PNAME")]
    (span,) = page.document()["labelling"]["spans"]
    assert (span["start"], span["end"]) == (text.index(word), text.index(word) + len(word))
    page.tab.reload()
    page.ready()
    assert [each[0] for each in page.marked()] == [word]


def test_every_word_of_a_text_is_reached_by_the_caret_and_labelled_as_the_tokenizer_has_it(opened: Opening) -> None:
    text = f"A 📷, 東京 {FAMILY}! ค้า e\u0301t\u0301 שלום"
    page = opened(text).press("1", "ArrowRight", "Enter")
    expected = ["A", "📷", ",", "東", "京", FAMILY, "!", "ค้", "า", "e\u0301t\u0301", "שלום"]
    for _ in expected[1:]:
        page.press("ArrowRight", "Enter")
    assert page.saved() == [(word, "PNAME") for word in expected]


def test_japanese_is_selected_by_character(opened: Opening) -> None:
    text = "東京でソニーのカメラを買いました。𠮷野家も。"
    page = opened(text).press("1").drag("カメラ", inset=3).drag("𠮷野家", inset=3)
    assert page.saved() == [("カメラ", "PNAME"), ("𠮷野家", "PNAME")]


def test_in_a_paragraph_from_right_to_left_the_left_arrow_goes_on(opened: Opening) -> None:
    page = opened("שלום עולם טוב\nand in English").press("1")
    first, second = page.tab.locator(".block").all()
    directions = [each.evaluate("each => getComputedStyle(each).direction") for each in (first, second)]
    assert directions == ["rtl", "ltr"]
    box, outer = page.box("שלום"), first.bounding_box()
    assert outer is not None
    assert box["right"] > outer["x"] + outer["width"] - 20
    page.press("ArrowLeft", "ArrowLeft", "Enter")
    assert page.saved() == [("עולם", "PNAME")]
    page.press("ArrowRight", "Enter")
    assert page.saved() == [("שלום", "PNAME"), ("עולם", "PNAME")]


def test_a_drag_over_both_directions_is_one_span_in_logical_order(opened: Opening) -> None:
    text = "המצלמה Sony CE-7RM3 מצוינת"
    page = opened(text).press("1", "ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft", "Enter")
    assert page.saved() == [("המצלמה Sony CE-7RM3", "PNAME")]


def test_the_words_of_the_source_count_where_it_has_some(opened: Opening) -> None:
    document = Document("CE-7RM3 x", tokens=(Token(0, 2), Token(2, 3), Token(3, 7), Token(8, 9)))
    page = opened(document).press("1", "ArrowRight", "ArrowRight", "ArrowRight", "Enter")
    assert page.saved() == [("7RM3", "PNAME")]


def test_a_span_over_lines_and_over_the_parts_of_a_long_line_is_shown_and_taken_away_as_one(opened: Opening) -> None:
    sentence = "This is one of very many sentences. "
    text = "First line\r\nsecond line\n" + sentence * 80
    spans = (Span(6, 18, "PNAME"), Span(24 + 30, 24 + 30 + 36 * 50, "PFEATURE"))
    page = opened(Document(text, spans))
    assert page.tab.locator("mark[data-label=PNAME]").count() == 1
    assert page.tab.locator("mark").count() > 3
    assert "".join(page.tab.locator(".block").all_text_contents()) == text.replace("\r", "").replace("\n", "")
    page.click("second", button="right")
    expect(page.tab.locator("mark[data-label=PNAME]")).to_have_count(0)
    page.press("1").drag("second")
    assert [span[1] for span in page.saved()] == ["PNAME", "PFEATURE"]
