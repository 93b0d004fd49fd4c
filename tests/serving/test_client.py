"""The client against a real server; what goes wrong is in `test_client_faults.py`."""

import ast
import itertools
import pickle
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fake import fake
from running import Running, running
from test_predicting import TEXTS

import tagloom
from tagloom.serving import client as module
from tagloom.serving.client import Client, ClientError
from tagloom.serving.state.database import Database
from tagloom.serving.state.keys import Keys, Scope

TEXT = "My Nikon D90 has a bright viewfinder"


@pytest.fixture
def client(server: Running) -> Iterator[Client]:
    with Client(server.address, timeout=30, retries=0) as made:
        yield made


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FIRST_PAUSE", 0.01)


# The file


def test_it_needs_nothing_but_the_standard_library(tmp_path: Path) -> None:
    path = Path(shutil.copy(module.__file__, tmp_path / "copied.py"))
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    named = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in named} <= sys.stdlib_module_names
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import copied; copied.Client('http://127.0.0.1')"
    subprocess.run([sys.executable, "-I", "-S", "-W", "error", "-c", code], check=True)


def test_it_is_public() -> None:
    assert tagloom.Client is Client
    assert tagloom.ClientError is ClientError


# Predictions of a real server


def test_one_text_gives_its_entities(server: Running, client: Client) -> None:
    for text in TEXTS:
        (document,) = server.predict(text).json()["documents"]
        assert client.predict(text) == document["entities"]


def test_options_are_the_apis(server: Running, client: Client) -> None:
    (document,) = server.predict(TEXTS[1], threshold=0.5, offsets="utf16").json()["documents"]
    assert document["entities"]
    assert client.predict(TEXTS[1], threshold=0.5, offsets="utf16") == document["entities"] != client.predict(TEXTS[1])
    assert list(client.stream([TEXTS[1]], threshold=0.5, offsets="utf16")) == [document]


def test_many_texts_are_one_answer_however_they_are_divided(
    server: Running, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"{TEXT} {number} 📷" for number in range(40)]
    whole = server.predict(*texts).json()["documents"]
    assert client.predict_many(texts) == whole
    for name, most in (("_MOST_DOCUMENTS", 7), ("_MOST_BYTES", 300)):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, most)
            assert client.predict_many(iter(texts)) == whole
    assert client.predict_many([]) == []


def test_requests_stay_within_documents_and_bytes() -> None:
    sizes = [[len(each) for each in batch] for batch in module._batches([b"x"] * 600)]
    assert [len(batch) for batch in sizes] == [256, 256, 88]
    sizes = [[len(each) for each in batch] for batch in module._batches([b"x" * 2**19] * 3 + [b"x" * 2**21, b"x"])]
    assert sizes == [[2**19, 2**19], [2**19], [2**21], [1]]


