"""What is saved of a labelled document, and what is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled_projects import LABELS, a_person, a_project, add, wanted

from tagloom.text import Document, Span
from tagloom.workbench.accounts.people import Person
from tagloom.workbench.database.store import Store
from tagloom.workbench.documents.choosing import Choice
from tagloom.workbench.documents.exporting import chosen_after
from tagloom.workbench.documents.labelling import Labelling, document_row, labelling_of
from tagloom.workbench.documents.saving import Saved, Wanted, save
from tagloom.workbench.documents.span_checks import WantedSpan, expect_fit
from tagloom.workbench.documents.states import State
from tagloom.workbench.documents.suggestions import Rejection
from tagloom.workbench.problems import Refused

TEXT = "The Sony CE-7RM3 beats my D90 . 📷 ok"
SONY = (4, 16, "PNAME")
D90 = (26, 29, "PNAME")


class Bench:
    """A document of a project, and who labels it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.project = a_project(store)
        self.ada, self.ben = a_person(store, "Ada"), a_person(store, "Ben")
        (self.document,) = add(store, self.project, [Document(TEXT, id="one")])

    def save(self, *spans: tuple[int, int, str], by: Person | None = None, document: int = 0, **said: Any) -> Saved:
        return self.ask(Wanted(spans=wanted(*spans), **said), by=by, document=document)

    def ask(self, asked: Wanted, by: Person | None = None, document: int = 0) -> Saved:
        number = document or self.document
        return self.store.write_now(lambda connection: save(connection, self.project, number, by or self.ada, asked))

    def now(self, document: int = 0) -> Labelling:
        number = document or self.document
        return self.store.read_now(
            lambda connection: labelling_of(connection, document_row(connection, self.project, number))
        )

    def spans(self, document: int = 0) -> list[tuple[int, int, str]]:
        return [(span.start, span.end, span.label) for span in self.now(document).spans]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    store = Store(tmp_path)
    yield Bench(store)
    store.close()


def test_a_new_document_becomes_a_draft_and_says_who_has_changed_it(bench: Bench) -> None:
    saved = bench.save(SONY, revision=0)
    now = bench.now()
    assert (saved.revision, saved.state, bench.spans()) == (1, State.DRAFT, [SONY])
    assert (now.revision, now.changed_by, now.changed_at) == (1, "Ada", saved.changed_at)


def test_what_is_sent_twice_is_done_once(bench: Bench) -> None:
    asked = Wanted(revision=0, spans=wanted(SONY), state=State.SUBMITTED, rejected=[Rejection(0, 3, "PNAME")])
    assert bench.ask(asked) == bench.ask(asked)
    assert bench.now().revision == 1


def test_what_changes_nothing_makes_no_revision(bench: Bench) -> None:
    assert bench.save(revision=0) == Saved(0, State.NEW, None)
    bench.save(SONY, revision=0)
    assert bench.save(SONY, revision=1, by=bench.ben).revision == 1
    assert bench.now().changed_by == "Ada"


def test_who_did_not_see_the_last_change_is_told_what_it_was(bench: Bench) -> None:
    bench.save(SONY, revision=0)
    with pytest.raises(Refused) as refused:
        bench.save(D90, revision=0, by=bench.ben)
    assert refused.value.kind == "changed-meanwhile"
    present = refused.value.document()["present"]
    assert (present["revision"], present["changed_by"], present["spans"][0]["start"]) == (1, "Ada", 4)
    assert bench.spans() == [SONY]


@pytest.mark.parametrize(
    ("asked", "after"),
    [(None, State.SUBMITTED), (State.DRAFT, State.DRAFT), (State.DISCARDED, State.DISCARDED)],
)
def test_what_is_submitted_stays_so_when_it_is_mended_unless_that_is_said(
    bench: Bench, asked: State | None, after: State
) -> None:
    bench.save(SONY, revision=0, state=State.SUBMITTED)
    assert bench.save(SONY, D90, revision=1, state=asked).state is after


@pytest.mark.parametrize("state", [State.SKIPPED, State.DISCARDED])
def test_what_was_skipped_or_discarded_is_a_draft_once_it_is_labelled(bench: Bench, state: State) -> None:
    bench.save(revision=0, state=state)
    assert bench.save(SONY, revision=1).state is State.DRAFT


def test_spans_that_stay_keep_who_made_them_and_what_proposed_them(bench: Bench) -> None:
    bench.ask(Wanted(revision=0, spans=wanted(SONY, score=0.75, origin="model one")))
    bench.save(SONY, D90, revision=1, by=bench.ben)
    assert bench.now().spans == [Span(*SONY, score=0.75, origin="model one"), Span(*D90)]


