"""The API held against its own description by schemathesis: what it says of itself is so, whatever is sent."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from running import Running

INFER = "/v2/models/{slot}/infer"
STREAM = "/v1/models/{slot}/stream"
OTHERS = ["--exclude-method", "PUT", "--exclude-path", INFER, "--exclude-path", STREAM]
FORM_ALONE = ["--exclude-checks", "positive_data_acceptance"]
CASES = re.compile(r"(\d+) generated")


@pytest.mark.parametrize(
    ("operations", "num_cases", "least"),
    [
        (OTHERS, 40, 300),
        (["--include-path", INFER, *FORM_ALONE], 40, 50),  # no schema says that the shape is that of the data
        (
            ["--include-path", STREAM, "--exclude-checks", "negative_data_rejection"],
            40,
            20,
        ),  # told in 200
        (["--include-method", "PUT", *FORM_ALONE], 3, 5),  # bytes of the right form are seldom a model
    ],
    ids=["most", "infer", "stream", "uploads"],
)
def test_schemathesis_finds_nothing(
    administered: tuple[Running, str], tmp_path: Path, operations: list[str], num_cases: int, least: int
) -> None:
    server, key = administered
    command = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run"]
    options = ["--header", f"Authorization: Bearer {key}", "--max-examples", str(num_cases), "--seed", "13"]
    ran = subprocess.run(
        [*command, f"{server.address}/openapi.json", *options, *operations],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "description_hooks", "PYTHONPATH": str(Path(__file__).parent)},
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, shortened(ran.stdout + ran.stderr)
    found = CASES.search(ran.stdout)
    assert found is not None
    assert int(found[1]) >= least
    assert not [line for line in server.lines if '"event": "error"' in line]


def shortened(text: str) -> str:
    return "\n".join(line[:500] for line in text.splitlines()[-150:])
