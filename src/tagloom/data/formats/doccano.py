"""doccano: a text, what is labelled in it, and further columns."""

from typing import Any

from tagloom.data.findings import Findings
from tagloom.data.formats.carrying import Carries
from tagloom.data.formats.plain import entity_span
from tagloom.data.formats.records import Record, RecordFormat
from tagloom.data.formats.spans import checked_spans
from tagloom.data.formats.values import items, metadata_beside, name, note_unread, string
from tagloom.text import Document

_LABELS = ("label", "labels", "entities")
_TEXTS = ("text", "data")
_COMMENTS = "Comments"
_METADATA = "meta"


class Doccano(RecordFormat):
    """`{"id", "text", "label": [[0, 4, "PER"]]}`, or `entities` as objects beside `relations`.

    Some versions call the labels `labels`, and the text `data`. What other columns say is metadata, and so is what an
    object `meta` among them says, under which metadata is written: doccano keeps it and exports it again.
    """

    name = "doccano"
    summary = 'doccano\'s JSON lines with "text" and "label"'
    suffixes = (".doccano.jsonl",)
    carries = Carries(text=True, ids=True, metadata=True, overlaps=True)

    def fits(self, record: Record) -> bool:
        """Whether it has a text, and labels that are spans or entities beside relations."""
        key = _key(record, _LABELS)
        if not isinstance(record.get(_key(record, _TEXTS)), str) or (key == "entities" and "relations" not in record):
            return False
        labels = record.get(key)
        return isinstance(labels, list) and (not labels or _is_labelled_span(labels[0]))

    def document(self, record: Record, number: int, findings: Findings) -> Document:
        """The document of a record; its relations are noted."""
        text_key, label_key = _key(record, _TEXTS), _key(record, _LABELS)
        text = string(record.get(text_key), text_key)
        document_id = name(record.get("id"), str(number))
        if relations := items(record.get("relations") or [], "relations"):
            findings.note("unread_annotations", f"document {document_id}: relations", count=len(relations))
        known = {"id", text_key, label_key, "relations"} | (set() if record.get(_COMMENTS) else {_COMMENTS})
        note_unread(record, known, document_id, findings)
        return Document(
            text=text,
            spans=checked_spans(map(entity_span, items(record.get(label_key), label_key)), text, document_id, findings),
            id=document_id,
            metadata=metadata_beside(record, known, _METADATA),
        )

    def record(self, document: Document) -> Record:
        """Text, labels as lists, metadata."""
        labels = [[span.start, span.end, span.label] for span in document.spans]
        metadata = {_METADATA: dict(document.metadata)} if document.metadata else {}
        return {"id": document.id, "text": document.text, "label": labels} | metadata


def _key(record: Record, keys: tuple[str, ...]) -> str:
    """The first of these keys that the record has, else the first."""
    return next((key for key in keys if key in record), keys[0])


def _is_labelled_span(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) == 3
    return isinstance(value, dict) and "start_offset" in value