def test_what_somebody_has_accepted_is_a_persons_for_whoever_learns_from_it(bench: Bench) -> None:
    proposed = Span(*D90, score=0.5, origin="import")
    (number,) = add(bench.store, bench.project, [Document(TEXT, (proposed,))], State.SUBMITTED)
    bench.ask(
        Wanted(revision=0, spans=[WantedSpan(proposed), *wanted(SONY, score=0.75, origin="model one")]), document=number
    )
    submitted = Choice(states=(State.SUBMITTED,))
    ((_, learned),) = bench.store.read_now(lambda connection: chosen_after(connection, bench.project, submitted, 0))
    assert learned.spans == (Span(*SONY), proposed)


def test_rejections_come_and_go_and_are_left_where_nothing_is_said(bench: Bench) -> None:
    gone = Rejection(0, 3, "PNAME")
    bench.save(revision=0, rejected=[gone])
    bench.save(SONY, revision=1)
    assert bench.now().rejected == [gone]
    bench.save(SONY, revision=2, rejected=[])
    assert bench.now().rejected == []


@pytest.mark.parametrize(
    ("spans", "pointer"),
    [
        ([(0, 3, "PNAME"), (4, 99, "PNAME")], "/spans/1"),
        ([(5, 5, "PNAME")], "/spans/0"),
        ([(5, 4, "PNAME")], "/spans/0"),
        ([(-1, 4, "PNAME")], "/spans/0"),
        ([(0, 3, "SHOP")], "/spans/0/label"),
        ([(3, 4, "PNAME")], "/spans/0"),
        ([SONY, SONY], "/spans/1"),
        ([SONY, (9, 16, "PNAME")], "/spans/0"),
        ([SONY, (*SONY[:2], "PFEATURE")], "/spans/0"),
    ],
)
def test_spans_that_do_not_fit_are_refused_and_nothing_is_written(
    bench: Bench, spans: list[tuple[int, int, str]], pointer: str
) -> None:
    with pytest.raises(Refused) as refused:
        bench.save(*spans, revision=0)
    assert (refused.value.kind, refused.value.errors[0]["pointer"]) == ("wrong-spans", pointer)
    assert bench.now().revision == 0


def test_the_text_of_a_span_is_compared_in_code_points(bench: Bench) -> None:
    camera, ok = (32, 33, "PNAME"), (34, 36, "PFEATURE")
    good = [WantedSpan(Span(*camera), "📷"), WantedSpan(Span(*ok), "ok")]
    assert bench.ask(Wanted(revision=0, spans=good)).revision == 1
    shifted = [WantedSpan(Span(35, 37, "PFEATURE"), "ok")]
    with pytest.raises(Refused, match="35 and 37"):
        bench.ask(Wanted(revision=1, spans=shifted))
    with pytest.raises(Refused) as refused:
        bench.ask(Wanted(revision=1, spans=[WantedSpan(Span(*ok), "no")]))
    assert refused.value.errors[0]["pointer"] == "/spans/0/text"


def test_imported_overlaps_stay_may_be_relabelled_and_come_back_but_no_new_ones(bench: Bench) -> None:
    inner = (9, 16, "PFEATURE")
    (number,) = add(bench.store, bench.project, [Document(TEXT, (Span(*SONY), Span(*inner)))])
    bench.save(SONY, inner, D90, revision=0, document=number)
    bench.save(SONY, (9, 16, "PNAME"), revision=1, document=number)
    bench.save(SONY, revision=2, document=number)
    with pytest.raises(Refused, match="overlaps"):
        bench.save(SONY, inner, revision=3, document=number)
    bench.save(SONY, inner, revision=3, document=number, may_overlap=True)
    assert bench.spans(number) == [SONY, inner]


def test_a_document_of_another_project_is_none(bench: Bench) -> None:
    other = a_project(bench.store, "Others")
    with pytest.raises(Refused) as refused:
        bench.store.write_now(
            lambda connection: save(connection, other, bench.document, bench.ada, Wanted(revision=0, spans=[]))
        )
    assert refused.value.kind == "no-such-thing"


_spans = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.sampled_from(LABELS)), max_size=6, unique=True)


@settings(max_examples=200, deadline=None)
@given(spans=_spans, present=st.sets(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=3))
def test_a_new_span_is_refused_exactly_if_it_overlaps_another(
    spans: list[tuple[int, int, str]], present: set[tuple[int, int]]
) -> None:
    fit = [span for span in spans if span[0] < span[1]]
    overlaps = [
        place
        for place, one in enumerate(fit)
        if one[:2] not in present
        and any(one[0] < other[1] and other[0] < one[1] for number, other in enumerate(fit) if number != place)
    ]
    told: list[str] = []
    try:
        expect_fit(wanted(*fit), "x" * 12, LABELS, present=present)
    except Refused as refused:
        told = [each["pointer"] for each in refused.errors]
    assert told == [f"/spans/{place}" for place in overlaps]
