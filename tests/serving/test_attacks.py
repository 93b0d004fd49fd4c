"""What attackers did to other servers of models, and what must fail here: one test an attack (docs/security.md)."""

import io
import json
import os
import pickle
import stat
import threading
import time
import zipfile
from pathlib import Path

import httpx
import pytest
from running import Running, running

from server_process import until
from tagloom.serving.state.bundles import Bundles
from tagloom.serving.state.database import Database
from tagloom.serving.state.deployments import Deployments
from tagloom.serving.state.keys import Keys

ZIP = {"Content-Type": "application/zip"}
TEXT = "My Nikon D90 has a bright viewfinder"


class Touch:
    """What leaves a file behind where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, (f"touch {self.path}",)


def repacked(content: bytes, changed: dict[str, bytes | None], info: zipfile.ZipInfo | None = None) -> bytes:
    """A bundle with other members; the digests are made to fit."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members |= {name: new for name, new in changed.items() if new is not None}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(info if info is not None and info.filename == name else name, member)
    return packed.getvalue()


def deploy(administered: tuple[Running, str], content: bytes, path: str = "/v1/models/production") -> httpx.Response:
    server, key = administered
    with server.client(key) as client:
        return client.put(path, content=content, headers=ZIP)


def refused(administered: tuple[Running, str], content: bytes) -> str:
    """What an upload is told that must not go live."""
    answer = deploy(administered, content)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:tagloom:problem:bundle-refused")
    server, key = administered
    told = server.predict(TEXT, key=key).json()
    assert told["version"] == "1"
    assert [each.name for each in (server.state / "models").iterdir()] == [
        Deployments(Database(server.state)).live()["production"].digest
    ]
    return str(answer.json()["detail"])


def test_a1_a_pickle_in_a_bundle_is_not_unpickled(
    administered: tuple[Running, str], packed_model: bytes, tmp_path: Path
) -> None:
    touch = pickle.dumps(Touch(tmp_path / "touched"))
    refused(administered, touch)
    refused(administered, repacked(packed_model, {"weights.pkl": touch}))
    refused(administered, repacked(packed_model, {"weights.safetensors": touch}))
    refused(administered, repacked(packed_model, {"network.onnx": touch}))
    assert not (tmp_path / "touched").exists()


def test_a1_nothing_that_a_client_sends_is_unpickled(administered: tuple[Running, str], tmp_path: Path) -> None:
    server, key = administered
    touch = pickle.dumps(Touch(tmp_path / "touched"))
    with server.client(key) as client:
        for path in ("predict", "stream"):
            for media_type in ("application/json", "application/x-ndjson", "application/octet-stream"):
                client.post(f"/v1/models/production/{path}", content=touch, headers={"Content-Type": media_type})
    assert not (tmp_path / "touched").exists()


@pytest.mark.parametrize("entry", ["tokenizer", "algorithm", "scheme", "class", "auto_map", "module"])
def test_a2_a_config_names_no_code(administered: tuple[Running, str], packed_model: bytes, entry: str) -> None:
    with zipfile.ZipFile(io.BytesIO(packed_model)) as archive:
        config = json.loads(archive.read("config.json"))
    config[entry] = "os.system"
    content = repacked(packed_model, {"config.json": json.dumps(config).encode()})
    if entry == "algorithm":  # a name that is shown, and nothing more
        assert "algorithm" in str(config)
    else:
        refused(administered, content)


@pytest.mark.parametrize(
    "name", ["../escaped", "/tmp/escaped", "a/../../escaped", "models/x", "..\\escaped", "README.md/x"]
)
def test_a3_an_archive_reaches_no_other_place(
    administered: tuple[Running, str], packed_model: bytes, name: str
) -> None:
    refused(administered, repacked(packed_model, {name: b"x"}))
    assert not list(administered[0].state.parent.rglob("*escaped*"))
    assert not Path("/tmp/escaped").exists()


def test_a3_an_archive_holds_no_links(administered: tuple[Running, str], packed_model: bytes) -> None:
    link = zipfile.ZipInfo("README.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "plain file" in refused(administered, repacked(packed_model, {"README.md": b"/etc/passwd"}, link))


def test_a3_an_archive_is_no_bomb(administered: tuple[Running, str], packed_model: bytes) -> None:
    bomb = repacked(packed_model, {"vocabulary.json": b" " * 60_000_000})
    assert len(bomb) < 1_000_000
    began = time.monotonic()
    refused(administered, bomb)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "slot", ["..%2f..%2fetc", "%2e%2e", "a%00b", "a%0d%0aX-Y:%20z", "C:%5Cx", "PRODUCTION", "%F0%9F%93%B7", "a" * 300]
)
def test_a4_no_name_reaches_a_file(administered: tuple[Running, str], packed_model: bytes, slot: str) -> None:
    server = administered[0]
    before = sorted(server.state.rglob("*"))
    answer = deploy(administered, packed_model, f"/v1/models/{slot}")
    assert answer.status_code in (404, 405)
    assert "x-y" not in answer.headers
    assert [
        path for path in sorted(server.state.rglob("*")) if path.suffix not in (".sqlite3-wal", ".sqlite3-shm")
    ] == [path for path in before if path.suffix not in (".sqlite3-wal", ".sqlite3-shm")]


