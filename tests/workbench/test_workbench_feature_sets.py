"""Feature sets: what they hold is what the command line would make of the same documents, and it never changes."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from labelled_projects import LABELS, a_project, add
from playwright.sync_api import Page, expect
from workbench_server import OWNER, WorkbenchServer, running_workbench

from server_process import until
from tagloom.data.division.feature_set import FeatureSet
from tagloom.data.packaged import camera_reviews
from tagloom.text import Document, Span
from tagloom.workbench.database.store import Store
from tagloom.workbench.documents.states import State
from tagloom.workbench.feature_sets.asked import Asked
from tagloom.workbench.feature_sets.feature_sets import begin_feature_set
from tagloom.workbench.feature_sets.names import different_names, referring

Made = dict[str, Any]


def reviews(number: int = 40) -> list[Document]:
    """Some reviews of five products; every fourth has the name that another has, too."""
    names = ["D90", "S3 IS", "K-70", "OM-5", "SL2"]
    return [
        Document(
            f"My {name} has menu number {place}",
            (Span(3, 3 + len(name), LABELS[0]), Span(8 + len(name), 12 + len(name), LABELS[1])),
            id="the same" if place % 4 == 0 else f"review {place}",
            metadata={"product": name, "day": f"2024-01-{1 + place % 28:02}"},
        )
        for place in range(number)
        for name in [names[place % 5]]
    ]


@pytest.fixture
def labelled(workbench: WorkbenchServer, project: dict[str, Any]) -> tuple[int, list[int]]:
    """A project with documents that are submitted, and their numbers."""
    store = Store(workbench.folder)
    numbers = add(store, project["id"], reviews(), State.SUBMITTED)
    store.close()
    return project["id"], numbers


def make(client: httpx.Client, project: int, **asked: Any) -> Made:
    """Makes one, and waits until it is there or has failed."""
    made = client.post(f"/api/projects/{project}/feature-sets", json=asked)
    assert made.status_code == 201, made.text
    address = f"/api/projects/{project}/feature-sets/{made.json()['id']}"
    until(lambda: client.get(address).json()["state"] != "making")
    found: Made = client.get(address).json()
    return found


def folder_of(workbench: WorkbenchServer, made: Made) -> Path:
    return workbench.folder / "feature-sets" / str(made["id"])


def sizes(made: Made) -> dict[str, int]:
    return {part: own["documents"] for part, own in made["parts"].items()}


def test_it_is_the_folder_that_the_command_line_makes(
    workbench: WorkbenchServer, owner: httpx.Client, labelled: tuple[int, list[int]]
) -> None:
    made = make(owner, labelled[0], ratios=[0.6, 0.2, 0.2], seed=5)
    assert (made["state"], sizes(made)) == ("ready", {"train": 24, "dev": 8, "test": 8})
    own = FeatureSet.load(folder_of(workbench, made))
    every = [document for _, part in own.parts() for document in part.documents]
    assert sorted(document.text for document in every) == sorted(document.text for document in reviews())
    assert {document.spans for document in every} == {document.spans for document in reviews()}
    by_name = {document.id: document for document in every}
    given = {number: by_name[name] for number, name in names_of(labelled[1]).items()}
    again = FeatureSet.split(own.train.of(list(given.values())), ratios=(0.6, 0.2, 0.2), seed=5)
    assert [document.id for document in again.test.documents] == [document.id for document in own.test.documents]
    assert own.rule == again.rule


def names_of(numbers: list[int]) -> dict[int, str]:
    """What the documents of `reviews` are called in a feature set."""
    return different_names(zip(numbers, (document.id for document in reviews()), strict=True))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"by": "product", "ratios": [0.6, 0.2, 0.2]}, {"train": 24, "dev": 8, "test": 8}),
        ({"way": "filters", "dev_where": "product=SL2", "test_where": "product=D90", "where": "product!=OM-5"},
         {"train": 16, "dev": 8, "test": 8}),
        ({"way": "time", "by_time": "day", "ratios": [0.5, 0.25, 0.25]}, {"train": 20, "dev": 10, "test": 10}),
    ],
)  # fmt: skip
def test_documents_are_divided_as_was_asked(
    owner: httpx.Client, labelled: tuple[int, list[int]], asked: dict[str, Any], expected: dict[str, int]
) -> None:
    assert sizes(make(owner, labelled[0], **asked)) == expected


def test_documents_go_where_a_person_puts_them(
    workbench: WorkbenchServer, owner: httpx.Client, labelled: tuple[int, list[int]]
) -> None:
    project, numbers = labelled
    rules = [{"where": "product=D90", "place": "test"}, {"where": "text~number 5$", "place": "nowhere"}]
    single = {numbers[0]: "dev", numbers[1]: "dev", numbers[7]: "nowhere", 10**9: "test"}
    made = make(owner, project, way="choice", rest="train", rules=rules, documents=single)
    assert sizes(made) == {"train": 30, "dev": 2, "test": 6}
    dev = FeatureSet.load(folder_of(workbench, made)).dev.documents
    assert [document.text for document in dev] == [document.text for document in reviews()[:2]]


def test_it_stays_as_it_is_whatever_becomes_of_the_documents(
    workbench: WorkbenchServer, owner: httpx.Client, labelled: tuple[int, list[int]]
) -> None:
    project, numbers = labelled
    made = make(owner, project)
    before = {path.name: path.read_bytes() for path in folder_of(workbench, made).iterdir()}
    owner.request("DELETE", f"/api/projects/{project}/documents", json={"ids": numbers[:10]}).raise_for_status()
    later = make(owner, project)
    assert sum(sizes(later).values()) == 30
    assert {path.name: path.read_bytes() for path in folder_of(workbench, made).iterdir()} == before
    assert [one["name"] for one in owner.get(f"/api/projects/{project}/feature-sets").json()] == [
        "Feature set 2",
        "Feature set 1",
    ]


def test_every_finding_names_the_documents_concerned(owner: httpx.Client, labelled: tuple[int, list[int]]) -> None:
    project, numbers = labelled
    named = names_of(numbers)
    made = make(owner, project, way="filters", test_where='text~"number 1$"')
    notes = [block for section in made["sections"] for block in section["blocks"] if block["block"] == "note"]
    assert {"Rare labels", "Label drift"} & {note["title"] for note in notes}
    assert sum(made["severities"].values()) == len(notes)
    assert all(note["text"] for note in notes)
    pieces = [piece for note in notes for example in note["examples"] for piece in example if "document" in piece]
    assert all(piece["text"] == f"document {named[piece['document']]}" for piece in pieces)


def test_drafts_count_where_that_is_asked(workbench: WorkbenchServer, owner: httpx.Client, project: Made) -> None:
    store = Store(workbench.folder)
    add(store, project["id"], reviews(30), State.SUBMITTED)
    add(store, project["id"], reviews(5), State.DRAFT)
    add(store, project["id"], reviews(7), State.DISCARDED)
    store.close()
    assert sum(sizes(make(owner, project["id"])).values()) == 30
    assert sum(sizes(make(owner, project["id"], with_drafts=True)).values()) == 35


def test_what_the_command_line_would_refuse_is_told_in_its_words(
    owner: httpx.Client, labelled: tuple[int, list[int]]
) -> None:
    made = make(owner, labelled[0], by="author")
    assert made["state"] == "failed"
    assert made["error"] == "by: no document has the field 'author'. Known fields are id, text, label, product, day."


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"ratios": [0.5, 0.1, 0.1]}, "/ratios"),
        ({"way": "time"}, "/by_time"),
        ({"way": "filters"}, "/dev_where"),
        ({"where": "day >> 3"}, "/where"),
        ({"way": "choice", "rules": [{"where": "", "place": "test"}]}, "/rules/0/where"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    owner: httpx.Client, labelled: tuple[int, list[int]], asked: dict[str, Any], field: str
) -> None:
    answer = owner.post(f"/api/projects/{labelled[0]}/feature-sets", json=asked)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [field]


def test_nothing_submitted_makes_none(owner: httpx.Client, project: Made) -> None:
    answer = owner.post(f"/api/projects/{project['id']}/feature-sets", json={})
    assert answer.status_code == 409
    assert "submit" in answer.json()["detail"]


def test_it_is_renamed_and_taken_away_with_its_folder(
    workbench: WorkbenchServer, owner: httpx.Client, labelled: tuple[int, list[int]]
) -> None:
    made, other = make(owner, labelled[0]), make(owner, labelled[0], name="The other")
    address = f"/api/projects/{labelled[0]}/feature-sets/{made['id']}"
    assert owner.put(address, json={"name": "The other"}).status_code == 409
    owner.put(address, json={"name": "The first"}).raise_for_status()
    assert owner.get(address).json()["name"] == "The first"
    owner.delete(address).raise_for_status()
    assert owner.get(address).status_code == 404
    until(lambda: not folder_of(workbench, made).exists())
    assert folder_of(workbench, other).exists()


def test_what_was_being_made_when_the_server_was_killed_is_made_when_it_starts(tmp_path: Path) -> None:
    with running_workbench(tmp_path / "data") as server:
        server.accept(server.link, OWNER).close()
        server.kill()
    store = Store(tmp_path / "data")
    project = a_project(store)
    add(store, project, reviews(), State.SUBMITTED)
    number = store.write_now(lambda connection: begin_feature_set(connection, project, 1, "", Asked()))
    store.close()
    half = tmp_path / "data" / "making" / str(number)
    half.mkdir(parents=True)
    (half / "documents.jsonl").write_text('{"text": "ha')
    stranger = tmp_path / "data" / "feature-sets" / "77"
    stranger.mkdir()
    with running_workbench(tmp_path / "data") as server, server.logged_in(OWNER) as client:
        address = f"/api/projects/{project}/feature-sets/{number}"
        until(lambda: client.get(address).json()["state"] == "ready")
    assert not half.exists()
    assert not stranger.exists()


def test_names_in_findings_are_told_apart() -> None:
    numbers = {"7": 1, "7, dev document 8": 2, "8": 3}
    assert [piece.get("document") for piece in referring("document 7, dev document 8: a", numbers)] == [2, None]
    assert [piece.get("document") for piece in referring("document 8 or document 7", numbers)] == [3, None, 1]
    assert referring("document 9: of document 8 it says", numbers) == [{"text": "document 9: of document 8 it says"}]


def test_one_is_made_in_the_browser_and_leads_to_what_is_wrong(
    workbench: WorkbenchServer, tab: Page, project: Made
) -> None:
    store = Store(workbench.folder)
    some = [document for _, part in camera_reviews().parts() for document in part.documents[:60]]
    numbers = add(
        store, project["id"], [*some, Document("It works.", id="twice"), Document("It works.")], State.SUBMITTED
    )
    store.close()
    tab.goto(f"/projects/{project['id']}/feature-sets")
    tab.get_by_role("link", name="Make the first one").click()
    tab.get_by_label("Test, per cent").fill("20")
    expect(tab.locator("#train")).to_have_text("70")
    tab.get_by_role("button", name="Make it").click()
    tab.wait_for_url(re.compile(r"/feature-sets/\d+$"))
    expect(tab.get_by_role("heading", name="What is in it")).to_be_visible(timeout=20_000)
    tab.locator(".chart").first.scroll_into_view_if_needed()
    expect(tab.locator(".chart .main-svg").first).to_be_visible(timeout=20_000)
    finding = tab.locator(".note", has_text="Duplicate sentences")
    expect(finding).to_contain_text("warning")
    expect(finding.get_by_role("link", name=f"document #{numbers[-1]}")).to_have_attribute(
        "href", f"/projects/{project['id']}/label?document={numbers[-1]}"
    )
