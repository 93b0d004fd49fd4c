"""What tests of pages share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chromium import Opened, find_chromium, open_page


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Opened]:
    """Opens a page's HTML in headless Chromium."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium is installed; `apt-get install chromium` brings one")
    return lambda page, **options: open_page(program, page, tmp_path, **options)