def test_a4_the_name_of_a_model_is_shown_and_nothing_more(
    administered: tuple[Running, str], packed_model: bytes
) -> None:
    server, key = administered
    answer = deploy(administered, packed_model, "/v1/models/named?name=..%2f..%2f%00etc%0apasswd")
    assert answer.status_code == 200
    assert answer.json()["model"] == "../../etcpasswd"
    assert not [path for path in server.state.rglob("*") if "passwd" in path.name]
    with server.client(key) as client:
        assert client.delete("/v1/models/named").status_code == 204


def test_a5_no_address_or_path_in_a_request_is_fetched(administered: tuple[Running, str]) -> None:
    server, key = administered
    asked: list[str] = []
    with _listener(asked) as address, server.client(key) as client:
        for body in ({"path": "/etc/passwd"}, {"url": address}, {"model": address}, {"model": "file:///etc/passwd"}):
            for method in ("PUT", "POST"):
                assert client.request(method, "/v1/models/production", json=body).status_code in (405, 415)
        client.put(f"/v1/models/other?name={address}", content=b"x", headers=ZIP)
        client.post("/v1/models/production/predict", json={"documents": [{"text": f"see {address} now"}]})
        time.sleep(0.2)
    assert asked == []


def test_a5_a_link_to_another_place_in_a_folder_is_deployed_as_a_copy(
    administered: tuple[Running, str], model: Path, tmp_path: Path
) -> None:
    """A folder is deployed from the command line alone; what its links point to must be a sound bundle's files."""
    (tmp_path / "linked").mkdir()
    for file in model.iterdir():
        (tmp_path / "linked" / file.name).symlink_to(file)
    (tmp_path / "linked" / "README.md").unlink()
    (tmp_path / "linked" / "README.md").symlink_to("/etc/passwd")
    with pytest.raises(Exception, match=r"README.md: expected"):
        Bundles(tmp_path / "models").add(tmp_path / "linked")
    assert administered


class _listener:  # noqa: N801 - used as a function
    """A server that notes who asks."""

    def __init__(self, asked: list[str]) -> None:
        import socket

        self._socket = socket.create_server(("127.0.0.1", 0))
        self._asked = asked
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/x"

    def __exit__(self, *_error: object) -> None:
        self._socket.close()

    def _listen(self) -> None:
        try:
            while True:
                connection, address = self._socket.accept()
                self._asked.append(str(address))
                connection.close()
        except OSError:
            return


# A8 and A9, routes and the management of models without a login: tests/serving/test_access.py walks every route.


def test_a8_a_stream_needs_a_key_before_its_first_byte(administered: tuple[Running, str]) -> None:
    with administered[0].client() as client:
        lines = b'{"text": "x"}\n' * 10
        answer = client.post(
            "/v1/models/production/stream", content=lines, headers={"Content-Type": "application/jsonl"}
        )
    assert answer.status_code == 401
    assert "entities" not in answer.text


def test_a9_models_are_managed_by_admins_alone(administered: tuple[Running, str], packed_model: bytes) -> None:
    server, _ = administered
    _, predict = Keys(Database(server.state)).create("predict")
    with server.client(predict) as client:
        until(lambda: client.get("/v1/models").status_code == 200)
        assert client.put("/v1/models/production", content=packed_model, headers=ZIP).status_code == 403
        assert client.delete("/v1/models/production").status_code == 403
        assert client.post("/v1/models/production/rollback").status_code == 403


def test_a11_many_slow_clients_keep_nobody_waiting(administered: tuple[Running, str]) -> None:
    import socket

    server, key = administered
    head = b"POST /v1/models/production/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(200)]
    try:
        for number, connection in enumerate(slow):
            authorized = b"Authorization: Bearer " + key.encode() + b"\r\n"
            connection.sendall((head + authorized + b"Content-Length: 4000000\r\n\r\n{")[: None if number % 2 else 60])
        for _ in range(10):
            began = time.monotonic()
            assert server.predict(TEXT, key=key).status_code == 200
            assert time.monotonic() - began < 1
    finally:
        for connection in slow:
            connection.close()


