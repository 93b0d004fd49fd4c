"""The playground: what models find in a text, why, beside each other, and on its way to be labelled."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from made_trainings import made_training
from playwright.sync_api import Page, expect
from workbench_server import WorkbenchServer

from tagloom.inference.predictor import load
from tagloom.workbench.folders import Folders
from tagloom.workbench.gallery.packaged import PATH

TEXT = "😀 I sold my Pentax K-70 for the OM-5. Its battery life is missed by zyxwvut!"

Post = Callable[..., httpx.Response]


@pytest.fixture
def post(owner: httpx.Client, project: dict[str, Any]) -> Post:
    """Asks the playground of the project."""

    def asked(what: str, model: str, text: str = TEXT, **said: Any) -> httpx.Response:
        address = f"/api/projects/{project['id']}/playground/{what}"
        return owner.post(address, json={"model": model, "text": text, **said})

    return asked


def models(owner: httpx.Client, project: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = owner.get(f"/api/projects/{project['id']}/playground").json()
    return found


def packaged(owner: httpx.Client, project: dict[str, Any]) -> str:
    return next(str(each["id"]) for each in models(owner, project) if each["name"] == "Camera reviews")


def kind(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


def test_a_new_project_can_try_the_model_of_the_package(owner: httpx.Client, project: dict[str, Any]) -> None:
    (only,) = models(owner, project)
    assert (only["kind"], only["name"], only["labels"]) == ("exhibit", "Camera reviews", ["PFEATURE", "PNAME"])
    assert only["f1"] > 0.88


def test_what_is_found_is_what_the_model_finds(owner: httpx.Client, project: dict[str, Any], post: Post) -> None:
    found = post("read", packaged(owner, project)).json()
    spans = load(PATH)(TEXT)
    assert [(each["start"], each["end"], each["label"]) for each in found["entities"]] == [
        (span.start, span.end, span.label) for span in spans
    ]
    assert [each["score"] for each in found["entities"]] == pytest.approx([span.score for span in spans], abs=1e-5)
    assert {TEXT[each["start"] : each["end"]] for each in found["entities"]} >= {"Pentax K-70", "battery life"}
    assert "zyxwvut" in [TEXT[start:end] for start, end in found["unknown"]]
    assert "battery" not in [TEXT[start:end] for start, end in found["unknown"]]
    first, second = found["sentences"]
    assert TEXT[slice(*first)].endswith("OM-5.")
    assert TEXT[slice(*second)].startswith("Its")


def test_a_sentence_is_explained_as_the_command_line_does(
    owner: httpx.Client, project: dict[str, Any], post: Post
) -> None:
    told = post("explain", packaged(owner, project), sentence=2, num_paths=3).json()
    command = [sys.executable, "-m", "tagloom", "explain", str(PATH), TEXT, "--sentence", "2", "--paths", "3", "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    expected = json.loads(ran.stdout)
    assert told["words"] == expected["words"]
    assert told["tags"] == expected["tags"]
    assert [path["tags"] for path in told["paths"]] == [path["tags"] for path in expected["paths"]]
    shares = [path["probability"] for path in expected["paths"]]
    assert [path["probability"] for path in told["paths"]] == pytest.approx(shares, abs=1e-5)
    for word, row in zip(told["marginals"], expected["marginals"], strict=True):
        assert word == pytest.approx(row, abs=1e-5)
    assert [TEXT[start:end] for start, end in told["offsets"]] == told["words"]
    assert told["num_sentences"] == 2
    assert set(told["paths"][0]["tags"]) <= set(told["telling_tags"])


def test_trainings_and_every_version_can_be_tried(
    workbench: WorkbenchServer, owner: httpx.Client, project: dict[str, Any], post: Post
) -> None:
    first, second = (
        made_training(workbench.folder, project["id"], name, seed=seed) for name, seed in [("A", 1), ("B", 2)]
    )
    slot = f"try-{project['id']}"
    for training in (first, second):
        asked = {"training_id": training, "slot": slot}
        owner.post(f"/api/projects/{project['id']}/deployments", json=asked).raise_for_status()
    ids = [each["id"] for each in models(owner, project)]
    assert ids[:4] == [f"version-2-{slot}", f"version-1-{slot}", f"training-{second}", f"training-{first}"]
    entities = {one: post("read", one).json()["entities"] for one in ids[:4]}
    assert entities[f"version-1-{slot}"] == entities[f"training-{first}"]
    assert entities[f"version-2-{slot}"] == entities[f"training-{second}"]
    assert entities[f"training-{first}"] != entities[f"training-{second}"]


def test_models_of_another_project_are_not_there(
    workbench: WorkbenchServer, owner: httpx.Client, project: dict[str, Any], post: Post
) -> None:
    other = owner.post("/api/projects", json={"name": f"Not {project['name']}"}).json()
    training = made_training(workbench.folder, other["id"], "Theirs")
    slot = f"theirs-{other['id']}"
    asked = {"training_id": training, "slot": slot}
    owner.post(f"/api/projects/{other['id']}/deployments", json=asked).raise_for_status()
    assert [each["kind"] for each in models(owner, project)] == ["exhibit"]
    for model in [f"training-{training}", f"version-1-{slot}", "training-0", "", "../../x", "exhibit-99999"]:
        for what in ("read", "explain"):
            assert (post(what, model).status_code, kind(post(what, model))) == (404, "no-such-thing")


def test_texts_are_bounded(owner: httpx.Client, project: dict[str, Any], post: Post) -> None:
    model = packaged(owner, project)
    assert len(post("read", model, "battery life " * 7_000).json()["entities"]) > 1_000
    assert post("read", model, "x" * 100_001).status_code == 422
    assert post("read", model, "").status_code == 422
    assert post("read", model, " \n ").json()["entities"] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [(TEXT, {"sentence": 3}), (TEXT, {"sentence": 0}), (" ", {}), ("word " * 401, {}), (TEXT, {"num_paths": 21})],
)
def test_what_cannot_be_explained_is_refused(
    owner: httpx.Client, project: dict[str, Any], post: Post, text: str, said: dict[str, Any]
) -> None:
    refused = post("explain", packaged(owner, project), text, **said)
    assert (refused.status_code, kind(refused)) == (422, "wrong-fields")


def test_a_damaged_model_is_told_without_its_place(
    workbench: WorkbenchServer, owner: httpx.Client, project: dict[str, Any], post: Post
) -> None:
    training = made_training(workbench.folder, project["id"], "Damaged")
    network = Folders(workbench.folder).run(training) / "model" / "network.onnx"
    network.write_bytes(network.read_bytes()[:-1])
    refused = post("read", f"training-{training}")
    assert (refused.status_code, kind(refused)) == (422, "model-failed")
    assert str(workbench.folder) not in refused.text
    assert post("read", packaged(owner, project)).status_code == 200


def test_nothing_of_a_text_is_kept(
    workbench: WorkbenchServer, owner: httpx.Client, project: dict[str, Any], post: Post
) -> None:
    secret = "Qwertzuiop-4711"
    model = packaged(owner, project)
    for what in ("read", "explain"):
        post(what, model, f"My {secret} has a bright viewfinder.").raise_for_status()
    kept = [file for file in workbench.folder.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()]
    assert kept == []
    assert not any(secret in line for line in workbench.lines)


def test_two_models_are_tried_explained_and_sent_to_labelling_in_the_browser(
    workbench: WorkbenchServer, tab: Page, owner: httpx.Client, project: dict[str, Any], post: Post
) -> None:
    made_training(workbench.folder, project["id"], "Random")
    tab.goto(f"/projects/{project['id']}/playground")
    model = packaged(owner, project)
    tab.get_by_role("combobox", name="Model").select_option(model)
    tab.get_by_role("combobox", name="Beside it").select_option(label="Random (F1 74.7)")
    tab.get_by_role("textbox", name="Text").fill(TEXT)
    tab.keyboard.press("Control+Enter")
    one = tab.get_by_role("article", name="Camera reviews")
    expected = post("read", model).json()["entities"]
    expect(one.locator("mark")).to_have_count(len(expected))
    first = expected[0]
    expect(one.locator("mark").first).to_have_text(TEXT[first["start"] : first["end"]] + first["label"])
    expect(one.locator("u.unknown", has_text="zyxwvut")).to_be_visible()
    expect(tab.locator("#differences")).to_contain_text("What the other lacks is framed.")

    least = sorted(each["score"] for each in expected)[0]
    tab.get_by_label("Least score").fill(str(min(1, round(least + 0.01, 2))))
    sure = [each for each in expected if each["score"] >= min(1, round(least + 0.01, 2))]
    expect(one.locator("mark:not(.left-out)")).to_have_count(len(sure))
    expect(one.locator("tbody tr")).to_have_count(len(sure))

    why = tab.get_by_role("region", name="Why?")
    expect(why.get_by_text("Sentence 1 of 2")).to_be_visible()
    why.get_by_role("button", name="The next sentence").click()
    expect(why.get_by_text("Sentence 2 of 2")).to_be_visible()
    words = post("explain", model, sentence=2).json()["words"]
    expect(why.locator("table.trellis tbody th")).to_have_text(words)
    expect(why.locator(".path")).to_have_count(5)
    expect(why.locator(".trellis td.on-path")).to_have_count(len(words))
    why.locator(".path").nth(1).click()
    expect(why.locator(".trellis-box path.best")).to_have_count(1)

    one.get_by_role("button", name="Send to labelling").click()
    link = one.get_by_role("link", name="Label it")
    number = str(link.get_attribute("href")).rpartition("/")[2]
    assert str(link.get_attribute("href")) == f"/projects/{project['id']}/label/{number}"
    document = owner.get(f"/api/projects/{project['id']}/documents/{number}/labelling").json()
    assert document["text"] == TEXT
    suggested = [(each["start"], each["end"], each["label"]) for each in document["suggestions"]]
    assert suggested == [(each["start"], each["end"], each["label"]) for each in sure]