def test_ids_are_kept_or_made_of_the_place(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_DOCUMENTS", 2)
    texts = ["x", {"text": "y", "id": "b"}, {"text": "z"}, "w"]
    assert [document["id"] for document in client.predict_many(texts)] == ["0", "b", "2", "3"]
    assert [document["id"] for document in client.stream(texts)] == ["0", "b", "2", "3"]


@pytest.mark.parametrize("texts", [TEXT, {"text": TEXT}, [TEXT, 5], [None]])
def test_what_is_no_list_of_texts_is_not_sent(client: Client, texts: Any) -> None:
    for ask in (client.predict_many, lambda texts: list(client.stream(texts))):
        with pytest.raises(ClientError, match=r"text \d: expected a list of texts") as caught:
            ask(texts)
        assert caught.value.kind == "wrong-argument"


def test_threads_share_a_client(server: Running, client: Client) -> None:
    texts = [f"{TEXT} {number}" for number in range(60)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(client.predict, texts))
    assert found == [document["entities"] for document in server.predict(*texts).json()["documents"]]
    assert 1 <= len(client._idle) <= 8


def test_problems_are_told(client: Client) -> None:
    with pytest.raises(ClientError) as caught:
        client.predict("x", slot="no where?#")
    error = caught.value
    assert (error.kind, error.status, error.errors) == ("no-such-slot", 404, ())
    assert str(error) == f"404 no-such-slot: {error.detail} (request {error.request_id})"
    assert error.detail == "Nothing is deployed under this name. Ask GET /v1/models for those that there are."
    with pytest.raises(ClientError) as caught:
        client.predict_many(["x"] * 300 + [{"text": "x", "what": "y"}])
    assert [each["pointer"] for each in caught.value.errors] == ["/documents/44/what"]
    assert caught.value.__notes__ == ["In the request with the texts 256 to 300."]
    assert vars(pickle.loads(pickle.dumps(caught.value))) == vars(caught.value)
    with pytest.raises(ClientError, match="not-utf-8"):
        client.predict("\ud800")


# Streams of a real server


def test_a_stream_gives_what_a_request_gives(client: Client) -> None:
    texts = [f"{TEXT} {number} 📷" for number in range(700)]
    assert list(client.stream(iter(texts))) == client.predict_many(texts)
    assert list(client.stream([])) == []


def test_a_stream_ends_where_nobody_reads_on(client: Client) -> None:
    taken = itertools.count()
    stream = client.stream(f"{TEXT} {next(taken)}" for _ in itertools.count())
    first = list(itertools.islice(stream, 100))
    assert [document["id"] for document in first] == [str(number) for number in range(100)]
    stream.close()  # type: ignore[attr-defined]
    time.sleep(0.1)
    before = next(taken)
    time.sleep(0.1)
    assert next(taken) == before + 1


def test_a_text_may_follow_from_the_answer_before(client: Client) -> None:
    answered = threading.Semaphore(1)

    def texts() -> Iterator[str]:
        for number in range(20):
            assert answered.acquire(timeout=10)
            yield f"{TEXT} {number}"

    found = 0
    for _ in client.stream(texts()):
        answered.release()
        found += 1
    assert found == 20


def test_a_text_that_is_not_sound_ends_a_stream_or_is_yielded(client: Client) -> None:
    texts: list[Any] = [TEXT, {"text": 5}, {"text": TEXT, "id": "c"}]
    stream = client.stream(texts)
    assert next(stream)["id"] == "0"
    with pytest.raises(ClientError, match=r"text 1: The JSON has other fields than expected\.") as caught:
        next(stream)
    assert (caught.value.kind, caught.value.status) == ("wrong-fields", 422)
    first, bad, last = client.stream(texts, errors="yield")
    assert (first["id"], bad["id"], last["id"]) == ("0", "1", "c")
    assert (bad["line"], bad["entities"], bad["error"]["status"]) == (2, [], 422)
    assert first["entities"] == last["entities"] != []


@pytest.mark.parametrize("error", [KeyError("x"), OSError("gone"), ConnectionResetError(), ValueError("odd")])
@pytest.mark.parametrize("number", [0, 3])
def test_what_reading_the_texts_raises_is_raised(client: Client, error: Exception, number: int) -> None:
    def texts() -> Iterator[str]:
        yield from [TEXT] * number
        raise error

    with pytest.raises(type(error)) as caught:
        list(client.stream(texts()))
    assert caught.value is error


def test_problems_of_a_stream_are_told_before_a_text_is_read(client: Client) -> None:
    texts = iter([TEXT])
    with pytest.raises(ClientError, match="404 no-such-slot"):
        next(client.stream(texts, slot="nowhere"))
    assert list(texts) == [TEXT]


# Deployments and keys of a real server


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, str, str]]:
    """A server with a key to predict and one to administer."""
    state = tmp_path_factory.mktemp("guarded") / "state"
    keys = Keys(Database(state))
    (_, predicting), (_, administering) = keys.create("reader"), keys.create("me", Scope.admin)
    with running(state) as started:
        yield started, predicting, administering


def test_models_are_deployed_rolled_back_and_taken_away(
    guarded: tuple[Running, str, str], model: Path, packed_model: bytes, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(model, tmp_path / "reviews"))
    (folder / "drafts").mkdir()
    (folder / ".DS_Store").touch()
    (tmp_path / "larger.loom").write_bytes(packed_model)
    with Client(guarded[0].address, guarded[2]) as client:
        assert client.models() == []
        first = client.deploy(folder, "a-slot")
        assert (first["slot"], first["version"], first["model"]) == ("a-slot", "1", "reviews")
        assert client.deploy(str(folder), "a-slot", name="other") == first
        second = client.deploy(tmp_path / "larger.loom", "a-slot", name="größer & more")
        assert (second["version"], second["model"]) == ("2", "größer & more")
        (slot,) = client.models()
        assert (slot["digest"], [each["version"] for each in slot["earlier"]]) == (second["digest"], ["1"])
        assert client.roll_back("a-slot") == first
        with pytest.raises(ClientError, match="409 nothing-before"):
            client.roll_back("a-slot")
        client.undeploy("a-slot")
        assert client.models() == []
        with pytest.raises(ClientError, match="404 no-such-slot"):
            client.undeploy("a-slot")


