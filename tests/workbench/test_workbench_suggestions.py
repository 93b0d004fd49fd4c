"""What models suggest: read ahead, offered beside what people say, accepted, rejected for good, never lost."""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from labelled_projects import a_person, a_project, add, suggest, wanted
from labelling_page import LabellingPage
from own_loop import run
from playwright.sync_api import expect
from sqlalchemy import insert, select
from trained_projects import a_training
from workbench_server import WorkbenchServer

from server_process import until
from tagloom.serving.state.database import Database
from tagloom.serving.state.deployments import Deployments
from tagloom.text import Document, Span
from tagloom.workbench.database.store import Store
from tagloom.workbench.database.tables import documents, slots
from tagloom.workbench.documents.imports.adding import MODEL as IMPORTS
from tagloom.workbench.documents.prereading import Prereading
from tagloom.workbench.documents.saving import Wanted, save
from tagloom.workbench.documents.states import State
from tagloom.workbench.documents.suggestions import Rejection, keep_read, num_unread, suggestions_of, unread
from tagloom.workbench.folders import Folders
from tagloom.workbench.models.current import current_model
from tagloom.workbench.models.reading import ReadDocument
from tagloom.workbench.problems import Refused

TEXT = "The Sony CE-7RM3 beats my D90. Its battery life is good."
SONY, D90, BATTERY = (4, 16, "PNAME", 0.9), (26, 29, "PNAME", 0.6), (35, 47, "PFEATURE", None)

Opening = Callable[..., LabellingPage]


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[Store]:
    found = Store(tmp_path)
    yield found
    found.close()


def offered(store: Store, number: int) -> list[tuple[Any, ...]]:
    found = store.read_now(lambda connection: suggestions_of(connection, number))
    return [(span.start, span.end, span.label, span.origin) for span in found]


def keep(store: Store, number: int, model: str, *spans: tuple[int, int, str, float], certainty: float = 0.5) -> None:
    read = [(number, ReadDocument(list(spans), certainty))]
    store.write_now(lambda connection: keep_read(connection, model, read))


def test_another_model_takes_the_place_of_the_one_before_but_not_of_imports(tables: Store) -> None:
    (number,) = add(tables, a_project(tables), [Document(TEXT)])
    suggest(tables, number, BATTERY)
    keep(tables, number, "model one", (4, 16, "PNAME", 0.9), certainty=0.25)
    keep(tables, number, "model two", (26, 29, "PNAME", 0.8), certainty=0.75)
    assert offered(tables, number) == [(26, 29, "PNAME", "model two"), (35, 47, "PFEATURE", IMPORTS)]
    sure = tables.read_now(lambda connection: connection.execute(select(documents.c.certainty)).scalar_one())
    assert sure == 0.75


def test_what_was_rejected_is_not_offered_again_by_whatever_model(tables: Store) -> None:
    project = a_project(tables)
    (number,) = add(tables, project, [Document(TEXT)])
    ada = a_person(tables, "Ada")
    keep(tables, number, "model one", (4, 16, "PNAME", 0.9))
    asked = Wanted(revision=0, spans=wanted((26, 29, "PNAME")), rejected=[Rejection(4, 16, "PNAME")])
    tables.write_now(lambda connection: save(connection, project, number, ada, asked))
    keep(tables, number, "model two", (4, 16, "PNAME", 0.99), (35, 47, "PFEATURE", 0.9))
    assert offered(tables, number) == [(35, 47, "PFEATURE", "model two")]


def test_documents_are_unread_until_the_model_has_read_them_or_somebody_has_decided(tables: Store) -> None:
    project = a_project(tables)
    numbers = add(tables, project, [Document(f"{TEXT} {place}") for place in range(4)])
    add(tables, project, [Document("done")], State.SUBMITTED)
    keep(tables, numbers[1], "model one")

    def left(limit: int, most_characters: int = 10_000) -> list[int]:
        found = tables.read_now(
            lambda connection: unread(
                connection, project, "model one", state=State.NEW, limit=limit, most_characters=most_characters
            )
        )
        return [number for number, _ in found]

    assert left(10) == [numbers[0], numbers[2], numbers[3]]
    assert left(2) == [numbers[0], numbers[2]]
    assert left(10, most_characters=len(TEXT)) == [numbers[0]]
    assert tables.read_now(lambda connection: num_unread(connection, project, "model one")) == 3
    assert tables.read_now(lambda connection: num_unread(connection, project, "model two")) == 4


