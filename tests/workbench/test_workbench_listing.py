"""Lists of documents: searched, filtered, ordered, counted, changed several at a time, within one project."""

import json
from typing import Any

import httpx
import pytest
from workbench_documents import documents, imported
from workbench_server import WorkbenchServer

LINES = [
    {"id": "a", "text": "The D90 has a sharp LENS", "entities": [[4, 7, "PNAME"], [20, 24, "PFEATURE"]],
     "metadata": {"brand": "Nikon", "year": "2009"}},
    {"id": "b", "text": "Die Straße: STRASSE und straße", "entities": [],
     "metadata": {"brand": "Canon", "year": "2015"}},
    {"id": "c", "text": "100% cafe\u0301 _ \\ done", "entities": [[0, 4, "PFEATURE"]]},
    {"id": "d", "text": "🎉" * 400 + "ΣΊΣΥΦΟΣ" + "🎉" * 400, "entities": [[400, 407, "PNAME"]]},
]  # fmt: skip


@pytest.fixture
def filled(owner: httpx.Client, project: dict[str, Any]) -> int:
    """The number of a project with four documents, of which three are labelled."""
    content = "\n".join(map(json.dumps, LINES)).encode()
    assert imported(owner, project["id"], content, "a.jsonl")["state"] == "done"
    number: int = project["id"]
    return number


def names(client: httpx.Client, project: int, **query: Any) -> str:
    return "".join(one["name"] for one in documents(client, project, **query))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "abcd"),
        ({"search": "lens"}, "a"),
        ({"search": "strasse"}, "b"),
        ({"search": "100%"}, "c"),
        ({"search": "%"}, "c"),
        ({"search": "_"}, "c"),
        ({"search": "\\"}, "c"),
        ({"search": "CAF\u00c9"}, "c"),
        ({"search": "σίσυφος"}, "d"),
        ({"label": "PFEATURE"}, "ac"),
        ({"label": "NONE"}, ""),
        ({"state": "new"}, "b"),
        ({"state": ["new", "submitted"], "label": "PNAME"}, "ad"),
        ({"filter": "brand=Nikon"}, "a"),
        ({"filter": "brand!=Nikon"}, "bcd"),
        ({"filter": "year>2010"}, "b"),
        ({"filter": "brand~^(C|N) and year<2010"}, "a"),
        ({"filter": "id=c"}, "c"),
        ({"filter": "text~[0-9]{3}"}, "c"),
        ({"filter": "text!~[0-9]"}, "bd"),
        ({"filter": "label=PNAME"}, "ad"),
        ({"filter": "label!=PNAME"}, "bc"),
        ({"filter": "label="}, "b"),
        ({"filter": "label~^PF"}, "ac"),
        ({"filter": "label!~."}, "b"),
        ({"filter": "no such field=x"}, ""),
    ],
)
def test_documents_are_found(owner: httpx.Client, filled: int, query: dict[str, Any], expected: str) -> None:
    assert names(owner, filled, **query) == expected
    counts = owner.get(f"/api/projects/{filled}/document-counts", params=query).json()
    assert counts["total"] == len(expected)
    ids = owner.get(f"/api/projects/{filled}/document-ids", params=query).json()
    assert ids == [one["id"] for one in documents(owner, filled, **query)]


@pytest.mark.parametrize("query", [{"filter": "brand"}, {"filter": "text~["}, {"after": "x"}, {"state": "lost"}])
def test_what_says_nothing_is_refused(owner: httpx.Client, filled: int, query: dict[str, Any]) -> None:
    answer = owner.get(f"/api/projects/{filled}/documents", params=query)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:tagloom:problem:wrong-fields")


def test_an_excerpt_shows_what_was_searched_for_in_code_points(owner: httpx.Client, filled: int) -> None:
    (found,) = documents(owner, filled, search="ΣΊσυΦ")
    excerpt = found["excerpt"]
    assert [excerpt["text"][start:end] for start, end in excerpt["hits"]] == ["ΣΊΣΥΦ"]
    assert [excerpt["text"][span["start"] : span["end"]] for span in excerpt["spans"]] == ["ΣΊΣΥΦΟΣ"]
    assert excerpt["start"] == 320
    (found,) = documents(owner, filled, search="strasse")
    assert [found["excerpt"]["text"][start:end] for start, end in found["excerpt"]["hits"]] == [
        "Straße",
        "STRASSE",
        "straße",
    ]