def test_a_run_is_deployed_by_its_model(tmp_path: Path) -> None:
    (tmp_path / "run" / "models" / "7").mkdir(parents=True)
    (tmp_path / "run" / "models" / "7" / "config.json").write_text("{}")
    (tmp_path / "run" / "model").symlink_to(Path("models") / "7")
    with module._bundle(tmp_path / "run") as file, zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["config.json"]


def test_folders_that_are_no_models_are_not_sent(tmp_path: Path) -> None:
    with Client("http://127.0.0.1:9") as client:
        (tmp_path / "letters.txt").write_text("private")
        with pytest.raises(ClientError, match=r"expected a model's config\.json, found none"):
            client.deploy(tmp_path)
        with pytest.raises(FileNotFoundError):
            client.deploy(tmp_path / "nothing.loom")


def test_a_model_that_is_refused_is_told(guarded: tuple[Running, str, str], tmp_path: Path) -> None:
    (tmp_path / "bad.loom").write_bytes(b"x" * 300_000)
    with Client(guarded[0].address, guarded[2]) as client, pytest.raises(ClientError, match="422 bundle-refused"):
        client.deploy(tmp_path / "bad.loom", "bad")


def test_keys_open_and_are_never_shown(guarded: tuple[Running, str, str], tmp_path: Path) -> None:
    server, predicting, _ = guarded
    (tmp_path / "model.loom").write_bytes(b"x" * 5_000_000)
    said = []
    for key, kind in ((None, "no-key"), ("tagloom_1_secret", "wrong-key"), (predicting, "wrong-scope")):
        with Client(server.address, key) as client:
            for ask in (lambda client: client.deploy(tmp_path / "model.loom"), lambda client: client.undeploy("x")):
                with pytest.raises(ClientError) as caught:
                    ask(client)
                assert caught.value.kind == kind
                said += [str(caught.value), repr(caught.value), repr(client)]
    with pytest.raises(ClientError, match="key: expected ASCII without spaces") as caught:
        Client(server.address, "secret\r\nX: y")
    with pytest.raises(ClientError, match=r"address: .* received '127.0.0.1:1'") as password:
        Client("http://me:secret@127.0.0.1:1")
    said += [str(caught.value), repr(caught.value), str(password.value)]
    assert not any("secret" in each or predicting in each for each in said)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1:1", "ftp://x", "http://x:70000", "http://x/?a", "http://x#a", "http://a b", "http://x\r\nA: b", ""],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ClientError, match="wrong-argument: address: expected one such as"):
        Client(address)


def test_a_server_is_ready_or_not(client: Client) -> None:
    assert client.is_ready()
    with fake(lambda talk: talk.read_request() and talk.answer(503)) as server, Client(server.address) as other:
        assert not other.is_ready()
        assert server.num_connections == 1
    with Client(server.address, retries=0) as other:
        assert not other.is_ready()
        with pytest.raises(ClientError, match=rf"no-connection: GET {server.address}/v1/models: expected an answer"):
            other.models()
    with fake(lambda talk: talk.read_request() and talk.answer(404)) as server:
        other = Client(server.address)
        with other, pytest.raises(ClientError, match="404 unexpected-answer"):
            other.is_ready()


def test_a_server_that_ends_leaves_no_request_without_an_answer(tmp_path: Path, model: Path) -> None:
    errors: list[ClientError] = []

    def ask(client: Client) -> None:
        try:
            while True:
                client.predict(TEXT)
        except ClientError as error:
            errors.append(error)

    with running(tmp_path / "state", model) as server, ThreadPoolExecutor(2) as threads:
        client = Client(server.address, retries=0)
        asking = [threads.submit(ask, client) for _ in range(2)]
        time.sleep(0.2)
        server.stop()
        for each in asking:
            each.result(10)
    assert [error.kind for error in errors] == ["no-connection"] * 2
