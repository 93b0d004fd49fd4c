"""Nothing that was labelled is lost: offline, over reloads, where answers are lost, where others save, too."""

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest
from labelled_projects import add
from labelling_page import LabellingPage
from playwright.sync_api import Browser, Dialog, Page, Route, expect
from workbench_server import OWNER, WorkbenchServer, running_workbench

from server_process import until
from tagloom.text import Document
from tagloom.workbench.database.store import Store

TEXT = "The Sony CE-7RM3 beats my old D90. Its battery life is good."


@pytest.fixture
def page(
    browser: Browser, workbench: WorkbenchServer, owner: httpx.Client, project: dict[str, Any], store: Store
) -> Iterator[LabellingPage]:
    """A page of which the console may complain of what the test does to its connection."""
    numbers = add(store, project["id"], [Document(TEXT, id="one"), Document("Another text.", id="two")])
    context = browser.new_context(base_url=workbench.address, viewport={"width": 1280, "height": 900})
    cookie = {"name": "tagloom_session", "value": owner.cookies["tagloom_session"], "url": workbench.address}
    context.add_cookies([cookie])  # type: ignore[list-item]  # as Playwright reads it
    tab = context.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    yield LabellingPage(tab, owner, project["id"]).open(numbers[0])
    context.close()
    assert not faults


@pytest.fixture(scope="module")
def grace(workbench: WorkbenchServer) -> Iterator[httpx.Client]:
    """Somebody else."""
    with workbench.logged_in(OWNER) as owner, closing(workbench.joined(owner, "Grace", "admin")) as client:
        yield client


def other_saves(
    page: LabellingPage, *spans: tuple[int, int, str], number: int = 0, client: httpx.Client | None = None
) -> None:
    """The same person saves elsewhere, or somebody else does."""
    present = page.document(number)["labelling"]
    given = [{"start": start, "end": end, "label": label} for start, end, label in spans]
    address = f"/api/projects/{page.project}/documents/{number or page.number}/labelling"
    body = {"revision": present["revision"], "spans": given, "state": "submitted"}
    answer = (client or page.client).put(address, json=body)
    answer.raise_for_status()


def test_changes_wait_without_a_connection_and_are_saved_once_it_is_back(page: LabellingPage) -> None:
    with page.offline():
        page.press("1").drag("Sony").drag("D90")
        expect(page.saving).to_have_text("Offline: 2 changes wait")
        assert page.document()["labelling"]["spans"] == []
    assert page.saved() == [("Sony", "PNAME"), ("D90", "PNAME")]


def test_changes_that_wait_outlive_a_reload_and_the_way_to_another_document(page: LabellingPage) -> None:
    first = page.number
    page.tab.on("dialog", lambda dialog: dialog.accept())
    with page.offline():
        page.press("1").drag("Sony").press("j")
        expect(page.tab.locator("#text")).to_have_text("Another text.")
        page.drag("text")
        expect(page.saving).to_have_text("Offline: 2 changes wait")
        page.tab.reload()
        page.ready()
        assert page.marked() == [("text", "PNAME")]
    assert page.saved(first) == [("Sony", "PNAME")]
    assert page.saved(first + 1) == [("text", "PNAME")]