def test_a11_ranges_and_multipart_are_not_taken(administered: tuple[Running, str]) -> None:
    server, key = administered
    with server.client(key) as client:
        ranges = ",".join(f"{number}-{number}" for number in range(2_000))
        assert client.get("/openapi.json", headers={"Range": f"bytes={ranges}"}).status_code == 200
        files = {"file": ("x", b"x" * 1_000)}
        assert client.post("/v1/models/production/predict", files=files).status_code == 415
        assert client.put("/v1/models/production", files=files).status_code == 415


def test_a11_connections_are_bounded(model: Path, tmp_path: Path) -> None:
    import socket

    with running(tmp_path / "state", model, "--limit", "connections=20", "--limit", "head_seconds=2") as server:
        idle = [socket.create_connection(("127.0.0.1", server.port), timeout=5) for _ in range(40)]
        told = [connection.recv(1_000) for connection in idle[25:]]
        assert all(answer.startswith(b"HTTP/1.1 503 ") for answer in told)
        until(lambda: server.predict(TEXT).status_code == 200, seconds=8)  # those that say nothing are let go
        for connection in idle:
            connection.close()


def test_a13_nothing_lies_where_others_may_write(administered: tuple[Running, str], packed_model: bytes) -> None:
    server = administered[0]
    assert stat.S_IMODE(server.state.stat().st_mode) == 0o700
    deploy(administered, packed_model, "/v1/models/a13")
    for folder in ("models", "incoming"):
        assert stat.S_IMODE((server.state / folder).stat().st_mode) == 0o700
    with server.client(administered[1]) as client:
        client.delete("/v1/models/a13")


def test_a13_what_is_swapped_after_the_check_is_not_served(model: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    for file in model.iterdir():
        (mine / file.name).write_bytes(file.read_bytes())
    deployments = Deployments(Database(tmp_path / "state"))
    version = deployments.deploy(mine)
    (mine / "network.onnx").write_bytes(b"another network")
    with running(tmp_path / "state") as server:
        assert server.predict(TEXT).status_code == 200
        copy = tmp_path / "state" / "models" / version.digest / "network.onnx"
        copy.write_bytes(b"another network")
        assert server.predict(TEXT).status_code == 200  # what was loaded stays
    with running(tmp_path / "state") as server:
        assert server.predict(TEXT).status_code == 503  # and what was changed is not loaded again


# A15, keys that are kept in clear, compared in steps, or never end: tests/serving/test_keys.py.


def test_a15_keys_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import hmac

    compared: list[tuple[int, int]] = []
    real = hmac.compare_digest

    def noted(one: bytes, other: bytes) -> bool:
        compared.append((len(one), len(other)))
        return real(one, other)

    from tagloom.serving.state.keys import Keyring

    monkeypatch.setattr("tagloom.serving.state.keys.hmac.compare_digest", noted)
    keys = Keys(Database(tmp_path / "state"))
    _, token = keys.create("one")
    ring = Keyring(keys.all())
    for each in (token, f"{token}x", "tagloom_99_x", "", "x"):
        ring.find(each, time.time())
    assert compared == [(32, 32)] * 5  # whatever is brought, digests of one length are compared once


@pytest.mark.parametrize("operator", ["Loop", "If", "Scan", "SequenceMap"])
def test_a16_a_network_is_no_program(administered: tuple[Running, str], packed_model: bytes, operator: str) -> None:
    with zipfile.ZipFile(io.BytesIO(packed_model)) as archive:
        network, config = archive.read("network.onnx"), json.loads(archive.read("config.json"))
    import hashlib

    import onnx

    graph = onnx.load_from_string(network)
    graph.graph.node.append(onnx.helper.make_node(operator, [], ["loops"]))
    changed = graph.SerializeToString()
    config["files"]["network.onnx"] = {"size": len(changed), "sha256": hashlib.sha256(changed).hexdigest()}
    content = repacked(packed_model, {"network.onnx": changed, "config.json": json.dumps(config).encode()})
    assert operator in refused(administered, content)


def test_a16_a_network_reads_no_file(administered: tuple[Running, str], packed_model: bytes) -> None:
    import hashlib

    import onnx

    with zipfile.ZipFile(io.BytesIO(packed_model)) as archive:
        network, config = archive.read("network.onnx"), json.loads(archive.read("config.json"))
    graph = onnx.load_from_string(network)
    tensor = graph.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")
    changed = graph.SerializeToString()
    config["files"]["network.onnx"] = {"size": len(changed), "sha256": hashlib.sha256(changed).hexdigest()}
    content = repacked(packed_model, {"network.onnx": changed, "config.json": json.dumps(config).encode()})
    assert "external_data" in refused(administered, content) or "data_location" in refused(administered, content)
