"""Options in TOML files."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from tagloom.errors import ConfigError
from tagloom.files import write_text


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises:
        ConfigError: there is no such file, or it is not TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: expected a file of options in TOML, received: {error.strerror}.") from error
    except ValueError as error:  # not UTF-8, or not TOML
        raise ConfigError(f"{path}: expected options in TOML, received another text: {error}.") from error


def write_toml(path: Path, content: Mapping[str, Any]) -> None:
    """Writes tables as TOML, whole or not at all."""
    write_text(path, tomli_w.dumps(content))
