"""The workbench's own API as it is described: for programs, for people, and held against what it does."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect
from workbench_routes import ROUTES, THINGS
from workbench_server import WorkbenchServer

from tagloom.workbench.database.store import Store
from tagloom.workbench.description import snippets
from tagloom.workbench.problems import Refused

LEFT_OUT = (
    "/api/sessions",  # it would end those of the tests
    "/api/tokens/{token_id}",
    "/api/projects/{project_id}/imports",  # a process each
    "/api/projects/{project_id}/imports/sample",
    "/api/projects/{project_id}/feature-sets",
)
NOT_CHECKED = ",".join(
    [
        "ignored_auth",
        "positive_data_acceptance",  # no schema says all that is asked of a name
        "negative_data_rejection",
        "allow_header_conformance",  # an address may fit two routes
    ]
)


@pytest.fixture
def api(owner: httpx.Client) -> Any:
    """What the workbench says of itself to programs."""
    answer = owner.get("/api/openapi.json")
    answer.raise_for_status()
    return answer.json()


@pytest.fixture
def token(owner: httpx.Client) -> Iterator[str]:
    made = owner.post("/api/tokens", json={"name": "tests"}).json()
    yield made["secret"]
    assert owner.delete(f"/api/tokens/{made['token']['id']}").status_code == 204


def called(api: Any) -> Iterator[tuple[str, str, Any]]:
    for path, by_method in api["paths"].items():
        for method, each in by_method.items():
            yield method.upper(), path, each


def test_every_route_for_programs_is_described(api: Any) -> None:
    expected = {(route.method, route.path) for route in ROUTES if not route.is_page} - {("GET", "/api/docs/{name}")}
    assert {(method, path) for method, path, _ in called(api)} == expected


def test_every_operation_says_what_it_is_and_which_role_it_needs(api: Any) -> None:
    roles = {(route.method, route.path): route.role for route in ROUTES}
    for method, path, each in called(api):
        assert each["summary"], (method, path)
        assert each["description"], (method, path)
        role = roles[method, path]
        assert each["security"] == ([] if role is None else [{"key": [role.value]}]), (method, path)
        assert all(parameter["description"] for parameter in each["parameters"]), (method, path)


def test_what_goes_wrong_is_described_as_it_is_answered(api: Any) -> None:
    text = json.dumps(api)
    assert "HTTPValidationError" not in text
    assert "Successful Response" not in text
    names = set(re.findall(r'"#/components/schemas/([\w-]+)"', text))
    assert names <= set(api["components"]["schemas"])
    for method, path, each in called(api):
        for status, answer in each["responses"].items():
            is_problem = "application/problem+json" in answer.get("content", {})
            assert (int(status) >= 400) is is_problem, (method, path, status)


def test_both_say_that_programs_bring_tokens(api: Any, owner: httpx.Client) -> None:
    assert "Authorization: Bearer TOKEN" in api["info"]["description"]
    page = owner.get("/api/docs").text
    assert "Authorization: Bearer TOKEN" in page
    for kind in Refused.kinds:
        assert f"<code>{kind}</code>" in page


@pytest.mark.parametrize("language", ["curl", "Python"])
def test_the_snippets_list_projects(
    workbench: WorkbenchServer, owner: httpx.Client, token: str, project: dict[str, Any], language: str
) -> None:
    text = snippets(workbench.address)[language]
    command = (
        ["bash", "-c", text.replace("curl ", "curl -s ", 1)] if language == "curl" else [sys.executable, "-c", text]
    )
    ran = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "TAGLOOM_TOKEN": token, "no_proxy": "*"},
    )
    assert ran.returncode == 0, ran.stderr
    if language == "curl":
        assert json.loads(ran.stdout) == owner.get("/api/projects").json()
    else:
        assert f"{project['id']} {project['name']}" in ran.stdout.splitlines()


def test_an_operation_is_tried_with_a_token(tab: Page, token: str, project: dict[str, Any]) -> None:
    tab.goto("/api/docs#get-api-projects")
    form = tab.locator("#get-api-projects form")
    form.get_by_label("token").fill(token)
    form.get_by_role("button", name="Send").click()
    expect(form.locator("output")).to_contain_text("200 OK")
    expect(form.locator(".answer")).to_contain_text(project["name"])


def test_schemathesis_finds_nothing(
    workbench: WorkbenchServer, api: Any, token: str, project: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(with_things(workbench, api, project["id"])))
    command = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run"]
    ran = subprocess.run(
        [
            *command,
            str(tmp_path / "openapi.json"),
            *("--url", workbench.address, "--header", f"Authorization: Bearer {token}"),
            *("--max-examples", "5", "--seed", "13", "--phases", "fuzzing"),
            *("--exclude-checks", NOT_CHECKED),
            *(option for path in LEFT_OUT for option in ("--exclude-path", path)),
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, "\n".join(line[:500] for line in (ran.stdout + ran.stderr).splitlines()[-150:])
    found = re.search(r"(\d+) generated", ran.stdout)
    assert found is not None
    assert int(found[1]) >= 300
    assert [line for line in workbench.lines if '"event": "error"' in line] == []


def with_things(workbench: WorkbenchServer, api: Any, project: int) -> Any:
    """The description, whose addresses name things that there are, and one that there is not."""
    store = Store(workbench.folder)
    things = {name: store.write_now(lambda connection, m=make: m(connection, project)) for name, make in THINGS.items()}
    store.close()
    for _, _, each in called(api):
        for parameter in each["parameters"]:
            known = {"project_id": project, **things}.get(parameter["name"])
            if parameter["in"] == "path" and known is not None:
                missing = 2**40 if isinstance(known, int) else "no-such-slot"
                parameter["schema"] = {"type": parameter["schema"]["type"], "enum": [known, missing]}
    return api
