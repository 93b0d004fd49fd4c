"""Who may ask what: every route without a key, with a key of another scope, from other hosts and pages."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from running import Running, running

from server_process import until
from tagloom.cli.main import main
from tagloom.serving.access.hosts import Hosts
from tagloom.serving.access.scopes import PUBLIC_FOLDER
from tagloom.serving.app import Options, create_app
from tagloom.serving.gate import Gate
from tagloom.serving.problems import Problem
from tagloom.serving.routes.direct import Direct
from tagloom.serving.state.database import Database
from tagloom.serving.state.keys import Keys, Scope

PUBLIC = {"/health/live", "/health/ready", "/v2/health/live", "/v2/health/ready", "/docs", "/openapi.json"}
ADMIN = {
    ("PUT", "/v1/models/{slot}"),
    ("DELETE", "/v1/models/{slot}"),
    ("POST", "/v1/models/{slot}/rollback"),
}
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return Keys(Database(tmp_path_factory.mktemp("state") / "state"))


@pytest.fixture(scope="module")
def guarded(model: Path, keys: Keys) -> Iterator[Running]:
    """A server for which keys were made."""
    keys.create("first")
    with running(keys.database.folder, model) as started:
        yield started


def routes(server: Running) -> list[tuple[str, str]]:
    """Every route of the API, as its own description has them."""
    with server.client() as client:
        paths = client.get("/openapi.json").json()["paths"]
    found = [(method.upper(), path) for path, methods in paths.items() for method in methods]
    assert len(found) > 15
    return found


def asked(client: httpx.Client, method: str, path: str) -> httpx.Response:
    return client.request(method, re.sub(r"\{.*?\}", "production", path))


def kind(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).removeprefix("urn:tagloom:problem:")


def test_the_description_has_every_route_of_the_application(guarded: Running, tmp_path: Path) -> None:
    gate = create_app(Options(state=tmp_path / "state"))
    assert isinstance(gate, Gate)
    assert isinstance(gate.app, Direct)
    every = {(method, route.path) for route in gate.app.app.routes for method in getattr(route, "methods", ())}
    pages = {(method, path) for method, path in every if path == "/docs" or path.startswith(PUBLIC_FOLDER)}
    assert {(method, path) for method, path in every if method != "HEAD"} - pages == set(routes(guarded)) - pages


def test_without_a_key_only_what_is_public_answers(guarded: Running) -> None:
    with guarded.client() as client:
        for method, path in routes(guarded):
            answer = asked(client, method, path)
            assert (answer.status_code == 401) == (path not in PUBLIC), (method, path)
            if path not in PUBLIC:
                assert answer.headers["www-authenticate"] == "Bearer"
                assert kind(answer) == "no-key"


def test_whatever_else_is_asked_needs_a_key_too(guarded: Running) -> None:
    others = ["/", "/v1", "/v1/models/", "/metrics/", "/admin", "/v1/models/production/predict/", "//health/live", "/x"]
    with guarded.client() as client:
        for method in METHODS:
            for path in [*others, *{path for _, path in routes(guarded)}]:
                answer = asked(client, method, path)
                if not (path in PUBLIC and method in ("GET", "HEAD")):
                    assert answer.status_code == 401, (method, path)


def test_a_key_to_predict_changes_nothing(guarded: Running, keys: Keys) -> None:
    _, token = keys.create("predict")
    with guarded.client(token) as client:
        until(lambda: client.get("/v1/models").status_code == 200)
        for method, path in routes(guarded):
            answer = asked(client, method, path)
            assert (answer.status_code == 403) == ((method, path) in ADMIN), (method, path)
        for method in ("PUT", "DELETE", "PATCH", "POST"):
            assert client.request(method, "/v1/anything").status_code == 403
        assert client.get("/v1/models/production").json()["version"] == "1"


def test_a_key_goes_in_either_header(guarded: Running, keys: Keys) -> None:
    _, token = keys.create("headers")
    with guarded.client() as client:
        until(lambda: client.get("/v1/models", headers={"X-API-Key": token}).status_code == 200)
        for name, value, status in [
            ("Authorization", f"Bearer {token}", 200),
            ("Authorization", f"bearer  {token}", 200),
            ("Authorization", f"Basic {token}", 401),
            ("Authorization", token, 401),
            ("Authorization", "", 401),
            ("X-API-Key", "", 401),
        ]:
            assert client.get("/v1/models", headers={name: value}).status_code == status, (name, value)
        assert client.get(f"/v1/models?key={token}").status_code == 401


def test_revoked_and_ended_keys_stop_opening(guarded: Running, keys: Keys) -> None:
    _, token = keys.create("short", expires_at=time.time() + 1.0)
    revoked, other = keys.create("revoked")
    with guarded.client() as client:

        def status(of: str) -> int:
            return client.get("/v1/models", headers={"X-API-Key": of}).status_code

        until(lambda: status(token) == 200 and status(other) == 200)
        keys.revoke(revoked.id)
        until(lambda: status(other) == 401, seconds=2)
        until(lambda: status(token) == 401, seconds=3)


def test_a_key_has_its_rate(guarded: Running, keys: Keys) -> None:
    _, token = keys.create("slow", per_minute=60)
    _, free = keys.create("free")
    with guarded.client(token) as client, guarded.client(free) as other:
        until(lambda: other.get("/v1/models").status_code == 200)
        statuses = [client.get("/v1/models").status_code for _ in range(30)]
        assert statuses[:10] == [200] * 10
        assert 429 in statuses
        refused = client.get("/v1/models")
        assert kind(refused) == "too-many-requests"
        assert 1 <= int(refused.headers["retry-after"]) <= 2
        assert other.get("/v1/models").status_code == 200


def test_an_admin_over_http_needs_a_key_even_where_no_key_was_made(server: Running) -> None:
    with server.client() as client:
        assert client.get("/v1/models").status_code == 200
        for method, path in ADMIN:
            assert asked(client, method, path).status_code == 401
        assert client.get("/v1/models").json()["models"]


# Hosts and pages of other sites.


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("127.0.0.1:80", 200),
        ("[::1]:8000", 200),
        ("192.168.7.7", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example:80", 421),
        ("evil.example:localhost", 421),
        ("[::1", 421),
        ("", 421),
        ("a" * 300, 421),
    ],
)
def test_a_name_that_another_site_can_point_here_is_refused(server: Running, host: str, status: int) -> None:
    with server.client() as client:
        answer = client.get("/v1/models", headers={"Host": host})
    assert answer.status_code == status
    if status == 421:
        assert kind(answer) == "wrong-host"


def test_named_hosts_are_answered_to() -> None:
    Hosts(["api.example.org"]).expect_known("API.example.org:443")
    Hosts(["*"]).expect_known("anything")
    with pytest.raises(Problem):
        Hosts(["api.example.org"]).expect_known("example.org")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost", "http://127.0.0.1:1"])
def test_pages_of_other_sites_may_not_ask(server: Running, origin: str) -> None:
    with server.client() as client:
        body = {"documents": []}
        answer = client.post("/v1/models/production/predict", json=body, headers={"Origin": origin})
        assert (answer.status_code, kind(answer)) == (403, "wrong-origin")
        assert "access-control-allow-origin" not in answer.headers
        own = client.post("/v1/models/production/predict", json=body, headers={"Origin": server.address})
        assert own.status_code == 200


def test_no_page_may_ask_across_unless_named(server: Running) -> None:
    preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    with server.client() as client:
        answer = client.options("/v1/models/production/predict", headers=preflight)
    assert answer.status_code in (401, 403)
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_named_pages_may_ask(model: Path, tmp_path: Path) -> None:
    page = "https://shop.example"
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    with running(tmp_path / "state", model, "--allow-origin", page) as server, server.client() as client:
        allowed = client.options("/v1/models/production/predict", headers={"Origin": page, **ask})
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == page
        body: dict[str, Any] = {"documents": [{"text": "x"}]}
        answer = client.post("/v1/models/production/predict", json=body, headers={"Origin": page})
        assert answer.headers["access-control-allow-origin"] == page
        other = client.post("/v1/models/production/predict", json=body, headers={"Origin": "https://evil.example"})
        assert other.status_code == 403
        assert "access-control-allow-origin" not in other.headers


# What others can reach.


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_no_server_opens_itself_to_others_without_a_key(
    model: Path, tmp_path: Path, host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", str(model), "--host", host, "--port", "0", "--state", str(tmp_path / "state")]) == 1
    assert f"{host} can be reached by other machines, and no key was made" in capsys.readouterr().err


def test_with_a_key_or_when_told_so_it_does(model: Path, tmp_path: Path) -> None:
    with running(tmp_path / "open", model, "--host", "0.0.0.0", "--without-keys") as server:
        server.address = f"http://127.0.0.1:{server.port}"
        assert server.predict("x").status_code == 200
    _, token = Keys(Database(tmp_path / "guarded")).create("one", Scope.admin)
    with running(tmp_path / "guarded", model, "--host", "0.0.0.0") as server:
        server.address = f"http://127.0.0.1:{server.port}"
        assert server.predict("x").status_code == 401
        assert server.predict("x", key=token).status_code == 200
