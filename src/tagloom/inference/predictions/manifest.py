"""`predictions.json`: what the predictions in a folder were made with, so that others never mix with them unseen."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from tagloom import files
from tagloom.errors import DataError

NAME = "predictions.json"
VERSION = 1

_SHOWN = 12  # digits of a digest


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that decides what is written for an input.

    Args:
        model: digest of the model.
        format: of the outputs.
        threshold: entities with a lower score are left out.
    """

    model: str
    format: str
    threshold: float

    def difference(self, other: "Manifest") -> str:
        """What differs, in words; empty where nothing does."""
        names = [each.name for each in fields(self) if getattr(self, each.name) != getattr(other, each.name)]
        return ", ".join(f"{name} {_shown(self, name)} there and {_shown(other, name)} here" for name in names)


def _shown(manifest: Manifest, name: str) -> str:
    return str(getattr(manifest, name))[:_SHOWN]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Writes `predictions.json`."""
    files.write_json(folder / NAME, {"version": VERSION, **asdict(manifest)})


def read_manifest(folder: Path) -> Manifest | None:
    """What `write_manifest` wrote; None where there is none.

    Raises:
        DataError: it is of another version, or not as it was written.
    """
    path = folder / NAME
    try:
        content = json.loads(path.read_bytes())
        version = content.pop("version")
        manifest = Manifest(**content)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(
            f"{path}: expected what predictions were made with, received {error!r}. Choose another folder."
        ) from error
    if version != VERSION:
        raise DataError(f"{path}: expected version {VERSION}, received {version!r}. Choose another folder.")
    return manifest
