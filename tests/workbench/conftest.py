"""A workbench with its owner, projects in it, and a browser."""

import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import httpx
import pytest
from labelled_projects import add
from labelling_page import LabellingPage
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from workbench_server import OWNER, WorkbenchServer, running_workbench

from chromium import find_chromium
from tagloom.text import Document
from tagloom.workbench.database.store import Store

expect.set_options(timeout=20_000)  # milliseconds: the machine may have much else to do

_numbers = count(1)
_REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (409|422) .*")
"""What Chromium says of an answer that a page tells people of."""


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkbenchServer]:
    """A workbench whose owner has an account."""
    with running_workbench(tmp_path_factory.mktemp("workbench") / "data") as server:
        server.accept(server.link, OWNER).close()
        yield server


@pytest.fixture
def owner(workbench: WorkbenchServer) -> Iterator[httpx.Client]:
    """The owner, logged in."""
    with workbench.logged_in(OWNER) as client:
        yield client


@pytest.fixture
def project(owner: httpx.Client) -> dict[str, Any]:
    """A new project of camera reviews."""
    made = owner.post("/api/projects", json={"name": f"Reviews {next(_numbers)}", "template": "camera"})
    made.raise_for_status()
    found: dict[str, Any] = made.json()
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, steered by Playwright."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium here; install it to test pages in a browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def tab(browser: Browser, workbench: WorkbenchServer, owner: httpx.Client) -> Iterator[Page]:
    """A tab in which the owner is logged in; what its console complains of fails the test."""
    context = browser.new_context(base_url=workbench.address, viewport={"width": 1280, "height": 900})
    session = owner.cookies["tagloom_session"]
    context.add_cookies([{"name": "tagloom_session", "value": session, "url": workbench.address}])
    page = context.new_page()
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not _REFUSED.match(message.text):
            complaints.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert not complaints


@pytest.fixture(scope="module")
def store(workbench: WorkbenchServer) -> Iterator[Store]:
    """The tables of the workbench, beside its server."""
    found = Store(workbench.folder)
    yield found
    found.close()


@pytest.fixture
def opened(tab: Page, owner: httpx.Client, project: dict[str, Any], store: Store) -> Callable[..., LabellingPage]:
    """Adds documents to a project, and opens the first of them to label it."""

    def open_page(*given: str | Document, query: str = "") -> LabellingPage:
        made = [each if isinstance(each, Document) else Document(each, id=f"text {each[:10]}") for each in given]
        return LabellingPage(tab, owner, project["id"]).open(add(store, project["id"], made)[0], query)

    return open_page
