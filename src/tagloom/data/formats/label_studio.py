"""Label Studio: tasks with a text, what people labelled in it, and what machines proposed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tagloom.data.findings import Findings
from tagloom.data.formats.carrying import Carries
from tagloom.data.formats.format import Piece, Writing
from tagloom.data.formats.places import Places
from tagloom.data.formats.records import Record, RecordFormat
from tagloom.data.formats.spans import checked_spans, is_proposed
from tagloom.data.formats.values import items, mapping, metadata_beside, name, span_of, string
from tagloom.text import Document, Span

_ORIGIN = "label-studio"
_TEXT, _ID, _METADATA = "text", "tagloom_id", "metadata"
_RESERVED = {_TEXT, _ID, _METADATA}
_REGION_TYPES = ("labels", "hypertextlabels")
_SHORT_KEYS = {"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement"}


@dataclass(frozen=True, slots=True)
class _Labelling:
    """What somebody or something says of a task.

    Args:
        results: regions, relations, choices.
        origin: what proposed them; None where a person finished them.
        score: of all of them together.
    """

    results: list[dict[str, Any]]
    origin: str | None = None
    score: Any = None


class LabelStudio(RecordFormat):
    """`[{"data": {"text"}, "annotations": [{"result": [{"type": "labels", "value": {"start", "end", "labels"}}]}]}]`.

    Read are the full and the short export. Of several finished annotations the one that is marked as the truth counts,
    else the last; without any, the last prediction, whose spans have an origin. What else `data` says is metadata.

    Label Studio numbers tasks anew, so a document's id is written as `tagloom_id` among the data. What a person marked
    is written as an annotation, all else as a prediction, with each span's origin as a note on its region.
    """

    name = "label_studio"
    summary = 'Label Studio\'s list of JSON objects with "data" and "annotations"'
    suffixes = (".label_studio.json",)
    as_list = True
    carries = Carries(text=True, ids=True, metadata=True, scores=True, origins=True, overlaps=True)

    def __init__(self, *, keeps_unlabelled: bool = False) -> None:
        """Makes the format.

        Args:
            keeps_unlabelled: whether tasks that nobody has labelled are read.
        """
        self._keeps_unlabelled = keeps_unlabelled

    def fits(self, record: Record) -> bool:
        """Whether it is a task, or has regions or an annotation's number as the short export has them."""
        if isinstance(record.get("data"), dict):
            return True
        return "annotation_id" in record or any(map(_are_regions, record.values()))

    def document(self, record: Record, number: int, findings: Findings) -> Document | None:
        """The document of a task; one that nobody has labelled is left out, unless it is to be kept."""
        task = record if isinstance(record.get("data"), dict) else _task(record)
        data = mapping(task.get("data"), "data")
        document_id = name(data.get(_ID), name(task.get("id"), str(number)))
        labelling = _labelling(task, document_id, findings)
        if labelling is None and self._keeps_unlabelled:
            labelling = _Labelling([])
        if labelling is None:
            findings.note("unannotated_documents", f"document {document_id}")
            return None
        key = _text_key(data, labelling.results)
        text = string(data.get(key), key)
        return Document(
            text=text,
            spans=_spans(labelling, _regions(labelling, data, key, document_id, findings), text, document_id, findings),
            id=document_id,
            metadata=metadata_beside(data, {key, _ID}, _METADATA),
        )

    def record(self, document: Document) -> Record:
        """A task."""
        marked = [span for span in document.spans if not is_proposed(span)]
        proposed = [span for span in document.spans if is_proposed(span)]
        inner = {key: each for key, each in document.metadata.items() if key in _RESERVED}
        outer = {key: each for key, each in document.metadata.items() if key not in _RESERVED}
        data = {_TEXT: document.text, _ID: document.id} | ({_METADATA: inner} if inner else {}) | outer
        annotation = {"result": [_region(span, number, document.text) for number, span in enumerate(marked)]}
        return {
            "data": data,
            "annotations": [annotation] if marked or not proposed else [],
            "predictions": [_prediction(proposed, document.text)] if proposed else [],
        }

    def write(self, documents: Iterable[Document], writing: Writing) -> Iterator[Piece]:
        """A task a document."""
        return super().write(_noting_proposals(documents, writing.findings), writing)


def _noting_proposals(documents: Iterable[Document], findings: Findings) -> Iterator[Document]:
    """The documents; notes proposals that stand beside what a person marked, since that alone is read again."""
    for document in documents:
        proposed = sum(map(is_proposed, document.spans))
        if 0 < proposed < len(document.spans):
            example = f"document {document.id}: predictions beside an annotation, which alone counts when it is read"
            findings.note("lost_spans", example, count=proposed)
        yield document


def _are_regions(value: Any) -> bool:
    """Whether this is what the short export has under the name of a labelling control."""
    if not isinstance(value, list) or not value:
        return False
    return all(isinstance(each, dict) and any(kind in each for kind in _REGION_TYPES) for each in value)


def _task(record: Record) -> dict[str, Any]:
    """A record of the short export as a task."""
    regions = {key: value for key, value in record.items() if _are_regions(value)}
    data = {key: value for key, value in record.items() if key not in regions and key not in _SHORT_KEYS}
    result = [
        {"type": next(kind for kind in _REGION_TYPES if kind in value), "value": value}
        for values in regions.values()
        for value in values
    ]
    return {"id": record.get("id"), "data": data, "annotations": [{"result": result}]}


