"""What all tests share."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("KERAS_BACKEND", "jax")  # Keras reads it once, when it is first imported
if "JAX_COMPILATION_CACHE_DIR" not in os.environ:  # what one test compiled, another one and its processes take over
    os.environ["JAX_COMPILATION_CACHE_DIR"] = tempfile.mkdtemp(prefix="tagloom-compiled-")
    os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"
    atexit.register(shutil.rmtree, os.environ["JAX_COMPILATION_CACHE_DIR"], ignore_errors=True)

if "TAGLOOM_CACHE" not in os.environ:  # what is kept for the next time must not come from before this one
    os.environ["TAGLOOM_CACHE"] = tempfile.mkdtemp(prefix="tagloom-cache-")
    atexit.register(shutil.rmtree, os.environ["TAGLOOM_CACHE"], ignore_errors=True)

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
