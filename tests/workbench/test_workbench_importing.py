"""Imports: what comes in, what is refused, what an end of the server leaves, what is taken back."""

import contextlib
import gzip
import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from own_loop import run
from workbench_documents import REVIEWS, documents, ended, imported, packed, spans_of
from workbench_server import OWNER, WorkbenchServer, running_workbench

from server_process import until
from tagloom.data import FORMATS, Dataset, write
from tagloom.serving.problems import Problem
from tagloom.workbench.documents.imports.receiving import receive


@pytest.mark.parametrize("format_name", [each.name for each in FORMATS if each.name not in ("text", "text_table")])
def test_every_format_comes_in_with_its_spans(
    owner: httpx.Client, project: dict[str, Any], tmp_path: Path, format_name: str
) -> None:
    used = next(each for each in FORMATS if each.name == format_name)
    paths = [tmp_path / f"reviews{suffix}" for suffix in used.suffixes] or [tmp_path / "reviews"]
    write(Dataset(REVIEWS), *paths, format=format_name)
    if used.suffixes:
        names, contents = [path.name for path in paths], [path.read_bytes() for path in paths]
    else:
        names = ["reviews.zip"]
        contents = [packed({path.name: path.read_bytes() for path in sorted(paths[0].iterdir())})]
    one = imported(owner, project["id"], b"".join(contents), *names, size=list(map(len, contents)))
    assert (one["state"], one["error"]) == ("done", "")
    assert one["facts"]["sources"][0]["format"] == format_name
    expected = [[(one.text[span.start : span.end], span.label) for span in one.spans] for one in REVIEWS]
    assert spans_of(documents(owner, project["id"])) == expected


def test_labels_that_a_project_lacks_are_added(owner: httpx.Client, project: dict[str, Any]) -> None:
    one = imported(owner, project["id"], b'{"text": "A b", "entities": [[0, 1, "a new one"]]}', "a.jsonl")
    labels = owner.get(f"/api/projects/{project['id']}/labels").json()
    assert [label["name"] for label in labels] == ["PNAME", "PFEATURE", "a_new_one"]
    assert [(each["kind"], each["examples"]) for each in one["findings"]] == [
        ("renamed labels", ["a new one is called a_new_one"])
    ]


def test_more_labels_than_a_project_has_room_for_are_refused_and_none_is_added(
    owner: httpx.Client, project: dict[str, Any]
) -> None:
    lines = [json.dumps({"text": "A", "entities": [[0, 1, f"L{number}"]]}) for number in range(200)]
    one = imported(owner, project["id"], "\n".join(lines).encode(), "a.jsonl")
    assert one["state"] == "failed"
    assert "expected at most 200, received 202" in one["error"]
    assert len(owner.get(f"/api/projects/{project['id']}/labels").json()) == 2
    assert documents(owner, project["id"]) == []


@pytest.mark.parametrize(
    ("options", "states", "labels"),
    [
        ({}, ["submitted", "submitted"], [1, 0]),
        ({"unlabelled": "to_label"}, ["submitted", "new"], [1, 0]),
        ({"labels": "to_check"}, ["new", "new"], [0, 0]),
        ({"labels": "left_out", "unlabelled": "labelled"}, ["new", "new"], [0, 0]),
    ],
)
def test_labels_are_right_or_to_be_checked_as_one_says(
    owner: httpx.Client, project: dict[str, Any], options: dict[str, str], states: list[str], labels: list[int]
) -> None:
    imported(owner, project["id"], b"The O\nD90 B-PNAME\n\nIt O\n", "a.conll", **options)
    found = documents(owner, project["id"])
    assert [one["state"] for one in found] == states
    assert [one["num_spans"] for one in found] == labels
    exported = owner.get(f"/api/projects/{project['id']}/export", params={"suggestions": True}).text
    suggested = [span for line in exported.splitlines() for span in json.loads(line)["entities"] if "origin" in span]
    expected = [{"start": 4, "end": 7, "label": "PNAME", "origin": "import"}]
    assert suggested == (expected if options.get("labels") == "to_check" else [])


def test_what_a_file_says_that_something_proposed_is_to_be_checked(
    owner: httpx.Client, project: dict[str, Any]
) -> None:
    lines = [
        {"text": "A D90", "entities": [{"start": 2, "end": 5, "label": "PNAME", "score": 0.5}]},
        {"text": "A D80", "entities": [{"start": 2, "end": 5, "label": "PNAME"}]},
    ]
    content = "\n".join(map(json.dumps, lines)).encode()
    imported(owner, project["id"], content, "a.jsonl")
    assert [one["state"] for one in documents(owner, project["id"])] == ["new", "submitted"]


