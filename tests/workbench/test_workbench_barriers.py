"""Every page has names for screen readers and contrast of WCAG AA, in light and in dark."""

from typing import Any

import httpx
import pytest
from accessibility import barriers
from labelled_projects import add, suggest
from labelling_page import LabellingPage
from made_trainings import made_training
from playwright.sync_api import Page, expect
from workbench_routes import ELSEWHERE, ROUTES, THINGS
from workbench_server import WorkbenchServer

from tagloom.text import Document, Span
from tagloom.workbench.database.store import Store

_NO_PAGES = {"/static/{version}/{name:path}", "/projects/{project_id}/training/{training_id}/report"}
_WITHOUT_LOGIN = {"/login", "/invitation/{secret}"}
PAGES = sorted(
    (route for route in ROUTES if route.is_page and route.path not in _NO_PAGES),
    key=lambda route: route.path in _WITHOUT_LOGIN,
)
COLOURS = range(12)


@pytest.fixture
def things(
    workbench: WorkbenchServer, owner: httpx.Client, project: dict[str, Any], store: Store
) -> dict[str, int | str]:
    """What is named in addresses: a project with a thing of each kind in it, and what there is beside projects."""
    number = project["id"]
    own = store.write_now(lambda connection: {name: make(connection, number) for name, make in THINGS.items()})
    own["training_id"] = made_training(workbench.folder, number)
    exhibit = owner.get("/api/gallery").json()[0]["exhibit"]["id"]
    secret = owner.post("/api/invitations", json={"role": "viewer"}).json()["link"].rpartition("/")[2]
    return {**ELSEWHERE, **own, "project_id": number, "exhibit_id": exhibit, "secret": secret}


def test_pages_have_names_and_contrast(tab: Page, things: dict[str, int | str]) -> None:
    found = []
    for route in PAGES:
        if route.path in _WITHOUT_LOGIN:
            tab.context.clear_cookies()
        answer = tab.goto(route.address(things))
        assert answer is not None
        assert answer.ok
        tab.wait_for_load_state("networkidle")
        expect(tab.get_by_role("heading", level=1)).to_have_count(1)
        found += barriers(tab)
    assert found == []


def test_labels_of_all_colours_have_contrast(
    tab: Page, owner: httpx.Client, project: dict[str, Any], store: Store
) -> None:
    labels = [{"id": 0, "name": f"LABEL{colour}", "description": "", "colour": colour} for colour in COLOURS]
    owner.put(f"/api/projects/{project['id']}/labels", json=labels).raise_for_status()
    words = [f"word{10 + colour}" for colour in COLOURS]  # of one length
    places = [(7 * colour, 7 * colour + 6, f"LABEL{colour}") for colour in COLOURS]
    spans = tuple(Span(*place) for place in places)
    labelled, suggested = add(store, project["id"], [Document(" ".join(words), spans), Document(" ".join(words))])
    suggest(store, suggested, *((*place, 0.9) for place in places))
    page = LabellingPage(tab, owner, project["id"])
    for number, marks in ((labelled, "mark.span"), (suggested, "mark.suggestion")):
        page.open(number)
        expect(tab.locator(marks)).to_have_count(len(COLOURS))
        page.click("word15")
        expect(page.menu).to_be_visible()
        assert barriers(tab) == []
    page.press("Escape", "?")
    expect(tab.get_by_role("dialog")).to_be_visible()
    assert barriers(tab) == []


def test_the_description_of_the_api_has_names_and_contrast(tab: Page) -> None:
    tab.goto("/api/docs")
    expect(tab.get_by_role("heading", level=1)).to_have_count(1)
    tab.wait_for_load_state("networkidle")
    assert barriers(tab) == []
