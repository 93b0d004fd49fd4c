"""What the tests of bundles share."""

from pathlib import Path

import pytest

from plain import plain_bundle
from tagloom.bundle.write import write_bundle
from tiny import tiny_bundle


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A sound bundle's folder."""
    write_bundle(tiny_bundle(), tmp_path / "model")
    return tmp_path / "model"


@pytest.fixture
def plain_model(tmp_path: Path) -> Path:
    """The folder of a sound bundle in BIO, whose words are looked up as they are written."""
    write_bundle(plain_bundle(), tmp_path / "plain-model")
    return tmp_path / "plain-model"
