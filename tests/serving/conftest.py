"""Models to serve, and a server that serves one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from running import Running, running

from plain import plain_bundle
from tagloom.bundle.write import pack, write_bundle
from tagloom.inference.predictor import Predictor, load
from tagloom.serving.state.database import Database
from tagloom.serving.state.keys import Keys, Scope


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model that finds entities nearly everywhere."""
    path = tmp_path_factory.mktemp("models") / "reviews"
    write_bundle(plain_bundle(seed=3), path)
    return path


@pytest.fixture(scope="session")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another one, which finds others."""
    path = tmp_path_factory.mktemp("models") / "larger"
    write_bundle(plain_bundle(seed=4), path)
    return path


@pytest.fixture(scope="session")
def packed_model(other_model: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The other one as a `.loom` file."""
    path = tmp_path_factory.mktemp("packed") / "larger.loom"
    pack(other_model, path)
    return path.read_bytes()


@pytest.fixture(scope="session")
def predictor(model: Path) -> Predictor:
    return load(model, threads=1)


@pytest.fixture(scope="session")
def other_predictor(other_model: Path) -> Predictor:
    return load(other_model, threads=1)


@pytest.fixture(scope="module")
def server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server without keys, with the model in `production`."""
    with running(tmp_path_factory.mktemp("state") / "state", model) as started:
        yield started


@pytest.fixture(scope="module")
def administered(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, str]]:
    """A server that needs a key, with the model in `production` and `staging`, and an admin's key."""
    state = tmp_path_factory.mktemp("state") / "state"
    _, key = Keys(Database(state)).create("admin", Scope.admin)
    with running(state, model, f"staging={model}") as started:
        yield started, key
