"""What attackers did to others: hostile bodies, scripts in texts, secrets, ways out of the site and of the folder."""

import asyncio
import json
import re
import signal
import socket
import stat
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
from own_loop import run
from playwright.sync_api import Browser, Page
from sqlalchemy import Connection
from test_workbench_access import CHANGING, EVERYBODY, asked, kind, named
from workbench_routes import ELSEWHERE, ROUTES, THINGS, Route, body_of, made
from workbench_server import OWNER, PASSWORD, WorkbenchServer

from server_process import until
from tagloom.serving.limits import Limits
from tagloom.workbench.app import create_app
from tagloom.workbench.database import tables
from tagloom.workbench.database.store import Store
from tagloom.workbench.door import UPLOADS
from tagloom.workbench.folders import Folders
from tagloom.workbench.markdown import as_html
from tagloom.workbench.options import Options

WITH_JSON = [route for route in CHANGING if not route.path.endswith(UPLOADS)]
PAGES = [route for route in ROUTES if route.is_page and "/static/" not in route.path]

HOSTILE = (
    "<img src=x onerror=window.hit=1><script>window.hit=2</script>'\"></textarea></script><svg onload=window.hit=3>"
)
LABEL = "<img/src=x/onerror=window.hit=4>"
GUIDELINES = f"""{HOSTILE}

[one](javascript:window.hit=5) [two](JaVaScRiPt:window.hit=6) [three](data:text/html,<script>window.hit=7</script>)
![four](https://evil.example/picture.png) <a href="javascript:window.hit=8" onclick="window.hit=9">five</a>

<iframe src="https://evil.example"></iframe><style>body {{ display: none }}</style><form action="https://evil.example">
"""

WRONG: list[bytes] = [
    b"[" * 100_000 + b"]" * 100_000,
    b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    b"{",
    b"null",
    b"[]",
    b"[[]]",
    b"[null]",
    b'"text"',
    b"1e999",
    b"\xff\xfe\x00",
    b'{"name": "\xff"}',
    b'{"name": NaN}',
    b"1" * 5000,
]
"""What no route takes as a body, or only as an empty list."""

WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""
PLACES = "[...document.querySelectorAll('a')].map((link) => link.href).filter(Boolean)"

VALUES: list[Any] = [None, -1, 2**63, 10**30, 1.5, "\0", "x" * 5000, "\ud800", [[]], [2**63], {}]
"""What a field may hold where something else is expected."""


@pytest.fixture(scope="module")
def client(workbench: WorkbenchServer) -> Iterator[httpx.Client]:
    with workbench.logged_in(OWNER) as found:
        yield found


@pytest.fixture(scope="module")
def things(client: httpx.Client, store: Store) -> dict[str, Any]:
    """A project in which all that people write is hostile, and one of each kind of thing in it."""
    project = client.post("/api/projects", json={"name": HOSTILE[:100], "template": "blank"}).json()["id"]
    texts = {"name": HOSTILE[:99], "description": HOSTILE, "guidelines": GUIDELINES}
    client.put(f"/api/projects/{project}", json=texts).raise_for_status()
    label = {"id": 0, "name": LABEL, "description": HOSTILE, "colour": 0}
    client.put(f"/api/projects/{project}/labels", json=[label]).raise_for_status()
    found = {name: store.write_now(lambda connection, m=make: m(connection, project)) for name, make in THINGS.items()}
    exhibit = store.write_now(lambda connection: spoil(connection, project, found["training_id"]))
    link = client.post("/api/invitations", json={"role": "annotator"}).json()["link"]
    with httpx.Client(trust_env=False) as other:
        address, _, secret = link.rpartition("/invitation/")
        body = {"name": HOSTILE[:100], "password": PASSWORD}
        other.post(f"{address}/api/invitation/{secret}", json=body, headers={"Origin": address}).raise_for_status()
    client.post("/api/tokens", json={"name": HOSTILE[:100]}).raise_for_status()
    waiting = client.post("/api/invitations", json={"role": "annotator"}).json()
    return {
        **ELSEWHERE,
        "project_id": project,
        "secret": waiting["link"].rpartition("/")[2],
        "invitation_id": waiting["invitation"]["id"],
        "exhibit_id": exhibit,
        **found,
    }


def spoil(connection: Connection, project: int, training: int | str) -> int:
    """Writes what is hostile wherever the tables hold what people or files say; gives a hostile exhibit's number."""
    for table, columns in [
        (tables.documents, ("name", "text", "folded")),
        (tables.imports, ("name", "error")),
        (tables.feature_sets, ("name", "error")),
        (tables.trainings, ("name", "error")),
    ]:
        for number in connection.execute(table.select().where(table.c.project_id == project)).scalars().all():
            values = dict.fromkeys(columns, f"{HOSTILE[:80]} {number}")
            connection.execute(table.update().where(table.c.id == number).values(values))
    texts = {"title": HOSTILE[:100], "description": GUIDELINES, "data": GUIDELINES, "licence": HOSTILE}
    return made(connection, tables.exhibits, training_id=training, samples=[HOSTILE], audience="people", **texts)


