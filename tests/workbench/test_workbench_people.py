"""Who uses it: invitations, roles, who is locked out; and what counts at once."""

from contextlib import closing
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from workbench_server import OWNER, PASSWORD, WorkbenchServer

OTHER = "another horse battery"


def number(owner: httpx.Client, name: str) -> int:
    return next(each["person"]["id"] for each in owner.get("/api/people").json() if each["person"]["name"] == name)


def changed(owner: httpx.Client, name: str, role: str, *, is_active: bool = True) -> httpx.Response:
    return owner.put(f"/api/people/{number(owner, name)}", json={"role": role, "is_active": is_active})


def kind(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


def test_an_invitation_makes_an_account_of_its_role_once(workbench: WorkbenchServer, owner: httpx.Client) -> None:
    made = owner.post("/api/invitations", json={"role": "annotator"}).json()
    assert made["link"].startswith(f"{workbench.address}/invitation/")
    path = made["link"].removeprefix(workbench.address)
    assert made["invitation"] in owner.get("/api/invitations").json()
    with closing(workbench.accept(path, "Grace")) as grace:
        assert grace.get("/api/projects").status_code == 200
        assert grace.post("/api/projects", json={"name": "Hers"}).status_code == 403
    assert made["invitation"] not in owner.get("/api/invitations").json()
    with workbench.client() as other:
        assert other.get(path).status_code == 404
        assert other.post(f"/api{path}", json={"name": "Grace 2", "password": PASSWORD}).status_code == 404


def test_a_revoked_link_works_no_more(workbench: WorkbenchServer, owner: httpx.Client) -> None:
    made = owner.post("/api/invitations", json={"role": "viewer"}).json()
    assert owner.delete(f"/api/invitations/{made['invitation']['id']}").status_code == 204
    assert owner.delete(f"/api/invitations/{made['invitation']['id']}").status_code == 404
    with workbench.client() as other:
        path = made["link"].removeprefix(workbench.address)
        assert other.post(f"/api{path}", json={"name": "Late", "password": PASSWORD}).status_code == 404


def test_a_refused_name_does_not_use_an_invitation_up(workbench: WorkbenchServer, owner: httpx.Client) -> None:
    path = "/api" + owner.post("/api/invitations", json={"role": "viewer"}).json()["link"].removeprefix(
        workbench.address
    )
    with workbench.client() as other:
        for name, status in [(OWNER, 409), (f" {OWNER} ", 409), ("", 422), ("two\nlines", 422), ("x" * 101, 422)]:
            assert other.post(path, json={"name": name, "password": PASSWORD}).status_code == status, name
        assert other.post(path, json={"name": "Zoë", "password": "too short"}).status_code == 422
        assert other.post(path, json={"name": "Zoe\u0308", "password": PASSWORD}).status_code == 204
        composed = other.post("/api/session", json={"name": "Zo\u00eb", "password": PASSWORD})
        assert composed.status_code == 204


def test_a_role_counts_at_once(workbench: WorkbenchServer, owner: httpx.Client) -> None:
    with closing(workbench.joined(owner, "Riser", "viewer")) as riser:
        assert riser.get("/api/people").status_code == 403
        assert changed(owner, "Riser", "admin").json()["role"] == "admin"
        assert riser.get("/api/people").status_code == 200
        changed(owner, "Riser", "annotator")
        assert riser.get("/api/people").status_code == 403


def test_who_is_locked_out_is_out_at_once(workbench: WorkbenchServer, owner: httpx.Client) -> None:
    with closing(workbench.joined(owner, "Leaver", "admin")) as leaver:
        secret = leaver.post("/api/tokens", json={"name": "script"}).json()["secret"]
        invitation = leaver.post("/api/invitations", json={"role": "admin"}).json()
        anew = owner.post(f"/api/people/{number(owner, 'Leaver')}/password-link").json()
        changed(owner, "Leaver", "admin", is_active=False).raise_for_status()
        assert leaver.get("/api/projects").status_code == 401
        assert leaver.post("/api/session", json={"name": "Leaver", "password": PASSWORD}).status_code == 401
    with workbench.client(auth=lambda request: bearing(request, secret)) as program:
        assert program.get("/api/projects").status_code == 401
        waiting = owner.get("/api/invitations").json()
        assert not {invitation["invitation"]["id"], anew["invitation"]["id"]} & {each["id"] for each in waiting}
        refused = owner.post(f"/api/people/{number(owner, 'Leaver')}/password-link")
        assert kind(refused) == "wrong-state"
        changed(owner, "Leaver", "viewer").raise_for_status()
        assert program.get("/api/projects").status_code == 401  # what has ended does not begin again
    with workbench.logged_in("Leaver") as leaver:
        assert leaver.get("/api/projects").status_code == 200


def test_links_of_who_is_no_admin_any_more_end(workbench: WorkbenchServer, owner: httpx.Client) -> None:
    with closing(workbench.joined(owner, "Demoted", "admin")) as demoted:
        made = demoted.post("/api/invitations", json={"role": "admin"}).json()
        changed(owner, "Demoted", "annotator").raise_for_status()
    assert made["invitation"] not in owner.get("/api/invitations").json()


@pytest.mark.parametrize(("role", "is_active"), [("viewer", True), ("annotator", True), ("admin", False)])
def test_the_last_admin_stays(owner: httpx.Client, role: str, is_active: bool) -> None:
    for each in owner.get("/api/people").json():
        if each["person"]["role"] == "admin" and each["person"]["name"] != OWNER:
            changed(owner, each["person"]["name"], "viewer").raise_for_status()
    refused = changed(owner, OWNER, role, is_active=is_active)
    assert refused.status_code == 409
    assert kind(refused) == "last-admin"
    assert owner.get("/api/people").status_code == 200  # nothing has changed, and the session goes on


def test_a_link_sets_a_password_anew(workbench: WorkbenchServer, owner: httpx.Client) -> None:
    with closing(workbench.joined(owner, "Forgetful", "annotator")) as forgetful:
        made = owner.post(f"/api/people/{number(owner, 'Forgetful')}/password-link").json()
        assert made["invitation"]["person"]["name"] == "Forgetful"
        assert forgetful.get("/api/projects").status_code == 200  # until it is used nothing changes
        path = made["link"].removeprefix(workbench.address)
        with workbench.client() as anew:
            assert "Forgetful" in anew.get(path).text
            taken = anew.post(f"/api{path}", json={"name": "somebody else", "password": OTHER})
            assert taken.status_code == 204
            assert anew.get("/api/projects").status_code == 200
        assert forgetful.get("/api/projects").status_code == 401
        for password, status in [(PASSWORD, 401), (OTHER, 204)]:
            said = forgetful.post("/api/session", json={"name": "Forgetful", "password": password})
            assert said.status_code == status
    people = {each["person"]["name"]: each["person"]["role"] for each in owner.get("/api/people").json()}
    assert people["Forgetful"] == "annotator"
    assert "somebody else" not in people


def test_the_list_says_who_works_where(
    workbench: WorkbenchServer, owner: httpx.Client, project: dict[str, Any]
) -> None:
    workbench.joined(owner, "Worker", "annotator").close()
    owner.put(f"/api/projects/{project['id']}/members", json=[number(owner, "Worker")]).raise_for_status()
    worker = next(each for each in owner.get("/api/people").json() if each["person"]["name"] == "Worker")
    assert worker["projects"] == [{"id": project["id"], "name": project["name"]}]


def test_nobody_is_changed_who_is_not_there(owner: httpx.Client) -> None:
    assert owner.put("/api/people/999", json={"role": "viewer", "is_active": True}).status_code == 404
    assert owner.post("/api/people/999/password-link").status_code == 404


def test_people_are_let_in_and_changed_in_the_browser(
    workbench: WorkbenchServer, owner: httpx.Client, tab: Page
) -> None:
    tab.goto("/people")
    tab.get_by_role("combobox", name="Role", exact=True).select_option("viewer")
    tab.get_by_role("button", name="Make a link").click()
    link = tab.locator("#made code")
    expect(link).to_contain_text("/invitation/")
    tab.context.clear_cookies()
    tab.goto(link.inner_text())
    tab.get_by_label("Name").fill("By hand")
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_label("The same again").fill(PASSWORD)
    tab.get_by_role("button", name="Make the account").click()
    expect(tab.get_by_text("There is no project yet that you are a member of")).to_be_visible()

    session = {"name": "tagloom_session", "value": owner.cookies["tagloom_session"], "url": workbench.address}
    tab.context.add_cookies([session])  # type: ignore[list-item]  # as Playwright takes it
    tab.goto("/people")
    row = tab.get_by_role("listitem").filter(has_text="By hand")
    row.get_by_label("Role of By hand").select_option("annotator")
    expect(tab.get_by_text("By hand: annotator.")).to_be_visible()
    row.get_by_role("button", name="Lock out").click()
    tab.get_by_role("dialog").get_by_role("button", name="Lock out").click()
    expect(row.get_by_text("may not log in")).to_be_visible()
    row.get_by_role("button", name="Let in again").click()
    expect(row.get_by_role("button", name="Lock out")).to_be_visible()


def bearing(request: httpx.Request, secret: str) -> httpx.Request:
    request.headers["Authorization"] = f"Bearer {secret}"
    return request
