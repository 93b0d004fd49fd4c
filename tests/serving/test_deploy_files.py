"""What is deployed with (image, unit, Kubernetes), and what is written about it, against what there is."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from running import Running
from typer.main import get_command

from tagloom.cli.main import app
from tagloom.serving.access.scopes import PUBLIC
from tagloom.serving.defaults import DEFAULT_PORT
from tagloom.serving.documentation.formats import formats
from tagloom.serving.limits import Limits
from tagloom.serving.metrics import Metrics
from tagloom.serving.problems import KINDS
from tagloom.serving.reading.messages import Done
from tagloom.serving.state.folder import VARIABLE

ROOT = Path(__file__).resolve().parents[2]
STATE = "/var/lib/tagloom"
COMMAND = re.compile(r"^(?:sudo )?(?:[a-z_/.]*/)?(?:tagloom|as_tagloom) (.+?)(?: {2,}.*)?$", re.MULTILINE)
CODE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def expect_command(arguments: list[str]) -> dict[str, Any]:
    """What a command line says, once it is one that Tagloom knows; nothing is run."""
    command, context = get_command(app), None
    while True:
        context = command.make_context(command.name, arguments, parent=context)
        rest = [*getattr(context, "_protected_args", ()), *context.args]
        if not hasattr(command, "get_command"):
            return context.params
        assert rest, f"{arguments}: expected a command"
        found = command.get_command(context, rest[0])
        assert found is not None, f"{rest[0]} is no command"
        command, arguments = found, rest[1:]


def dockerfile() -> list[tuple[str, str]]:
    """The instructions, each with what follows it."""
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text("utf-8"))
    return [tuple(line.split(maxsplit=1)) for line in text.splitlines() if line and line[0] not in "# "]  # type: ignore[misc]


def instruction(name: str) -> str:
    return [text for each, text in dockerfile() if each == name][-1]


def unit() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (ROOT / "deploy" / "tagloom.service").read_text("utf-8").splitlines():
        name, is_entry, value = line.partition("=")
        if is_entry and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    text = (ROOT / "deploy" / "kubernetes.yaml").read_text("utf-8")
    return {each["kind"]: each for each in yaml.safe_load_all(text)}


def test_the_image_serves_with_options_that_there_are() -> None:
    assert json.loads(instruction("ENTRYPOINT")) == ["tagloom"]
    options = expect_command(json.loads(instruction("CMD")))
    assert options["host"] == "0.0.0.0"
    assert options["port"] == int(instruction("EXPOSE")) == DEFAULT_PORT


def test_the_image_keeps_its_state_in_its_volume_and_is_nobodys_root() -> None:
    assert instruction("VOLUME") == STATE
    assert f"{VARIABLE}={STATE}" in instruction("ENV")
    assert f"--mode 0700 {STATE}" in instruction("RUN")
    user = instruction("USER").partition(":")[0]
    assert int(user) > 0
    assert f"--uid {user}" in instruction("RUN")


def test_the_image_installs_what_serving_needs_without_torch() -> None:
    (install,) = [text for name, text in dockerfile() if name == "RUN" and "[serve]" in text]
    assert "-c constraints.txt" in install
    copied = {
        name for each, text in dockerfile() if each == "COPY" and "--from" not in text for name in text.split()[:-1]
    }
    assert copied == {"pyproject.toml", "README.md", "LICENSE", "constraints.txt", "src"}
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert {line[1:] for line in ignored if line.startswith("!")} == copied
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_knows_whether_it_is_well(server: Running) -> None:
    checked = json.loads(instruction("HEALTHCHECK").partition("CMD ")[2])
    address = f"http://127.0.0.1:{DEFAULT_PORT}"
    assert re.search(rf"{address}(/[a-z/]+)", checked[-1])[1] in PUBLIC  # type: ignore[index]
    for base, status in ((server.address, 0), ("http://127.0.0.1:9", 1)):
        command = [sys.executable, "-c", checked[-1].replace(address, base)]
        environment = {**os.environ, "http_proxy": "http://127.0.0.1:9"}
        assert subprocess.run(command, stderr=subprocess.DEVNULL, env=environment).returncode == status


def test_the_unit_serves_with_options_that_there_are() -> None:
    (command,) = unit()["ExecStart"]
    program, *arguments = shlex.split(command)
    options = expect_command(arguments)
    assert program.endswith("/bin/tagloom")
    assert options["state"] == Path("/var/lib", *unit()["StateDirectory"])
    assert options["host"] == "127.0.0.1"


def test_the_unit_lets_a_server_end_in_peace() -> None:
    assert unit()["KillSignal"] == ["SIGTERM"]
    assert unit()["KillMode"] == ["mixed"]
    assert int(unit()["TimeoutStopSec"][0]) > 30
    assert unit()["Restart"] == ["always"]


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze is installed")
    text = (ROOT / "deploy" / "tagloom.service").read_text("utf-8")
    path = tmp_path / "tagloom.service"
    path.write_text(text.replace("/opt/tagloom/bin/tagloom", sys.executable), "utf-8")
    told = subprocess.run(["systemd-analyze", "verify", path], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")


def test_kubernetes_serves_with_options_that_there_are(resources: dict[str, Any]) -> None:
    pod = resources["Deployment"]["spec"]["template"]["spec"]
    (server,) = pod["containers"]
    options = expect_command(server["args"])
    (port,) = server["ports"]
    assert options["host"] == "0.0.0.0"
    assert options["port"] == port["containerPort"]
    assert options["workers"]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        asked = server[probe]["httpGet"]
        assert asked["path"] in PUBLIC
        assert asked["port"] == port["name"]
    assert server["readinessProbe"]["httpGet"]["path"] == "/health/ready"
    assert pod["terminationGracePeriodSeconds"] > 35


def test_kubernetes_reaches_the_pods_by_names_that_they_answer_to(resources: dict[str, Any]) -> None:
    service, deployment = resources["Service"], resources["Deployment"]["spec"]
    assert service["spec"]["selector"].items() <= deployment["template"]["metadata"]["labels"].items()
    assert deployment["selector"]["matchLabels"] == service["spec"]["selector"]
    (port,) = service["spec"]["ports"]
    (server,) = deployment["template"]["spec"]["containers"]
    assert port["targetPort"] == server["ports"][0]["name"]
    assert service["metadata"]["name"] in expect_command(server["args"])["allow_host"]
    (check,) = resources["Job"]["spec"]["template"]["spec"]["containers"]
    assert f"http://{service['metadata']['name']}:{port['port']}/v1/models" in check["command"][-1]


def containers(resources: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for kind in ("Deployment", "Job"):
        pod = resources[kind]["spec"]["template"]["spec"]
        for each in (*pod.get("initContainers", ()), *pod["containers"]):
            yield pod, each


def test_kubernetes_gives_no_container_more_than_it_needs(resources: dict[str, Any]) -> None:
    user = int(instruction("USER").partition(":")[0])
    for pod, container in containers(resources):
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["securityContext"]["runAsUser"] == user
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"]


def test_kubernetes_has_one_server_for_its_one_state_folder(resources: dict[str, Any]) -> None:
    deployment = resources["Deployment"]["spec"]
    (server,) = deployment["template"]["spec"]["containers"]
    (volume,) = deployment["template"]["spec"]["volumes"]
    assert server["volumeMounts"] == [{"name": volume["name"], "mountPath": STATE}]
    assert volume["persistentVolumeClaim"]["claimName"] == resources["PersistentVolumeClaim"]["metadata"]["name"]
    assert (deployment["replicas"], deployment["strategy"]["type"]) == (1, "Recreate")


def test_the_pod_waits_until_there_is_a_key(resources: dict[str, Any], tmp_path: Path) -> None:
    (first,) = resources["Deployment"]["spec"]["template"]["spec"]["initContainers"]
    script = first["command"][-1].replace("tagloom", f"{sys.executable} -m tagloom").replace("sleep 2", "exit 7")
    environment = {**os.environ, VARIABLE: str(tmp_path / "state")}
    waited = subprocess.run(["sh", "-c", script], env=environment, check=False)
    subprocess.run(
        [sys.executable, "-m", "tagloom", "keys", "create", "x"], env=environment, check=True, capture_output=True
    )
    passed = subprocess.run(["sh", "-c", script], env=environment, check=False)
    assert (waited.returncode, passed.returncode) == (7, 0)


# What is written


def commands() -> list[Any]:
    pages = [ROOT / "README.md", ROOT / "docs" / "serving.md", ROOT / "docs" / "deploy.md"]
    return [
        pytest.param(shlex.split(line), id=f"{page.name}: {line}")
        for page in pages
        for language, code in CODE.findall(page.read_text("utf-8"))
        if not language
        for line in COMMAND.findall(code)
    ]


@pytest.mark.parametrize("arguments", commands())
def test_commands_on_pages_are_known(arguments: list[str]) -> None:
    arguments = [each for each in arguments if each not in ("\\", "&")]
    expect_command(arguments)


def test_commands_on_pages_are_found() -> None:
    names = {param.values[0][0] for param in commands()}
    assert {"serve", "deploy", "rollback", "deployments", "keys", "train"} <= names


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def test_formats_are_written_as_they_are_answered() -> None:
    shown = [json.loads(text) for language, text in CODE.findall(page("serving.md")) if language == "json"]
    own, *others = formats()
    assert json.dumps(json.loads(own.request.text)) in page("serving.md")
    assert json.loads(own.answer) in shown
    for each in others:
        request, answer = json.loads(each.request.text), json.loads(each.answer)
        assert shown[shown.index(request) + 1] == answer
        assert f"`?format={each.request.format}`" in page("serving.md")


def test_problems_are_written_as_they_are_answered() -> None:
    rows = re.findall(r"^\| (\d{3}) \| `([a-z0-9-]+)` \| (.+) \|$", page("serving.md"), re.MULTILINE)
    assert {kind: (int(status), title) for status, kind, title in rows} == {
        kind: (each.status, each.title) for kind, each in KINDS.items()
    }


def test_limits_are_written_as_they_are() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([\d,.]+) \| .+ \|$", page("serving.md"), re.MULTILINE)
    assert {name: float(value.replace(",", "")) for name, value in rows} == asdict(Limits())


def test_metrics_are_written_as_they_are() -> None:
    metrics = Metrics()
    metrics.request("/", 200, 0.1)
    metrics.batch("production", Done(1, [[(0, 1, "A", 0.5)]], 0.1, 3, 1))
    told = re.findall(r"^# TYPE (\w+) ", metrics.to_bytes().decode(), re.MULTILINE)
    rows = re.findall(r"^\| `(tagloom_\w+)` \|", page("serving.md"), re.MULTILINE)
    assert sorted(rows) == sorted(name for name in told if not name.endswith("_created"))


def test_health_is_written_as_it_is_public() -> None:
    for path in PUBLIC - {"/v2/health/live", "/v2/health/ready"}:
        assert f"`{path}`" in page("deploy.md")


# What is loaded


def test_the_application_is_made_without_a_learning_framework() -> None:
    code = "import sys, tagloom.serving.app, tagloom.serving.server; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert {"torch", "plotly", "onnx", "keras", "pandas"}.isdisjoint(told.stdout.split())


def test_a_served_prediction_loads_no_torch(server: Running) -> None:
    assert server.predict("My Nikon D90").status_code == 200
    readers = server.children()
    assert readers
    for process_id in (server.process.pid, *readers):
        maps = Path(f"/proc/{process_id}/maps").read_text("utf-8")
        assert "/torch/" not in maps
        assert "/plotly/" not in maps


def test_a_server_without_any_privilege_ends_in_peace(model: Path, tmp_path: Path) -> None:
    if shutil.which("setpriv") is None or os.getuid() != 0:
        pytest.skip("needs setpriv and root, whose privileges it drops")
    command = [*("setpriv", "--bounding-set=-all", "--inh-caps=-all", sys.executable, "-m", "tagloom", "serve")]
    command += ["--port", "0", "--workers", "1", "--state", str(tmp_path / "state"), str(model)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert any("Tagloom answers at" in line for line in process.stderr)
        process.terminate()
        told = process.stderr.read()
        assert process.wait(60) == 0, told
