"""Accounts: the first link, invitations, logging in and out, projects behind it."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from workbench_server import OWNER, PASSWORD, WorkbenchServer, running_workbench

from tagloom.workbench.accounts.attempts import Attempts
from tagloom.workbench.accounts.credentials import note_use, owner_of
from tagloom.workbench.accounts.invitations import accept, invite, waiting
from tagloom.workbench.accounts.people import add_person
from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.accounts.sessions import begin_session
from tagloom.workbench.accounts.tokens import create_token
from tagloom.workbench.database.store import Store
from tagloom.workbench.database.tables import sessions, tokens
from tagloom.workbench.problems import Refused


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


def test_a_cookie_is_for_this_server_alone(workbench: WorkbenchServer) -> None:
    with workbench.client() as client:
        answer = client.post("/api/session", json={"name": OWNER, "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie  # as it is reached without HTTPS
    assert "Domain" not in cookie


def test_logging_in_begins_another_session_whatever_was_brought(workbench: WorkbenchServer) -> None:
    with workbench.client(cookies={"tagloom_session": "chosen-by-somebody-else"}) as client:
        answer = client.post("/api/session", json={"name": OWNER, "password": PASSWORD})
        assert len(answer.cookies["tagloom_session"]) > 40
    with workbench.client(cookies={"tagloom_session": "chosen-by-somebody-else"}) as other:
        assert other.get("/api/projects").status_code == 401


def test_a_person_sees_where_they_are_logged_in_and_ends_it(workbench: WorkbenchServer, owner: httpx.Client) -> None:
    firefox = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    with workbench.logged_in(OWNER) as other:
        other.post("/api/session", json={"name": OWNER, "password": PASSWORD}, headers=firefox)
        assert other.get("/api/projects").status_code == 200
        sessions = owner.get("/api/sessions").json()
        assert sessions[0]["browser"] == "Firefox on Linux"
        assert sessions[0]["last_used_at"] is not None
        assert [each["is_own"] for each in sessions].count(True) == 1
        assert not any("secret" in each or "digest" in each for each in sessions)
        owner.delete("/api/sessions").raise_for_status()
        assert other.get("/api/projects").status_code == 401
    assert [each["is_own"] for each in owner.get("/api/sessions").json()] == [True]


def test_another_password_ends_all_other_sessions(workbench: WorkbenchServer, owner: httpx.Client) -> None:
    with workbench.logged_in(OWNER) as other:
        wrong = owner.put("/api/account/password", json={"old": "not that one", "new": PASSWORD + "!"})
        assert wrong.status_code == 401
        assert other.get("/api/projects").status_code == 200
        short = owner.put("/api/account/password", json={"old": PASSWORD, "new": "short"})
        assert short.status_code == 422
        owner.put("/api/account/password", json={"old": PASSWORD, "new": PASSWORD + "!"}).raise_for_status()
        assert owner.get("/api/projects").status_code == 200
        assert other.get("/api/projects").status_code == 401
        old = other.post("/api/session", json={"name": OWNER, "password": PASSWORD})
        assert old.status_code == 401
    owner.put("/api/account/password", json={"old": PASSWORD + "!", "new": PASSWORD}).raise_for_status()


def test_a_token_is_its_owners(workbench: WorkbenchServer, owner: httpx.Client) -> None:
    made = owner.post("/api/tokens", json={"name": "export", "days": 30}).json()
    assert made["token"]["last_used_at"] is None
    link = owner.post("/api/invitations", json={"role": "admin"}).json()["link"]
    with closing(workbench.accept(link.removeprefix(workbench.address), "Eve")) as eve:
        assert eve.delete(f"/api/tokens/{made['token']['id']}").status_code == 404
        assert eve.get("/api/tokens").json() == []
    headers = {"Authorization": f"Bearer {made['secret']}"}
    with httpx.Client(base_url=workbench.address, headers=headers, trust_env=False) as program:
        assert program.get("/api/people").status_code == 200
        assert owner.get("/api/tokens").json()[0]["last_used_at"] is not None
        owner.delete(f"/api/tokens/{made['token']['id']}").raise_for_status()
        assert program.get("/api/people").status_code == 401


def test_tokens_and_sessions_are_seen_in_the_browser(workbench: WorkbenchServer, tab: Page) -> None:
    with workbench.logged_in(OWNER):
        tab.goto("/account")
        tab.get_by_label("For", exact=True).fill("nightly export")
        tab.get_by_role("button", name="Make a token").click()
        expect(tab.locator("#made code")).to_contain_text("tagloom-wb-")
        tab.get_by_role("button", name="Log out everywhere else").click()
        expect(tab.get_by_role("button", name="Log out everywhere else")).to_be_hidden()
        row = tab.get_by_role("listitem").filter(has_text="nightly export")
        expect(row).to_contain_text("never used")
        row.get_by_role("button", name="Revoke").click()
        tab.get_by_role("dialog").get_by_role("button", name="Revoke it").click()
        expect(row).to_be_hidden()


def test_what_has_run_out_opens_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    ada = store.write_now(lambda connection: add_person(connection, "Ada", Role.ADMIN, "hash"))
    _, invitation = store.write_now(lambda connection: invite(connection, Role.VIEWER, invited_by=ada))
    session = store.write_now(lambda connection: begin_session(connection, ada, ""))
    _, token = store.write_now(lambda connection: create_token(connection, ada, "t", expires_at=time.time() + 1e6))
    _, lasting = store.write_now(lambda connection: create_token(connection, ada, "for ever"))

    def opens(days: float) -> list[bool]:
        with monkeypatch.context() as later:
            now = time.time() + days * 24 * 3600
            later.setattr(time, "time", lambda: now)
            return [
                store.read_now(lambda connection: owner_of(connection, sessions, session)) is not None,
                store.read_now(lambda connection: owner_of(connection, tokens, token)) is not None,
                store.read_now(lambda connection: owner_of(connection, tokens, lasting)) is not None,
                len(store.read_now(waiting)) == 1,
            ]

    assert opens(0) == opens(6.9) == [True, True, True, True]
    assert opens(7.1) == [True, True, True, False]
    assert opens(12) == [True, False, True, False]
    assert opens(31) == [False, False, True, False]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 8 * 24 * 3600)
    with pytest.raises(Refused, match="run out"):
        store.write_now(lambda connection: accept(connection, invitation, "Late", "hash"))
    store.close()


def test_use_is_noted_once_an_hour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    ada = store.write_now(lambda connection: add_person(connection, "Ada", Role.ADMIN, "hash"))
    _, token = store.write_now(lambda connection: create_token(connection, ada, "t"))

    def is_noted() -> bool:
        owner = store.read_now(lambda connection: owner_of(connection, tokens, token))
        assert owner is not None
        return owner.is_noted

    assert not is_noted()
    store.write_now(lambda connection: note_use(connection, tokens, token))
    assert is_noted()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3601)
    assert not is_noted()
    store.close()


def test_wrong_passwords_wait_longer_and_longer() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    waits = []
    for _ in range(20):
        attempts.begin("Ada")
        try:
            attempts.begin("Ada")
        except Refused as refused:
            waits.append(int(dict(refused.headers)[b"retry-after"]))
            now[0] += waits[-1]
    assert waits[:5] == [1, 2, 4, 8, 16]
    assert max(waits) == 300
    assert waits == sorted(waits)
    attempts.begin("Grace")  # others are let in
    now[0] += 300
    attempts.begin("Ada")
    attempts.succeeded("Ada")
    for _ in range(4):
        attempts.begin("Ada")


def test_counting_attempts_takes_bounded_room() -> None:
    attempts = Attempts(lambda: 0.0)
    for number in range(12_000):
        attempts.begin(f"nobody {number}")
    assert len(attempts._failed) == 10_000


def test_guesses_are_slowed_whether_or_not_there_is_somebody(workbench: WorkbenchServer, owner: httpx.Client) -> None:
    link = owner.post("/api/invitations", json={"role": "viewer"}).json()["link"]
    workbench.accept(link.removeprefix(workbench.address), "Target").close()
    told: dict[str, list[tuple[int, str]]] = {"Target": [], "Nobody at all": []}
    with workbench.client() as guesser, ThreadPoolExecutor(8) as threads:
        for name, answers in told.items():
            asked = [
                threads.submit(guesser.post, "/api/session", json={"name": name, "password": f"guess {number}"})
                for number in range(21)
            ]
            answers += sorted((each.result().status_code, each.result().json()["type"]) for each in asked)
    assert told["Target"] == told["Nobody at all"]
    statuses = [status for status, _ in told["Target"]]
    assert statuses.count(401) == 5  # many at once are no way round
    assert statuses.count(429) == 16


def test_a_secure_cookie_where_people_come_by_https(tmp_path: Path) -> None:
    with running_workbench(tmp_path / "data", "--https", "--allow-host", "label.example.org") as server:
        named = {"Host": "label.example.org", "Origin": "https://label.example.org"}
        with server.client() as client:
            answer = client.post(f"/api{server.link}", json={"name": OWNER, "password": PASSWORD}, headers=named)
            assert answer.status_code == 204
            cookie = answer.headers["set-cookie"]
            assert "Secure" in cookie
            brought = {**named, "Cookie": cookie.partition(";")[0]}
            made = client.post("/api/invitations", json={"role": "viewer"}, headers=brought).json()
            assert made["link"].startswith("https://label.example.org/invitation/")
