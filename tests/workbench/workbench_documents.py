"""Documents that tests put into a project and look for there."""

import io
import zipfile
from typing import Any

import httpx

from server_process import until
from tagloom.text import Document, Span

_UNFINISHED = {"uploading", "waiting", "adding", "removing"}

REVIEWS = (
    Document("The D90 is 🎉 sharp", (Span(4, 7, "PNAME"),), "a", {"brand": "Nikon", "year": "2009"}),
    Document("Große Kamera : Köln lens", (Span(15, 19, "PLACE"), Span(20, 24, "PFEATURE")), "b"),
    Document("It works", (), "c"),
)


def imported(client: httpx.Client, project: int, content: bytes, *names: str, **options: Any) -> dict[str, Any]:
    """An import, once it has ended."""
    answer = client.post(
        f"/api/projects/{project}/imports", params={"name": names or ["file"], **options}, content=content
    )
    assert answer.status_code == 201, answer.text
    return ended(client, project, answer.json()["id"])


def ended(client: httpx.Client, project: int, number: int) -> dict[str, Any]:
    def found() -> dict[str, Any] | None:
        one: dict[str, Any] = client.get(f"/api/projects/{project}/imports/{number}").json()
        return None if one["state"] in _UNFINISHED else one

    result: dict[str, Any] = until(found)
    return result


def documents(client: httpx.Client, project: int, **query: Any) -> list[dict[str, Any]]:
    answer = client.get(f"/api/projects/{project}/documents", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["documents"]
    return found


def spans_of(listed: list[dict[str, Any]]) -> list[list[tuple[str, str]]]:
    """What is labelled in each, with its label."""
    return [
        [(one["excerpt"]["text"][span["start"] : span["end"]], span["label"]) for span in one["excerpt"]["spans"]]
        for one in listed
    ]


def packed(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, each in files.items():
            archive.writestr(name, each)
    return content.getvalue()
