"""The whole story, as a new user goes through it in a browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from story import Reviews, Story
from workbench_server import OWNER, PASSWORD, WorkbenchServer, running_workbench

from tagloom.text import Document, Span

NEW = Document(
    "My Canon PowerShot G7 X has a sharp viewfinder and poor battery life .",
    (Span(3, 23, "PNAME"), Span(36, 46, "PFEATURE"), Span(56, 68, "PFEATURE")),
)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[WorkbenchServer]:
    """A workbench that nobody has an account of."""
    with running_workbench(tmp_path / "data") as server:
        yield server


@pytest.fixture
def page(browser: Browser, fresh: WorkbenchServer) -> Iterator[Page]:
    """A browser that has never been here; what its console complains of fails the test."""
    context = browser.new_context(base_url=fresh.address, viewport={"width": 1280, "height": 860})
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert not complaints


def test_a_new_user_goes_from_files_to_a_model_in_use_and_round_again(
    fresh: WorkbenchServer, page: Page, tmp_path: Path
) -> None:
    reviews = Reviews.made(tmp_path, num_labelled=300, num_bare=24)
    story = Story(page, reviews)
    story.make_account(fresh.link, OWNER, PASSWORD)
    story.make_project("Camera reviews")
    story.import_files(*reviews.labelled)
    expect(page.get_by_text("300 documents", exact=True)).to_be_visible()
    story.import_files(reviews.bare)
    expect(page.get_by_text("324 documents", exact=True)).to_be_visible()
    story.look("documents")
    story.label(20)
    story.make_feature_set()
    story.train("First", epochs=8, units=40, learning_rate=0.008)
    story.read_report()
    story.deploy("First")
    assert "PNAME" in {entity["label"] for entity in asked(fresh, story.make_key(), NEW.text)}
    story.try_model("First", NEW.text)
    story.correct(NEW.text, NEW.spans)
    story.make_feature_set()
    story.train("Second", epochs=8, units=40, learning_rate=0.008)
    story.deploy("Second")


def asked(server: WorkbenchServer, key: str, text: str) -> list[dict[str, Any]]:
    """What the API of models finds in a text, in the only slot that there is."""
    with httpx.Client(base_url=server.address, headers={"Authorization": f"Bearer {key}"}, trust_env=False) as client:
        (model,) = client.get("/v1/models").raise_for_status().json()["models"]
        answer = client.post(f"/v1/models/{model['slot']}/predict", json={"documents": [{"text": text}]})
        found: list[dict[str, Any]] = answer.raise_for_status().json()["documents"][0]["entities"]
    return found
