"""Tables as a terminal shows them."""

import pytest
from rich.console import Console

from tagloom.cli import output

COLUMNS = ("label", "precision", "recall", "F1", "95 %", "support")
ROWS = [("PFEATURE", "100.0", "100.0", "100.0", "100.0 to 100.0", "135")]


@pytest.mark.parametrize(("width", "lines"), [(100, True), (60, False)])
def test_labels_stand_whole_on_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int, lines: bool
) -> None:
    monkeypatch.setattr(output, "console", lambda: Console(width=width))
    output.print_table("Scores", COLUMNS, ROWS)
    shown = capsys.readouterr().out
    assert "PFEATURE" in shown
    assert ("│" in shown) == lines
    assert max(map(len, shown.splitlines())) <= width