def test_the_current_model_is_the_newest_trained_one_unless_one_is_deployed(tables: Store, tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    deployed = Deployments(Database(folders.serving))
    project = a_project(tables)

    def origin() -> str | None:
        found = tables.read_now(lambda connection: current_model(connection, folders, deployed, project))
        return None if found is None else found.origin.rsplit(" ", 1)[0]

    assert origin() is None
    first = a_training(tables, tmp_path, project, seed=1)
    a_training(tables, tmp_path, project, seed=2)
    a_training(tables, tmp_path, project, seed=3, state="failed")
    assert origin() == "model run 2"
    deployed.deploy(folders.run(first), "others")
    assert origin() == "model run 2"
    tables.write_now(lambda connection: connection.execute(insert(slots).values(name="cameras", project_id=project)))
    deployed.deploy(folders.run(first), "cameras", model="run 1")
    assert origin() == "model run 1"


class Reader:
    """Stands for the process of models: it finds the first word in every text, and can break down."""

    def __init__(self, fails_after: int = 1000) -> None:
        self.texts: list[str] = []
        self._left = fails_after

    async def read(self, _: Path, given: Sequence[Document]) -> list[ReadDocument]:
        if self._left < len(given):
            raise Refused("model-failed", "It broke down.")
        self._left -= len(given)
        self.texts += [each.text for each in given]
        return [ReadDocument([(0, 3, "PNAME", 0.5)], 0.5) for _ in given]


def test_a_model_that_broke_down_goes_on_from_where_it_was(tables: Store, tmp_path: Path) -> None:
    project = a_project(tables)
    add(tables, project, [Document(f"{TEXT} {place}") for place in range(50)])
    add(tables, project, [Document("begun")], State.DRAFT)
    add(tables, project, [Document("done")], State.SUBMITTED)
    a_training(tables, tmp_path, project)
    folders = Folders(tmp_path)
    deployments = Deployments(Database(folders.serving))

    async def read(reader: Reader) -> str:
        reading = Prereading(tables, reader, folders, deployments)  # type: ignore[arg-type]  # stands for the process
        reading.begin(project)
        reading.begin(project)
        while reading.is_reading(project):
            await asyncio.sleep(0.01)
        last = reading.last(project)
        assert last is not None
        return last.error

    first, second, third = Reader(fails_after=40), Reader(), Reader()
    assert run(read(first)) == "It broke down."
    assert len(first.texts) == 32
    assert run(read(second)) == ""
    assert len(second.texts) == 19
    assert {*first.texts, *second.texts} == {*(f"{TEXT} {place}" for place in range(50)), "begun"}
    run(read(third))
    assert third.texts == []


def _stored(page: LabellingPage) -> str:
    """The name under which the browser keeps which suggestions are wanted."""
    data = page.tab.evaluate("JSON.parse(document.getElementById('page-data').textContent)")
    return f"tagloom.suggestions.{data['person']}.{data['project']}"


@pytest.fixture
def suggested(opened: Opening, store: Store) -> LabellingPage:
    """A page with suggestions of an import."""
    page = opened(Document(TEXT, (Span(26, 29, "PFEATURE"),)), "Another text.")
    suggest(store, page.number, SONY, D90, BATTERY)
    page.tab.reload()
    return page.ready()


def test_suggestions_are_accepted_and_rejected_one_by_one_never_over_a_label(suggested: LabellingPage) -> None:
    page = suggested
    assert page.suggested() == [("Sony CE-7RM3", "PNAME"), ("battery life", "PFEATURE")]
    page.press("Tab", "a")
    expect(page.told).to_have_text("Sony CE-7RM3 labelled PNAME")
    page.press("Tab", "Tab")
    expect(page.told).to_have_text("battery life, PFEATURE suggested")
    page.press("r")
    assert page.saved() == [("Sony CE-7RM3", "PNAME"), ("D90", "PFEATURE")]
    kept = page.document()["labelling"]["spans"][0]
    assert (kept["score"], kept["origin"]) == (0.9, IMPORTS)
    page.tab.reload()
    assert page.ready().suggested() == []
    page.press("Control+z")
    assert page.suggested() == [("battery life", "PFEATURE")]
    page.press("Control+z")
    assert page.suggested() == [("Sony CE-7RM3", "PNAME"), ("battery life", "PFEATURE")]
    assert page.saved() == [("D90", "PFEATURE")]


def test_a_suggestion_has_buttons_at_the_mouse_and_a_menu_in_which_it_gets_another_label(
    suggested: LabellingPage,
) -> None:
    page = suggested
    box = page.box("Sony")
    page.tab.mouse.move(box["left"] + 5, box["y"])
    page.tab.locator(".offer button[title=Accept]").click()
    page.click("battery")
    expect(page.menu).to_contain_text("Suggested by the imported file")
    page.press("1")
    assert page.saved() == [("Sony CE-7RM3", "PNAME"), ("D90", "PFEATURE"), ("battery life", "PNAME")]
    page.click("battery").press("Backspace")
    page.click("battery").press("Backspace")
    assert page.suggested() == []
    page.saved()
    assert [each["label"] for each in page.document()["labelling"]["rejected"]] == ["PFEATURE"]


def test_what_a_model_suggests_gives_way_to_what_an_import_does(opened: Opening, store: Store) -> None:
    page = opened(TEXT)
    suggest(store, page.number, D90)
    suggest(store, page.number, (17, 29, "PFEATURE", 0.9), (35, 47, "PFEATURE", 0.9), model="model one 123456789abc")
    page.tab.evaluate("name => localStorage.setItem(name, JSON.stringify({ isOn: true }))", _stored(page))
    page.tab.reload()
    assert page.ready().suggested() == [("D90", "PNAME"), ("battery life", "PFEATURE")]


def test_all_suggestions_are_accepted_or_rejected_at_once(suggested: LabellingPage) -> None:
    page = suggested
    page.tab.get_by_role("button", name="Accept all 2").click()
    assert len(page.saved()) == 3
    page.press("Control+z", "Shift+r")
    assert page.saved() == [("D90", "PFEATURE")]
    assert page.suggested() == []
    expect(page.tab.get_by_role("button", name="Accept all")).to_be_hidden()


def test_an_accepted_suggestion_that_is_taken_away_does_not_come_again(suggested: LabellingPage) -> None:
    page = suggested
    page.press("Shift+a", "Tab", "Backspace")
    assert page.saved() == [("D90", "PFEATURE"), ("battery life", "PFEATURE")]
    assert page.suggested() == []


def test_a_model_suggests_what_is_wanted_of_it_and_says_how_good_it_is(
    opened: Opening, workbench: WorkbenchServer, owner: httpx.Client, project: dict[str, Any], store: Store
) -> None:
    a_training(store, workbench.folder, project["id"], seed=3)
    text = "My Nikon D90 has a bright viewfinder . " * 12
    page = opened(text, *(f"Superb {place} {text[:place]}" for place in range(40)))
    assert page.suggested() == []
    panel = page.tab.locator("#suggestions")
    expect(panel.get_by_role("row", name="PNAME").get_by_role("cell")).to_have_text(["91 %", "83 %"])
    panel.get_by_label("Show what the model suggests").check()
    panel.get_by_label("From a score of").fill("0")
    expect(page.tab.locator("mark.suggestion").first).to_be_visible()
    labels = {label for _, label in page.suggested()}
    assert labels <= {"PNAME", "PFEATURE"}
    one = labels.pop()
    panel.get_by_label(f"Suggest {one}", exact=True).uncheck()
    assert one not in {label for _, label in page.suggested()}
    panel.get_by_label(f"Suggest {one}", exact=True).check()
    scores = [each["score"] for each in page.document()["suggestions"] if each["score"] is not None]
    assert scores
    panel.get_by_label("From a score of").fill("1")
    assert len(page.suggested()) <= sum(score >= 1 for score in scores)

    address = f"/api/projects/{project['id']}"
    until(lambda: owner.get(f"{address}/suggesting").json()["num_unread"] == 0)
    page.tab.get_by_label("Documents come").select_option("least-sure")
    page.press("j")
    expect(page.tab.locator("#text")).to_have_text(re.compile("Superb"))
    others = [
        each for each in owner.get(f"{address}/documents?limit=200").json()["documents"] if each["id"] != page.number
    ]
    certainties = {each["id"]: each["certainty"] for each in others}
    shown = int(page.tab.url.rpartition("/")[2])
    assert certainties[shown] == min(certainties.values())


def test_without_a_model_nothing_is_suggested_and_that_is_said(opened: Opening, owner: httpx.Client) -> None:
    page = opened(TEXT)
    expect(page.tab.locator("#suggestions")).to_contain_text("There is no model yet")
    address = f"/api/projects/{page.project}"
    assert owner.get(f"{address}/suggesting").json() is None
    assert owner.post(f"{address}/documents/{page.number}/suggestions").json() == []
