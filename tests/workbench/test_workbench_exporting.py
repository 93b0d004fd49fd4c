"""Exports: every format, what is meant and what is lost, while others save."""

import csv
import io
import json
import threading
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest
from workbench_documents import REVIEWS, documents, imported
from workbench_server import OWNER, WorkbenchServer

from tagloom.data import FORMATS, Dataset, read, write


def placed(given: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Text and spans of documents, as far as every format keeps them."""
    return [
        (" ".join(one.text.split()), [(one.text[span.start : span.end], span.label) for span in one.spans])
        for one in given
    ]


@pytest.fixture
def filled(owner: httpx.Client, project: dict[str, Any], tmp_path: Path) -> int:
    """The number of a project with three labelled documents."""
    write(Dataset(REVIEWS), tmp_path / "reviews.jsonl", format="json_lines")
    content = (tmp_path / "reviews.jsonl").read_bytes()
    assert imported(owner, project["id"], content, "reviews.jsonl", unlabelled="labelled")["state"] == "done"
    number: int = project["id"]
    return number


def exported(client: httpx.Client, project: int, **query: Any) -> httpx.Response:
    answer = client.get(f"/api/projects/{project}/export", params=query)
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize(
    "used", [each for each in FORMATS if each.name not in ("text", "text_table")], ids=lambda each: each.name
)
def test_every_format_goes_out_with_its_spans(owner: httpx.Client, filled: int, tmp_path: Path, used: Any) -> None:
    answer = exported(owner, filled, format=used.name)
    name = answer.headers["content-disposition"].partition('"')[2].partition('"')[0]
    assert name.endswith(used.suffixes[0] if len(used.suffixes) == 1 else ".zip")
    path = tmp_path / name
    path.write_bytes(answer.content)
    dataset = read(path, format=used.name, unlabelled="keep")
    assert placed(dataset.documents) == placed(REVIEWS)


def test_json_lines_keep_everything(owner: httpx.Client, filled: int, tmp_path: Path) -> None:
    (tmp_path / "again.jsonl").write_bytes(exported(owner, filled).content)
    assert read(tmp_path / "again.jsonl", unlabelled="keep").documents == REVIEWS


def test_what_came_in_as_conll_goes_out_as_it_came(owner: httpx.Client, project: dict[str, Any]) -> None:
    content = b"The\tDT\tO\nD90\tNN\tB-PNAME\nZ\tNN\tI-PFEATURE\n\nIt\tPRP\tO\n\n"  # with a tag that breaks its scheme
    imported(owner, project["id"], content, "a.conll")
    assert exported(owner, project["id"], format="conll").content == content
    changed = exported(owner, project["id"], format="conll", scheme="BIOES").text
    assert [line.split()[-1] for line in changed.splitlines() if line] == ["O", "S-PNAME", "S-PFEATURE", "O"]


def test_those_that_are_meant_go_out(owner: httpx.Client, filled: int) -> None:
    ids = [one["id"] for one in documents(owner, filled)]
    owner.post(f"/api/projects/{filled}/document-states", json={"ids": ids[:1], "action": "discard"})

    def names(**query: Any) -> list[str]:
        return [json.loads(line)["id"] for line in exported(owner, filled, **query).text.splitlines()]

    assert names() == ["a", "b", "c"]
    assert names(state="submitted") == ["b", "c"]
    assert names(filter="brand=Nikon") == ["a"]
    assert names(search="große") == ["b"]
    assert names(document=ids[1:]) == ["b", "c"]


def test_what_would_be_lost_is_told_before(owner: httpx.Client, filled: int) -> None:
    def trial(**query: Any) -> dict[str, Any]:
        answer = owner.get(f"/api/projects/{filled}/export/trial", params=query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    assert trial(format="json_lines") == {"num_documents": 3, "lost": []}
    lost = trial(format="doccano")["lost"]
    assert lost == []
    lost = trial(format="two_files")["lost"]
    assert {"lost metadata", "lost ids"} <= {each["kind"] for each in lost}
    assert all(each["meaning"] for each in lost)


def test_documents_that_do_not_go_into_a_format_are_told_and_no_file_comes(
    owner: httpx.Client, project: dict[str, Any]
) -> None:
    imported(owner, project["id"], b"One\ntwo", "a", format="whole_files")
    for path in ("export", "export/trial"):
        answer = owner.get(f"/api/projects/{project['id']}/{path}", params={"format": "text"})
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:tagloom:problem:unwritable")
        assert "a line has no place for a line end" in answer.json()["detail"]


@pytest.mark.parametrize("query", [{"format": "exe"}, {"scheme": "XYZ"}, {"align": "no"}, {"filter": "text~["}])
def test_options_that_there_are_not_are_refused(owner: httpx.Client, filled: int, query: dict[str, str]) -> None:
    answer = owner.get(f"/api/projects/{filled}/export", params=query)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:tagloom:problem:wrong-fields")


def test_no_cell_of_a_table_is_a_formula_unless_that_is_asked_for(owner: httpx.Client, project: dict[str, Any]) -> None:
    text = '=HYPERLINK("http://x") @SUM(A1) +cmd|x - -5 D90'
    words = text.split(" ")
    starts = [text.index(word) for word in words]
    record = {"text": text, "tokens": [[start, start + len(word)] for start, word in zip(starts, words, strict=True)]}
    imported(owner, project["id"], json.dumps({**record, "entities": []}).encode(), "a.jsonl")

    def cells(**query: Any) -> list[str]:
        table = exported(owner, project["id"], format="csv", **query).text
        return [row[1] for row in csv.reader(io.StringIO(table))][1:]

    assert cells() == ['\'=HYPERLINK("http://x")', "'@SUM(A1)", "'+cmd|x", "-", "-5", "D90"]
    assert cells(guarded=False) == words
    lost = owner.get(f"/api/projects/{project['id']}/export/trial", params={"format": "csv"}).json()["lost"]
    assert ("guarded cells", 3) in [(each["kind"], each["count"]) for each in lost]


def test_a_files_name_is_the_projects_and_no_header_of_its_own(owner: httpx.Client) -> None:
    name = 'Köln "1"; filename=x/../y'
    project = owner.post("/api/projects", json={"name": name}).json()["id"]
    imported(owner, project, b"One\n", "a.txt")
    header = exported(owner, project).headers["content-disposition"]
    assert header == (
        'attachment; filename="K_ln _1__ filename_x_.._y.jsonl"; '
        "filename*=UTF-8''K%C3%B6ln%20_1__%20filename_x_.._y.jsonl"
    )


def test_documents_of_another_project_never_go_out(owner: httpx.Client, filled: int) -> None:
    other = owner.post("/api/projects", json={"name": f"Other of {filled}"}).json()["id"]
    ids = [one["id"] for one in documents(owner, filled)]
    assert exported(owner, other, document=ids).content == b""


def test_an_export_and_saves_do_not_hinder_each_other(
    owner: httpx.Client, project: dict[str, Any], workbench: WorkbenchServer
) -> None:
    number = 3_000
    imported(owner, project["id"], "".join(f"The D90 {place}\n" for place in range(number)).encode(), "a.txt")
    ids = [one["id"] for one in documents(owner, project["id"], limit=50)]
    statuses: list[int] = []

    def save() -> None:
        with workbench.logged_in(OWNER) as client:
            for one in ids:
                address = f"/api/projects/{project['id']}/documents/{one}/labelling"
                wanted = {"revision": 0, "spans": [{"start": 4, "end": 7, "label": "PNAME"}], "state": "submitted"}
                statuses.append(client.put(address, json=wanted).status_code)

    saving = threading.Thread(target=save)
    saving.start()
    lines = exported(owner, project["id"]).text.splitlines()
    saving.join()
    assert statuses == [200] * len(ids)
    assert [json.loads(line)["text"] for line in lines] == [f"The D90 {place}" for place in range(number)]
    exported_again = exported(owner, project["id"], state="submitted").text.splitlines()
    assert [json.loads(line)["entities"] for line in exported_again] == [
        [{"start": 4, "end": 7, "label": "PNAME"}]
    ] * len(ids)


def test_what_goes_out_comes_in_again_as_it_was(owner: httpx.Client, project: dict[str, Any]) -> None:
    document = {"id": "x", "text": "A D90", "entities": [{"start": 2, "end": 5, "label": "PNAME"}]}
    suggested = {"id": "y", "text": "A D80", "entities": [{"start": 2, "end": 5, "label": "PNAME", "score": 0.75}]}
    imported(owner, project["id"], "\n".join(map(json.dumps, (document, suggested))).encode(), "a.jsonl")
    first = exported(owner, project["id"], suggestions=True)
    other = owner.post("/api/projects", json={"name": f"Again of {project['id']}"}).json()["id"]
    imported(owner, other, first.content, "again.jsonl")
    assert exported(owner, other, suggestions=True).content == first.content
    assert [one["state"] for one in documents(owner, other)] == ["submitted", "new"]


def test_a_zip_of_brat_has_no_path_of_a_documents_name(owner: httpx.Client, project: dict[str, Any]) -> None:
    imported(owner, project["id"], b'{"id": "../../evil", "text": "A", "entities": []}', "a.jsonl")
    content = exported(owner, project["id"], format="brat").content
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == ["_.._evil.txt", "_.._evil.ann"]
