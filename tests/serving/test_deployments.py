import json
import multiprocessing
import shutil
import sqlite3
from pathlib import Path

import pytest

from tagloom.errors import BundleError, ConfigError
from tagloom.serving.state.bundles import Bundles
from tagloom.serving.state.database import Database
from tagloom.serving.state.deployments import Deployments, Version, deploy_in


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "state")


@pytest.fixture
def deployments(database: Database) -> Deployments:
    return Deployments(database)


def copies(database: Database) -> set[str]:
    return {folder.name for folder in (database.folder / "models").iterdir()}


def test_a_model_becomes_the_live_version_of_its_slot(deployments: Deployments, model: Path, other_model: Path) -> None:
    first, second = deployments.deploy(model), deployments.deploy(other_model)
    assert (first.number, second.number, first.model, second.model) == (1, 2, "reviews", "larger")
    assert deployments.live() == {"production": second}
    assert deployments.kept() == {"production": [first, second]}


def test_what_is_live_already_is_not_deployed_again(deployments: Deployments, model: Path) -> None:
    assert deployments.deploy(model) == deployments.deploy(model)
    assert len(deployments.kept()["production"]) == 1


def test_rolling_back_goes_from_version_to_version(
    deployments: Deployments, model: Path, other_model: Path, database: Database
) -> None:
    versions = [deployments.deploy(path) for path in (model, other_model, model)]
    assert deployments.roll_back("production") == versions[1]
    assert deployments.roll_back("production") == versions[0]
    assert deployments.roll_back("production") is None
    assert deployments.live() == {"production": versions[0]}
    assert copies(database) == {versions[0].digest}


def test_numbers_are_never_given_twice(deployments: Deployments, model: Path, other_model: Path) -> None:
    deployments.deploy(model)
    deployments.deploy(other_model)
    deployments.roll_back("production")
    assert deployments.deploy(other_model).number == 3
    deployments.undeploy("production")
    assert deployments.live() == {}
    assert deployments.deploy(model).number == 4
    assert deployments.roll_back("production") is None


def test_slots_are_apart_and_share_copies(
    deployments: Deployments, model: Path, other_model: Path, database: Database
) -> None:
    deployments.deploy(model)
    deployments.deploy(model, "staging")
    deployments.deploy(other_model, "staging")
    assert len(copies(database)) == 2
    deployments.undeploy("staging")
    assert copies(database) == {deployments.live()["production"].digest}


def test_ten_versions_are_kept(deployments: Deployments, model: Path, other_model: Path) -> None:
    for number in range(12):
        deployments.deploy((model, other_model)[number % 2])
    assert [version.number for version in deployments.kept()["production"]] == list(range(3, 13))


def test_what_is_served_is_a_copy(deployments: Deployments, model: Path, database: Database, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(model, mine)
    version = deployments.deploy(mine)
    shutil.rmtree(mine)
    assert Bundles(database.folder / "models").load(version.digest).bundle.labels


@pytest.mark.parametrize("name", ["weights.safetensors", "network.onnx", "config.json", "vocabulary.json"])
def test_a_model_of_another_digest_is_never_live(
    deployments: Deployments, model: Path, database: Database, tmp_path: Path, name: str
) -> None:
    live = deployments.deploy(model)
    mine = tmp_path / "mine"
    shutil.copytree(model, mine)
    content = bytearray((mine / name).read_bytes())
    content[len(content) // 2] ^= 1
    (mine / name).write_bytes(content)
    with pytest.raises(BundleError) as error:
        deployments.deploy(mine)
    assert str(database.folder) not in str(error.value)
    assert deployments.live() == {"production": live}
    assert copies(database) == {live.digest}


def test_a_model_that_fails_its_self_check_is_never_live(deployments: Deployments, model: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(model, mine)
    config = json.loads((mine / "config.json").read_bytes())
    config["tokenizer"] = "tagloom-99"
    (mine / "config.json").write_text(json.dumps(config))
    with pytest.raises(BundleError, match="expected the tokenizer"):
        deployments.deploy(mine)
    assert deployments.live() == {}


def test_a_copy_that_was_changed_is_not_loaded(deployments: Deployments, model: Path, database: Database) -> None:
    version = deployments.deploy(model)
    bundles = Bundles(database.folder / "models")
    weights = database.folder / "models" / version.digest / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(BundleError, match=r"weights.safetensors"):
        bundles.load(version.digest)
    (database.folder / "models" / version.digest / "config.json").write_text("{}")
    with pytest.raises(BundleError, match="is missing or was changed"):
        bundles.load(version.digest)


@pytest.mark.parametrize("slot", ["", "Production", "../x", "a" * 64, "a b", "-a", "ä", "a\n"])
def test_a_slot_has_a_plain_name(deployments: Deployments, model: Path, slot: str) -> None:
    with pytest.raises(ConfigError, match="expected a name of up to 63 small letters"):
        deployments.deploy(model, slot)


@pytest.mark.parametrize("what", ["roll_back", "undeploy"])
def test_a_slot_without_a_model_is_told(deployments: Deployments, what: str) -> None:
    with pytest.raises(ConfigError, match="expected one that something is deployed to, received 'nowhere'"):
        getattr(deployments, what)("nowhere")


def test_the_state_folder_is_the_owners_alone(database: Database) -> None:
    assert database.folder.stat().st_mode & 0o077 == 0
    assert (database.folder / "state.sqlite3").stat().st_mode & 0o077 == 0


def test_a_file_that_is_no_state_is_told(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite3").write_text("no database, but a text that is long enough to look at" * 50)
    with pytest.raises(ConfigError, match="expected the state of a server, received file is not a database"):
        Database(tmp_path)


def test_a_newer_state_is_told(database: Database) -> None:
    connection = sqlite3.connect(database.folder / "state.sqlite3")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(ConfigError, match="expected state of version 1 or older, received 99"):
        Database(database.folder)


def test_processes_deploy_at_the_same_time(
    deployments: Deployments, model: Path, other_model: Path, database: Database
) -> None:
    asked = [(database.folder, (model, other_model)[number % 2], f"slot{number % 3}", "m") for number in range(8)]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        versions: list[Version] = pool.starmap(deploy_in, asked)
    for slot, live in deployments.live().items():
        assert live in [version for version in versions if version.slot == slot]
    assert copies(database) >= {version.digest for version in deployments.live().values()}
    assert not [name for name in copies(database) if name.startswith(".")]
