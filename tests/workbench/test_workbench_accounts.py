"""Accounts: the first link, invitations, logging in and out, projects behind it."""

import re
from typing import Any

import httpx
from playwright.sync_api import Page, expect
from workbench_server import OWNER, PASSWORD, WorkbenchServer


def test_the_first_link_works_once(workbench: WorkbenchServer) -> None:
    with workbench.client() as stranger:
        answer = stranger.post(f"/api{workbench.link}", json={"name": "Eve", "password": PASSWORD})
    assert answer.status_code == 404


def test_a_wrong_password_is_told_as_an_unknown_name_is(workbench: WorkbenchServer) -> None:
    with workbench.client() as stranger:
        wrong = stranger.post("/api/session", json={"name": OWNER, "password": "another one"})
        unknown = stranger.post("/api/session", json={"name": "Nobody", "password": "another one"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["detail"] == unknown.json()["detail"]


def test_after_logging_out_the_cookie_opens_nothing(workbench: WorkbenchServer) -> None:
    with workbench.logged_in(OWNER) as client:
        cookie = client.cookies["tagloom_session"]
        assert client.get("/api/projects").status_code == 200
        client.delete("/api/session").raise_for_status()
        client.cookies.set("tagloom_session", cookie)
        assert client.get("/api/projects").status_code == 401


def test_a_template_brings_labels_and_guidelines(owner: httpx.Client, project: dict[str, Any]) -> None:
    labels = owner.get(f"/api/projects/{project['id']}/labels").json()
    assert [label["name"] for label in labels] == ["PNAME", "PFEATURE"]
    assert "battery life" in project["guidelines"]


def test_a_project_is_made_in_the_browser(tab: Page) -> None:
    tab.goto("/projects/new")
    tab.get_by_role("textbox", name="Name").fill("Made by hand")
    tab.get_by_text("News", exact=True).click()
    tab.get_by_role("button", name="Make the project").click()
    tab.wait_for_url(re.compile(r"/projects/\d+$"), wait_until="commit")
    tab.goto("/")
    expect(tab.get_by_role("link", name="Made by hand")).to_be_visible()
