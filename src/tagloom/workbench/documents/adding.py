"""A few documents into a project, as programs and the playground send them: checked as strictly as what people save."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from tagloom.text import Document, Span
from tagloom.workbench.documents.imports.adding import MODEL
from tagloom.workbench.documents.new_documents import new_document
from tagloom.workbench.documents.rows import add_rows
from tagloom.workbench.documents.span_checks import WantedSpan, expect_fit
from tagloom.workbench.documents.states import State
from tagloom.workbench.problems import Refused
from tagloom.workbench.projects.labels import labels_of


@dataclass(frozen=True, slots=True)
class Added:
    """A document to add.

    Args:
        document: the document, without spans.
        spans: what it is labelled with; None where it is still to be labelled.
        suggestions: what its labels may be.
    """

    document: Document
    spans: Sequence[WantedSpan] | None = None
    suggestions: Sequence[WantedSpan] = field(default_factory=tuple)


def add_some(connection: Connection, project_id: int, given: Sequence[Added]) -> list[int]:
    """Adds documents, all or none, and gives their numbers.

    Raises:
        Refused: spans of one do not fit its text, the project's labels or each other.
    """
    label_ids = {label.name: label.id for label in labels_of(connection, project_id)}
    for place, one in enumerate(given):
        _expect_fit(one.spans or (), one.document.text, label_ids, f"/documents/{place}")
        _expect_fit(one.suggestions, one.document.text, label_ids, f"/documents/{place}", "suggestions")
    rows = [
        (
            new_document(one.document, _spans(one.spans or ()), _spans(one.suggestions)),
            State.NEW if one.spans is None else State.SUBMITTED,
        )
        for one in given
    ]
    return list(add_rows(connection, project_id, rows, label_ids, model=MODEL))


def _expect_fit(
    wanted: Sequence[WantedSpan], text: str, labels: Collection[str], pointer: str, name: str = "spans"
) -> None:
    try:
        expect_fit(wanted, text, labels, present=())
    except Refused as refused:
        errors = [{**each, "pointer": pointer + each["pointer"].replace("spans", name)} for each in refused.errors]
        raise Refused("wrong-spans", f"{errors[0]['pointer']}: {errors[0]['detail']}", errors=errors) from None


def _spans(wanted: Sequence[WantedSpan]) -> list[Span]:
    return [each.span for each in wanted]
