"""What a saved feature set's folder says of itself: `manifest.json`, with the digest of every part's files."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagloom import files
from tagloom.data import formats
from tagloom.data.dataset import Dataset, Source
from tagloom.data.folders import PARTS
from tagloom.data.reading import read
from tagloom.data.rule import Rule
from tagloom.data.writing import contents
from tagloom.errors import DataError

VERSION = 1
_NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class SavedPart:
    """The files of one part, whose names follow from the part and the format.

    Args:
        format: that they are written in.
        sha256: the digest of each file, in hexadecimal.
        sources: what the documents were read from at first.
    """

    format: str
    sha256: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """How a feature set came about, and its parts by name."""

    rule: Rule
    parts: Mapping[str, SavedPart]


def is_saved(folder: Path) -> bool:
    """Whether a folder is a saved feature set."""
    return (folder / _NAME).exists()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Writes `manifest.json`."""
    parts = {name: _part_to_json(part) for name, part in manifest.parts.items()}
    files.write_json(folder / _NAME, {"version": VERSION, "rule": manifest.rule.to_json(), "parts": parts})


def read_manifest(folder: Path) -> Manifest:
    """What `write_manifest` wrote.

    Raises:
        DataError: it is of another version, or not as it was written.
    """
    path = folder / _NAME
    try:
        value = json.loads(path.read_bytes())
        if value["version"] != VERSION:
            raise DataError(f"{path}: expected version {VERSION}, received {value['version']!r}. Make the split anew.")
        saved = [name for name in PARTS if name == PARTS[0] or name in value["parts"]]
        return Manifest(Rule.from_json(value["rule"]), {name: _part_from_json(value["parts"][name]) for name in saved})
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError(f"{path}: expected the manifest of a feature set ({error!r}). Make the split anew.") from error


def write_part(dataset: Dataset, part: str, folder: Path, used: formats.Format) -> SavedPart:
    """Writes the files of a part.

    Raises:
        DataError: a document holds what the format cannot.
    """
    written = contents(dataset, used)
    for path, content in zip(_paths(folder, part, used), written, strict=True):
        files.write_bytes(path, content)
    return SavedPart(used.name, tuple(hashlib.sha256(content).hexdigest() for content in written), dataset.sources)


def read_part(folder: Path, part: str, saved: SavedPart) -> Dataset:
    """The documents of a part, from the sources that they had.

    Raises:
        DataError: a file is missing, or not as it was written.
    """
    used = formats.named(saved.format)
    dataset = read(*_paths(folder, part, used), format=used.name, encoding="utf-8")
    for file, expected in zip(dataset.sources[0].files, saved.sha256, strict=True):
        if file.sha256 != expected:
            raise DataError(
                f"{file.path}: expected the file of the split (SHA-256 {expected[:12]}), received another "
                f"({file.sha256[:12]}). Make the split anew, or remove {_NAME} to use the files as they are."
            )
    return Dataset(dataset.documents, saved.sources)


def _paths(folder: Path, part: str, used: formats.Format) -> list[Path]:
    return [folder / f"{part}{suffix}" for suffix in used.suffixes]


def _part_to_json(part: SavedPart) -> dict[str, Any]:
    return {
        "format": part.format,
        "sha256": list(part.sha256),
        "sources": [source.to_json() for source in part.sources],
    }


def _part_from_json(value: Mapping[str, Any]) -> SavedPart:
    sources = tuple(Source.from_json(source) for source in value["sources"])
    return SavedPart(value["format"], tuple(value["sha256"]), sources)
