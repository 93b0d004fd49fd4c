"""Deployments of a running server: by HTTP, by command line, under load, over a restart."""

import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from running import Running, running
from test_predicting import expected, found

from server_process import until
from tagloom.cli.main import main
from tagloom.inference.predictor import Predictor
from tagloom.serving.state.database import Database
from tagloom.serving.state.deployments import Deployments
from tagloom.serving.state.keys import Keys, Scope

TEXT = "My Nikon D90 has a bright viewfinder , though slow at first"
ZIP = {"Content-Type": "application/zip"}


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def admin(state: Path) -> str:
    return Keys(Database(state)).create("admin", Scope.admin)[1]


def versions(answer: httpx.Response) -> tuple[str, str]:
    return answer.json()["slot"], answer.json()["version"]


def test_a_bundle_is_deployed_rolled_back_and_undeployed_over_http(
    state: Path, model: Path, packed_model: bytes, admin: str, predictor: Predictor, other_predictor: Predictor
) -> None:
    with running(state, model) as server, server.client(admin) as client:

        def what_is_found() -> object:
            answer = client.post("/v1/models/production/predict", json={"documents": [{"text": TEXT}]}).json()
            return answer["version"], found(answer["documents"][0])

        old, new = expected(predictor, TEXT), expected(other_predictor, TEXT)
        assert old != new
        assert what_is_found() == ("1", old)
        deployed = client.put("/v1/models/production?name=larger", content=packed_model, headers=ZIP)
        assert (deployed.status_code, versions(deployed)) == (200, ("production", "2"))
        assert what_is_found() == ("2", new)
        (slot,) = client.get("/v1/models").json()["models"]
        assert (slot["version"], slot["model"], slot["is_ready"]) == ("2", "larger", True)
        assert [version["version"] for version in slot["earlier"]] == ["1"]
        assert client.get("/v1/models/production").json() == slot
        assert versions(client.post("/v1/models/production/rollback")) == ("production", "1")
        assert what_is_found() == ("1", old)
        assert client.post("/v1/models/production/rollback").json()["type"] == "urn:tagloom:problem:nothing-before"
        assert client.delete("/v1/models/production").status_code == 204
        assert client.post("/v1/models/production/predict", json={"documents": []}).status_code == 404
        for method, path in (("DELETE", ""), ("POST", "/rollback"), ("GET", "")):
            assert client.request(method, f"/v1/models/production{path}").status_code == 404


def test_the_command_line_changes_what_a_running_server_does(
    state: Path, model: Path, other_model: Path, capsys: pytest.CaptureFixture[str], other_predictor: Predictor
) -> None:
    with running(state, model) as server:
        assert main(["deploy", f"staging={other_model}", "--state", str(state)]) == 0
        assert "staging: larger is version 1. The server (process" in capsys.readouterr().out
        (document,) = server.predict(TEXT, slot="staging").json()["documents"]
        assert found(document) == expected(other_predictor, TEXT)
        assert main(["undeploy", "staging", "--state", str(state)]) == 0
        assert server.predict(TEXT, slot="staging").status_code == 404


def test_what_was_deployed_is_served_after_a_restart(
    state: Path, model: Path, other_model: Path, other_predictor: Predictor
) -> None:
    with running(state, model, f"staging={other_model}") as server:
        assert main(["deploy", str(other_model), "--state", str(state)]) == 0
        server.process.kill()
        server.process.wait()
    with running(state) as server:
        for slot in ("production", "staging"):
            answer = server.predict(TEXT, slot=slot).json()
            assert found(answer["documents"][0]) == expected(other_predictor, TEXT)
        assert server.predict(TEXT).json()["version"] == "2"
        assert main(["rollback", "--state", str(state)]) == 0
        assert server.predict(TEXT).json()["version"] == "1"


@pytest.mark.parametrize("damage", ["cut", "text", "empty", "a digest"])
def test_a_bundle_that_is_not_sound_never_goes_live(
    state: Path, model: Path, packed_model: bytes, admin: str, damage: str
) -> None:
    content = {
        "cut": packed_model[: len(packed_model) // 2],
        "text": b"no model",
        "empty": b"",
        "a digest": flipped(packed_model),
    }[damage]
    with running(state, model) as server, server.client(admin) as client:
        answer = client.put("/v1/models/production", content=content, headers=ZIP)
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:tagloom:problem:bundle-refused")
        assert str(state) not in answer.text
        assert server.predict(TEXT, key=admin).json()["version"] == "1"
        assert not list((state / "incoming").iterdir())


def flipped(content: bytes) -> bytes:
    changed = bytearray(content)
    changed[len(changed) // 2] ^= 1
    return bytes(changed)


def test_a_slot_whose_copy_is_damaged_is_not_ready_and_others_are(state: Path, model: Path, other_model: Path) -> None:
    with running(state, model, f"staging={other_model}"):
        pass
    staged = Deployments(Database(state)).live()["staging"]
    shutil.rmtree(state / "models" / staged.digest)
    with running(state) as server:
        assert server.predict(TEXT).status_code == 200
        answer = server.predict(TEXT, slot="staging")
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:tagloom:problem:not-ready")
        with server.client() as client:
            assert client.get("/health/live").status_code == 200
            assert client.get("/health/ready").status_code == 503
            (_, staging) = client.get("/v1/models").json()["models"]
            assert staging["is_ready"] is False
        assert main(["deploy", f"staging={model}", "--state", str(state)]) == 0
        assert server.predict(TEXT, slot="staging").json()["version"] == "2"


@contextmanager
def asking(server: Running, check: Callable[[httpx.Response], object], threads: int = 4) -> Iterator[Counter[object]]:
    """Keeps asking from some threads within the block, and counts what the check makes of the answers."""
    seen: Counter[object] = Counter()
    is_over, lock = threading.Event(), threading.Lock()

    def ask() -> None:
        with server.client() as client:
            while not is_over.is_set():
                answer = client.post("/v1/models/production/predict", json={"documents": [{"text": TEXT}]})
                told = check(answer)
                with lock:
                    seen[told] += 1

    workers = [threading.Thread(target=ask) for _ in range(threads)]
    for worker in workers:
        worker.start()
    try:
        yield seen
    finally:
        is_over.set()
        for worker in workers:
            worker.join()


def test_swaps_under_load_fail_no_request_and_mix_no_versions(
    state: Path, model: Path, other_model: Path, predictor: Predictor, other_predictor: Predictor
) -> None:
    right = {1: expected(predictor, TEXT), 0: expected(other_predictor, TEXT)}

    def check(answer: httpx.Response) -> object:
        said = answer.json()
        odd = int(said["version"]) % 2
        return answer.status_code, odd, found(said["documents"][0]) == right[odd]

    with running(state, model) as server, asking(server, check) as seen:
        for number in range(6):
            assert main(["deploy", str((other_model, model)[number % 2]), "--state", str(state)]) == 0
        assert main(["rollback", "--state", str(state)]) == 0
        until(lambda: seen.total() > 200)
    assert set(seen) == {(200, 1, True), (200, 0, True)}


def test_one_server_has_a_state_folder(state: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running(state, model):
        assert main(["serve", str(model), "--port", "0", "--state", str(state)]) == 1
        assert "expected a state folder of no running server, received one in use" in capsys.readouterr().err
