"""A bundle from values to a folder, and from a folder to a zip."""

import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors.numpy import save

from tagloom.bundle.bundle import Bundle
from tagloom.bundle.card import card
from tagloom.bundle.format import CARD, CHARACTERS, CONFIG, FORMAT_VERSION, MEMBERS, NETWORK, REPORT, VOCABULARY, WEIGHTS
from tagloom.files import whole_folder, write_bytes


def write_bundle(bundle: Bundle, folder: Path) -> None:
    """Writes the bundle as a folder, which must not exist yet; it appears whole.

    The same bundle gives the same bytes.
    """
    contents = {
        VOCABULARY: _json(bundle.vocabulary.to_json()),
        NETWORK: bundle.network,
        WEIGHTS: save(dict(bundle.weights)),
        CARD: card(bundle).encode("utf-8"),
    }
    if bundle.characters is not None:
        contents[CHARACTERS] = bundle.characters
    if bundle.report:
        contents[REPORT] = _json(bundle.report)
    contents[CONFIG] = _json(_config(bundle, contents))
    with whole_folder(folder) as beside:
        for name, content in contents.items():
            write_bytes(beside / name, content)


def pack(folder: Path, target: Path) -> None:
    """Writes a bundle's folder as a zip (`.loom`); the same bundle gives the same bytes."""
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in MEMBERS:
                if (folder / name).is_file():
                    archive.writestr(zipfile.ZipInfo(name), (folder / name).read_bytes(), zipfile.ZIP_DEFLATED)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _config(bundle: Bundle, contents: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "format_version": FORMAT_VERSION,
        "algorithm": bundle.algorithm,
        "labels": list(bundle.labels),
        "scheme": bundle.scheme,
        "tokenizer": bundle.tokenizer,
        "architecture": dict(bundle.architecture),
        "training": dict(bundle.training),
        "files": {
            name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(contents.items())
        },
    }


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