def test_texts_are_pasted_as_lines_or_paragraphs_or_one_whole(owner: httpx.Client, project: dict[str, Any]) -> None:
    text = b"One\ntwo\n\n \t\nThree\n"
    for format_name, expected in (
        ("text", ["One", "two", "Three"]),
        ("paragraphs", ["One\ntwo", "Three"]),
        ("whole_files", ["One\ntwo\n\n \t\nThree"]),
    ):
        number = imported(owner, project["id"], text, "Pasted text", format=format_name)["id"]
        listed = documents(owner, project["id"], **{"import": number})
        assert [one["excerpt"]["text"] for one in listed] == expected
        assert {one["state"] for one in listed} == {"new"}


def test_text_that_no_format_fits_is_plain_text_where_its_name_says_so(
    owner: httpx.Client, project: dict[str, Any]
) -> None:
    one = imported(owner, project["id"], b"A sharp lens\nA dull one\n", "reviews.txt")
    assert (one["state"], one["num_documents"], one["facts"]["sources"][0]["format"]) == ("done", 2, "text")
    assert imported(owner, project["id"], b"A sharp lens\nA dull one\n", "reviews")["state"] == "failed"


def test_whole_files_and_those_of_brat_are_called_as_who_sent_them_called_them(
    owner: httpx.Client, project: dict[str, Any]
) -> None:
    contents = [b"The D90", b"T1\tPNAME 4 7\tD90\n"]
    imported(owner, project["id"], b"".join(contents), "review 7.txt", "review 7.ann", size=list(map(len, contents)))
    imported(owner, project["id"], b"A whole one", "../../notes/one.txt", format="whole_files")
    found = documents(owner, project["id"])
    assert [one["name"] for one in found] == ["review 7", "one"]
    assert spans_of(found) == [[("D90", "PNAME")], []]


def test_what_is_wrong_is_told_as_the_command_line_tells_it_and_leaves_nothing(
    owner: httpx.Client, project: dict[str, Any], workbench: WorkbenchServer
) -> None:
    words, tags = b"A b\nC d\n", b"O O\nO B-X O\n"
    one = imported(owner, project["id"], words + tags, "w.txt", "t.txt", size=[len(words), len(tags)])
    assert one["state"] == "failed"
    assert one["error"] == (
        "t.txt:2: expected 2 tags for 2 words, received 3. Remove the extra tag or remove the sentence from both files."
    )
    assert str(workbench.folder) not in json.dumps(one)
    assert documents(owner, project["id"]) == []
    assert [label["name"] for label in owner.get(f"/api/projects/{project['id']}/labels").json()] == [
        "PNAME",
        "PFEATURE",
    ]
    assert not (workbench.folder / "uploads" / str(one["id"])).exists()


def test_findings_of_the_reader_are_told_with_advice(owner: httpx.Client, project: dict[str, Any]) -> None:
    lines = b'{"text": "A D90", "entities": [[2, 99, "PNAME"], [2, 5, "PNAME"], [0, 5, "PFEATURE"]]}'
    one = imported(owner, project["id"], lines, "a.jsonl")
    assert [(each["kind"], each["count"], each["severity"]) for each in one["findings"]] == [
        ("out of range spans", 1, "error"),
        ("unsorted spans", 1, "info"),
        ("overlapping spans", 1, "warning"),
    ]
    assert all(each["advice"] for each in one["findings"])


@pytest.mark.parametrize("repeated", ["kept", "left_out"])
def test_texts_that_the_project_has_already_are_counted_and_left_out_where_that_is_asked(
    owner: httpx.Client, project: dict[str, Any], repeated: str
) -> None:
    first = imported(owner, project["id"], b"One\nTwo\nTwo\n", "a.txt")
    assert (first["num_documents"], first["num_repeated"]) == (3, 0)
    second = imported(owner, project["id"], b"Two\nThree\n", "b.txt", repeated=repeated)
    assert (second["num_documents"], second["num_repeated"]) == ((2 if repeated == "kept" else 1), 1)
    assert len(documents(owner, project["id"])) == 3 + second["num_documents"]


