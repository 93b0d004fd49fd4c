"""The gallery: what is shown to whom, tried within bounds, said by admins; the model that comes with the package."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from made_trainings import made_training, store_of
from playwright.sync_api import Page, expect
from workbench_server import OWNER, WorkbenchServer

from gallery_model import MOST_BYTES, OPTIONS
from tagloom.data.packaged import camera_reviews
from tagloom.evaluation.evaluating import evaluate_chunks
from tagloom.inference.predictor import load
from tagloom.workbench.accounts.people import Person
from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.gallery.exhibits import Audience, add_packaged, change_exhibit, exhibits_for
from tagloom.workbench.gallery.packaged import LICENCE, PATH, SAMPLES
from tagloom.workbench.gallery.visitors import ALL_PER_MINUTE, PER_MINUTE, Visitors
from tagloom.workbench.problems import Refused

TEXT = "I sold my Pentax K-70 and only miss its battery life."
ADMIN = Person(1, OWNER, Role.ADMIN)
_numbers = count(1)


@pytest.fixture
def training(workbench: WorkbenchServer, project: dict[str, Any]) -> int:
    return made_training(workbench.folder, project["id"], f"Shown {next(_numbers)}")


@pytest.fixture
def visitor(workbench: WorkbenchServer) -> Iterator[httpx.Client]:
    with workbench.client() as client:
        yield client


@pytest.fixture(scope="module")
def viewer(workbench: WorkbenchServer) -> Iterator[httpx.Client]:
    with workbench.logged_in(OWNER) as owner, closing(workbench.joined(owner, "Grace", "viewer")) as client:
        yield client


def shown(owner: httpx.Client, training: int, audience: str, **said: Any) -> int:
    """The number of a new exhibit."""
    about = {"title": "Finds things", "training_id": training, "audience": audience, **said}
    answer = owner.post("/api/exhibits", json=about)
    answer.raise_for_status()
    return int(answer.json()["id"])


def seen(client: httpx.Client) -> set[int]:
    return {each["exhibit"]["id"] for each in client.get("/api/gallery").json()}


def packaged(owner: httpx.Client) -> dict[str, Any]:
    return next(each["exhibit"] for each in owner.get("/api/gallery").json() if each["exhibit"]["training_id"] is None)


def changed(owner: httpx.Client, exhibit: dict[str, Any], **said: Any) -> httpx.Response:
    return owner.put(f"/api/exhibits/{exhibit['id']}", json={**exhibit["about"], **said})


def kind(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


def test_the_packaged_model_is_small_and_as_its_report_says() -> None:
    assert PATH.stat().st_size <= MOST_BYTES
    predictor = load(PATH, threads=1)
    assert all(predictor.bundle.training[name] == value for name, value in OPTIONS.items())
    sentences = camera_reviews().test.sentences()
    found = [[chunk[:3] for chunk in own] for own in predictor.chunks([sentence.words for sentence in sentences])]
    report = evaluate_chunks(
        [sentence.chunks() for sentence in sentences], found, [len(each.words) for each in sentences]
    )
    assert report.micro.f1 == pytest.approx(predictor.bundle.report["micro"]["f1"], abs=1e-3)
    assert report.micro.f1 > 0.88


def test_the_packaged_model_holds_only_a_bundle() -> None:
    with zipfile.ZipFile(PATH) as archive:
        config = json.loads(archive.read("config.json"))
        assert set(archive.namelist()) == {"config.json", *config["files"]}
        for name, told in config["files"].items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == told["sha256"]
        assert str(Path(__file__).parents[2]).encode() not in archive.read("config.json")


def test_it_is_there_from_the_first_start(owner: httpx.Client, viewer: httpx.Client, visitor: httpx.Client) -> None:
    about = packaged(owner)["about"]
    assert (about["title"], about["licence"], about["audience"]) == ("Camera reviews", LICENCE, "people")
    assert packaged(owner)["id"] in seen(viewer)
    assert packaged(owner)["id"] not in seen(visitor)
    assert owner.delete(f"/api/exhibits/{packaged(owner)['id']}").status_code == 409


def test_what_an_admin_says_of_it_outlasts_a_restart(tmp_path: Path) -> None:
    with store_of(tmp_path) as store:
        store.write_now(add_packaged)
        (exhibit,) = store.read_now(lambda connection: exhibits_for(connection, ADMIN))
        other = replace(exhibit.about, title="Ours", audience=Audience.ADMINS)
        store.write_now(lambda connection: change_exhibit(connection, exhibit.id, other))
        store.write_now(add_packaged)  # as each start does
        assert [each.about.title for each in store.read_now(lambda connection: exhibits_for(connection, ADMIN))] == [
            "Ours"
        ]


@pytest.mark.parametrize(
    ("audience", "sees"),
    [
        ("admins", {"owner": True, "viewer": False, "visitor": False}),
        ("people", {"owner": True, "viewer": True, "visitor": False}),
        ("visitors", {"owner": True, "viewer": True, "visitor": True}),
    ],
)
def test_each_sees_what_is_for_them_and_nothing_else(
    owner: httpx.Client,
    viewer: httpx.Client,
    visitor: httpx.Client,
    training: int,
    audience: str,
    sees: dict[str, bool],
) -> None:
    number = shown(owner, training, audience)
    clients = {"owner": owner, "viewer": viewer, "visitor": visitor}
    for name, client in clients.items():
        status = 200 if sees[name] else 404
        assert (number in seen(client)) is sees[name], name
        assert (f'href="/gallery/{number}"' in client.get("/gallery").text) is sees[name], name
        assert client.get(f"/gallery/{number}").status_code == status, name
        assert client.get(f"/api/gallery/{number}").status_code == status, name
        assert client.post(f"/api/gallery/{number}/read", json={"text": TEXT}).status_code == status, name
    hidden, missing = visitor.get("/api/gallery/999999"), visitor.get(f"/api/gallery/{number}")
    if not sees["visitor"]:
        assert hidden.json() | {"request_id": ""} == missing.json() | {"request_id": ""}


def test_who_is_no_admin_changes_nothing(
    owner: httpx.Client, viewer: httpx.Client, visitor: httpx.Client, training: int
) -> None:
    about = {"title": "Mine", "training_id": training, "audience": "visitors"}
    number = packaged(owner)["id"]
    before = owner.get("/api/gallery").json()
    for client, status in [(viewer, 403), (visitor, 401)]:
        assert client.post("/api/exhibits", json=about).status_code == status
        assert client.put(f"/api/exhibits/{number}", json=about).status_code == status
        assert client.delete(f"/api/exhibits/{number}").status_code == status
        assert client.get("/api/exhibits/showable").status_code == status
    assert owner.get("/api/gallery").json() == before


def test_a_model_is_shown_changed_and_taken_out(
    workbench: WorkbenchServer, owner: httpx.Client, project: dict[str, Any], training: int
) -> None:
    could = {each["training_id"]: each["project"] for each in owner.get("/api/exhibits/showable").json()}
    assert could[training] == project["name"]
    number = shown(owner, training, "people", samples=["One.", " ", "Two."])
    assert training not in {each["training_id"] for each in owner.get("/api/exhibits/showable").json()}
    again = owner.post("/api/exhibits", json={"title": "Again", "training_id": training})
    assert (again.status_code, kind(again)) == (409, "wrong-state")
    found = owner.get(f"/api/gallery/{number}").json()
    assert found["exhibit"]["about"]["samples"] == ["One.", "Two."]
    assert found["facts"]["judgement"]["labels"]["PNAME"]["f1"] == 0.9
    labels = owner.get(f"/api/projects/{project['id']}/labels").json()
    assert found["colours"] == {label["name"]: label["colour"] for label in labels}
    assert changed(owner, found["exhibit"], title="Other", audience="admins").json()["about"]["title"] == "Other"
    assert owner.delete(f"/api/exhibits/{number}").status_code == 204
    assert owner.get(f"/api/gallery/{number}").status_code == 404
    running = made_training(workbench.folder, project["id"], "Not yet", state="running")
    assert owner.post("/api/exhibits", json={"title": "Early", "training_id": running}).status_code == 409
    assert owner.post("/api/exhibits", json={"title": "None", "training_id": 10**9}).status_code == 404


@pytest.mark.parametrize(
    "said",
    [{"title": " "}, {"title": "two\nlines"}, {"audience": "all"}, {"samples": ["x" * 501]}, {"samples": ["x"] * 11}],
)
def test_what_makes_no_sense_is_not_said(owner: httpx.Client, said: dict[str, Any]) -> None:
    assert changed(owner, packaged(owner), **said).status_code == 422
    assert packaged(owner)["about"]["title"] == "Camera reviews"


def test_an_exhibit_goes_with_its_project(owner: httpx.Client, project: dict[str, Any], training: int) -> None:
    number = shown(owner, training, "visitors")
    owner.delete(f"/api/projects/{project['id']}").raise_for_status()
    assert owner.get(f"/api/gallery/{number}").status_code == 404


def test_what_an_admin_writes_runs_nowhere(owner: httpx.Client, visitor: httpx.Client, training: int) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1))"
    number = shown(owner, training, "visitors", title=bad[:100], description=bad, data=bad, licence=bad, samples=[bad])
    for path in ("/gallery", f"/gallery/{number}"):
        page = visitor.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page


def test_what_is_found_is_what_the_model_finds(owner: httpx.Client) -> None:
    spans = load(PATH)(SAMPLES[1])
    found = owner.post(f"/api/gallery/{packaged(owner)['id']}/read", json={"text": SAMPLES[1]}).json()["entities"]
    assert [(each["start"], each["end"], each["label"]) for each in found] == [
        (span.start, span.end, span.label) for span in spans
    ]
    assert len(spans) == 3


def test_visitors_try_short_texts_and_a_few_a_minute(
    workbench: WorkbenchServer, owner: httpx.Client, training: int
) -> None:
    path = f"/api/gallery/{shown(owner, training, 'visitors')}/read"
    elsewhere = httpx.HTTPTransport(local_address="127.0.0.2")  # what is spent here is not missed by other tests
    with workbench.client(transport=elsewhere) as visitor:
        refused = visitor.post(path, json={"text": "x" * 2_001})
        assert (refused.status_code, kind(refused)) == (413, "text-too-long")
        answers = [visitor.post(path, json={"text": TEXT}) for _ in range(15)]
    late = [answer for answer in answers if answer.status_code != 200]
    assert answers[0].status_code == 200
    assert late
    assert all((each.status_code, kind(each)) == (429, "too-many-attempts") for each in late)
    assert int(late[0].headers["retry-after"]) >= 1
    assert owner.post(path, json={"text": "x" * 2_001}).status_code == 200


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def let_through(visitors: Visitors, address: str) -> bool:
    try:
        with visitors.asking(address):
            return True
    except Refused:
        return False


def test_each_address_has_its_own_turns() -> None:
    clock = Clock()
    visitors = Visitors(clock)
    while let_through(visitors, "192.0.2.1"):
        pass
    assert let_through(visitors, "192.0.2.2")
    assert let_through(visitors, "2001:db8::1")
    while let_through(visitors, "2001:db8::1"):
        pass
    assert not let_through(visitors, "2001:db8::ffff")  # the same customer's
    assert let_through(visitors, "2001:db8:0:1::1")
    clock.now += 60 / PER_MINUTE
    assert let_through(visitors, "192.0.2.1")
    assert not let_through(visitors, "192.0.2.1")


def test_all_visitors_together_have_a_bound() -> None:
    clock = Clock()
    visitors = Visitors(clock)
    num_let_through = sum(let_through(visitors, f"198.51.{number >> 8}.{number & 255}") for number in range(1000))
    assert num_let_through <= ALL_PER_MINUTE / 6 + 1
    clock.now += 60
    assert let_through(visitors, "203.0.113.1")


def test_only_a_few_visitors_are_answered_at_once() -> None:
    visitors = Visitors(Clock())
    with visitors.asking("192.0.2.1"), visitors.asking("192.0.2.2"):
        assert not let_through(visitors, "192.0.2.3")
    assert let_through(visitors, "192.0.2.3")


def test_a_visitor_tries_a_model_in_the_browser(owner: httpx.Client, tab: Page) -> None:
    changed(owner, packaged(owner), audience="visitors").raise_for_status()
    tab.context.clear_cookies()
    tab.goto("/gallery")
    tab.get_by_role("link", name="Camera reviews").click()
    expect(tab.get_by_role("heading", name="Camera reviews")).to_be_visible()
    expect(tab.get_by_role("row", name="PNAME")).to_contain_text("120")
    tab.get_by_role("button", name="I sold my Pentax").click()
    expect(tab.locator("#found mark")).to_have_count(3)
    expect(tab.locator("#found mark").first).to_have_text("Pentax K-70PNAME")
    tab.get_by_text("Model card").click()
    expect(tab.get_by_text("A tagger for PFEATURE, PNAME")).to_be_visible()
    expect(tab.get_by_role("button", name="Edit")).to_have_count(0)
    changed(owner, packaged(owner), audience="people").raise_for_status()


def test_an_admin_shows_a_model_and_opens_it_in_the_browser(
    owner: httpx.Client, visitor: httpx.Client, tab: Page, training: int
) -> None:
    tab.goto("/gallery")
    tab.get_by_role("button", name="Show a model").click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Model").select_option(str(training))
    dialog.get_by_role("textbox", name="Title").fill("From the browser")
    dialog.get_by_role("textbox", name="Sentences").fill("My Nikon D90 rocks.\nSuperb")
    dialog.get_by_role("button", name="Show it").click()
    expect(tab.get_by_role("heading", name="From the browser")).to_be_visible()
    number = int(tab.url.rpartition("/")[2])
    assert number not in seen(visitor)
    tab.get_by_role("button", name="Edit").click()
    dialog.get_by_role("combobox", name="Who sees it").select_option("visitors")
    dialog.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("open to visitors")).to_be_visible()
    assert number in seen(visitor)
    tab.get_by_role("button", name="Take it out").click()
    dialog.get_by_role("button", name="Take it out").click()
    tab.wait_for_url("**/gallery")
    assert number not in seen(owner)
