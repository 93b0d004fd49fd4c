"""One document as who labels it needs it: text, words, what is labelled, what models suggest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from tagloom.text import Span
from tagloom.workbench.documents.labelling import Labelling, document_row, labelling_of
from tagloom.workbench.documents.rows import document_of
from tagloom.workbench.documents.suggestions import suggestions_of
from tagloom.workbench.documents.word_bounds import word_bounds


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    """A document to label.

    Args:
        id: number.
        name: its id in files.
        text: of it.
        words: of each how much is between it and the one before, and its length, in code points.
        metadata: what else its source says of it.
        labelling: what people have said of it.
        suggestions: what models suggest and nobody has rejected; some may overlap spans, and are not to be shown then.
        certainty: of the model that read it last, 0 to 1; None before.
    """

    id: int
    name: str
    text: str
    words: list[int]
    metadata: Mapping[str, Any]
    labelling: Labelling
    suggestions: list[Span]
    certainty: float | None


def opened_document(connection: Connection, project_id: int, document_id: int) -> OpenedDocument:
    """A document of a project, to label it.

    Raises:
        Refused: the project has none of that number.
    """
    row = document_row(connection, project_id, document_id)
    document = document_of(row, ())
    return OpenedDocument(
        id=row.id,
        name=row.name,
        text=row.text,
        words=word_bounds(document),
        metadata=document.metadata,
        labelling=labelling_of(connection, row),
        suggestions=suggestions_of(connection, document_id),
        certainty=row.certainty,
    )
