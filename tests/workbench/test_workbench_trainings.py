"""Trainings: queued one after another, stopped and gone on with, judged, compared; the pages that show them."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from tiny_runs import TINY, address_of, feature_set_of, labelled_project, queue, until_epoch, until_state
from workbench_server import OWNER, WorkbenchServer

from server_process import until
from tagloom.runs.config import OPTIONS
from tagloom.runs.run import Run
from tagloom.workbench.trainings.options import GROUPS, TITLES
from tiny_elmo import tiny_elmo


@dataclass(frozen=True)
class Trained:
    """A project with two trainings that are finished.

    Args:
        project: its number.
        ids: of the trainings.
        runs: their folders.
        seen: the states of both, each time that somebody looked.
    """

    project: int
    ids: list[int]
    runs: list[Run]
    seen: set[tuple[str, ...]]


@pytest.fixture(scope="module")
def trained(workbench: WorkbenchServer) -> Iterator[Trained]:
    with workbench.logged_in(OWNER) as client:
        project = labelled_project(workbench, client, "Trained")
        ids = queue(client, project, name="Twice", seeds=2, seed=5)
        seen: set[tuple[str, ...]] = set()
        while ("finished", "finished") not in seen:
            every = client.get(f"/api/projects/{project}/trainings").json()
            seen.add(tuple(one["state"] for one in sorted(every, key=lambda one: one["id"])))
            assert not any("failed" in states for states in seen), every
            time.sleep(0.1)
        yield Trained(project, ids, [Run(workbench.folder / "runs" / str(one)) for one in ids], seen)
        for one in client.get(f"/api/projects/{project}/trainings").json():  # what a test that failed has left
            client.post(f"{address_of(project, one['id'])}/stop", json={"at_once": True})


def test_one_runs_after_another(trained: Trained) -> None:
    assert {("running", "queued"), ("finished", "running")} <= trained.seen
    assert not any(states.count("running") > 1 for states in trained.seen)


def test_the_folder_is_what_the_command_line_makes(owner: httpx.Client, trained: Trained) -> None:
    first, second = trained.runs
    assert first.asked()["training"] | TINY | {"seed": 5} == first.asked()["training"]
    assert second.asked()["training"]["seed"] == 6
    report = json.loads(first.report.read_text("utf-8"))
    shown = owner.get(address_of(trained.project, trained.ids[0])).json()
    assert shown["name"] == "Twice, seed 5"
    assert shown["scores"]["f1"] == report["micro"]["f1"]
    assert shown["scores"]["part"] == "test"


def test_its_log_and_curves_are_told(owner: httpx.Client, workbench: WorkbenchServer, trained: Trained) -> None:
    told = owner.get(f"{address_of(trained.project, trained.ids[0])}/progress?num_drawn=0").json()
    assert (told["progress"]["epoch"], told["progress"]["epochs"], told["progress"]["phase"]) == (2, 2, "judging")
    assert [len(chart["figure"]["data"][0]["x"]) for chart in told["progress"]["charts"]] == [2, 2]
    assert "2/2" in told["log"]
    assert str(workbench.folder) not in told["log"]
    had = f"log_start={told['log_end']}&num_drawn={told['progress']['num_drawn']}"
    later = owner.get(f"{address_of(trained.project, trained.ids[0])}/progress?{had}").json()
    assert (later["log"], later["progress"]["charts"]) == ("", None)


def test_advice_leads_to_a_form_that_is_prepared(tab: Page, owner: httpx.Client, trained: Trained) -> None:
    came = owner.get(f"{address_of(trained.project, trained.ids[0])}/results").json()
    report = json.loads(trained.runs[0].report.read_text("utf-8"))
    assert [one["title"] for one in came["advice"]] == [one["title"] for one in report["diagnosis"]]
    for told, own in zip(came["advice"], report["diagnosis"], strict=True):
        for action, asked in zip(told["actions"], own["actions"], strict=True):
            is_followed = asked["kind"] in ("train", "label", "look", "correct", "divide")
            assert bool(action["address"]) == is_followed
    tab.goto(f"/projects/{trained.project}/training/{trained.ids[0]}")
    longer = tab.get_by_role("listitem").filter(has_text="Train longer: 10 epochs.").first
    longer.get_by_role("link", name="Prepare this training").click()
    expect(tab.get_by_label("Epochs", exact=True)).to_have_value("10")
    expect(tab.get_by_text("It was 2.")).to_be_visible()
    expect(tab.get_by_label("LSTM units")).to_have_value("8")
    expect(tab.get_by_text("with another epochs")).to_be_visible()


def test_a_pretrained_embedding_is_offered_and_has_its_own_width(
    tab: Page, owner: httpx.Client, trained: Trained
) -> None:
    tab.goto(f"/projects/{trained.project}/training/new?like={trained.ids[0]}")
    expect(tab.get_by_label("Width", exact=True)).to_be_visible()
    tab.get_by_label("Embedding", exact=True).select_option("minilm")
    expect(tab.get_by_label("Width", exact=True)).to_be_hidden()
    expect(tab.get_by_text("Numbers for each word in its sentence, from a transformer")).to_be_visible()
    tab.goto(f"/projects/{trained.project}/training/new?like={trained.ids[0]}&embeddings=minilm")
    expect(tab.get_by_label("Embedding", exact=True)).to_have_value("minilm")
    refused = owner.post(
        f"/api/projects/{trained.project}/trainings",
        json={"feature_set_id": 1, "name": "Files", "options": {"embeddings": "transformer:/etc"}, "num_seeds": 1},
    )
    assert refused.status_code == 422
    assert "expected one that is offered here: learned, minilm" in refused.text


def test_what_the_owner_puts_into_the_folder_is_offered_and_nothing_else(
    tab: Page, owner: httpx.Client, trained: Trained, workbench: WorkbenchServer
) -> None:
    folder = workbench.folder / "embeddings"
    (folder / "some.vec").write_text("lens 1 2\nbattery 3 4\nthe 5 6\n", "utf-8")
    (folder / "notes.md").write_text("none of vectors", "utf-8")
    tab.goto(f"/projects/{trained.project}/training/new?like={trained.ids[0]}")
    titles = [title.strip() for title in tab.get_by_label("Embedding", exact=True).locator("option").all_inner_texts()]
    assert titles[-2:] == ["some.vec", "some.vec, and learned from text"]
    tiny_elmo(folder / "my-elmo")
    refused = ("some.vec/../some.vec", "notes.md", "../workbench.sqlite3", f"{folder}/some.vec", "some.vec:zzz")
    for name in (
        *(f"vectors:./embeddings/{one}" for one in refused),
        "vectors:embeddings/some.vec",
        "elmo:./embeddings/my-elmo:8",
        "elmo:./embeddings/other",
        "distilled:minilm:4096",
        "learned:0x10",
    ):
        body = {"feature_set_id": 1, "name": "Files", "num_seeds": 1, "options": {"embeddings": name}}
        assert owner.post(f"/api/projects/{trained.project}/trainings", json=body).status_code == 422
    (one,) = queue(owner, trained.project, name="Vectors", embeddings="vectors:./embeddings/some.vec + learned:8")
    (over_elmo,) = queue(owner, trained.project, name="ELMo", embeddings="elmo:./embeddings/my-elmo + learned:8")
    for number in (one, over_elmo):
        until_state(owner, trained.project, number, "finished")
    run = Run(workbench.folder / "runs" / str(one))
    assert json.loads((run.model / "config.json").read_text("utf-8"))["architecture"]["embeddings"] == (
        "vectors:some.vec:2 + learned:8"
    )
    tab.goto(f"/projects/{trained.project}/training/new?like={one}")
    expect(tab.get_by_label("Embedding", exact=True)).to_have_value("vectors:./embeddings/some.vec + learned")
    expect(tab.get_by_label("Width", exact=True)).to_have_value("8")


def test_the_report_runs_its_scripts_and_is_of_no_origin(tab: Page, trained: Trained) -> None:
    place = f"/projects/{trained.project}/training/{trained.ids[0]}"
    tab.goto(place)
    expect(tab.get_by_role("heading", name="What it takes for what")).to_be_visible()
    tab.get_by_text("With every error, and how sure the scores are").click()
    frame = tab.frame_locator("#report iframe")
    expect(frame.get_by_role("heading", name="Every error")).to_be_attached()
    expect(frame.locator(".chart .main-svg").first).to_be_visible(timeout=20_000)
    inner = next(each for each in tab.frames if each.url.endswith("/report"))
    assert inner.evaluate("origin") == "null"
    with pytest.raises(Exception, match="cookie"):
        inner.evaluate("document.cookie")


def test_the_report_is_held_to_its_sandbox(owner: httpx.Client, trained: Trained) -> None:
    answer = owner.get(f"/projects/{trained.project}/training/{trained.ids[0]}/report?download=true")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts allow-popups;")
    assert "allow-same-origin" not in policy
    assert "unsafe" not in policy
    assert answer.headers["content-disposition"] == f'attachment; filename="report-{trained.ids[0]}.html"'
    assert answer.content == trained.runs[0].page.read_bytes()


def test_two_stand_side_by_side(tab: Page, owner: httpx.Client, trained: Trained) -> None:
    query = "&".join(f"training={one}" for one in trained.ids)
    told = owner.get(f"/api/projects/{trained.project}/training-comparison?{query}").json()
    assert told["figures"]["options"] == {"seed": [5, 6]}
    assert list(told["figures"]["differences"]) == ["Twice, seed 6"]
    assert "/runs/" not in json.dumps(told)
    tab.goto(f"/projects/{trained.project}/training")
    for name in ("seed 5", "seed 6"):
        tab.get_by_label(f"Compare Twice, {name}").check()
    tab.get_by_role("button", name="Compare 2").click()
    expect(tab.get_by_role("heading", name="Options", exact=True)).to_be_visible(timeout=20_000)
    expect(tab.locator(".chart .main-svg").first).to_be_visible(timeout=20_000)
    assert owner.get(f"/api/projects/{trained.project}/training-comparison?training=1").status_code == 422


def test_it_stops_with_a_checkpoint_goes_on_from_there_and_goes_with_its_folders(
    workbench: WorkbenchServer, owner: httpx.Client, trained: Trained
) -> None:
    (number,) = queue(owner, trained.project, name="Stopped", epochs=5000)
    address = address_of(trained.project, number)
    until_epoch(owner, trained.project, number, 2)
    owner.post(f"{address}/stop", json={}).raise_for_status()
    until_state(owner, trained.project, number, "stopped")
    run = Run(workbench.folder / "runs" / str(number))
    assert run.ended == "stopped"
    assert owner.post(f"{address}/stop", json={}).status_code == 409
    owner.post(f"{address}/resume").raise_for_status()
    until(lambda: [event["epoch"] >= 2 for event in run.events if event["event"] == "start"] == [False, True])
    assert owner.get(address).json()["num_starts"] == 2
    assert owner.delete(address).status_code == 409
    owner.post(f"{address}/stop", json={"at_once": True}).raise_for_status()
    until_state(owner, trained.project, number, "stopped")
    owner.delete(address).raise_for_status()
    assert owner.get(address).status_code == 404
    until(lambda: not any((workbench.folder / folder / str(number)).exists() for folder in ("runs", "jobs")))


def test_it_is_renamed(owner: httpx.Client, trained: Trained) -> None:
    address = address_of(trained.project, trained.ids[1])
    assert owner.put(address, json={"name": "Twice, seed 5"}).status_code == 409
    owner.put(address, json={"name": "The second"}).raise_for_status()
    assert owner.get(address).json()["name"] == "The second"
    owner.put(address, json={"name": "Twice, seed 6"}).raise_for_status()


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({"units": 0, "dropout": "much"}, ["units", "dropout"]),
        ({"loss": "crf", "algorithm": "bilstm-softmax"}, ["loss"]),
        ({"embeddings": "vectors:/etc/passwd"}, ["embeddings"]),
        ({"embeddings": "learned:0"}, ["embeddings"]),
        ({"unit": 8}, ["unit"]),
        ({"label_weights": "O=0.5,PLACE=2"}, ["label_weights"]),
    ],
)
def test_a_bad_option_is_refused_at_its_field(
    owner: httpx.Client, trained: Trained, options: dict[str, Any], fields: list[str]
) -> None:
    asked = {"feature_set_id": feature_set_of(owner, trained.project), "options": options}
    answer = owner.post(f"/api/projects/{trained.project}/trainings", json=asked)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [f"/options/{field}" for field in fields]


def test_every_option_has_its_place_in_the_form(tab: Page, owner: httpx.Client, trained: Trained) -> None:
    assert TITLES.keys() == OPTIONS.keys()
    tab.goto(f"/projects/{trained.project}/training/new")
    named = tab.locator("[data-option]").evaluate_all("places => places.map((place) => place.dataset.option)")
    assert sorted(named) == sorted(OPTIONS)
    seen = tab.locator("[data-option]:visible").evaluate_all("places => places.map((place) => place.dataset.option)")
    assert seen == [name for names in GROUPS.values() for name in names]
    told = {one["name"]: one for one in owner.get(f"/api/projects/{trained.project}/training-options").json()}
    assert all(one["help"] for one in told.values())
    assert told["epochs"]["value"] == 25  # of the template


def test_from_the_form_to_the_scores_in_the_browser(tab: Page, trained: Trained) -> None:
    tab.goto(f"/projects/{trained.project}/feature-sets")
    tab.get_by_role("link", name="Train…").first.click()
    tab.get_by_label("Name").fill("By hand")
    tab.get_by_label("LSTM units").fill("8")
    tab.get_by_label("Width", exact=True).fill("8")
    tab.get_by_label("Epochs", exact=True).fill("5000")
    tab.get_by_label("Batch size").fill("8")
    tab.get_by_role("button", name="Train").click()
    tab.wait_for_url(re.compile(r"/training/\d+$"), wait_until="commit")
    expect(tab.locator("#phase")).to_have_text(re.compile(r"Epoch \d+ of 5000\."), timeout=30_000)
    tab.locator("#curves .chart .main-svg").first.wait_for(timeout=20_000)
    tab.evaluate("document.querySelector('#curves .main-svg').dataset.same = 'yes'")
    drawn = tab.locator("#curves .chart").first
    before = drawn.evaluate("place => place.data[0].x.length")
    expect(tab.locator("#log")).to_contain_text("/5000")
    tab.wait_for_function("before => document.querySelector('#curves .chart').data[0].x.length > before", arg=before)
    assert tab.locator("#curves .main-svg").first.get_attribute("data-same") == "yes"  # drawn on, not anew
    expect(tab.locator("#figures")).to_contain_text("time left")
    tab.get_by_role("button", name="Stop", exact=True).click()
    expect(tab.locator("#state")).to_have_text("stopped", timeout=20_000)
    expect(tab.get_by_role("button", name="Go on")).to_be_visible()
    expect(tab.locator("#phase")).to_have_text("It was stopped, and can go on from where it is.")
    tab.goto(f"/projects/{trained.project}/training")
    tab.get_by_role("link", name="Twice, seed 5").click()
    expect(tab.get_by_role("heading", name="How good it is: test")).to_be_visible()
    expect(tab.get_by_role("heading", name="What to do")).to_be_visible()
