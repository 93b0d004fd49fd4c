"""Labelling without a mouse, and keys that people change."""

import re
from collections.abc import Callable

import pytest
from labelling_page import LabellingPage
from playwright.sync_api import expect

from tagloom.text import Document, Span

Opening = Callable[..., LabellingPage]

TEXT = "The Sony CE-7RM3 beats my D90.\n\nIts battery life is good, and the D90's was not."
SPANS = (Span(4, 16, "PNAME"), Span(26, 29, "PNAME"), Span(36, 48, "PFEATURE"))


def test_a_document_is_labelled_with_the_caret_alone(opened: Opening) -> None:
    page = opened(TEXT, "Another text.")
    page.press("ArrowRight", "ArrowRight", "Shift+ArrowRight", "Enter")
    expect(page.menu).to_contain_text("Sony CE-7RM3")
    page.tab.keyboard.type("pna")
    page.press("Enter")
    expect(page.told).to_have_text("Sony CE-7RM3 labelled PNAME")
    page.press(
        "ArrowRight", "ArrowRight", "ArrowRight", "1", "ArrowDown", "Home", "ArrowRight", "Shift+ArrowRight", "2"
    )
    assert page.saved() == [("Sony CE-7RM3", "PNAME"), ("D90", "PNAME"), ("battery life", "PFEATURE")]
    page.press("Control+Enter")
    expect(page.tab.locator("#text")).to_have_text("Another text.")


def test_enter_labels_with_the_chosen_label_while_the_caret_is_shown_and_submits_when_it_is_not(
    opened: Opening,
) -> None:
    page = opened(TEXT, "Another text.")
    page.press("1", "ArrowRight", "ArrowRight", "Enter", "Escape")
    assert page.saved() == [("Sony", "PNAME")]
    number = page.number
    page.press("Enter")
    expect(page.tab.locator("#text")).to_have_text("Another text.")
    assert page.saved(number) == [("Sony", "PNAME")]
    assert page.state(number) == "submitted"


def test_characters_are_selected_with_alt(opened: Opening) -> None:
    page = opened(TEXT).press("ArrowRight", "ArrowRight", "ArrowRight", "Alt+ArrowRight", "Alt+Shift+ArrowRight", "1")
    assert page.saved() == [("CE", "PNAME")]


@pytest.mark.parametrize("key", ["Tab", "Alt+."])
def test_spans_are_gone_through_relabelled_moved_and_taken_away(opened: Opening, key: str) -> None:
    page = opened(Document(TEXT, SPANS))
    page.press(key)
    expect(page.told).to_have_text("Sony CE-7RM3, PNAME")
    page.press("2", key, key, "[")
    assert page.saved() == [("Sony CE-7RM3", "PFEATURE"), ("D90", "PNAME"), ("battery", "PFEATURE")]
    page.press("]", "]", "{", "{", "}", "Shift+Tab" if key == "Tab" else "Alt+,", "Backspace")
    assert page.saved() == [("Sony CE-7RM3", "PFEATURE"), ("Its battery life is", "PFEATURE")]
    page.press("ArrowLeft", "ArrowLeft", " ")
    expect(page.told).to_have_text("No span here")


def test_tab_leaves_the_text_behind_the_last_span(opened: Opening) -> None:
    page = opened(Document(TEXT, SPANS)).press("Tab", "Tab", "Tab")
    expect(page.tab.locator("mark.active")).to_have_text("battery life")
    page.press("Tab")
    expect(page.tab.locator("#text")).not_to_be_focused()
    page.press("Shift+Tab")
    expect(page.tab.locator("#text")).to_be_focused()


def test_space_picks_up_the_span_at_the_caret_and_escape_leaves_step_by_step(opened: Opening) -> None:
    page = opened(Document(TEXT, SPANS)).press("1", "ArrowRight", "ArrowRight", "ArrowRight", " ")
    active, chosen = page.tab.locator("mark.active"), page.tab.locator(".label-row[aria-pressed=true]")
    expect(active).to_have_text("Sony CE-7RM3")
    page.press("Escape")
    expect(active).to_have_count(0)
    expect(chosen).to_have_count(1)
    page.press("Escape", "Escape")
    expect(chosen).to_have_count(0)
    page.press("Backspace")
    assert len(page.saved()) == 3


def test_every_occurrence_is_labelled_by_key(opened: Opening) -> None:
    page = opened(TEXT).press("1")
    for _ in range(6):
        page.press("ArrowRight")
    page.press("e")
    expect(page.told).to_have_text("2 × D90 labelled PNAME")
    assert page.saved() == [("D90", "PNAME"), ("D90", "PNAME")]


def test_lines_are_gone_up_and_down_where_they_wrap(opened: Opening) -> None:
    page = opened("word " * 200)
    page.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowUp", "1")
    expect(page.told).to_have_text("word labelled PNAME")
    assert page.saved() == [("word", "PNAME")]
    (span,) = page.document()["labelling"]["spans"]
    top = page.tab.locator("mark.span").bounding_box()
    first = page.box("word")
    assert top is not None
    assert 20 < top["y"] + top["height"] / 2 - first["y"] < 60
    assert span["start"] > 20


def test_keys_are_changed_and_kept_and_what_had_them_loses_them(opened: Opening) -> None:
    page = opened(TEXT, "Another text.").press("?")
    keys = page.tab.get_by_role("dialog", name="Keys")
    keys.get_by_role("button", name="Change: Next", exact=True).click()
    page.press("Control+z")
    expect(keys.get_by_role("button", name="Change: Undo", exact=True)).to_have_text("none")
    page.press("Escape")
    page.tab.reload()
    page.ready().press("Control+z")
    expect(page.tab.locator("#text")).to_have_text("Another text.")
    page.press("?")
    keys.get_by_role("button", name="As they were at first").click()
    expect(keys.get_by_role("button", name="Change: Undo", exact=True)).to_have_text("Ctrl Z")


def test_screen_readers_hear_what_the_text_is_and_what_was_done(opened: Opening) -> None:
    page = opened(Document(TEXT, SPANS))
    text = page.tab.get_by_role("application", name="Text to label")
    expect(text).to_be_focused()
    expect(text).to_have_accessible_description(re.compile("Arrow keys go from word to word"))
    expect(page.told).to_have_role("status")
    page.press("ArrowRight", "ArrowRight")
    expect(page.told).to_have_text("Sony, PNAME")
    nameless = page.tab.evaluate(
        """() => [...document.querySelectorAll("main button, main input, main select")]
          .filter((each) => !each.hidden && !(each.textContent.trim() || each.ariaLabel || each.labels?.length))
          .map((each) => each.outerHTML)"""
    )
    assert nameless == []