@pytest.mark.parametrize("order", ["added", "changed", "certainty"])
def test_pages_follow_one_another_without_gap_or_repeat(owner: httpx.Client, filled: int, order: str) -> None:
    ids = [one["id"] for one in documents(owner, filled)]
    owner.post(f"/api/projects/{filled}/document-states", json={"ids": ids[1:2], "action": "submit"})
    whole = [one["id"] for one in documents(owner, filled, order=order)]
    assert whole == ([ids[1], ids[0], *ids[2:]] if order == "changed" else ids)
    found, after = [], {}
    while after is not None:
        page = owner.get(f"/api/projects/{filled}/documents", params={"order": order, "limit": 1, **after}).json()
        found += [one["id"] for one in page["documents"]]
        after = None if page["next"] is None else {"after": page["next"]}
    assert found == whole


def test_counts_say_what_another_choice_would_find(owner: httpx.Client, filled: int) -> None:
    ids = [one["id"] for one in documents(owner, filled)]
    owner.post(f"/api/projects/{filled}/document-states", json={"ids": ids[:2], "action": "discard"})

    def counts(**query: Any) -> dict[str, Any]:
        found: dict[str, Any] = owner.get(f"/api/projects/{filled}/document-counts", params=query).json()
        return found

    whole = counts()
    assert (whole["total"], whole["states"]) == (4, {"discarded": 2, "submitted": 2})
    assert whole["labels"] == {"PNAME": 2, "PFEATURE": 2}
    assert [(one["name"], one["count"]) for one in whole["people"]] == [("Ada", 2)]
    some = counts(state="submitted", label="PNAME")
    assert some["total"] == 1
    assert some["states"] == {"discarded": 1, "submitted": 1}
    assert some["labels"] == {"PNAME": 1, "PFEATURE": 1}
    by = counts(by=whole["people"][0]["id"], search="the")
    assert (by["total"], by["labels"]) == (1, {"PNAME": 1, "PFEATURE": 1})


def test_several_documents_are_submitted_put_back_and_discarded(owner: httpx.Client, filled: int) -> None:
    ids = [one["id"] for one in documents(owner, filled)]
    for action, states in (
        ("discard", ["discarded"] * 4),
        ("put_back", ["draft", "new", "draft", "draft"]),
        ("submit", ["submitted"] * 4),
    ):
        answer = owner.post(f"/api/projects/{filled}/document-states", json={"ids": ids, "action": action})
        assert answer.json() == {"num_documents": 4}
        assert [one["state"] for one in documents(owner, filled)] == states
    again = owner.post(f"/api/projects/{filled}/document-states", json={"ids": ids, "action": "submit"})
    assert again.json() == {"num_documents": 0}
    assert {one["changed_by"] for one in documents(owner, filled)} == {"Ada"}


def test_documents_are_taken_away(owner: httpx.Client, filled: int) -> None:
    ids = [one["id"] for one in documents(owner, filled)]
    answer = owner.request("DELETE", f"/api/projects/{filled}/documents", json={"ids": ids[:3]})
    assert answer.json() == {"num_documents": 3}
    assert names(owner, filled) == "d"


def test_documents_of_another_project_are_neither_found_nor_changed(owner: httpx.Client, filled: int) -> None:
    other = owner.post("/api/projects", json={"name": f"Other of {filled}"}).json()["id"]
    ids = [one["id"] for one in documents(owner, filled)]
    assert documents(owner, other, document=ids) == []
    changed = owner.post(f"/api/projects/{other}/document-states", json={"ids": ids, "action": "discard"})
    gone = owner.request("DELETE", f"/api/projects/{other}/documents", json={"ids": ids})
    assert changed.json() == gone.json() == {"num_documents": 0}
    assert len(documents(owner, filled, state=["new", "submitted"])) == 4


def test_a_regular_expression_that_takes_too_long_is_refused(
    owner: httpx.Client, project: dict[str, Any], workbench: WorkbenchServer
) -> None:
    imported(owner, project["id"], b"a" * 5_000 + b"!", "a.txt")
    answer = owner.get(f"/api/projects/{project['id']}/documents", params={"filter": "text~^(a|a)*$"})
    assert answer.status_code == 422
    assert "Make it simpler" in answer.json()["detail"]
    assert not [line for line in workbench.lines if "Traceback" in line]
