"""What the tests of bundles share."""

from pathlib import Path

import pytest

from tagloom.bundle.write import write_bundle
from tiny import tiny_bundle


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A sound bundle's folder."""
    write_bundle(tiny_bundle(), tmp_path / "model")
    return tmp_path / "model"
