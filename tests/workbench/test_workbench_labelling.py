"""The page of labelling with mouse and keys: what is labelled, changed, undone, and where one goes next."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from labelled_projects import add
from labelling_page import LabellingPage
from playwright.sync_api import Browser, Page, expect
from workbench_server import WorkbenchServer

from tagloom.text import Document, Span
from tagloom.workbench.database.store import Store

Opening = Callable[..., LabellingPage]

TEXT = "The Sony CE-7RM3 beats my old D90. Its battery life is good.\n\nThe D90 has a d90 grip, no D90X."


def test_what_is_dragged_snaps_to_words_and_the_label_stays_chosen(opened: Opening) -> None:
    page = opened(TEXT)
    page.press("1").drag("ny CE-7R").drag("attery lif")
    assert page.marked() == [("Sony CE-7RM3", "PNAME"), ("battery life", "PNAME")]
    page.press("2").drag("old")
    assert page.saved() == [("Sony CE-7RM3", "PNAME"), ("old", "PFEATURE"), ("battery life", "PNAME")]
    assert page.state() == "draft"


def test_with_shift_characters_are_taken(opened: Opening) -> None:
    page = opened(TEXT).press("1")
    page.tab.keyboard.down("Shift")
    page.drag("7RM", inset=1)
    page.tab.keyboard.up("Shift")
    assert page.saved() == [("7RM", "PNAME")]


def test_a_double_click_takes_a_word_and_without_a_label_asks_for_one(opened: Opening) -> None:
    page = opened(TEXT).click("battery", times=2)
    expect(page.menu).to_contain_text("battery")
    page.tab.keyboard.type("feat")
    page.press("Enter")
    assert page.saved() == [("battery", "PFEATURE")]
    page.click("Sony", times=2).press("Enter")
    assert page.saved() == [("Sony", "PFEATURE"), ("battery", "PFEATURE")]


def test_a_span_is_relabelled_and_taken_away_in_its_menu_and_by_the_other_button(opened: Opening) -> None:
    page = opened(TEXT).press("1").drag("D90").drag("battery life").press("Escape")
    page.click("D90")
    expect(page.menu.get_by_role("option", name="PNAME")).to_have_attribute("aria-selected", "true")
    page.press("2")
    assert page.saved() == [("D90", "PFEATURE"), ("battery life", "PNAME")]
    page.click("D90").press("Backspace")
    assert page.saved() == [("battery life", "PNAME")]
    page.click("battery", button="right")
    assert page.saved() == []
    page.drag("Sony").press("Escape")
    expect(page.menu).to_be_hidden()
    assert page.marked() == []


def test_a_span_over_others_takes_their_place_and_one_undo_brings_them_back(opened: Opening) -> None:
    page = opened(TEXT).press("1").drag("Sony").drag("beats").press("2").drag("Sony CE-7RM3 beats")
    assert page.saved() == [("Sony CE-7RM3 beats", "PFEATURE")]
    page.press("Control+z")
    assert page.saved() == [("Sony", "PNAME"), ("beats", "PNAME")]


def test_every_occurrence_is_labelled_as_whole_words_in_the_same_case_or_otherwise(opened: Opening) -> None:
    page = opened(TEXT).press("1").drag("D90").click("D90")
    page.menu.get_by_role("button", name="every occurrence").click()
    assert page.saved() == [("D90", "PNAME"), ("D90", "PNAME")]
    page.click("D90")
    page.menu.get_by_label("same case").uncheck()
    page.menu.get_by_label("whole words").uncheck()
    page.menu.get_by_role("button", name="every occurrence").click()
    assert page.saved() == [("D90", "PNAME"), ("D90", "PNAME"), ("d90", "PNAME"), ("D90", "PNAME")]
    page.press("Control+z")
    assert len(page.saved()) == 2
    page.click("D90")
    page.menu.get_by_role("button", name="Take every one away").click()
    assert page.saved() == []


def test_undo_goes_back_to_the_beginning_for_each_document_and_says_what_it_undoes(opened: Opening) -> None:
    page = opened(TEXT, "Another text.").press("1")
    for _ in range(8):
        page.drag("Sony").click("Sony").press("2").click("Sony", button="right")
    undo = page.tab.get_by_role("button", name="Undo")
    expect(undo).to_have_attribute("title", "Undo: take away “Sony” PFEATURE (Ctrl Z)")
    page.press("j").ready()
    expect(page.tab.locator("#name")).to_have_text("text Another te")
    expect(undo).to_be_disabled()
    page.press("k")
    expect(page.tab.locator("#name")).to_have_text("text The Sony C")
    for _ in range(24):
        page.press("Control+z")
    expect(undo).to_be_disabled()
    assert page.saved() == []
    page.press("Control+y")
    assert page.saved() == [("Sony", "PNAME")]
    page.press("Control+Shift+z")
    expect(page.told).to_have_text("Done again: label “Sony” PFEATURE")


def test_undo_outlives_a_reload(opened: Opening) -> None:
    page = opened(TEXT).press("1").drag("Sony")
    page.saved()
    page.tab.reload()
    page.ready().press("Control+z")
    assert page.saved() == []


def test_documents_are_decided_by_keys_and_the_next_one_comes(opened: Opening) -> None:
    page = opened(*(f"Text number {number}" for number in "abcdef"))
    name = page.tab.locator("#name")
    numbers = [page.number + place for place in range(6)]
    for place, keys in enumerate(("Control+Enter", "Enter", "Control+ ", "Control+Backspace")):
        expect(page.tab.locator("#text")).to_have_text(f"Text number {'abcdef'[place]}")
        page.press(keys)
    expect(page.tab.locator("#text")).to_have_text("Text number e")
    page.saved()
    assert [page.state(number) for number in numbers] == [
        "submitted",
        "submitted",
        "skipped",
        "discarded",
        "new",
        "new",
    ]
    page.press("Control+ArrowLeft")
    expect(page.tab.locator("#text")).to_have_text("Text number d")
    page.press("Control+z")
    expect(page.tab.locator("#state")).to_have_text("draft")
    page.press("Control+ArrowRight")
    expect(page.tab.locator("#text")).to_have_text("Text number e")
    assert page.tab.url.endswith(f"/{numbers[4]}")
    page.tab.go_back()
    expect(page.tab.locator("#text")).to_have_text("Text number d")
    expect(name).to_be_visible()


def test_what_was_skipped_comes_at_the_end_and_then_nothing(opened: Opening) -> None:
    page = opened("First text", "Second text")
    page.press("Control+ ")
    expect(page.tab.locator("#text")).to_have_text("Second text")
    page.press("Control+Enter")
    expect(page.tab.locator("#text")).to_have_text("First text")
    page.press("Control+Enter")
    expect(page.tab.get_by_role("heading", name="Nothing else is left")).to_be_visible()
    expect(page.tab.locator("#done-told")).to_have_text("2 of 2 done, 100 %")


def test_the_documents_of_a_list_are_gone_through_whatever_their_state(opened: Opening) -> None:
    page = opened("One camera", "Two lenses", "Three cameras", query="?search=camera")
    page.press("Control+Enter")
    expect(page.tab.locator("#text")).to_have_text("Three cameras")
    page.press("k")
    expect(page.tab.locator("#text")).to_have_text("One camera")
    expect(page.tab.locator("#list-note")).to_be_visible()


def test_guidelines_progress_and_what_was_worked_at_last_are_beside_the_text(opened: Opening) -> None:
    page = opened(TEXT, "Another text.")
    expect(page.tab.locator("#guidelines")).to_contain_text("without articles")
    page.press("1").drag("Sony").press("Control+Enter")
    expect(page.tab.locator("#done-told")).to_have_text("1 of 2 done, 50 %")
    page.tab.locator("#recent summary").click()
    page.tab.locator("#recent a").first.click()
    expect(page.tab.locator("#name")).to_have_text("text The Sony C")
    page.press("g")
    expect(page.tab.locator("#guidelines")).not_to_have_attribute("open", "")


def test_imported_overlaps_are_shown_and_can_be_taken_away_and_brought_back(opened: Opening) -> None:
    inner, outer = Span(9, 16, "PFEATURE"), Span(4, 16, "PNAME")
    page = opened(Document(TEXT, (outer, inner)))
    assert [mark.get_attribute("data-label") for mark in page.tab.locator("mark[data-label]").all()] == [
        "PNAME",
        "PFEATURE",
    ]
    page.click("CE-7RM3", button="right")
    assert page.saved() == [("Sony CE-7RM3", "PNAME")]
    page.press("Control+z")
    assert page.saved() == [("Sony CE-7RM3", "PNAME"), ("CE-7RM3", "PFEATURE")]


def test_markup_in_a_text_is_text(opened: Opening) -> None:
    text = "<img src=x onerror=alert(1)> <script>alert(2)</script> & a D90"
    page = opened(Document(text, id="<b>name</b>", metadata={"<i>": "<u>"}))
    page.press("1").drag("<script>")
    assert page.tab.locator(".block").inner_text() == text
    expect(page.tab.locator("#name")).to_have_text("<b>name</b>")
    assert page.tab.locator(".page-text img, .page-text script").count() == 0


@pytest.fixture
def phone(browser: Browser, workbench: WorkbenchServer, owner: httpx.Client) -> Iterator[Page]:
    context = browser.new_context(
        base_url=workbench.address, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    cookie = {"name": "tagloom_session", "value": owner.cookies["tagloom_session"], "url": workbench.address}
    context.add_cookies([cookie])  # type: ignore[list-item]  # as Playwright reads it
    yield context.new_page()
    context.close()


def test_on_a_phone_words_are_tapped_and_the_label_below(
    phone: Page, owner: httpx.Client, project: dict[str, Any], store: Store
) -> None:
    (number,) = add(store, project["id"], [Document(TEXT)])
    page = LabellingPage(phone, owner, project["id"]).open(number)
    page.tap("Sony").tap("7RM3")
    phone.get_by_role("toolbar", name="Labels").get_by_role("button", name="PNAME").tap()
    assert page.saved() == [("Sony CE-7RM3", "PNAME")]
    page.tap("Sony")
    page.menu.get_by_role("button", name="Take away").tap()
    assert page.saved() == []
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_viewer_looks_and_changes_nothing(
    browser: Browser, workbench: WorkbenchServer, owner: httpx.Client, project: dict[str, Any], store: Store
) -> None:
    numbers = add(store, project["id"], [Document(TEXT), Document("Another text.")])
    viewer = workbench.joined(owner, f"Viewer {project['id']}", "viewer")
    people = {each["person"]["name"]: each["person"]["id"] for each in owner.get("/api/people").json()}
    owner.put(f"/api/projects/{project['id']}/members", json=[people[f"Viewer {project['id']}"]]).raise_for_status()
    context = browser.new_context(base_url=workbench.address)
    cookie = {"name": "tagloom_session", "value": viewer.cookies["tagloom_session"], "url": workbench.address}
    context.add_cookies([cookie])  # type: ignore[list-item]  # as Playwright reads it
    page = LabellingPage(context.new_page(), owner, project["id"]).open(numbers[0])
    page.press("1").drag("Sony")
    expect(page.told).to_have_text("You may look at it, not label it")
    expect(page.tab.get_by_role("button", name="Submit")).to_be_hidden()
    page.press("j")
    expect(page.tab.locator("#text")).to_have_text("Another text.")
    assert page.saved(numbers[0]) == []
    context.close()
    viewer.close()
