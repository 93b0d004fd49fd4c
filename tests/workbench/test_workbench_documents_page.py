"""The page of a project's documents in a browser: bringing in, finding, changing, taking out."""

import json
import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect
from workbench_documents import documents, imported

from server_process import until

REVIEWS = "The O\nD90 B-PNAME\nlens B-PFEATURE\n\nA O\ndull O\nmenu B-PFEATURE\n\nIt O\nworks O\n"

NOTING = """() => {
  window.shown = [];
  const section = document.getElementById("underway");
  const note = () => window.shown.push(section.innerText + (section.querySelector("progress") ? " with a bar" : ""));
  new MutationObserver(note).observe(section, { childList: true, subtree: true });
}"""
"""Keeps all that is shown of imports on their way, however short."""


def file(name: str, content: str) -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": content.encode()}


def rows(tab: Page) -> Locator:
    return tab.locator("#documents tbody tr")


@pytest.fixture
def filled(owner: httpx.Client, project: dict[str, Any]) -> int:
    assert imported(owner, project["id"], REVIEWS.encode(), "reviews.conll")["state"] == "done"
    number: int = project["id"]
    return number


def test_an_empty_project_leads_to_its_first_documents(tab: Page, project: dict[str, Any]) -> None:
    tab.goto(f"/projects/{project['id']}")
    expect(tab.get_by_role("heading", name="There are no documents yet")).to_be_visible()
    tab.get_by_role("button", name="Choose files…").click()
    tab.get_by_label("Drop files here, or choose some").set_input_files(
        [file("train.sentences.txt", "A D90\n"), file("train.tags.txt", "O B-PNAME\n"), file("more.jsonl", "{")]
    )
    expect(tab.locator("#chosen-files li")).to_have_text(
        [re.compile(r"train\.sentences\.txt \+ train\.tags\.txt"), re.compile("more.jsonl")]
    )
    tab.get_by_role("button", name="Import", exact=True).click()
    expect(rows(tab)).to_have_count(1)
    expect(rows(tab).locator("mark")).to_have_text("D90PNAME")
    expect(tab.get_by_role("alert").filter(has_text="more.jsonl: expected one of")).to_be_visible()
    tab.get_by_role("button", name="Forget it").click()
    expect(tab.locator("#underway")).to_be_hidden()


def test_the_way_of_a_large_file_is_shown(tab: Page, project: dict[str, Any], owner: httpx.Client) -> None:
    tab.goto(f"/projects/{project['id']}")
    tab.evaluate(NOTING)
    tab.get_by_role("button", name="Import…", exact=True).click()
    content = "".join(f"A sharp lens, number {number}\n" for number in range(20_000))
    tab.get_by_label("Drop files here, or choose some").set_input_files(file("large.txt", content))
    tab.get_by_role("button", name="Import", exact=True).click()
    expect(tab.locator("#told")).to_have_text("20,000 documents", timeout=30_000)
    shown = "\n".join(tab.evaluate("window.shown"))
    for told in ("Being read", r"Coming in: [0-9,]+ of 20,000 documents"):
        assert re.search(told, shown)
    assert "with a bar" in shown
    expect(tab.get_by_role("progressbar")).to_have_count(0)
    tab.get_by_role("button", name="Next").click()
    expect(rows(tab).first).to_contain_text("number 50")
    assert len(documents(owner, project["id"])) == 50


def test_text_is_pasted(tab: Page, project: dict[str, Any]) -> None:
    tab.goto(f"/projects/{project['id']}")
    tab.get_by_role("button", name="Paste…").click()
    tab.get_by_label("Text", exact=True).fill("One\ntwo\n\n🎉 three <b>bold</b>")
    tab.get_by_role("combobox", name="It is").select_option("paragraphs")
    tab.get_by_role("button", name="Import", exact=True).click()
    expect(rows(tab)).to_have_count(2)
    expect(rows(tab).last).to_contain_text("🎉 three <b>bold</b>")


