"""A bundle from disk to values: a folder or a zip, each file by its known name, size and digest. Nothing is executed."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load

from tagloom.bundle.bundle import Bundle
from tagloom.bundle.format import CHARACTERS, CONFIG, FORMAT_VERSION, MEMBERS, NETWORK, REPORT, VOCABULARY, WEIGHTS
from tagloom.bundle.networks_check import check_network
from tagloom.errors import BundleError
from tagloom.features.vocabulary import Vocabulary
from tagloom.schemes import SCHEMES

ReadMember = Callable[[str, int], bytes | None]
"""Name and most bytes to content; None where the bundle does not have it. At most one byte more than the limit is read."""


def read_bundle(path: Path) -> Bundle:
    """The bundle of that folder or zip.

    Raises:
        BundleError: something is missing, too large, of a newer format, of another digest, or not allowed.
    """
    if path.is_dir():
        return _read(path, lambda name, limit: _from_folder(path, name, limit))
    if not path.is_file():
        raise BundleError(f"{path}: expected a model (a folder, or a .loom file), found nothing there.")
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(path, lambda name, limit: _from_zip(archive, path, name, limit))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise BundleError(f"{path}: expected a folder or a zip that holds a model, received {error}.") from error


def _read(path: Path, read: ReadMember) -> Bundle:
    config = _config(path, _limited(path, read, CONFIG))
    contents = {name: _checked(path, read, name, config["files"]) for name in MEMBERS if name != CONFIG}
    for name in (NETWORK, CHARACTERS):
        if contents[name] is not None:
            check_network(contents[name] or b"", f"{path}/{name}")
    try:
        return Bundle(
            labels=tuple(config["labels"]),
            scheme=config["scheme"],
            tokenizer=config["tokenizer"],
            algorithm=config["algorithm"],
            architecture=config["architecture"],
            training=config["training"],
            vocabulary=Vocabulary.from_json(_json(path, VOCABULARY, contents[VOCABULARY])),
            network=contents[NETWORK] or b"",
            characters=contents[CHARACTERS],
            weights=_weights(path, contents[WEIGHTS] or b""),
            report=_json(path, REPORT, contents[REPORT]) if contents[REPORT] else {},
        )
    except KeyError as error:
        raise BundleError(f"{path}/{CONFIG}: expected an entry {error}, received none. Train or export anew.") from error


def _from_folder(path: Path, name: str, limit: int) -> bytes | None:
    file = path / name
    if not file.is_file():
        return None
    with file.open("rb") as stream:
        return stream.read(limit + 1)


def _from_zip(archive: zipfile.ZipFile, path: Path, name: str, limit: int) -> bytes | None:
    found = [entry for entry in archive.infolist() if entry.filename == name]
    if len(found) > 1:
        raise BundleError(f"{path}: expected {name} once, received it {len(found)} times.")
    if not found:
        return None
    with archive.open(found[0]) as stream:
        return stream.read(limit + 1)


def _limited(path: Path, read: ReadMember, name: str) -> bytes:
    content = read(name, MEMBERS[name].limit)
    if content is None:
        raise BundleError(f"{path}: expected a file {name}, found none. Is this a model's folder?")
    if len(content) > MEMBERS[name].limit:
        raise BundleError(f"{path}/{name}: expected at most {MEMBERS[name].limit} bytes, received more.")
    return content


def _checked(path: Path, read: ReadMember, name: str, files: Mapping[str, Any]) -> bytes | None:
    """The content of a member after its size and digest; None where the bundle says that it has none."""
    if name not in files:
        if MEMBERS[name].required:
            raise BundleError(f"{path}/{CONFIG}: expected an entry for {name} among its files, received none.")
        return None
    content = _limited(path, read, name)
    digest = hashlib.sha256(content).hexdigest()
    if files[name] != {"size": len(content), "sha256": digest}:
        raise BundleError(
            f"{path}/{name}: expected {files[name]}, received {len(content)} bytes with SHA-256 {digest}. "
            "The file was changed or cut; copy the model anew."
        )
    return content


def _config(path: Path, content: bytes) -> dict[str, Any]:
    config = _json(path, CONFIG, content)
    version = config.get("format_version") if isinstance(config, dict) else None
    if not isinstance(version, int) or version < 1:
        raise BundleError(f"{path}/{CONFIG}: expected a format_version of 1 or more, received {version!r}.")
    if version > FORMAT_VERSION:
        raise BundleError(
            f"{path}/{CONFIG}: expected format {FORMAT_VERSION} or older, received {version}. Install a newer Tagloom."
        )
    if not isinstance(config.get("files"), dict) or config.get("scheme") not in SCHEMES:
        raise BundleError(f"{path}/{CONFIG}: expected files and a scheme of {', '.join(SCHEMES)}, received others.")
    return dict(config)


def _json(path: Path, name: str, content: bytes | None) -> Any:
    try:
        return json.loads((content or b"").decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise BundleError(f"{path}/{name}: expected JSON in UTF-8, received {error}.") from error


def _weights(path: Path, content: bytes) -> dict[str, NDArray[np.float32]]:
    try:
        return dict(load(content))
    except SafetensorError as error:
        raise BundleError(f"{path}/{WEIGHTS}: expected safetensors, received {error}.") from error