def test_archives_come_in_and_hostile_ones_are_told(owner: httpx.Client, project: dict[str, Any]) -> None:
    assert imported(owner, project["id"], gzip.compress(b"The O\n"), "a.conll.gz")["num_documents"] == 1
    bomb = imported(owner, project["id"], gzip.compress(b"a O\n" * 2_000_000), "bomb.gz")
    assert bomb["state"] == "failed"
    assert "packs better than 50 to 1" in bomb["error"]
    traversal = imported(owner, project["id"], packed({"../../../evil.conll": b"The O\n"}), "evil.zip")
    assert (traversal["state"], traversal["num_documents"]) == ("done", 1)
    broken = imported(owner, project["id"], b"PK\x03\x04 and nothing else", "broken.zip")
    assert broken["error"].startswith("broken.zip: expected an archive that opens")


def test_a_name_is_never_a_path(owner: httpx.Client, project: dict[str, Any], workbench: WorkbenchServer) -> None:
    one = imported(owner, project["id"], b"The O\n", "../../../../tmp/tagloom-evil.conll")
    assert (one["state"], one["name"]) == ("done", "tagloom-evil.conll")
    assert not Path("/tmp/tagloom-evil.conll").exists()
    assert list((workbench.folder / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"format": "pickle"}, "format"),
        ({"encoding": "no such"}, "encoding"),
        ({"scheme": "XYZ"}, "XYZ"),
        ({"name": ["a", "b"]}, "size: expected 2"),
        ({"name": ["a", "b"], "size": [99, 1]}, "size: expected 100 bytes"),
    ],
)
def test_options_that_there_are_not_are_refused_and_leave_no_import(
    owner: httpx.Client, project: dict[str, Any], query: dict[str, Any], told: str
) -> None:
    answer = owner.post(f"/api/projects/{project['id']}/imports", params={"name": "a", **query}, content=b"The O\n")
    assert answer.status_code == 422
    assert told in answer.json()["detail"]
    assert owner.get(f"/api/projects/{project['id']}/imports").json() == []


def test_an_import_is_taken_back_with_its_documents_alone(owner: httpx.Client, project: dict[str, Any]) -> None:
    kept = imported(owner, project["id"], b"One\n", "a.txt")
    gone = imported(owner, project["id"], b"The O\nD90 B-PNAME\n\nIt O\n", "b.conll")
    ids = [one["id"] for one in documents(owner, project["id"], **{"import": gone["id"]})]
    owner.post(f"/api/projects/{project['id']}/document-states", json={"ids": ids[:1], "action": "discard"})
    path = f"/api/projects/{project['id']}/imports/{gone['id']}"
    assert owner.get(path).json()["num_changed"] == 1
    assert owner.delete(path).status_code == 202
    until(lambda: owner.get(path).status_code == 404)
    assert [one["import_id"] for one in documents(owner, project["id"])] == [kept["id"]]


def test_another_projects_import_is_none(owner: httpx.Client, project: dict[str, Any]) -> None:
    other = owner.post("/api/projects", json={"name": f"Other of {project['id']}"}).json()["id"]
    one = imported(owner, project["id"], b"One\n", "a.txt")
    assert owner.get(f"/api/projects/{other}/imports/{one['id']}").status_code == 404
    assert owner.delete(f"/api/projects/{other}/imports/{one['id']}").status_code == 404
    assert documents(owner, other, **{"import": one["id"]}) == []


def test_who_hangs_up_leaves_nothing(owner: httpx.Client, project: dict[str, Any], workbench: WorkbenchServer) -> None:
    def cut() -> Any:
        yield b"The O\n" * 100
        raise RuntimeError("gone")

    with pytest.raises(RuntimeError, match="gone"):
        owner.post(f"/api/projects/{project['id']}/imports", params={"name": "a.conll"}, content=cut())
    until(lambda: owner.get(f"/api/projects/{project['id']}/imports").json() == [])
    until(lambda: list((workbench.folder / "uploads").iterdir()) == [])


def test_nothing_is_seen_before_all_is_read_and_an_end_amid_it_loses_and_doubles_nothing(tmp_path: Path) -> None:
    lines = 12_000
    content = "".join(f"Document {number} about a lens\n" for number in range(lines)).encode()
    with running_workbench(tmp_path / "data") as server:
        server.accept(server.link, OWNER).close()
        with server.logged_in(OWNER) as client:
            project = client.post("/api/projects", json={"name": "Killed"}).json()["id"]
            path = f"/api/projects/{project}/imports"
            client.post(path, params={"name": "a.txt"}, content=content).raise_for_status()

            def amid() -> bool:
                one = client.get(path).json()[0]
                assert one["state"] != "waiting" or documents(client, project, limit=1) == []
                return one["state"] == "adding" and one["num_documents"] > 0

            until(amid)
        server.kill()
    with running_workbench(tmp_path / "data") as server, server.logged_in(OWNER) as client:
        one = until(lambda: next((each for each in client.get(path).json() if each["state"] == "done"), None))
        assert one["num_documents"] == one["num_expected"] == lines
        counts = client.get(f"/api/projects/{project}/document-counts").json()
        assert counts["total"] == lines
        assert documents(client, project, filter=f"id={lines}")[0]["excerpt"]["text"].startswith(
            f"Document {lines - 1} "
        )
        assert list((tmp_path / "data" / "uploads").iterdir()) == []


