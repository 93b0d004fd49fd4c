"""What somebody wants a document to be labelled with, into the tables: only what changes is written."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import BindParameter, Connection, Update, bindparam, delete, insert, select, update

from tagloom.text import Span
from tagloom.workbench.accounts.people import Person
from tagloom.workbench.database.store import AnyRow
from tagloom.workbench.database.tables import documents, labels, spans
from tagloom.workbench.documents.giving import HELD_SECONDS
from tagloom.workbench.documents.labelling import labelling_of, no_such_document
from tagloom.workbench.documents.span_checks import WantedSpan, expect_fit
from tagloom.workbench.documents.states import State
from tagloom.workbench.documents.suggestions import Rejection, rejections_of, set_rejections
from tagloom.workbench.problems import Refused

_Key = tuple[int, int, str]

_DECIDED = (State.SUBMITTED, State.SKIPPED, State.DISCARDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a document is to be.

    Args:
        revision: of the document that this was made from.
        spans: all that it is to have.
        rejected: all suggestions that are not to come again; None to leave them.
        state: how far it is; None to leave it, but that a document that is labelled is no longer untouched.
        may_overlap: whether new spans may overlap: for those that did when they were imported, and come back.
    """

    revision: int
    spans: Sequence[WantedSpan]
    rejected: Sequence[Rejection] | None = None
    state: State | None = None
    may_overlap: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """What a document is now.

    Args:
        revision: to make the next change from.
        state: how far it is.
        changed_at: seconds since 1970; None for never.
    """

    revision: int
    state: State
    changed_at: float | None


def save(connection: Connection, project_id: int, document_id: int, person: Person, wanted: Wanted) -> Saved:
    """Makes a document what somebody wants it to be.

    What is so already is not written, so that the same request may come twice. A span that stays keeps who made it and
    what proposed it.

    Args:
        connection: to write with.
        project_id: whose the document is.
        document_id: number of the document.
        person: who wants it.
        wanted: what it is to be.

    Raises:
        Refused: the project has none of that number; the document was changed meanwhile, and is not what is wanted; or
            the spans do not fit.
    """
    row = _row(connection, project_id, document_id)
    before = _present(connection, document_id)
    after = {(each.span.start, each.span.end, each.span.label): each.span for each in wanted.spans}
    is_other = before.keys() != after.keys()
    if row.revision != wanted.revision:
        if is_other or not _is_rest_so(connection, row, wanted):
            raise _changed(connection, row)
        return Saved(row.revision, State(row.state), row.changed_at)
    if len(after) < len(wanted.spans) or is_other or any(each.text is not None for each in wanted.spans):
        numbers = _label_numbers(connection, project_id)
        present = {(start, end) for start, end, _ in before}
        expect_fit(wanted.spans, row.text, numbers.keys(), present=present, may_overlap=wanted.may_overlap)
        _write_spans(connection, document_id, person, before, after, numbers)
    if wanted.rejected is not None:
        is_other |= set_rejections(connection, document_id, wanted.rejected)
    return _noted(connection, row, person, is_other=is_other, state=wanted.state)


def _row(connection: Connection, project_id: int, document_id: int) -> AnyRow:
    row = connection.execute(_DOCUMENT, {"document_id": document_id, "project_id": project_id}).one_or_none()
    if row is None:
        raise no_such_document()
    return row


def _present(connection: Connection, document_id: int) -> dict[_Key, int]:
    """The numbers of the labels of the spans that a document has."""
    rows = connection.execute(_PRESENT, {"document_id": document_id})
    return {(start, end, name): number for start, end, name, number in rows}


def _label_numbers(connection: Connection, project_id: int) -> dict[str, int]:
    return dict(connection.execute(_LABELS, {"project_id": project_id}).all())


def _is_rest_so(connection: Connection, row: AnyRow, wanted: Wanted) -> bool:
    """Whether a document is what is wanted, its spans aside: then the request has come before."""
    is_state_so = wanted.state is None or wanted.state == row.state
    return is_state_so and (wanted.rejected is None or set(rejections_of(connection, row.id)) == set(wanted.rejected))


def _changed(connection: Connection, row: AnyRow) -> Refused:
    present = labelling_of(connection, row)
    return Refused(
        "changed-meanwhile",
        f"{present.changed_by or 'Somebody'} has changed the document meanwhile. Look at what it is now, and decide.",
        more={"present": asdict(present)},
    )


def _write_spans(
    connection: Connection,
    document_id: int,
    person: Person,
    before: dict[_Key, int],
    after: dict[_Key, Span],
    numbers: dict[str, int],
) -> None:
    """Writes the difference."""
    gone = [(*key[:2], number) for key, number in before.items() if key not in after]
    new = [span for key, span in after.items() if key not in before]
    if gone:
        connection.execute(_GONE, [{"d": document_id, "s": start, "e": end, "l": label} for start, end, label in gone])
    if new:
        connection.execute(
            _NEW,
            [
                {
                    "document_id": document_id,
                    "start": span.start,
                    "end": span.end,
                    "label_id": numbers[span.label],
                    "origin": span.origin,
                    "score": span.score,
                    "person_id": person.id,
                }
                for span in new
            ],
        )


def _noted(connection: Connection, row: AnyRow, person: Person, *, is_other: bool, state: State | None) -> Saved:
    """Notes that somebody has changed a document, where something is other than it was."""
    before = State(row.state)
    after = state or (State.DRAFT if is_other and before is not State.SUBMITTED else before)
    now = time.time()
    is_decided = state in _DECIDED
    values: dict[str, object] = {
        "document_id": row.id,
        "held_by": None if is_decided else person.id,
        "held_until": None if is_decided else now + HELD_SECONDS,
    }
    if not is_other and after is before:
        connection.execute(_HELD, values)
        return Saved(row.revision, before, row.changed_at)
    saved = Saved(row.revision + 1, after, now)
    changed = {"revision": saved.revision, "state": after.value, "changed_at": now, "changed_by": person.id}
    connection.execute(_CHANGED, values | changed)
    return saved


# Statements are made once: that takes as long as to execute them.

_DOCUMENT = select(
    *(documents.c[name] for name in ("id", "text", "state", "revision", "changed_at", "changed_by")),
).where(documents.c.id == bindparam("document_id"), documents.c.project_id == bindparam("project_id"))
_PRESENT = (
    select(spans.c.start, spans.c.end, labels.c.name, labels.c.id)
    .join(labels, labels.c.id == spans.c.label_id)
    .where(spans.c.document_id == bindparam("document_id"))
)
_LABELS = select(labels.c.name, labels.c.id).where(labels.c.project_id == bindparam("project_id"))
_NEW = insert(spans)
_GONE = delete(spans).where(
    spans.c.document_id == bindparam("d"),
    spans.c.start == bindparam("s"),
    spans.c.end == bindparam("e"),
    spans.c.label_id == bindparam("l"),
)


def _changing(*names: str) -> Update:
    """What gives a document other values."""
    values: dict[str, BindParameter[object]] = {name: bindparam(name) for name in names}
    return update(documents).where(documents.c.id == bindparam("document_id")).values(values)


_HELD = _changing("held_by", "held_until")
_CHANGED = _changing("held_by", "held_until", "revision", "state", "changed_at", "changed_by")