def _labelling(task: Mapping[str, Any], document_id: str, findings: Findings) -> _Labelling | None:
    """What counts of all that is said of a task; notes that there is more of the same."""
    annotations = _objects(task.get("annotations") or task.get("completions"), "annotations")
    finished = [each for each in annotations if not each.get("was_cancelled") and not each.get("skipped")]
    predictions = [each for each in _objects(task.get("predictions"), "predictions") if each.get("result")]
    if len(finished) > 1:
        findings.note("further_annotations", f"document {document_id}: {len(finished)} annotations")
    if finished:
        return _Labelling(_objects(max(enumerate(finished), key=_rank)[1].get("result"), "results"))
    if len(predictions) > 1:
        findings.note("further_annotations", f"document {document_id}: {len(predictions)} predictions")
    if predictions:
        last = max(enumerate(predictions), key=_rank)[1]
        origin = f"{_ORIGIN} {last.get('model_version') or ''}".strip()
        return _Labelling(_objects(last["result"], "results"), origin, last.get("score"))
    return None


def _rank(placed: tuple[int, Mapping[str, Any]]) -> tuple[bool, str, int]:
    """What the greatest of is taken: the truth, if one is marked so, else the last."""
    place, labelling = placed
    return (
        bool(labelling.get("ground_truth")),
        str(labelling.get("updated_at") or labelling.get("created_at") or ""),
        place,
    )


def _objects(value: Any, what: str) -> list[dict[str, Any]]:
    objects = items([] if value is None else value, what)
    if not {dict}.issuperset(map(type, objects)):
        raise ValueError(f"received {what} that are no objects")
    return objects


def _text_key(data: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> str:
    """Where among the data the text is that was labelled."""
    texts = [key for key, value in data.items() if isinstance(value, str)]
    named = [result.get("to_name") for result in results if result.get("type") in _REGION_TYPES]
    told = [*[key for key in texts if key in named], *[key for key in texts if key == _TEXT]]
    if not told and len(texts) != 1:
        raise ValueError(f"received data with {len(texts)} strings ({', '.join(texts[:5])}) and none called {_TEXT!r}")
    return (told or texts)[0]


def _regions(
    labelling: _Labelling, data: Mapping[str, Any], key: str, document_id: str, findings: Findings
) -> Iterator[tuple[dict[str, Any], list[Any], Mapping[str, Any]]]:
    """The value, the labels and all of each result that labels a stretch of the text; notes the others."""
    for result in labelling.results:
        kind, other = result.get("type"), result.get("to_name")
        value = mapping(result.get("value"), "value")
        labels = value.get(kind) if kind in _REGION_TYPES else None
        if not labels or (other in data and other != key):
            findings.note("unread_annotations", f"document {document_id}: {kind}")
            continue
        yield value, items(labels, "labels"), result


def _spans(
    labelling: _Labelling,
    regions: Iterable[tuple[dict[str, Any], list[Any], Mapping[str, Any]]],
    text: str,
    document_id: str,
    findings: Findings,
) -> tuple[Span, ...]:
    places = Places(text, document_id, findings)
    spans = []
    for value, labels, result in regions:
        start, end = places.place(*_offsets(value), value.get("text"))
        score, origin = _proposal(labelling, result)
        spans += [span_of(start, end, label, score, origin) for label in labels]
    kept = checked_spans(spans, text, document_id, findings)
    if labelling.origin is not None and kept:
        findings.note("machine_labels", f"document {document_id}, by {labelling.origin}", count=len(kept))
    return kept


def _offsets(value: Mapping[str, Any]) -> tuple[int, int]:
    """Where a region begins and ends; in marked-up text these are paths, and the offsets stand beside them."""
    told = value if type(value.get("start")) is int else mapping(value.get("globalOffsets"), "globalOffsets")
    start, end = told.get("start"), told.get("end")
    if type(start) is not int or type(end) is not int:
        raise ValueError(f"received a region from {value.get('start')!r} to {value.get('end')!r}, not whole numbers")
    return start, end


def _proposal(labelling: _Labelling, result: Mapping[str, Any]) -> tuple[Any, str | None]:
    """Score and origin of a region: those of its prediction where it has none, or no note that says its origin."""
    if labelling.origin is None:
        return None, None
    meta = result.get("meta")
    notes = meta.get("text") if isinstance(meta, dict) else None
    origin = notes[0] if isinstance(notes, list) and len(notes) == 1 else None
    return result.get("score", labelling.score), origin if isinstance(origin, str) else labelling.origin


def _region(span: Span, number: int, text: str) -> dict[str, Any]:
    value = {"start": span.start, "end": span.end, "text": text[span.start : span.end], "labels": [span.label]}
    named = {"id": f"span-{number}", "from_name": "label", "to_name": _TEXT, "type": "labels", "value": value}
    score = {} if span.score is None else {"score": span.score}
    return named | score | ({} if span.origin is None else {"meta": {"text": [span.origin]}})


def _prediction(spans: Sequence[Span], text: str) -> dict[str, Any]:
    """One prediction of all that was proposed, whatever proposed it."""
    scores = [span.score for span in spans if span.score is not None]
    score = {"score": sum(scores) / len(scores)} if len(scores) == len(spans) else {}
    result = [_region(span, number, text) for number, span in enumerate(spans)]
    return {"model_version": _version([span.origin or "" for span in spans]), "result": result} | score


def _version(origins: Sequence[str]) -> str:
    """What these have in common, aside from lines of a gazetteer."""
    origins = sorted(set(origins))
    sources = origins if len(origins) == 1 else sorted({origin.rpartition(":")[0] or origin for origin in origins})
    return (sources[0].removeprefix(_ORIGIN).strip() if len(sources) == 1 else "several") or "tagloom"
