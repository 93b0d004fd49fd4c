"""Documents with character spans, as hypothesis draws them for the formats of labelling tools."""

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tagloom.data import Dataset, Finding, read
from tagloom.text import Document, Span, Token

in_one_folder = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

ODD = '\u0085\u00a0\u2028\u2029\u200b\ufeff\u0301\x1c\x0b\x0c \r\n\t🎉👨‍🚒é"\\{}[]#'


def strings(refused: str = "", min_size: int = 0, max_size: int = 20) -> st.SearchStrategy[str]:
    """Texts with what breaks offsets: characters outside the first plane, every kind of line end, combining marks."""
    odd = st.sampled_from([each for each in ODD if each not in refused])
    usual = st.characters(exclude_categories=["Cs"], exclude_characters=refused)
    pieces = st.one_of(odd, usual, st.sampled_from(["\r\n", "ab"] if "\n" not in refused else ["ab"]))
    return st.lists(pieces, min_size=min_size, max_size=max_size).map("".join)


@st.composite
def spans(draw: st.DrawFn, text: str, labels: st.SearchStrategy[str], proposed: bool) -> tuple[Span, ...]:
    """Spans that may overlap, in order, none of them twice."""
    edges = st.integers(0, len(text))
    found = {}
    for _ in range(draw(st.integers(0, 4)) if text else 0):
        start, end = sorted((draw(edges), draw(edges)))
        score = draw(st.none() | st.floats(0, 1)) if proposed else None
        origin = draw(st.sampled_from(["label-studio v1", "gazetteer a.txt:7", "model x"])) if proposed else None
        label = draw(labels)
        if start < end:
            found[start, end, label] = Span(start, end, label, score, origin)
    return tuple(sorted(found.values(), key=lambda span: (span.start, span.end)))


@st.composite
def tokens(draw: st.DrawFn, text: str) -> tuple[Token, ...]:
    """Words that do not overlap, of one character at least."""
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    return tuple(map(Token, edges[::2], edges[1::2]))


@st.composite
def documents(
    draw: st.DrawFn,
    *,
    refused: str = "",
    labels: st.SearchStrategy[str] = strings(min_size=1, max_size=4),  # noqa: B008 - a strategy never changes
    may_be_proposed: bool = False,
    has_tokens: bool = False,
    has_metadata: bool = True,
) -> Document:
    """A document, its labels all a person's or all a machine's."""
    text = draw(strings(refused))
    proposed = may_be_proposed and draw(st.booleans())
    return Document(
        text=text,
        spans=draw(spans(text, labels, proposed)),
        metadata=draw(st.dictionaries(st.sampled_from("text meta id label metadata a".split()), strings(), max_size=3))
        if has_metadata
        else {},
        tokens=draw(st.none() | tokens(text)) if has_tokens else None,
    )


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | strings(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["start", "labels", "a"]), inner),
    max_leaves=4,
)


@st.composite
def damaged(draw: st.DrawFn, record: Any) -> Any:
    """A record of which something is another thing, or gone."""
    if draw(st.integers(0, 3)) == 0:
        return draw(JUNK)
    if isinstance(record, dict) and record:
        key = draw(st.sampled_from(sorted(record)))
        if draw(st.integers(0, 4)) == 0:
            return {other: value for other, value in record.items() if other != key}
        return record | {key: draw(damaged(record[key]))}
    if isinstance(record, list) and record:
        place = draw(st.integers(0, len(record) - 1))
        return [*record[:place], draw(damaged(record[place])), *record[place + 1 :]]
    return draw(JUNK)


def write_records(folder: Path, *records: Any, as_list: bool = False) -> Path:
    """A file of these records, as lines or as a list."""
    path = folder / "corpus"
    lines = [json.dumps(record) for record in records]
    path.write_text("[" + ",\n".join(lines) + "]" if as_list else "\n".join(lines), encoding="utf-8")
    return path


def read_records(folder: Path, *records: Any, as_list: bool = False) -> Dataset:
    """What these records are read as, whatever format they are recognised as."""
    return read(write_records(folder, *records, as_list=as_list))


def counts(findings: tuple[Finding, ...]) -> dict[str, int]:
    """How often each kind was found."""
    return {finding.kind: finding.count for finding in findings}


def noticed(dataset: Dataset) -> dict[str, int]:
    """How often each kind was noticed in the only source."""
    return counts(dataset.sources[0].findings)


def marked(document: Document) -> list[tuple[str, str]]:
    """The text and the label of each span."""
    return [(document.text[span.start : span.end], span.label) for span in document.spans]