def test_documents_are_searched_narrowed_down_and_opened(tab: Page, filled: int) -> None:
    tab.goto(f"/projects/{filled}")
    expect(tab.locator("#told")).to_have_text("3 documents")
    tab.get_by_role("searchbox").fill("LENS")
    expect(rows(tab)).to_have_count(1)
    expect(tab.locator("u.hit")).to_have_text("lens")
    tab.get_by_role("button", name="Without “LENS”").click()
    expect(rows(tab)).to_have_count(3)
    tab.get_by_role("button", name=re.compile("PNAME")).click()
    expect(rows(tab)).to_have_count(1)
    assert "label=PNAME" in tab.url
    tab.go_back()
    expect(rows(tab)).to_have_count(3)
    tab.get_by_text("More", exact=True).click()
    tab.get_by_label(re.compile("Conditions")).fill("label=")
    expect(rows(tab)).to_have_count(1)
    tab.get_by_label(re.compile("Conditions")).fill("label")
    expect(tab.get_by_role("alert").filter(has_text="expected one of")).to_be_visible()
    tab.get_by_label(re.compile("Conditions")).fill("")
    expect(rows(tab)).to_have_count(3)
    expect(rows(tab).first.get_by_role("link")).to_have_attribute("href", re.compile(rf"^/projects/{filled}/label/\d+"))


def test_chosen_documents_are_discarded_put_back_and_taken_away(tab: Page, filled: int, owner: httpx.Client) -> None:
    tab.goto(f"/projects/{filled}")
    tab.get_by_role("checkbox", name="Choose document 1").check()
    tab.get_by_role("button", name="Discard", exact=True).click()
    expect(rows(tab).first).to_contain_text("Discarded")
    tab.get_by_role("checkbox", name="Choose all on this page").check()
    expect(tab.locator("#num-chosen")).to_have_text("3 documents chosen")
    tab.get_by_role("button", name="Put back").click()
    expect(rows(tab).first).to_contain_text("Begun")
    expect(rows(tab).last).to_contain_text("To label")
    tab.get_by_role("checkbox", name="Choose document 3").check()
    tab.get_by_role("button", name="Take away…").click()
    tab.get_by_role("button", name="Take them away").click()
    expect(rows(tab)).to_have_count(2)
    assert [one["state"] for one in documents(owner, filled)] == ["draft", "draft"]


def test_an_import_is_taken_back_with_a_warning(tab: Page, filled: int, owner: httpx.Client) -> None:
    first = documents(owner, filled)[0]["id"]
    owner.post(f"/api/projects/{filled}/document-states", json={"ids": [first], "action": "discard"})
    tab.goto(f"/projects/{filled}")
    tab.get_by_text("Imports", exact=True).click()
    tab.get_by_role("button", name="What came in with reviews.conll").click()
    expect(tab.get_by_text("3 documents came in.")).to_be_visible()
    tab.get_by_role("button", name="Take it back…").click()
    expect(tab.get_by_text("1 of them was worked on since")).to_be_visible()
    tab.get_by_role("button", name="Take them away").click()
    expect(tab.get_by_role("heading", name="There are no documents yet")).to_be_visible()


def test_documents_are_taken_out(tab: Page, filled: int, owner: httpx.Client) -> None:
    tab.goto(f"/projects/{filled}?label=PFEATURE")
    tab.get_by_role("button", name="Export…").first.click()
    dialog = tab.get_by_role("dialog", name="Export")
    expect(tab.get_by_role("radio", name="Those that the list shows")).to_be_checked()
    expect(tab.get_by_text("2 documents. Nothing is lost.")).to_be_visible()
    dialog.get_by_role("combobox", name="Format").select_option("doccano")
    expect(tab.get_by_text("The format keeps no words")).to_be_visible()
    with tab.expect_download() as waiting:
        tab.get_by_role("link", name="Download").click()
    download = waiting.value
    assert download.suggested_filename.endswith(".doccano.jsonl")
    lines = [json.loads(line) for line in download.path().read_text().splitlines()]
    assert [one["label"] for one in lines] == [[[4, 7, "PNAME"], [8, 12, "PFEATURE"]], [[7, 11, "PFEATURE"]]]
    imported(owner, filled, b"One\ntwo", "a", format="whole_files")
    tab.get_by_role("radio", name=re.compile("^All")).check()
    dialog.get_by_role("combobox", name="Format").select_option("text")
    expect(tab.get_by_role("alert").filter(has_text="no place for a line end")).to_be_visible()
    expect(tab.get_by_role("link", name="Download")).to_have_attribute("aria-disabled", "true")


def test_files_may_be_dropped_anywhere(tab: Page, project: dict[str, Any], owner: httpx.Client) -> None:
    tab.goto(f"/projects/{project['id']}")
    expect(tab.get_by_role("heading", name="There are no documents yet")).to_be_visible()
    dropped = tab.evaluate_handle(
        "() => { const given = new DataTransfer(); given.items.add(new File(['A O\\n'], 'a.conll')); return given; }"
    )
    tab.dispatch_event("main", "drop", {"dataTransfer": dropped})
    tab.get_by_role("button", name="Import", exact=True).click()
    until(lambda: len(documents(owner, project["id"])) == 1)
