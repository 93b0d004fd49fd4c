"""What all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("tagloom", deadline=None, derandomize=True)  # machines differ in speed, runs must not
settings.load_profile("tagloom")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real corpora: `$TAGLOOM_DATA`, else `../shared/data` beside the project."""
    folder = Path(os.environ.get("TAGLOOM_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no corpora at {folder}; point TAGLOOM_DATA to them")
    return folder
