"""Documents that programs send: checked as strictly as what people save."""

import json
from typing import Any

import httpx
import pytest
from workbench_documents import documents, spans_of

SPAN = {"start": 2, "end": 5, "label": "PNAME"}


def add(client: httpx.Client, project: int, *given: dict[str, Any]) -> httpx.Response:
    return client.post(f"/api/projects/{project}/documents", json={"documents": given})


def test_documents_are_added_labelled_or_to_be_labelled(owner: httpx.Client, project: dict[str, Any]) -> None:
    answer = add(
        owner,
        project["id"],
        {"text": "🎉 D90", "id": "x", "metadata": {"brand": "Nikon"}, "spans": [SPAN | {"text": "D90"}]},
        {"text": "A D80", "suggestions": [SPAN | {"score": 0.5}]},
        {"text": "It works", "spans": []},
    )
    assert answer.status_code == 201
    found = documents(owner, project["id"])
    assert [one["id"] for one in found] == answer.json()["ids"]
    assert [one["state"] for one in found] == ["submitted", "new", "submitted"]
    assert spans_of(found) == [[("D90", "PNAME")], [], []]
    assert (found[0]["name"], found[0]["metadata"]) == ("x", {"brand": "Nikon"})
    lines = owner.get(f"/api/projects/{project['id']}/export", params={"suggestions": True}).text.splitlines()
    assert json.loads(lines[1])["entities"] == [SPAN | {"score": 0.5, "origin": "import"}]


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({"text": "A D90", "spans": [SPAN, SPAN | {"start": 5, "end": 6}]}, "/documents/1/spans/1"),
        ({"text": "A D90", "spans": [SPAN | {"end": 2}]}, "/documents/1/spans/0"),
        ({"text": "A D90", "spans": [SPAN | {"label": "NONE"}]}, "/documents/1/spans/0/label"),
        ({"text": "A D90", "spans": [SPAN | {"text": "D80"}]}, "/documents/1/spans/0/text"),
        ({"text": "A D90", "spans": [SPAN, SPAN | {"start": 0}]}, "/documents/1/spans/0"),
        ({"text": "A D90", "suggestions": [SPAN | {"end": 9}]}, "/documents/1/suggestions/0"),
    ],
)
def test_spans_that_do_not_fit_are_refused_and_nothing_is_added(
    owner: httpx.Client, project: dict[str, Any], document: dict[str, Any], pointer: str
) -> None:
    answer = add(owner, project["id"], {"text": "One that fits"}, document)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:tagloom:problem:wrong-spans")
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert documents(owner, project["id"]) == []


@pytest.mark.parametrize(
    "document", [{"text": ""}, {"text": "A", "spans": [{"start": -1, "end": 1, "label": "PNAME"}]}, {"id": "a"}]
)
def test_what_is_no_document_is_refused(owner: httpx.Client, project: dict[str, Any], document: dict[str, Any]) -> None:
    assert add(owner, project["id"], document).status_code == 422
    assert add(owner, project["id"]).status_code == 422
