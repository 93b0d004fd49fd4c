"""Ways to damage a bundle, and the line with which it is then refused."""

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tagloom.bundle.format import CONFIG
from tagloom.bundle.read import read_bundle
from tagloom.errors import BundleError


def refusal(path: Path) -> str:
    """The line with which that bundle is refused."""
    with pytest.raises(BundleError) as caught:
        read_bundle(path)
    line = str(caught.value)
    assert line.startswith(str(path))
    assert "\n" not in line
    assert len(line) < 1500
    return line.removeprefix(str(path)).removeprefix("/")


@contextlib.contextmanager
def perhaps_refused() -> Iterator[None]:
    """Lets a refusal pass that is one line."""
    try:
        yield
    except BundleError as error:
        if "\n" in str(error) or len(str(error)) > 1500:
            raise


def change_json(file: Path, change: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads(file.read_text("utf-8"))
    change(content)
    file.write_text(json.dumps(content), "utf-8")


def seal(model: Path) -> None:
    """Makes the sizes and digests in the config right again."""
    files = {
        file.name: {"size": file.stat().st_size, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
        for file in model.iterdir()
        if file.name != CONFIG
    }
    change_json(model / CONFIG, lambda config: config.update(files=files))


def replace_file(model: Path, name: str, content: bytes) -> None:
    (model / name).write_bytes(content)
    seal(model)


def edited(content: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    """The content with some bytes replaced by others: where, how many, by which."""
    for place, length, new in changes:
        start = place % (len(content) + 1)
        content = content[:start] + new + content[start + length :]
    return content