def expect_refused(answer: httpx.Response, what: object) -> None:
    """What is answered is a problem document, which repeats nothing, or a plain yes."""
    assert answer.status_code < 500, (what, answer.text)
    if answer.is_error:
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json", what
        assert problem["status"] == answer.status_code
        assert problem["type"].startswith("urn:tagloom:problem:")
        assert problem["title"]
        assert problem["detail"]
        assert not re.search(r"/home|/tmp|/work|/root|\.py\b|Traceback|sqlalchemy|xxxxx", answer.text), what


# Bodies


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_bodies_of_a_wrong_form_are_refused(client: httpx.Client, things: dict[str, Any], number: int) -> None:
    headers = {"Content-Type": "application/json"}
    for route in WITH_JSON:
        if body_of(route, things) is not None and route.method != "DELETE":
            answer = asked(client, route, things, content=WRONG[number], headers=headers)
            expect_refused(answer, (named(route), WRONG[number][:20]))
            assert answer.is_error or WRONG[number] in (b"[]", b'{"name": NaN}'), named(route)


def test_fields_of_a_wrong_kind_are_refused(client: httpx.Client, store: Store) -> None:
    num_asked = 0
    for place, route in enumerate(WITH_JSON):
        new = client.post("/api/projects", json={"name": f"Fields {place}", "template": "camera"})
        project = new.json()["id"]
        things = {
            **{name: store.write_now(lambda c, m=make, p=project: m(c, p)) for name, make in THINGS.items()},
            **ELSEWHERE,
            "project_id": project,
            "version": "x",
            "name": "x",
        }
        body = body_of(route, things)
        if (route.method, route.path) in EVERYBODY or route.method == "DELETE" or body is None:
            continue
        for field in body or [""]:
            for value in VALUES:
                sent = json.dumps({**body, field: value} if isinstance(body, dict) else [value])
                headers = {"Content-Type": "application/json"}
                expect_refused(
                    asked(client, route, things, content=sent, headers=headers), (named(route), field, repr(value)[:40])
                )
                num_asked += 1
    assert num_asked > 100


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "x", str(2**63), str(10**30), "1e3", "%00", "..%2f1", "١"])
def test_numbers_in_addresses_that_are_none_are_refused(
    client: httpx.Client, things: dict[str, Any], number: str
) -> None:
    for route in ROUTES:
        numbered = [name for name in route.parameters if name.endswith("_id")]
        for name in numbered:
            answer = asked(client, route, {**things, **dict.fromkeys(numbered, 2**40), name: number})
            assert answer.status_code in (404, 405, 422), (named(route), name)
            expect_refused(answer, named(route))


def test_bodies_that_are_too_large_are_refused(client: httpx.Client, things: dict[str, Any]) -> None:
    large = b'"' + b"x" * (Limits().body_bytes + 1) + b'"'
    for route in WITH_JSON:
        headers = {"Content-Type": "application/json"}
        answer = asked(client, route, things, content=large, headers=headers)
        assert (answer.status_code, kind(answer)) == (413, "body-too-large"), named(route)
    pieces = iter([large[:1_000_000]] * 6)  # of no length that is told
    answer = client.post("/api/session", content=pieces, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


def test_the_end_of_a_body_that_was_refused_is_no_other_request(workbench: WorkbenchServer) -> None:
    host, port = workbench.address.removeprefix("http://").split(":")
    size, rest = Limits().body_bytes + 1, 100_000
    head = f"Host: {host}\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(b"POST /api/session HTTP/1.1\r\n" + head.encode() + b"x" * (size - rest))
        assert connection.recv(12) == b"HTTP/1.1 413"
        while connection.recv(65536)[-1:] != b"}":
            pass
        workbench.process.send_signal(signal.SIGSTOP)
        connection.sendall(b"x" * rest)
        time.sleep(0.05)
        workbench.process.send_signal(signal.SIGCONT)  # it reads all that at once
        time.sleep(0.1)
        connection.sendall(f"GET /login HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert connection.recv(15) == b"HTTP/1.1 200 OK"


def test_bodies_that_do_not_come_are_not_waited_for(tmp_path: Path) -> None:
    app = create_app(
        Options(folder=tmp_path / "data", limits=Limits(body_seconds=0.05)), Store(Folders(tmp_path / "data").root)
    )
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"content-type", b"application/json"), (b"content-length", b"100")]
    path = "/api/session"
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b""}
    run(app({**scope, "headers": headers, "http_version": "1.1", "scheme": "http"}, receive, send))
    assert sent[0]["status"] == 408


