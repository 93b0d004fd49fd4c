"""A bundle from values to a folder, and from a folder to a zip."""

import json
import zipfile
from pathlib import Path
from typing import Any

from tagloom.bundle.bundle import Bundle
from tagloom.bundle.card import card
from tagloom.bundle.config import Config, FileEntry
from tagloom.bundle.format import (
    CARD,
    CHARACTERS,
    CONFIG,
    MEMBERS,
    NETWORK,
    REPORT,
    VOCABULARY,
    WEIGHTS,
)
from tagloom.bundle.weights import weights_to_bytes
from tagloom.files import whole_file, whole_folder, write_bytes


def write_bundle(bundle: Bundle, folder: Path) -> None:
    """Writes the bundle as a folder, which must not exist yet; it appears whole.

    The same bundle gives the same bytes.

    Raises:
        BundleError: its labels or options could not be read again.
    """
    contents = _contents(bundle)
    with whole_folder(folder) as beside:
        for name, content in contents.items():
            write_bytes(beside / name, content)


def pack(folder: Path, target: Path) -> None:
    """Writes a bundle's folder as a zip (`.loom`); the same bundle gives the same bytes."""
    with whole_file(target) as stream, zipfile.ZipFile(stream, "w") as archive:
        for name in MEMBERS:
            if (folder / name).is_file():
                archive.writestr(_entry(name), (folder / name).read_bytes(), zipfile.ZIP_DEFLATED)


def _contents(bundle: Bundle) -> dict[str, bytes]:
    """The content of each file by its name."""
    contents = {
        VOCABULARY: _json(bundle.vocabulary.to_json()),
        NETWORK: bundle.network,
        WEIGHTS: weights_to_bytes(bundle.weights),
        CARD: card(bundle).encode("utf-8", "replace"),
    }
    if bundle.characters is not None:
        contents[CHARACTERS] = bundle.characters
    if bundle.encoder is not None:
        contents |= bundle.encoder.members()
    if bundle.report:
        contents[REPORT] = _json(bundle.report)
    config = Config(
        algorithm=bundle.algorithm,
        labels=bundle.labels,
        scheme=bundle.scheme,
        tokenizer=bundle.tokenizer,
        architecture=bundle.architecture,
        training=bundle.training,
        files={name: FileEntry.of(content) for name, content in sorted(contents.items())},
        temperature=bundle.temperature,
        precision=bundle.precision,
        encoder=None if bundle.encoder is None else bundle.encoder.form,
    )
    contents[CONFIG] = _json(config.to_json())
    Config.from_json(json.loads(contents[CONFIG]))  # what is written can be read
    return contents


def _json(content: Any) -> bytes:
    """JSON in UTF-8; half a surrogate pair, which UTF-8 does not have, is written as its escape."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    return text.encode("utf-8", "backslashreplace")


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry without a date, the same on every system."""
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    return entry
