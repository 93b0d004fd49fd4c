"""An ELMo in a folder: its `options.json` and its `weights.hdf5`."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tagloom.embeddings.elmo.options import OPTIONS, ElmoOptions
from tagloom.embeddings.elmo.weights import WEIGHTS, ElmoWeights, read_weights
from tagloom.embeddings.paths import expanded
from tagloom.errors import DataError


@dataclass(frozen=True)
class ElmoFolder:
    """An ELMo.

    Args:
        path: of the folder.
        options: sizes.
        weights_path: of the file with its weights.
    """

    path: Path
    options: ElmoOptions
    weights_path: Path

    @property
    def name(self) -> str:
        """That of the folder."""
        return self.path.resolve().name

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what it is made of."""
        digest = hashlib.sha256(repr(self.options).encode())
        with self.weights_path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
        return digest.hexdigest()

    def weights(self) -> ElmoWeights:
        """All of them.

        Raises:
            DataError: the file is no HDF5, or has other weights.
        """
        return read_weights(self.weights_path, self.options)


def find_elmo(folder: str | Path) -> ElmoFolder:
    """The ELMo in a folder, whose files may have names before `options.json` and `weights.hdf5`, as published.

    Raises:
        DataError: there is none, or more than one.
    """
    path = expanded(folder)
    if not path.is_dir():
        raise DataError(
            f"{path}: expected a folder with {OPTIONS} and {WEIGHTS} of an ELMo, found no folder. "
            "Put both files into one, and name that: elmo:FOLDER."
        )
    options, weights = (_only(path, name) for name in (OPTIONS, WEIGHTS))
    return ElmoFolder(path, ElmoOptions.read(options), weights)


def is_elmo(path: Path) -> bool:
    """Whether a folder looks like that of an ELMo."""
    return all(len(_files(path, name)) == 1 for name in (OPTIONS, WEIGHTS))


def _only(path: Path, name: str) -> Path:
    found = _files(path, name)
    if len(found) != 1:
        received = ", ".join(one.name for one in found) or "none"
        raise DataError(f"{path}: expected one file {name} of an ELMo, found {received}.")
    return found[0]


def _files(path: Path, name: str) -> list[Path]:
    return sorted(path.glob(f"*{name}"))
