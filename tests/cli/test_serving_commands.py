"""`tagloom serve`, `deploy`, `rollback`, `undeploy`, `deployments` and `keys`, without a server that runs."""

import json
import socket
from pathlib import Path

import pytest
from command_line import Tagloom


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TAGLOOM_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


def test_a_run_is_deployed_for_the_next_server(tagloom: Tagloom, model: Path, state: Path) -> None:
    result = tagloom("deploy", model.parent)
    assert result.out == "production: run is version 1. No server runs; the next one takes it over.\n"
    assert tagloom("deploy", f"staging={model}").out.startswith("staging: run is version 1.")
    listed = json.loads(tagloom("deployments", "--json").out)
    assert listed["server"] is None
    assert {slot: [one["version"] for one in versions] for slot, versions in listed["slots"].items()} == {
        "production": [1],
        "staging": [1],
    }
    table = tagloom("deployments").out
    assert "No server runs." in table
    assert "staging" in table
    assert state.is_dir()


def test_a_folder_may_have_an_equals_sign_in_its_name(tagloom: Tagloom, model: Path, state: Path) -> None:
    link = state.parent / "a=b"
    link.symlink_to(model)
    assert tagloom("deploy", link).out.startswith("production: ")


def test_rollback_and_undeploy_say_what_they_did(tagloom: Tagloom, model: Path, state: Path) -> None:
    tagloom("deploy", model)
    assert tagloom("rollback").error == "production: expected a version before the live one, found none."
    assert tagloom("undeploy", "production").out.startswith("production: nothing is deployed there any more.")
    assert tagloom("deployments").out == "Nothing is deployed: tagloom deploy MODEL.\n"
    for command in ("rollback", "undeploy"):
        assert "expected one that something is deployed to, received 'nowhere'" in tagloom(command, "nowhere").error
    assert state.is_dir()


@pytest.mark.usefixtures("state")
def test_a_model_that_is_none_is_not_deployed(tagloom: Tagloom, tmp_path: Path) -> None:
    assert (
        "expected a model (a folder, or a .loom file), found nothing there" in tagloom("deploy", tmp_path / "x").error
    )
    assert "expected a path, received an empty one" in tagloom("deploy", "").error
    assert tagloom("deployments").out == "Nothing is deployed: tagloom deploy MODEL.\n"


@pytest.mark.usefixtures("state")
def test_a_key_is_printed_once_and_alone(tagloom: Tagloom) -> None:
    made = tagloom("keys", "create", "shop", "--rate", "100", "--expires", "30d")
    assert made.out.startswith("tagloom_1_")
    assert made.out.count("\n") == 1
    assert made.err.startswith("Key 1 for shop (predict), ends ")
    (told,) = json.loads(tagloom("keys", "list", "--json").out)
    assert (told["id"], told["name"], told["scope"], told["per_minute"]) == (1, "shop", "predict", 100)
    assert told["expires_at"] - told["created_at"] == pytest.approx(30 * 86_400, abs=5)
    listed = tagloom("keys", "list")
    assert "shop" in listed.out
    assert made.out.strip() not in listed.out
    assert made.out.split("_", 2)[2].strip() not in tagloom("keys", "list", "--json").out
    assert tagloom("keys", "revoke", "1").out == "Key 1 for shop is revoked.\n"
    assert "revoked" in tagloom("keys", "list").out
    assert "expected the number of one that is not revoked, received 1" in tagloom("keys", "revoke", "1").error


@pytest.mark.usefixtures("state")
def test_keys_end_after_a_year_unless_told_otherwise(tagloom: Tagloom) -> None:
    tagloom("keys", "create", "a")
    tagloom("keys", "create", "b", "--expires", "never", "--scope", "admin")
    year, never = json.loads(tagloom("keys", "list", "--json").out)
    assert year["expires_at"] - year["created_at"] == pytest.approx(365 * 86_400, abs=5)
    assert (never["expires_at"], never["scope"]) == (None, "admin")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["keys", "create", "a", "--scope", "root"], "expected predict or admin, received 'root'"),
        (["keys", "create", "a", "--expires", "soon"], "expected a time such as 30d, received 'soon'"),
        (["keys", "create", ""], "expected 1 to 100 printable characters, received ''"),
        (["keys", "create", "a", "--rate", "0"], "Invalid value for '--rate'"),
        (["keys", "revoke", "x"], "Invalid value for 'KEY'"),
        (["serve", "--limit", "sizes=3"], "--limit sizes=3: expected one of body_bytes, "),
        (["serve", "--limit", "documents=many"], "--limit documents=many: expected a number, received 'many'."),
        (["serve", "--limit", "documents=0"], "limit documents: expected more than 0, received 0."),
        (["serve", "a", "b"], "expected a slot of its own for each model"),
        (["serve", "x=nowhere", "--port", "0"], "nowhere: expected a model"),
        (["serve", "Bad=nowhere", "--port", "0"], "Bad=nowhere: expected a model"),
        (["serve", "--port", "70000"], "Invalid value for '--port'"),
        (
            ["serve", "--host", "nowhere.invalid", "--without-keys"],
            "nowhere.invalid:8000: expected an address to listen at",
        ),
    ],
)
@pytest.mark.usefixtures("state")
def test_what_does_not_fit_is_told_in_one_line(tagloom: Tagloom, arguments: list[str], message: str) -> None:
    assert message in tagloom(*arguments).error


@pytest.mark.usefixtures("state")
def test_a_port_in_use_is_told(tagloom: Tagloom) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"127.0.0.1:{port}: expected an address to listen at" in tagloom("serve", "--port", str(port)).error


@pytest.mark.usefixtures("state")
def test_keys_without_a_command_helps(tagloom: Tagloom) -> None:
    assert "create" in tagloom("keys").out
