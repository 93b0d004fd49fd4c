"""What a server tells of itself: metrics, logs, health."""

import json
import os
import signal
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from running import Running, running
from test_predicting import TEXTS, expected

from server_process import until
from tagloom.inference.predictor import Predictor
from tagloom.text import Document
from tagloom.tokenize import sentences


def figures(server: Running) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    with server.client() as client:
        answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_metrics_count_what_happened(tmp_path: Path, model: Path, predictor: Predictor) -> None:
    with running(tmp_path / "state", model) as server:
        server.predict(*TEXTS)
        server.predict(TEXTS[0])
        server.predict("x", slot="nowhere")
        found = figures(server)
    texts = [*TEXTS, TEXTS[0]]
    entities = [entity for text in texts for entity in expected(predictor, text)]
    words = [word for text in texts for sentence in sentences(Document(text)) for word in sentence.words]
    unknown = ~predictor.bundle.vocabulary.is_known(words)
    slot = ("slot", "production")
    route = ("route", "/v1/models/{slot}/predict")
    assert found["tagloom_request_seconds_count", (route, ("status", "200"))] == 2
    assert found["tagloom_request_seconds_count", (route, ("status", "404"))] == 1
    assert found["tagloom_batch_texts_sum", (slot,)] == len(texts)
    assert found["tagloom_batch_seconds_sum", (slot,)] > 0
    assert found["tagloom_words_total", (slot,)] == len(words)
    assert found["tagloom_unknown_words_total", (slot,)] == unknown.sum() > 0
    for label in ("PNAME", "PFEATURE"):
        number = found["tagloom_entities_total", (("label", label), slot)]
        assert number == sum(entity[1] == label for entity in entities) > 0
    assert found["tagloom_entity_scores_total", (slot,)] == pytest.approx(
        sum(entity[4] for entity in entities), abs=0.01
    )
    assert found["tagloom_model_version", (slot,)] == 1
    assert found["tagloom_queue_requests", ()] == 0


def test_each_request_has_a_line_in_the_log(tmp_path: Path, model: Path) -> None:
    with running(tmp_path / "state", model) as server:
        answer = server.predict("My Nikon D90", "x")
        until(lambda: any('"event"' in line for line in server.lines), seconds=2)
        (line,) = [json.loads(line) for line in server.lines if line.startswith("{")]
    assert line["request_id"] == answer.headers["x-request-id"]
    expected_facts = {
        "event": "request",
        "method": "POST",
        "route": "/v1/models/{slot}/predict",
        "status": 200,
        "key": None,
        "slot": "production",
        "version": 1,
        "documents": 2,
        "characters": 13,
    }
    assert expected_facts.items() <= line.items()
    assert 0 < line["seconds"] < 5


def test_the_log_of_requests_can_be_left_out(tmp_path: Path, model: Path) -> None:
    with running(tmp_path / "state", model, "--no-log-requests") as server:
        server.predict("My Nikon D90")
    assert not [line for line in server.lines if line.startswith("{")]


def test_a_killed_reader_is_in_the_log(tmp_path: Path, model: Path) -> None:
    with running(tmp_path / "state", model) as server:
        os.kill(server.children()[0], signal.SIGKILL)
        until(lambda: any('"event": "error"' in line for line in server.lines), seconds=5)
        (line,) = [json.loads(line) for line in server.lines if '"event": "error"' in line]
    assert "has ended; another one is started" in line["message"]


def test_health(server: Running) -> None:
    with server.client() as client:
        assert client.get("/health/live").json() == {"status": "live"}
        assert client.get("/health/ready").json() == {"status": "ready"}
        head = client.head("/health/live")
        assert head.status_code in (200, 405)
