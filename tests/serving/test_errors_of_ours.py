"""What a client and the log are told where the server itself goes wrong."""

import json
import logging
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tagloom.serving.app import Options, create_app
from tagloom.serving.logs import errors_logged
from tagloom.serving.state.database import Database
from tagloom.serving.state.deployments import Deployments

SECRET = "Xylophon"


def broken(*_arguments: object) -> None:
    raise ValueError(SECRET)


@pytest.mark.parametrize("is_traced", [False, True])
def test_an_error_is_told_as_a_problem_and_logged_without_what_it_says(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch, is_traced: bool
) -> None:
    monkeypatch.setattr("tagloom.serving.routes.predict.shaped", broken)
    Deployments(Database(tmp_path / "state")).deploy(model)
    gate = create_app(Options(state=tmp_path / "state", is_logging=False, is_traced=is_traced))
    lines: list[str] = []
    with errors_logged(lines.append, is_traced=is_traced), TestClient(gate, "http://localhost") as client:
        answer = client.post("/v1/models/production/predict", json={"documents": [{"text": SECRET}]})
        assert client.get("/health/live").status_code == 200
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["type"] == "urn:tagloom:problem:internal"
    assert SECRET not in answer.text
    (line,) = lines
    logged = json.loads(line)
    assert told["request_id"] in logged["message"]
    assert "ValueError at test_errors_of_ours.py:" in logged["message"]
    assert (SECRET in line) == is_traced
    assert logging.getLogger("uvicorn").propagate


def test_a_stream_that_an_error_ends_says_so_in_its_last_line(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tagloom.serving.routes.stream.tagloom_document", broken)
    Deployments(Database(tmp_path / "state")).deploy(model)
    gate = create_app(Options(state=tmp_path / "state", is_logging=False))
    lines: list[str] = []
    content, headers = json.dumps({"text": SECRET}).encode(), {"content-type": "application/x-ndjson"}
    with errors_logged(lines.append), TestClient(gate, "http://localhost", raise_server_exceptions=False) as client:
        answer = client.post("/v1/models/production/stream", content=content, headers=headers)
    (last,) = map(json.loads, answer.text.splitlines())
    assert [*last] == ["error"]
    assert last["error"]["type"] == "urn:tagloom:problem:internal"
    assert last["error"]["request_id"] == answer.headers["x-request-id"]
    assert SECRET not in answer.text
    assert last["error"]["request_id"] in json.loads(lines[0])["message"]