def test_leaving_warns_only_while_something_is_not_saved(page: LabellingPage) -> None:
    dialogs: list[str] = []

    def answer(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        dialog.accept()

    page.tab.on("dialog", answer)
    page.press("1").drag("Sony").saved()
    page.tab.goto("/")
    assert dialogs == []
    page.open(page.number)
    with page.offline():
        page.press("1").drag("D90")
        expect(page.saving).to_have_text(re.compile("Offline"))
        page.tab.goto("/")
    assert dialogs == ["beforeunload"]


def test_the_last_change_before_leaving_is_saved(page: LabellingPage) -> None:
    page.tab.on("dialog", lambda dialog: dialog.accept())
    page.press("1").drag("Sony")
    page.tab.goto("/")
    expect(page.tab.get_by_role("heading", name="Projects")).to_be_visible()
    until(lambda: page.document()["labelling"]["spans"], seconds=5)


def test_what_was_saved_though_its_answer_was_lost_is_no_conflict(page: LabellingPage) -> None:
    lost: list[int] = []

    def lose(route: Route) -> None:
        if route.request.method == "PUT" and len(lost) < 2:
            lost.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.tab.route("**/labelling", lose)
    page.press("1").drag("Sony")
    expect(page.saving).to_have_text(re.compile("Offline"))
    page.drag("D90")
    assert page.saved() == [("Sony", "PNAME"), ("D90", "PNAME")]
    assert lost == [200, 200]
    assert page.document()["labelling"]["revision"] == 2
    expect(page.tab.get_by_role("dialog")).to_have_count(0)


def test_while_one_change_is_on_its_way_the_next_ones_go_together(page: LabellingPage) -> None:
    bodies: list[int] = []
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "PUT":
            bodies.append(len(route.request.post_data_json["spans"]))
        if route.request.method == "PUT" and not held:
            held.append(route)
        else:
            route.continue_()

    page.tab.route("**/labelling", hold)
    page.press("1").drag("Sony")
    expect(page.saving).to_have_text("Saving…")
    until(lambda: page.tab.evaluate("1") and held)
    page.drag("D90").drag("battery life").drag("good")
    held[0].continue_()
    assert len(page.saved()) == 4
    assert bodies == [1, 4]


@pytest.mark.parametrize(
    ("button", "spans"),
    [
        ("Keep both", [("Sony CE-7RM3", "PNAME"), ("battery life", "PFEATURE")]),
        ("Keep mine", [("Sony CE-7RM3", "PNAME")]),
        ("Take theirs", [("Sony", "PFEATURE"), ("battery life", "PFEATURE")]),
    ],
)
def test_who_saves_second_chooses_and_can_undo_that(
    page: LabellingPage, grace: httpx.Client, button: str, spans: list[tuple[str, str]]
) -> None:
    other_saves(page, (4, 8, "PFEATURE"), (39, 51, "PFEATURE"), client=grace)
    page.press("1").drag("Sony CE-7RM3")
    dialog = page.tab.get_by_role("dialog")
    expect(dialog).to_contain_text("Grace has changed one, too")
    expect(dialog).to_contain_text("battery life PFEATURE")
    expect(page.saving).to_have_text("Not saved: 1 change waits for you")
    dialog.get_by_role("button", name=button).click()
    assert page.saved() == spans
    if button != "Keep mine":
        page.tab.locator("#text").focus()
        page.press("Control+z")
        assert page.saved() == [("Sony CE-7RM3", "PNAME")]


def test_a_conflict_in_a_document_that_one_has_left_is_asked_about_all_the_same(page: LabellingPage) -> None:
    first = page.number
    other_saves(page, (4, 8, "PFEATURE"))
    page.press("1").drag("D90").press("Control+Enter")
    dialog = page.tab.get_by_role("dialog")
    expect(dialog).to_contain_text("You have changed one in another window, too")
    expect(dialog).to_contain_text("Sony PFEATURE")
    dialog.get_by_role("button", name="Keep both").click()
    assert page.saved(first) == [("Sony", "PFEATURE"), ("D90", "PNAME")]
    assert page.state(first) == "submitted"


def test_a_label_that_is_gone_is_told_and_the_change_kept(page: LabellingPage) -> None:
    address = f"/api/projects/{page.project}/labels"
    labels = page.client.get(address).json()
    page.client.put(address, json=labels[1:]).raise_for_status()
    page.press("1").drag("Sony")
    expect(page.tab.locator("#notice")).to_contain_text("expected a label of the project")
    expect(page.saving).to_have_text("Not saved: 1 change waits for you")
    page.client.put(address, json=[{**labels[0], "id": 0}, *labels[1:]]).raise_for_status()
    page.tab.on("dialog", lambda dialog: dialog.accept())
    page.tab.get_by_role("button", name="Load the page anew").click()
    expect(page.saving).to_have_text("Saved")
    assert page.saved() == [("Sony", "PNAME")]


def test_a_change_that_waits_follows_its_label_to_another_name(page: LabellingPage) -> None:
    address = f"/api/projects/{page.project}/labels"
    page.tab.on("dialog", lambda dialog: dialog.accept())
    with page.offline():
        page.press("1").drag("Sony")
        expect(page.saving).to_have_text("Offline: 1 change waits")
        labels = page.client.get(address).json()
        page.client.put(address, json=[{**labels[0], "name": "PRODUCT"}, *labels[1:]]).raise_for_status()
        page.tab.reload()
        page.ready()
    assert page.saved() == [("Sony", "PRODUCT")]


def test_programs_are_told_where_spans_do_not_fit_and_what_a_document_is_by_now(page: LabellingPage) -> None:
    address = f"/api/projects/{page.project}/documents/{page.number}/labelling"

    def put(**body: Any) -> httpx.Response:
        return page.client.put(address, json=body)

    wrong = put(revision=0, spans=[{"start": 4, "end": 8, "label": "PNAME", "text": "Soni"}])
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/spans/0/text")
    assert put(revision=0, spans=[], state="new").status_code == 422
    assert put(revision=0, spans=[{"start": -1, "end": 8, "label": "PNAME"}]).status_code == 422
    saved = put(revision=0, spans=[{"start": 4, "end": 8, "label": "PNAME"}]).json()
    assert (saved["revision"], saved["state"]) == (1, "draft")
    late = put(revision=0, spans=[])
    assert (late.status_code, late.json()["type"]) == (409, "urn:tagloom:problem:changed-meanwhile")
    assert late.json()["present"] == page.document()["labelling"]


def test_who_else_has_the_document_is_told(page: LabellingPage, workbench: WorkbenchServer, store: Store) -> None:
    (third,) = add(store, page.project, [Document("The third text.")])
    name = f"Ben {page.project}"
    with closing(workbench.joined(page.client, name, "admin")) as ben:
        given = ben.post(f"/api/projects/{page.project}/queue", json={}).json()["document"]["id"]
        assert given == third  # the first one lies before Ada, and the second is hers next
        page.open(given)
        expect(page.tab.locator("#notice")).to_contain_text(f"{name} has this document")


def test_a_server_that_was_killed_has_all_that_it_acknowledged(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("killed") / "data"
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    with running_workbench(folder) as server:
        client = server.accept(server.link, OWNER)
        project = client.post("/api/projects", json={"name": "Reviews", "template": "camera"}).json()["id"]
        tables = Store(folder)
        (number,) = add(tables, project, [Document(TEXT)])
        tables.close()
        cookie = {"name": "tagloom_session", "value": client.cookies["tagloom_session"], "url": server.address}
        context.add_cookies([cookie])  # type: ignore[list-item]  # as Playwright reads it
        tab: Page = context.new_page()
        page = LabellingPage(tab, client, project)
        page.number = number
        tab.goto(f"{server.address}/projects/{project}/label/{number}")
        page.ready().press("1").drag("Sony").saved()
        server.kill()
        page.drag("D90")
        expect(page.saving).to_have_text("Offline: 1 change waits")
        port = int(server.address.rpartition(":")[2])
    with running_workbench(folder, port=port):
        assert page.saved() == [("Sony", "PNAME"), ("D90", "PNAME")]
    client.close()
    context.close()
