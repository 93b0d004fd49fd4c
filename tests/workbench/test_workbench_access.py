"""Who may ask what: every route without a login, with too little a role, of another project, from another site."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select
from workbench_routes import ELSEWHERE, ROUTES, THINGS, Route, body_of, made, made_project, query_of
from workbench_server import OWNER, WorkbenchServer

from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.database import tables
from tagloom.workbench.database.store import Store
from tagloom.workbench.door import UPLOADS

EVERYBODY = {
    ("GET", "/login"),
    ("POST", "/api/session"),
    ("DELETE", "/api/session"),
    ("GET", "/invitation/{secret}"),
    ("POST", "/api/invitation/{secret}"),
    ("GET", "/static/{version}/{name:path}"),
    ("GET", "/gallery"),
    ("GET", "/gallery/{exhibit_id}"),
    ("GET", "/api/gallery"),
    ("GET", "/api/gallery/{exhibit_id}"),
    ("POST", "/api/gallery/{exhibit_id}/read"),
}
"""What anybody may ask."""

GUARDED = [route for route in ROUTES if (route.method, route.path) not in EVERYBODY]
OF_PROJECTS = [route for route in GUARDED if "project_id" in route.parameters]
CHANGING = [route for route in ROUTES if route.method != "GET"]
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")
BELOW = {Role.VIEWER: (), Role.ANNOTATOR: (Role.VIEWER,), Role.ADMIN: (Role.VIEWER, Role.ANNOTATOR)}


class People:
    """Somebody of each role, and what they ask about.

    Args:
        store: of the workbench.
        clients: of somebody of each role.
    """

    def __init__(self, store: Store, clients: Mapping[Role, httpx.Client]) -> None:
        self.store, self.clients = store, clients

    def project(self, *, has_members: bool = True) -> int:
        """A project, and whether those who are no admins are its members."""

        def work(connection: Any) -> int:
            number = made_project(connection)
            if has_members:
                for person in connection.execute(select(tables.people.c.id)).scalars().all():
                    connection.execute(insert(tables.members).values(project_id=number, person_id=person))
            return number

        return self.store.write_now(work)

    def things(self, project: int) -> dict[str, Any]:
        """One of each kind, in a project, and what else addresses name."""

        def work(connection: Any) -> dict[str, Any]:
            person = made(connection, tables.people, role="viewer", is_active=True)
            return {
                **ELSEWHERE,
                "project_id": project,
                "person_id": person,
                "token_id": made(connection, tables.tokens, person_id=person),
                "invitation_id": made(connection, tables.invitations, role="viewer", expires_at=2e9),
                **{name: make(connection, project) for name, make in THINGS.items()},
            }

        return self.store.write_now(work)

    def dump(self, project: int) -> list[Any]:
        """All that the database has of a project."""

        def work(connection: Any) -> list[Any]:
            own = {"projects": tables.projects.c.id == project}
            documents = select(tables.documents.c.id).where(tables.documents.c.project_id == project)
            for table in tables.metadata.sorted_tables:
                if "project_id" in table.c:
                    own[table.name] = table.c.project_id == project
                elif "document_id" in table.c:
                    own[table.name] = table.c.document_id.in_(documents)
            return [
                (name, sorted(map(repr, connection.execute(select(tables.metadata.tables[name]).where(where)))))
                for name, where in own.items()
            ]

        return self.store.read_now(work)


@pytest.fixture(scope="module")
def people(workbench: WorkbenchServer) -> Iterator[People]:
    store = Store(workbench.folder)
    with ExitStack() as stack:
        stack.callback(store.close)
        owner = stack.enter_context(workbench.logged_in(OWNER))
        clients = {Role.ADMIN: owner}
        for role in (Role.VIEWER, Role.ANNOTATOR):
            clients[role] = workbench.joined(owner, f"The {role}", role)
            stack.callback(clients[role].close)
        yield People(store, clients)


def asked(client: httpx.Client, route: Route, things: Mapping[str, Any], **options: Any) -> httpx.Response:
    """The smallest request that fits."""
    address = route.address(things)
    if address.endswith(UPLOADS) and route.method == "POST":
        options = {"content": b"A text.", **options}
    elif "content" not in options:
        options = {"json": body_of(route, things), **options}
    return client.request(route.method, address, params=query_of(route, things), **options)


def kind(answer: httpx.Response) -> str:
    """What is refused, as programs are told."""
    if not answer.headers["content-type"].startswith("application/problem+json"):
        return ""
    return str(answer.json()["type"]).removeprefix("urn:tagloom:problem:")


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def test_every_route_that_is_not_for_everybody_names_a_role() -> None:
    assert len(ROUTES) > 30
    assert {(route.method, route.path) for route in ROUTES if route.role is None} == EVERYBODY


def test_every_route_of_a_project_looks_it_up_for_who_asks() -> None:
    assert [named(route) for route in ROUTES if route.has_project != ("project_id" in route.parameters)] == []


def test_every_parameter_of_an_address_is_known_here() -> None:
    unknown = {name for route in ROUTES for name in route.parameters} - THINGS.keys() - ELSEWHERE.keys()
    assert unknown == set(), "say what it is: in THINGS of workbench_routes.py, or in ELSEWHERE"
    assert [named(route) for route in ROUTES if not route.has_project and THINGS.keys() & set(route.parameters)] == []


def test_without_a_login_only_what_is_for_everybody_answers(workbench: WorkbenchServer, people: People) -> None:
    things = people.things(people.project())
    before = people.dump(things["project_id"])
    with workbench.client() as visitor:
        for bearing in [{}, {"Cookie": "tagloom_session=x"}, {"Authorization": "Bearer tagloom-wb-x"}]:
            for route in GUARDED:
                answer = asked(visitor, route, things, headers=bearing)
                if route.is_page:
                    assert answer.status_code == 303, named(route)
                    assert answer.headers["location"].startswith("/login"), named(route)
                else:
                    assert (answer.status_code, kind(answer)) == (401, "not-logged-in"), named(route)
    assert people.dump(things["project_id"]) == before


def test_whatever_else_is_asked_needs_a_login_too(workbench: WorkbenchServer, people: People) -> None:
    things = people.things(people.project())
    paths = ["/x", "/api", "/api/", "/api/x", "//login", "/static", "/api/session/", "/docs/../api/projects"]
    paths += [route.address(things) + end for route in GUARDED for end in ("", "/", "/x")]
    with workbench.client() as visitor:
        for path in dict.fromkeys(paths):
            for method in METHODS:
                answer = visitor.request(method, workbench.address + path)
                assert answer.status_code in (303, 401), (method, path)


def test_too_little_a_role_is_refused(people: People) -> None:
    things = people.things(people.project())
    before = people.dump(things["project_id"])
    num_asked = 0
    for route in GUARDED:
        assert route.role is not None
        for role in BELOW[route.role]:
            answer = asked(people.clients[role], route, things)
            assert (answer.status_code, kind(answer)) == (403, "not-allowed"), (named(route), role)
            num_asked += 1
    assert num_asked > 20
    assert people.dump(things["project_id"]) == before


def test_who_is_no_member_finds_no_project(people: People) -> None:
    things = people.things(people.project(has_members=False))
    before = people.dump(things["project_id"])
    for route in OF_PROJECTS:
        if route.role is not Role.ADMIN:  # admins see every project
            answer = asked(people.clients[Role.ANNOTATOR], route, things)
            assert answer.status_code == 404, named(route)
            assert answer.json() | {"request_id": ""} == missing_project(people, route), named(route)
    assert people.dump(things["project_id"]) == before


def missing_project(people: People, route: Route) -> Any:
    """What is answered of a project that there is not."""
    things = {**people.things(people.project()), "project_id": 2**40}
    return asked(people.clients[Role.ANNOTATOR], route, things).json() | {"request_id": ""}


@pytest.mark.parametrize("route", [route for route in OF_PROJECTS if len(route.parameters) > 1], ids=named)
def test_a_thing_of_another_project_is_not_found(people: People, route: Route) -> None:
    assert route.role is not None
    client = people.clients[route.role]
    other = people.project()
    foreign = people.things(other)
    before = people.dump(other)
    own = people.things(people.project())
    mixed = {**foreign, "project_id": own["project_id"]}
    refused, let_in = asked(client, route, mixed), asked(client, route, own)
    assert (refused.status_code, kind(refused)) == (404, "no-such-thing")
    assert people.dump(other) == before
    told = (let_in.status_code, "" if let_in.is_success else let_in.json()["detail"])
    assert told != (404, refused.json()["detail"])  # it was not found because it is another project's


@pytest.mark.parametrize("route", GUARDED, ids=named)
def test_with_the_role_it_is_let_in_and_changes_no_other_project(people: People, route: Route) -> None:
    assert route.role is not None
    other = people.project()
    foreign = people.things(other)
    before = people.dump(other)
    own = people.project()
    things = {**people.things(own), "project_id": own}
    answer = asked(people.clients[route.role], route, things)
    assert kind(answer) not in ("not-logged-in", "not-allowed", "wrong-origin", "no-such-path", "wrong-method")
    assert answer.status_code not in (401, 500) or kind(answer) == "wrong-login"
    if route.method != "GET":
        own = people.project()
        in_body = {**foreign, **{name: things[name] for name in route.parameters}, "project_id": own}
        answer = asked(people.clients[route.role], route, in_body)  # things of the other one, in the body
        assert answer.status_code < 500
    assert people.dump(other) == before


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
def test_pages_of_other_sites_may_not_ask(people: People, origin: str) -> None:
    things = people.things(people.project())
    for route in ROUTES:
        answer = asked(people.clients[Role.ADMIN], route, things, headers={"Origin": origin})
        assert (answer.status_code, kind(answer)) == (403, "wrong-origin"), named(route)


def test_with_a_cookie_what_changes_something_says_from_which_page_it_comes(
    workbench: WorkbenchServer, people: People
) -> None:
    things = people.things(people.project())
    before = people.dump(things["project_id"])
    cookie = people.clients[Role.ADMIN].cookies["tagloom_session"]
    with httpx.Client(base_url=workbench.address, cookies={"tagloom_session": cookie}, trust_env=False) as client:
        assert client.get("/api/projects").status_code == 200
        for route in CHANGING:
            answer = asked(client, route, things)
            assert (answer.status_code, kind(answer)) == (403, "wrong-origin"), named(route)
    assert people.dump(things["project_id"]) == before


def test_a_program_with_a_token_comes_from_no_page(workbench: WorkbenchServer, people: People) -> None:
    token = people.clients[Role.ADMIN].post("/api/tokens", json={"name": "script"}).json()["secret"]
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=workbench.address, headers=headers, trust_env=False) as client:
        assert client.post("/api/projects", json={"name": "By a program"}).status_code == 201
        assert client.post("/api/tokens", json={"name": "for ever", "days": None}).status_code == 403
        used = client.get("/api/tokens").json()[0]
        assert used["last_used_at"] is not None


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:80", "a b"])
def test_other_host_names_are_not_answered_to(people: People, host: str) -> None:
    things = people.things(people.project())
    for route in ROUTES:
        origin = f"http://{host}"
        answer = asked(people.clients[Role.ADMIN], route, things, headers={"Host": host, "Origin": origin})
        assert answer.status_code == (421 if host != "" else answer.status_code), named(route)
        assert answer.status_code >= 400, named(route)


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_bodies_of_forms_are_not_read(people: People, media_type: str) -> None:
    things = people.things(people.project())
    before = people.dump(things["project_id"])
    routes = [route for route in CHANGING if not route.path.endswith(UPLOADS)]
    assert len(routes) > 10
    for route in routes:
        options = {"content": b'{"name": "forged"}', "headers": {"Content-Type": media_type}}
        answer = asked(people.clients[Role.ADMIN], route, things, **options)
        assert (answer.status_code, kind(answer)) == (415, "wrong-media-type"), named(route)
    assert people.dump(things["project_id"]) == before
