"""All that is tested in this folder, on the other backends too; and what they compute is the same."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

FOLDER = Path(__file__).parent
ONCE = "TAGLOOM_KERAS_BACKENDS"
BACKENDS = [name for name in ("jax", "torch", "tensorflow") if importlib.util.find_spec(name)]
OTHERS = [name for name in BACKENDS if name != keras.backend.backend()]

pytestmark = pytest.mark.skipif(ONCE in os.environ, reason="each backend is tested once")

FIGURES = """
import json, sys
import keras, numpy as np
from tagloom.keras import CRF

random = np.random.default_rng(5)
crf = CRF(["O", "B-X", "I-X", "B-Y"], scheme="BIO")
crf.build((None, None, 4))
crf.set_weights([random.standard_normal(weight.shape) for weight in crf.weights])
scores = random.standard_normal((16, 30, 4)).astype("float32")
within = np.arange(30) < random.integers(1, 31, 16)[:, None]
tags = random.integers(0, 2, (16, 30)).astype("int32")
outputs = crf(scores, mask=within)
found = outputs, crf.marginals(outputs), crf.log_likelihood(tags, outputs)
json.dump([keras.ops.convert_to_numpy(own).tolist() for own in found], open(sys.argv[1], "w"))
"""


def environment(backend: str) -> dict[str, str]:
    return {**os.environ, "KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3", ONCE: "1"}


@pytest.mark.parametrize("backend", OTHERS)
def test_the_tests_of_this_folder_pass_on(backend: str) -> None:
    arguments = ["-m", "pytest", str(FOLDER), "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, *arguments], env=environment(backend), capture_output=True, text=True, timeout=1200
    )
    assert done.returncode == 0, f"on {backend}:\n{done.stdout}\n{done.stderr}"


def test_every_backend_computes_the_same_in_single_precision(tmp_path: Path) -> None:
    found = {}
    for backend in BACKENDS:
        answer = tmp_path / f"{backend}.json"
        command = [sys.executable, "-c", FIGURES, str(answer)]
        subprocess.run(command, check=True, env=environment(backend), capture_output=True, timeout=300)
        found[backend] = [np.array(own) for own in json.loads(answer.read_text())]
    for backend in BACKENDS[1:]:
        for one, other in zip(found[BACKENDS[0]], found[backend], strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)
