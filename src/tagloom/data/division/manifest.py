"""What a saved feature set's folder says of itself: `manifest.json`, with the digest of every part's files."""

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagloom import files
from tagloom.data import formats
from tagloom.data.dataset import Dataset, Source
from tagloom.data.division.rule import Rule
from tagloom.data.findings import Finding
from tagloom.data.formats.json_lines import JsonLines
from tagloom.data.reading import read
from tagloom.data.sources.folders import PARTS
from tagloom.data.writing import write
from tagloom.errors import ConfigError, DataError

_log = logging.getLogger(__name__)

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
    """How a feature set came about, its parts by name, and what was noticed in reading what was divided."""

    rule: Rule
    parts: Mapping[str, SavedPart]
    findings: tuple[Finding, ...] = ()


def is_saved(folder: Path) -> bool:
    """Whether a folder is a saved feature set."""
    return (folder / _NAME).exists()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Writes `manifest.json`."""
    parts = {name: _part_to_json(part) for name, part in manifest.parts.items()}
    findings = [finding.to_json() for finding in manifest.findings]
    content = {"version": VERSION, "rule": manifest.rule.to_json(), "parts": parts, "findings": findings}
    files.write_json(folder / _NAME, content)


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
        parts = {name: _part_from_json(value["parts"][name]) for name in saved}
        findings = tuple(Finding.from_json(finding) for finding in value.get("findings", ()))
        return Manifest(Rule.from_json(value["rule"]), parts, findings)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ConfigError) as error:
        raise DataError(f"{path}: expected the manifest of a feature set ({error!r}). Make the split anew.") from error


def write_part(dataset: Dataset, part: str, folder: Path, used: formats.Format) -> SavedPart:
    """Writes the files of a part.

    Raises:
        DataError: a document holds what the format cannot.
        ConfigError: the format makes a folder of files.
    """
    paths = _paths(folder, part, used)
    if not paths:
        raise ConfigError(f"{used.name}: expected a format of one file a part, or of two. Write {JsonLines.name}.")
    for finding in write(dataset, *paths, format=used.name):
        _log.warning("%s part in %s: %d %s", part, used.name, finding.count, finding.kind.replace("_", " "))
    digests = tuple(hashlib.sha256(path.read_bytes()).hexdigest() for path in paths)
    return SavedPart(used.name, digests, dataset.sources)


def load_parts(folder: Path) -> tuple[Manifest, dict[str, Dataset]]:
    """A saved feature set: what its manifest says, and its parts by name, as they were written.

    Raises:
        DataError: the manifest is of another version or was changed, or a file is missing or was changed.
    """
    manifest = read_manifest(folder)
    return manifest, {name: _read_part(folder, name, saved) for name, saved in manifest.parts.items()}


def warn_of_saved(sources: Iterable[Source]) -> None:
    """Logs a warning for each saved feature set whose parts are among these sources, and for its changed files."""
    read_files = {Path(file.path): file.sha256 for source in sources for file in source.files}
    for folder in dict.fromkeys(path.parent for path in read_files):
        for part, saved in _parts_in(folder).items():
            paths = _paths(folder, part, formats.named(saved.format))
            for path, sha256 in zip(paths, saved.sha256, strict=True):
                if path in read_files:
                    changed = "" if read_files[path] == sha256 else ", and was changed since it was saved"
                    _log.warning(
                        "%s: the %s part of a saved feature set is divided again%s: what was kept to judge by may be "
                        "learned from",
                        path,
                        part,
                        changed,
                    )


def _parts_in(folder: Path) -> Mapping[str, SavedPart]:
    """The parts of a saved feature set; none where the folder is none, whatever else is called as its manifest is."""
    try:
        return read_manifest(folder).parts if is_saved(folder) else {}
    except DataError:
        return {}


def _read_part(folder: Path, part: str, saved: SavedPart) -> Dataset:
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
    used, sha256 = formats.named(value["format"]), tuple(value["sha256"])
    if len(sha256) != max(1, len(used.suffixes)):
        raise ValueError(f"{len(sha256)} digests of files in {used.name}")
    return SavedPart(used.name, sha256, tuple(Source.from_json(source) for source in value["sources"]))
