"""The list of projects: what it says of each, and to whom."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert
from workbench_routes import made, made_project

from tagloom.workbench.accounts.people import Person, add_person
from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.database import tables
from tagloom.workbench.database.store import Store
from tagloom.workbench.projects.summaries import summaries_for


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    store = Store(tmp_path)
    with store._writer.connect() as found, found.begin():
        yield found
    store.close()


def documents(connection: Connection, project: int, **counts: int) -> None:
    for state, count in counts.items():
        for _ in range(count):
            made(connection, tables.documents, project_id=project, state=state)


def judged(connection: Connection, project: int, f1: float | None) -> None:
    feature_set = made(connection, tables.feature_sets, project_id=project)
    scores = None if f1 is None else {"f1": f1, "precision": 0.5}
    values = {"project_id": project, "feature_set_id": feature_set, "state": "finished", "scores": scores}
    made(connection, tables.trainings, **values)


def test_it_says_how_much_is_labelled_and_how_good_the_newest_model_is(connection: Connection) -> None:
    owner = add_person(connection, "Ada", Role.ADMIN, "hash")
    empty, full = made_project(connection), made_project(connection)
    documents(connection, full, new=3, draft=2, submitted=5, skipped=1, discarded=4)
    for f1 in (0.4, 0.75, None):  # the newest has not been judged
        judged(connection, full, f1)
    first, second = summaries_for(connection, owner)
    assert (first.project.id, first.num_documents, first.num_labelled, first.f1) == (full, 11, 5, 0.75)
    assert (second.project.id, second.num_documents, second.num_labelled, second.f1) == (empty, 0, 0, None)


def test_others_see_those_that_they_are_members_of(connection: Connection) -> None:
    member: Person = add_person(connection, "Grace", Role.VIEWER, "hash")
    own, _ = made_project(connection), made_project(connection)
    connection.execute(insert(tables.members).values(project_id=own, person_id=member.id))
    assert [each.project.id for each in summaries_for(connection, member)] == [own]
