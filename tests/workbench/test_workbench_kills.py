"""What was acknowledged is on disk, whatever ends the server."""

from dataclasses import replace
from pathlib import Path

import pytest
from killing import expect_kept, kill_amid_saves


def test_nothing_that_was_acknowledged_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    memory = kill_amid_saves(tmp_path / "data", num_kills=3, num_saves=150)
    assert memory.num_acknowledged >= 150
    number = max(memory.acknowledged)
    with pytest.raises(AssertionError, match=f"document {number}"):  # the comparison can fail
        expect_kept(tmp_path / "data", replace(memory, acknowledged={number: ("submitted", ((1, 2),))}, sent={}))