def test_an_end_amid_the_reading_reads_again(tmp_path: Path) -> None:
    content = "".join(f"Document {number}\n" for number in range(5_000)).encode()
    with running_workbench(tmp_path / "data") as server:
        server.accept(server.link, OWNER).close()
        with server.logged_in(OWNER) as client:
            project = client.post("/api/projects", json={"name": "Killed"}).json()["id"]
            path = f"/api/projects/{project}/imports"
            client.post(path, params={"name": "a.txt"}, content=content).raise_for_status()
        server.kill()
    with running_workbench(tmp_path / "data") as server, server.logged_in(OWNER) as client:
        until(lambda: client.get(path).json()[0]["state"] == "done")
        assert client.get(f"/api/projects/{project}/document-counts").json()["total"] == 5_000


def test_the_sample_comes_labelled_or_not(owner: httpx.Client, project: dict[str, Any]) -> None:
    other = owner.post("/api/projects", json={"name": f"Unlabelled {project['id']}", "template": "camera"}).json()["id"]
    for number, is_labelled, states in ((project["id"], True, {"submitted": 1388}), (other, False, {"new": 1388})):
        for one in owner.post(f"/api/projects/{number}/imports/sample", json={"is_labelled": is_labelled}).json():
            ended(owner, number, one["id"])
        counts = owner.get(f"/api/projects/{number}/document-counts").json()
        assert counts["states"] == states
        assert bool(counts["labels"]) == is_labelled


def test_an_unlabelled_collection_is_still_to_be_labelled(owner: httpx.Client, project: dict[str, Any]) -> None:
    imported(owner, project["id"], b"It O\nworks O\n\nFine O\n", "a.conll")
    assert {one["state"] for one in documents(owner, project["id"])} == {"new"}


def test_files_in_one_body_are_divided_wherever_its_pieces_end(tmp_path: Path) -> None:
    contents = [b"", b"ab", b"", b"cde", b"f"]
    whole = b"".join(contents)

    async def pieces(step: int) -> AsyncIterator[bytes]:
        for start in range(0, len(whole), step):
            yield whole[start : start + step]

    for step in range(1, len(whole) + 1):
        paths = [tmp_path / f"{step}-{place}" for place in range(len(contents))]
        run(receive(pieces(step), paths, list(map(len, contents)), len(whole)))
        assert [path.read_bytes() for path in paths] == contents
    with pytest.raises(Problem, match="at most 5 bytes"):
        run(receive(pieces(1), [tmp_path / "large"], [], 5))


def test_a_reader_that_breaks_down_is_told_and_leaves_nothing(
    owner: httpx.Client, project: dict[str, Any], workbench: WorkbenchServer
) -> None:
    content = "".join(f"Word{number} O\n\n" for number in range(200_000)).encode()
    answer = owner.post(f"/api/projects/{project['id']}/imports", params={"name": "a.conll"}, content=content)
    reader = until(lambda: children(workbench.process.pid, "imports.reading"))
    os.kill(reader, signal.SIGKILL)
    one = ended(owner, project["id"], answer.json()["id"])
    assert one["state"] == "failed"
    assert one["error"].startswith("The process that read it broke down.")
    assert documents(owner, project["id"]) == []


def test_an_import_that_is_stopped_ends_its_reader_and_is_gone(
    owner: httpx.Client, project: dict[str, Any], workbench: WorkbenchServer
) -> None:
    content = "".join(f"Word{number} O\n\n" for number in range(200_000)).encode()
    answer = owner.post(f"/api/projects/{project['id']}/imports", params={"name": "a.conll"}, content=content)
    until(lambda: children(workbench.process.pid, "imports.reading"))
    owner.delete(f"/api/projects/{project['id']}/imports/{answer.json()['id']}").raise_for_status()
    until(lambda: owner.get(f"/api/projects/{project['id']}/imports").json() == [])
    until(lambda: children(workbench.process.pid, "imports.reading") is None)
    assert list((workbench.folder / "uploads").iterdir()) == []


def children(process: int, program: str) -> int | None:
    """A process that one has started and that runs a program, if there is one."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == process and program in (folder / "cmdline").read_text():
                return int(folder.name)
    return None
