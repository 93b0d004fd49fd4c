"""Prodigy: tasks with a text, its tokens, the spans in it, and the answer that a labeller gave."""

from collections.abc import Mapping, Sequence
from typing import Any

from tagloom.data.findings import Findings
from tagloom.data.formats.carrying import Carries
from tagloom.data.formats.records import Record, RecordFormat
from tagloom.data.formats.spans import checked_spans, is_proposed, note_wrong_text
from tagloom.data.formats.values import items, mapping, metadata_beside, name, note_unread, span_of, string
from tagloom.text import Document, Span, Token

_LEFT_OUT = {"reject": "rejected_examples", "ignore": "ignored_examples"}
_ACCEPTED = "accept"
_UNREAD = ("relations", "accept")  # the second lists what was chosen of `options`
_OWN = {"text", "tokens", "spans", "answer", "id", "options", "_input_hash", "_task_hash", "_view_id", "_is_binary"}
_METADATA = "meta"


class Prodigy(RecordFormat):
    """`{"text", "tokens", "spans": [{"start", "end", "label", "token_start", "token_end"}], "answer", "meta"}`.

    What was accepted is a person's label, whatever proposed it. Without an answer nobody has looked at it yet: then a
    span's `source` is its origin. So a document with machine labels is written without an answer, to be looked at.
    """

    name = "prodigy"
    summary = 'Prodigy\'s JSON lines with "text" and "spans"'
    suffixes = (".prodigy.jsonl",)
    carries = Carries(text=True, words=True, ids=True, metadata=True, scores=True, origins=True, overlaps=True)

    def fits(self, record: Record) -> bool:
        """Whether it has a text, and spans or tokens that are objects."""
        lists = [value for key in ("spans", "tokens") if isinstance(value := record.get(key), list)]
        are_objects = all(isinstance(each, dict) for value in lists for each in value[:1])
        return isinstance(record.get("text"), str) and bool(lists) and are_objects

    def document(self, record: Record, number: int, findings: Findings) -> Document | None:
        """The document of a task; one that was rejected or ignored is left out."""
        document_id, text = name(record.get("id"), str(number)), string(record.get("text"), "text")
        answer = record.get("answer")
        if isinstance(answer, str) and answer in _LEFT_OUT:
            findings.note(_LEFT_OUT[answer], f"document {document_id}")
            return None
        if answer not in (None, _ACCEPTED):
            raise ValueError(f"received the answer {answer!r}, not accept, reject or ignore")
        if unread := sum(len(items(record.get(key) or [], key)) for key in _UNREAD):
            findings.note("unread_annotations", f"document {document_id}: relations or choices", count=unread)
        known = _OWN.union(_UNREAD)
        note_unread(record, known, document_id, findings)
        told = None if record.get("tokens") is None else items(record["tokens"], "tokens")
        return Document(
            text=text,
            spans=_spans(record, told or [], text, document_id, findings),
            id=document_id,
            metadata=metadata_beside(record, known, _METADATA),
            tokens=None if told is None else _tokens(told, text),
        )

    def record(self, document: Document) -> Record:
        """A task, answered where a person gave all its labels."""
        proposed = any(map(is_proposed, document.spans))
        optional = {
            "tokens": None if document.tokens is None else _token_records(document.text, document.tokens),
            "spans": _span_records(document),
            "answer": None if proposed else _ACCEPTED,
            _METADATA: dict(document.metadata) or None,
        }
        told = {key: value for key, value in optional.items() if value is not None}
        return {"id": document.id, "text": document.text} | told


def _spans(record: Record, tokens: Sequence[Any], text: str, document_id: str, findings: Findings) -> tuple[Span, ...]:
    answered = record.get("answer") is not None
    spans = []
    for told in items(record.get("spans") or [], "spans"):
        if not isinstance(told, dict):
            raise ValueError(f"received the span {told!r}")
        proposal = (None, None) if answered else (told.get("score"), told.get("source"))
        span = span_of(*_edges(told, tokens), told.get("label"), *proposal)
        note_wrong_text(told.get("text"), span, text, document_id, findings)
        spans.append(span)
    kept = checked_spans(spans, text, document_id, findings)
    if proposed := sum(span.origin is not None for span in kept):
        findings.note("machine_labels", f"document {document_id}", count=proposed)
    return kept


def _edges(told: Mapping[str, Any], tokens: Sequence[Any]) -> tuple[Any, Any]:
    """Where a span begins and ends: as it says, else as its first and last token do."""
    if "start" in told or "end" in told:
        return told.get("start"), told.get("end")
    first, last = told.get("token_start"), told.get("token_end")
    if type(first) is not int or type(last) is not int or not 0 <= first <= last < len(tokens):
        raise ValueError(f"received a span from token {first!r} to {last!r} of {len(tokens)}")
    return mapping(tokens[first], "tokens").get("start"), mapping(tokens[last], "tokens").get("end")


def _tokens(told: Sequence[Any], text: str) -> tuple[Token, ...]:
    """The words; those of no length, such as an encoder's marks of begin and end, are none.

    Raises:
        ValueError: they do not fit the text.
    """
    tokens: list[Token] = []
    before = 0
    for each in told:
        if not isinstance(each, dict):
            raise ValueError(f"received the token {each!r}")
        start, end = each.get("start"), each.get("end")
        if type(start) is not int or type(end) is not int:
            raise ValueError(f"received a token from {start!r} to {end!r}, not whole numbers")
        if start == end:
            continue
        if not before <= start < end <= len(text):
            raise ValueError(
                f"received tokens that do not fit the text: one from {start} to {end} after {before} of {len(text)}"
            )
        found, said = text[start:end], each.get("text", text[start:end])
        if said != found and "tokenizer_id" not in each:  # pieces of words are written otherwise than in the text
            raise ValueError(f"received tokens that do not fit the text: {said!r} where {found!r} stands")
        tokens.append(Token(start, end))
        before = end
    return tuple(tokens)


def _token_records(text: str, tokens: Sequence[Token]) -> list[dict[str, Any]]:
    return [
        {"text": text[start:end], "start": start, "end": end, "id": index, "ws": text[end : end + 1] == " "}
        for index, (start, end) in enumerate(tokens)
    ]


def _span_records(document: Document) -> list[dict[str, Any]]:
    """The spans; those that begin and end at the edges of tokens say of which, the last one included."""
    starts = {token.start: index for index, token in enumerate(document.tokens or ())}
    ends = {token.end: index for index, token in enumerate(document.tokens or ())}
    records = []
    for span in document.spans:
        optional = {
            "token_start": starts.get(span.start) if span.end in ends else None,
            "token_end": ends.get(span.end) if span.start in starts else None,
            "score": span.score,
            "source": span.origin,
        }
        told = {key: value for key, value in optional.items() if value is not None}
        records.append({"start": span.start, "end": span.end, "label": span.label} | told)
    return records
