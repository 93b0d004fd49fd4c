"""Deployment: a trained model to a slot, asked with a key, back to the one before, away; by HTTP and in the browser."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from typing import Any

import httpx
import pytest
from made_trainings import made_training
from playwright.sync_api import Page, expect
from workbench_server import WorkbenchServer

from tagloom.serving.state.database import Database
from tagloom.serving.state.deployments import Deployments
from tagloom.workbench.folders import Folders

TEXT = "My Nikon D90 has a bright viewfinder ."
_numbers = count(1)

Train = Callable[..., int]


@pytest.fixture
def train(workbench: WorkbenchServer, project: dict[str, Any]) -> Train:
    """Makes finished trainings of the project."""
    return lambda name, **said: made_training(workbench.folder, said.pop("project", project["id"]), name, **said)


@pytest.fixture
def slot() -> str:
    return f"slot-{next(_numbers)}"


@pytest.fixture
def key(owner: httpx.Client) -> str:
    return str(owner.post("/api/keys", json={"name": "tests"}).json()["secret"])


def deployed(owner: httpx.Client, project: dict[str, Any], training: int, slot: str) -> httpx.Response:
    asked = {"training_id": training, "slot": slot}
    return owner.post(f"/api/projects/{project['id']}/deployments", json=asked)


def shown(answer: httpx.Response, slot: str) -> Any:
    """What is said of a slot."""
    answer.raise_for_status()
    return next(each for each in answer.json()["slots"] if each["name"] == slot)


def asked(workbench: WorkbenchServer, slot: str, key: str | None) -> httpx.Response:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=workbench.address, headers=headers, trust_env=False) as program:
        return program.post(f"/v1/models/{slot}/predict", json={"documents": [{"text": TEXT}]})


def kind(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


def test_a_model_goes_live_back_and_away(
    workbench: WorkbenchServer, owner: httpx.Client, project: dict[str, Any], train: Train, slot: str, key: str
) -> None:
    first, second = train("First", seed=1), train("Second", seed=2)
    answer = deployed(owner, project, first, slot)
    assert answer.status_code == 201
    live = shown(answer, slot)
    assert live["is_ready"]
    assert [(each["number"], each["model"], each["training_id"]) for each in live["versions"]] == [(1, "First", first)]
    assert live["versions"][0]["f1"] == pytest.approx(0.7467)
    assert asked(workbench, slot, None).status_code == 401
    found = asked(workbench, slot, key).json()
    assert found["version"] == "1"

    live = shown(deployed(owner, project, second, slot), slot)
    assert [each["number"] for each in live["versions"]] == [2, 1]
    other = asked(workbench, slot, key).json()
    assert other["version"] == "2"
    assert other["documents"] != found["documents"]

    path = f"/api/projects/{project['id']}/deployments/{slot}"
    back = shown(owner.post(f"{path}/rollback"), slot)
    assert [each["model"] for each in back["versions"]] == ["First"]
    again = asked(workbench, slot, key).json()
    assert (again["version"], again["documents"]) == ("1", found["documents"])
    refused = owner.post(f"{path}/rollback")
    assert (refused.status_code, kind(refused)) == (409, "nothing-before")

    gone = owner.delete(path)
    assert slot not in [each["name"] for each in gone.json()["slots"]]
    assert asked(workbench, slot, key).status_code == 404


def test_the_same_model_again_is_no_new_version(
    owner: httpx.Client, project: dict[str, Any], train: Train, slot: str
) -> None:
    training = train("Only")
    deployed(owner, project, training, slot)
    assert len(shown(deployed(owner, project, training, slot), slot)["versions"]) == 1


def test_a_training_of_another_project_is_not_deployed(
    owner: httpx.Client, project: dict[str, Any], train: Train, slot: str
) -> None:
    other = owner.post("/api/projects", json={"name": f"Other {slot}"}).json()
    refused = deployed(owner, project, train("Theirs", project=other["id"]), slot)
    assert (refused.status_code, kind(refused)) == (404, "no-such-thing")
    assert owner.get(f"/api/projects/{project['id']}/deployments").json()["slots"] == []


def test_a_slot_of_another_project_is_left_alone(
    owner: httpx.Client, project: dict[str, Any], train: Train, slot: str
) -> None:
    other = owner.post("/api/projects", json={"name": f"Other {slot}"}).json()
    deployed(owner, other, train("Theirs", project=other["id"]), slot).raise_for_status()
    own = f"/api/projects/{project['id']}"
    for refused in [
        owner.post(f"{own}/deployments/{slot}/rollback"),
        owner.delete(f"{own}/deployments/{slot}"),
        owner.get(f"{own}/deployments/{slot}/requests"),
        owner.get(f"{own}/deployments/{slot}/snippets"),
    ]:
        assert (refused.status_code, kind(refused)) == (404, "no-such-thing")
    for refused in [
        deployed(owner, project, train("Ours"), slot),
        owner.post(f"{own}/slots", json={"slot": slot}),
    ]:
        assert (refused.status_code, kind(refused)) == (409, "name-taken")
    assert shown(owner.get(f"/api/projects/{other['id']}/deployments"), slot)["versions"][0]["model"] == "Theirs"


@pytest.mark.parametrize("name", ["", "Upper", "a b", "-a", "../x", "x" * 64, "ä"])
def test_what_is_no_name_of_a_slot_is_refused(
    owner: httpx.Client, project: dict[str, Any], train: Train, name: str
) -> None:
    assert deployed(owner, project, train("One"), name).status_code == 422
    assert owner.get(f"/api/projects/{project['id']}/deployments").json()["slots"] == []


def test_only_what_has_finished_is_deployed(
    owner: httpx.Client, project: dict[str, Any], train: Train, slot: str
) -> None:
    refused = deployed(owner, project, train("Still at it", state="running"), slot)
    assert (refused.status_code, kind(refused)) == (409, "wrong-state")


def test_a_damaged_model_is_not_deployed_and_takes_no_slot(
    workbench: WorkbenchServer, owner: httpx.Client, project: dict[str, Any], train: Train, slot: str
) -> None:
    training = train("Damaged")
    weights = Folders(workbench.folder).run(training) / "model" / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    refused = deployed(owner, project, training, slot)
    assert (refused.status_code, kind(refused)) == (422, "model-failed")
    assert str(workbench.folder) not in refused.text
    assert owner.get(f"/api/projects/{project['id']}/deployments").json()["slots"] == []


def test_the_first_slot_is_called_as_its_project(owner: httpx.Client, project: dict[str, Any], train: Train) -> None:
    def name_of(made: dict[str, Any]) -> Any:
        return owner.get(f"/api/projects/{made['id']}/deployments").json()["default_slot"]

    own = name_of(project)
    assert own == project["name"].lower().replace(" ", "-")
    deployed(owner, project, train("One"), own).raise_for_status()
    assert name_of(project) == own
    alike = owner.post("/api/projects", json={"name": project["name"].replace(" ", "_")}).json()
    assert name_of(alike) == f"{own}-2"


def test_what_the_command_line_has_deployed_is_taken_over(
    workbench: WorkbenchServer, owner: httpx.Client, project: dict[str, Any], train: Train, slot: str
) -> None:
    folders = Folders(workbench.folder)
    Deployments(Database(folders.serving)).deploy(folders.run(train("One")), slot)
    path = f"/api/projects/{project['id']}"
    assert slot in owner.get(f"{path}/deployments").json()["unowned"]
    assert len(shown(owner.post(f"{path}/slots", json={"slot": slot}), slot)["versions"]) == 1
    assert slot not in owner.get(f"{path}/deployments").json()["unowned"]


def test_requests_are_counted_for_the_slot_that_was_asked(
    workbench: WorkbenchServer, owner: httpx.Client, project: dict[str, Any], train: Train, slot: str, key: str
) -> None:
    for name in (slot, f"{slot}-b"):
        deployed(owner, project, train(f"For {name}"), name).raise_for_status()
    for _ in range(3):
        assert asked(workbench, slot, key).status_code == 200
    with httpx.Client(base_url=workbench.address, headers={"Authorization": f"Bearer {key}"}) as program:
        assert program.post(f"/v1/models/{slot}/predict", json={"documents": 1}).status_code == 422

    def hour(name: str) -> Any:
        return owner.get(f"/api/projects/{project['id']}/deployments/{name}/requests").json()

    own = hour(slot)
    assert (own["num_requests"], own["num_errors"]) == (4, 1)
    assert 0 < own["median"] <= own["p95"] < 60
    assert sum(minute["num_requests"] for minute in own["minutes"]) == 4
    assert hour(f"{slot}-b")["num_requests"] == 0


def test_a_key_is_told_once_and_opens_until_it_is_revoked(
    workbench: WorkbenchServer, owner: httpx.Client, project: dict[str, Any], train: Train, slot: str
) -> None:
    deployed(owner, project, train("One"), slot).raise_for_status()
    made = owner.post("/api/keys", json={"name": "shop", "days": 30, "per_minute": 600}).json()
    listed = owner.get("/api/keys")
    assert made["secret"] not in listed.text
    assert made["key"] in listed.json()
    assert (made["key"]["scope"], made["key"]["per_minute"]) == ("predict", 600)
    assert asked(workbench, slot, made["secret"]).status_code == 200
    assert owner.delete(f"/api/keys/{made['key']['id']}").status_code == 204
    assert asked(workbench, slot, made["secret"]).status_code == 401
    assert owner.delete(f"/api/keys/{made['key']['id']}").status_code == 404
    assert made["key"] not in owner.get("/api/keys").json()


def test_a_key_deploys_nothing(workbench: WorkbenchServer, key: str) -> None:
    with httpx.Client(base_url=workbench.address, headers={"Authorization": f"Bearer {key}"}) as program:
        assert program.delete("/v1/models/production").status_code == 403
        assert program.get("/api/projects").status_code == 401  # it is no token either


@pytest.mark.parametrize("asked_for", [{"name": ""}, {"name": "a", "days": 0}, {"name": "a", "per_minute": 0}])
def test_keys_that_make_no_sense_are_refused(owner: httpx.Client, asked_for: dict[str, Any]) -> None:
    assert owner.post("/api/keys", json=asked_for).status_code == 422


@pytest.mark.parametrize("language", ["curl", "Python"])
def test_the_snippets_ask_the_slot(
    workbench: WorkbenchServer,
    owner: httpx.Client,
    project: dict[str, Any],
    train: Train,
    slot: str,
    key: str,
    language: str,
) -> None:
    deployed(owner, project, train("One"), slot).raise_for_status()
    text = owner.get(f"/api/projects/{project['id']}/deployments/{slot}/snippets").json()[language]
    assert workbench.address in text
    command = (
        ["bash", "-c", text.replace("curl ", "curl -sS ", 1)] if language == "curl" else [sys.executable, "-c", text]
    )
    env = {**os.environ, "TAGLOOM_KEY": key, "no_proxy": "*"}
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=env)
    assert ran.returncode == 0, ran.stderr
    sent = json.loads(shlex.split(snippet_of(owner, project, slot))[-1])["documents"][0]["text"]
    with httpx.Client(base_url=workbench.address, headers={"Authorization": f"Bearer {key}"}) as program:
        expected = program.post(f"/v1/models/{slot}/predict", json={"documents": [{"text": sent}]}).json()
    entities = expected["documents"][0]["entities"]
    if language == "curl":
        assert json.loads(ran.stdout)["documents"] == expected["documents"]
    else:
        assert ran.stdout.splitlines() == [f"{each['label']} {each['text']} {each['score']}" for each in entities]


def snippet_of(owner: httpx.Client, project: dict[str, Any], slot: str) -> str:
    found: str = owner.get(f"/api/projects/{project['id']}/deployments/{slot}/snippets").json()["curl"]
    return found


def test_a_model_is_deployed_and_a_key_made_in_the_browser(
    workbench: WorkbenchServer, tab: Page, project: dict[str, Any], train: Train, slot: str
) -> None:
    train("First", seed=1)
    train("Second", seed=2)
    tab.goto(f"/projects/{project['id']}/deployment")
    expect(tab.get_by_text("Nothing is deployed yet.")).to_be_visible()
    tab.get_by_label("To the slot").fill(slot)
    tab.get_by_role("button", name="Deploy First").click()
    card = tab.locator(".slot")
    expect(card.get_by_text("answers", exact=True)).to_be_visible()
    tab.get_by_role("button", name="Deploy Second").click()
    expect(card.get_by_role("row")).to_have_count(3)
    expect(card.get_by_role("row").nth(1)).to_contain_text("Second")

    tab.get_by_label("For", exact=True).fill("the browser's test")
    tab.get_by_role("button", name="Make a key").click()
    made = tab.locator("#made code")
    expect(made).to_contain_text("tagloom_")
    key = made.inner_text()
    assert asked(workbench, slot, key).status_code == 200
    expect(card.locator(".figures dd").first).to_have_text("1", timeout=15_000)
    card.get_by_role("tab", name="Python").click()
    expect(card.get_by_role("tabpanel")).to_contain_text(f'slot="{slot}"')
    expect(card.get_by_role("tabpanel")).to_contain_text(workbench.address)

    card.get_by_role("button", name="Roll back").click()
    tab.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    expect(card.get_by_role("row")).to_have_count(2)
    card.get_by_role("button", name="Undeploy").click()
    tab.get_by_role("dialog").get_by_role("button", name="Undeploy").click()
    expect(tab.get_by_text("Nothing is deployed yet.")).to_be_visible()
    assert asked(workbench, slot, key).status_code == 404