# Scripts


def test_every_answer_tells_browsers_what_may_run(client: httpx.Client, things: dict[str, Any]) -> None:
    answers = [asked(client, route, things) for route in ROUTES if route.method == "GET"]
    answers += [client.get("/x"), client.get("/projects/99/settings", headers={"Accept": "text/html"})]
    answers += [client.patch("/api/projects"), client.get("/login", headers={"Host": "evil.example"})]
    answers += [client.post("/api/projects", content=b"{"), client.get("/static/x/y"), client.get("/api/docs/x")]
    for answer in answers:
        policy = dict(each.strip().split(" ", 1) for each in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'", answer.url
        assert policy["script-src"] == "'self'", answer.url
        assert "unsafe-eval" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "access-control-allow-origin" not in answer.headers
        is_kept = "/static/" in str(answer.url) and answer.is_success
        assert is_kept or answer.headers["cache-control"] == "no-store", answer.url


@pytest.fixture(scope="module")
def watched(browser: Browser, workbench: WorkbenchServer, client: httpx.Client) -> Iterator[Page]:
    """A tab of the owner that notes what its policy has refused."""
    context = browser.new_context(base_url=workbench.address)
    session = client.cookies["tagloom_session"]
    context.add_cookies([{"name": "tagloom_session", "value": session, "url": workbench.address}])
    context.add_init_script(WATCH)
    yield context.new_page()
    context.close()


class Seen(HTMLParser):
    """What in a page could run.

    Args:
        text: its HTML.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        is_data = tag == "script" and given.get("type") == "application/json"
        is_file = tag == "script" and given.get("src", "").startswith("/static/")
        if tag in ("style", "iframe", "object", "embed", "base", "svg") or (tag == "script" and not is_data | is_file):
            self.found.append(tag)
        self.found += [f"{tag} {name}" for name in given if name.startswith("on") or name in ("style", "srcdoc")]
        places = [given.get(name, "") for name in ("href", "src", "action", "formaction")]
        self.found += [place for place in places if not re.match(r"(?:/(?!/)|#|https?://|mailto:|$)", place)]


@pytest.mark.parametrize("route", PAGES, ids=named)
def test_nothing_that_people_write_runs_in_a_page(
    watched: Page, client: httpx.Client, things: dict[str, Any], route: Route
) -> None:
    tab, address = watched, route.address(things)
    page = client.get(address, headers={"Accept": "text/html"})
    assert page.status_code in (200, 409)  # what is not there yet is told in a page, too
    assert Seen(page.text).found == []
    requested: list[str] = []
    tab.on("request", lambda request: requested.append(request.url))
    tab.goto(address)
    tab.wait_for_load_state("networkidle")
    assert tab.evaluate("violations") == []
    assert tab.evaluate("window.hit") is None
    assert tab.locator("img[src=x], svg[onload], main script").count() == 0
    assert not [place for place in tab.evaluate(PLACES) if not re.match("https?:|mailto:", place)]
    assert {httpx.URL(url).host for url in requested if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}


def test_markdown_becomes_no_script() -> None:
    html = as_html(GUIDELINES)
    assert Seen(html).found == []
    assert not re.search("<(img|form|textarea)", html)
    assert as_html("[site](https://example.org)").strip() == (
        '<p><a href="https://example.org" rel="noopener noreferrer nofollow">site</a></p>'
    )


# Ways out


@pytest.mark.parametrize(
    "place",
    [
        "//evil.example/",
        "/\\evil.example/",
        "/.//evil.example/",
        "{address}//evil.example/",
        "javascript:alert(1)",
        "http://[",
    ],
)
def test_logging_in_leads_to_no_other_site(workbench: WorkbenchServer, browser: Browser, place: str) -> None:
    context = browser.new_context(base_url=workbench.address)
    tab, asked_for = context.new_page(), list[str]()
    tab.on("request", lambda request: asked_for.append(request.url))
    tab.goto(str(httpx.URL("/login", params={"next": place.format(address=workbench.address)})))
    tab.get_by_label("Name").fill(OWNER)
    tab.get_by_label("Password").fill(PASSWORD)
    with tab.expect_navigation(wait_until="commit"):
        tab.get_by_role("button", name="Log in").click()
    assert tab.url.startswith(workbench.address + "/")
    assert {httpx.URL(url).host for url in asked_for} == {"127.0.0.1"}
    context.close()


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "/%0d%0aSet-Cookie:x=1", "/\\evil.example", "/x?a=//evil.example"]
)
def test_visitors_are_sent_to_the_login_alone(workbench: WorkbenchServer, path: str) -> None:
    with workbench.client() as visitor:
        answer = visitor.get(workbench.address + path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=/")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd", "..%2f..%2fapp.py", "%2e%2e/app.py", "/etc/passwd", "%00", "styles/../../app.py", ""],
)
def test_static_files_are_those_of_a_fixed_table(workbench: WorkbenchServer, name: str) -> None:
    with workbench.client() as visitor:
        answer = visitor.get(f"{workbench.address}/static/x/{name}")
    assert answer.status_code in (303, 404)
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    "name",
    ["../../evil.txt", "/etc/evil.txt", "a/b\\..\\evil.txt", "evil\0.txt", "x" * 400 + ".txt", ".", "..", "~", "CON"],
)
def test_names_of_files_become_no_paths(
    workbench: WorkbenchServer, client: httpx.Client, project: dict[str, Any], name: str
) -> None:
    before = {path for path in workbench.folder.parent.rglob("*") if "serving" not in path.parts}
    address = f"/api/projects/{project['id']}/imports"
    answer = client.post(address, params={"name": name, "format": "text"}, content=b"One text.")
    expect_refused(answer, name)
    if answer.is_success:
        number = answer.json()["id"]
        until(lambda: client.get(f"{address}/{number}").json()["state"] in ("done", "failed"))
        allowed = workbench.folder / "uploads" / str(number)
        after = {path for path in workbench.folder.parent.rglob("*") if "serving" not in path.parts}
        assert {path for path in after - before if path != allowed and allowed not in path.parents} == set()


@pytest.mark.parametrize(
    "option",
    [
        {"embeddings": "vectors:/etc/passwd"},
        {"embeddings": "learned:100 + vectors:../../secret.txt"},
        {"embeddings": "transformer:https://evil.example/model"},
        {"embeddings": "transformer:somebody/model"},
        {"embeddings": "elmo:/etc"},
        {"embeddings": ["transformer:../model"]},
        {"device": "https://evil.example"},
        {"schedule": "os.system"},
        {"optimizer": "builtins.eval"},
        {"folder": "/tmp/evil"},
        {"config": "/etc/passwd"},
    ],
    ids=str,
)
def test_options_of_trainings_name_no_file_no_address_and_no_code(
    workbench: WorkbenchServer, client: httpx.Client, things: dict[str, Any], option: dict[str, Any]
) -> None:
    body = {"feature_set_id": things["feature_set_id"], "options": option}
    answer = client.post(f"/api/projects/{things['project_id']}/trainings", json=body)
    assert answer.status_code == 422
    expect_refused(answer, option)
    assert not list((workbench.folder / "runs").iterdir())


# Secrets


def test_no_secret_is_on_disk_or_in_the_log(workbench: WorkbenchServer, client: httpx.Client) -> None:
    password = "a very particular password"
    link = client.post("/api/invitations", json={"role": "viewer"}).json()["link"].removeprefix(workbench.address)
    waiting = client.post("/api/invitations", json={"role": "viewer"}).json()["link"]
    secrets = [
        password,
        link.rpartition("/")[2],
        waiting.rpartition("/")[2],
        client.cookies["tagloom_session"],
        PASSWORD,
    ]
    with workbench.client() as other:
        other.post(f"/api{link}", json={"name": "Somebody", "password": password}).raise_for_status()
        secrets.append(other.cookies["tagloom_session"])
        token = other.post("/api/tokens", json={"name": "t"}).json()["secret"]
        secrets += [token, token.removeprefix("tagloom-wb-")]
        other.post("/api/session", json={"name": "Somebody", "password": password + "!"})
    for path in workbench.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for secret in secrets:
                assert secret.encode() not in content, path.name
    log = "".join(line for line in workbench.lines if workbench.link not in line)
    assert not [secret for secret in secrets if secret in log]


def test_the_data_is_its_owners_alone(workbench: WorkbenchServer) -> None:
    open_to_others = {
        str(path.relative_to(workbench.folder)): oct(path.stat().st_mode)
        for path in [workbench.folder, *workbench.folder.rglob("*")]
        if stat.S_IMODE(path.stat().st_mode) & 0o077 and path.parent in (workbench.folder.parent, workbench.folder)
    }
    assert open_to_others == {}


def test_no_debug_mode_and_no_fixed_secret(tmp_path: Path, workbench: WorkbenchServer) -> None:
    stores = []
    for name in ("one", "two"):
        stores.append(Store(Folders(tmp_path / name).root))
        create_app(Options(folder=tmp_path / name), stores[-1])
    rows = [store.read_now(lambda c: c.execute(tables.people.select()).all()) for store in stores]
    for store in stores:
        store.close()
    assert rows == [[], []]  # nobody is there by default
    with workbench.client() as visitor:
        for path in ("/docs/x", "/debug", "/console", "/api/debug", "/openapi.json/x", "/redoc"):
            assert visitor.get(path).status_code in (303, 401, 404)
