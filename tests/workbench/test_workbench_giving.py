"""Which document somebody is given next."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from labelled_projects import a_person, a_project, add, wanted
from sqlalchemy import Connection, update

from tagloom.text import Document
from tagloom.workbench.accounts.people import Person
from tagloom.workbench.database.store import Store
from tagloom.workbench.database.tables import documents
from tagloom.workbench.documents.choosing import Choice
from tagloom.workbench.documents.giving import Place, QueueOrder, give, hold, neighbour
from tagloom.workbench.documents.progress import Progress, progress_of
from tagloom.workbench.documents.saving import Wanted, save
from tagloom.workbench.documents.states import State


class Queue:
    """A project with six documents, and two people."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.project = a_project(store)
        self.ada, self.ben = a_person(store, "Ada"), a_person(store, "Ben")
        self.documents = add(store, self.project, [Document(f"Text {number}") for number in range(6)])

    def give(
        self, person: Person, after: int | None = None, order: QueueOrder = QueueOrder.AS_IS, **said: object
    ) -> int | None:
        place = Place(order=order, after=after, **said)  # type: ignore[arg-type]  # of a test
        return self.store.write_now(lambda connection: give(connection, self.project, person, place))

    def all_given(self, person: Person, order: QueueOrder) -> list[int]:
        found: list[int] = []
        while (given := self.give(person, found[-1] if found else None, order, passed=tuple(found))) not in found:
            assert given is not None
            found.append(given)
        return found

    def decide(self, number: int, person: Person, state: State | None) -> None:
        spans = [] if state else wanted((0, 4, "PNAME"))
        asked = Wanted(revision=0, spans=spans, state=state)
        self.store.write_now(lambda connection: save(connection, self.project, number, person, asked))

    def set(self, number: int, **values: object) -> None:
        self.store.write_now(
            lambda connection: connection.execute(update(documents).where(documents.c.id == number).values(values))
        )


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    store = Store(tmp_path)
    yield Queue(store)
    store.close()


def test_documents_come_as_they_are_and_begin_anew_when_all_were_seen(queue: Queue) -> None:
    assert queue.all_given(queue.ada, QueueOrder.AS_IS) == queue.documents
    assert queue.give(queue.ada, queue.documents[-1]) == queue.documents[0]


def test_a_random_order_is_another_one_and_leaves_nothing_out(queue: Queue) -> None:
    for place, number in enumerate(queue.documents):
        queue.set(number, shuffled=[7, 3, 3, 9, 1, 3][place])
    expected = [queue.documents[place] for place in (4, 1, 2, 5, 0, 3)]
    assert queue.all_given(queue.ada, QueueOrder.RANDOM) == expected


def test_what_the_model_is_least_sure_of_comes_first_and_what_it_has_not_read_last(queue: Queue) -> None:
    first, second, *_ = queue.documents
    queue.set(queue.documents[3], certainty=0.2)
    queue.set(queue.documents[4], certainty=0.1)
    order = queue.all_given(queue.ada, QueueOrder.LEAST_SURE)
    assert order[:4] == [queue.documents[4], queue.documents[3], first, second]
    assert sorted(order) == queue.documents


def test_two_people_are_given_different_documents_until_the_time_is_over(queue: Queue) -> None:
    mine = queue.give(queue.ada)
    assert mine == queue.documents[0]
    assert queue.give(queue.ben) == queue.documents[1]
    assert queue.give(queue.ada) == mine
    queue.set(queue.documents[0], held_until=1.0)
    assert queue.give(queue.ben, queue.documents[1]) == queue.documents[2]
    assert queue.store.write_now(lambda connection: hold(connection, queue.documents[0], queue.ben)) is None
    assert queue.store.write_now(lambda connection: hold(connection, queue.documents[0], queue.ada)) == "Ben"


def test_drafts_of_others_come_after_new_ones_and_what_was_skipped_at_the_very_end(queue: Queue) -> None:
    queue.decide(queue.documents[0], queue.ada, State.SKIPPED)
    queue.decide(queue.documents[1], queue.ben, None)
    queue.set(queue.documents[1], held_until=1.0)
    queue.decide(queue.documents[2], queue.ada, State.SUBMITTED)
    queue.decide(queue.documents[3], queue.ada, None)
    queue.decide(queue.documents[4], queue.ada, State.DISCARDED)
    given = []
    while (number := queue.give(queue.ada)) is not None:
        given.append(number)
        queue.set(number, state="submitted")
    assert given == [queue.documents[place] for place in (3, 5, 1, 0)]


def test_the_last_document_is_not_given_to_who_has_it(queue: Queue) -> None:
    for number in queue.documents[1:]:
        queue.decide(number, queue.ada, State.SUBMITTED)
    assert queue.give(queue.ada) == queue.documents[0]
    assert queue.give(queue.ada, queue.documents[0]) is None


def test_neighbours_are_those_that_are_meant(queue: Queue) -> None:
    queue.decide(queue.documents[2], queue.ada, State.SUBMITTED)
    queue.decide(queue.documents[4], queue.ben, State.SUBMITTED)
    submitted = Choice(states=(State.SUBMITTED,))

    def beside(number: int | None, *, is_before: bool = False) -> int | None:
        def found(connection: Connection) -> int | None:
            return neighbour(connection, queue.project, submitted, number, is_before=is_before)

        return queue.store.read_now(found)

    assert [beside(None), beside(queue.documents[2]), beside(queue.documents[4])] == [
        queue.documents[2],
        queue.documents[4],
        None,
    ]
    assert beside(queue.documents[3], is_before=True) == queue.documents[2]


def test_progress_counts_documents_by_state(queue: Queue) -> None:
    queue.decide(queue.documents[0], queue.ada, State.SKIPPED)
    queue.decide(queue.documents[1], queue.ada, None)
    found = queue.store.read_now(lambda connection: progress_of(connection, queue.project))
    assert found == Progress(new=4, draft=1, skipped=1)
