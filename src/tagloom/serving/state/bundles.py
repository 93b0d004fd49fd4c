"""Copies of the bundles that may be served: private to the server, named by digest, checked again at each loading."""

import contextlib
import hashlib
import shutil
import tempfile
import time
from collections.abc import Collection
from pathlib import Path

from tagloom.bundle.format import CONFIG, MEMBERS
from tagloom.bundle.members import open_members
from tagloom.errors import BundleError
from tagloom.files import write_bytes
from tagloom.inference.predictor import Predictor, load, model_path

_SECONDS_UNFINISHED = 3_600.0  # after which nobody works on a copy any more


class Bundles:
    """The bundles of one state folder.

    Args:
        folder: that holds a folder for each.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, path: Path) -> str:
        """Takes in a bundle, once its copy has been found sound: what was checked is what will be served.

        Args:
            path: a bundle's folder or zip, or a run's folder.

        Returns:
            Its digest.

        Raises:
            BundleError: it is not sound.
        """
        contents = _contents(model_path(path))
        digest = hashlib.sha256(contents[CONFIG]).hexdigest()  # which holds the digests of all other files
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix=".") as beside:
            copy = Path(beside, digest)
            copy.mkdir()
            for name, content in contents.items():
                write_bytes(copy / name, content)
            _loaded(copy, path, threads=1)
            if not self.has(digest):
                self._put_in_place(copy)
        return digest

    def _put_in_place(self, copy: Path) -> None:
        with contextlib.suppress(OSError):  # another process has put the same there
            copy.rename(self._folder / copy.name)
        if not self.has(copy.name):
            raise BundleError(f"the copy of the model {copy.name[:12]} cannot be put in place. Check the disk's space.")

    def has(self, digest: str) -> bool:
        """Whether there is a copy with this digest."""
        return (self._folder / digest).is_dir()

    def load(self, digest: str, *, threads: int = 0) -> Predictor:
        """A predictor of the copy with this digest.

        Raises:
            BundleError: it is gone, or was changed.
        """
        content = (self._folder / digest / CONFIG).read_bytes() if (self._folder / digest / CONFIG).is_file() else b""
        if hashlib.sha256(content).hexdigest() != digest:
            raise BundleError(f"the copy of the model {digest[:12]} is missing or was changed. Deploy it anew.")
        return _loaded(self._folder / digest, Path(digest[:12]), threads)

    def keep_only(self, digests: Collection[str]) -> None:
        """Removes the copies of all others, and what processes that were killed have left unfinished."""
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            is_unfinished = folder.name.startswith(".")
            if (is_unfinished and _is_old(folder)) or not (is_unfinished or folder.name in digests):
                shutil.rmtree(folder, ignore_errors=True)


def _is_old(folder: Path) -> bool:
    try:
        return time.time() - folder.stat().st_mtime > _SECONDS_UNFINISHED
    except FileNotFoundError:
        return False


def _contents(path: Path) -> dict[str, bytes]:
    """The files of a bundle as they are, within their sizes."""
    with open_members(path) as read_member:
        found = {name: read_member(name, member.limit) for name, member in MEMBERS.items()}
    contents = {name: content for name, content in found.items() if content is not None}
    if CONFIG not in contents:
        raise BundleError(f"{path}: expected a file {CONFIG}, found none. Is this a model's folder?")
    return contents


def _loaded(copy: Path, name: Path, threads: int) -> Predictor:
    """A predictor of a copy, whose errors name what was copied."""
    try:
        return load(copy, threads=threads)
    except BundleError as error:
        raise BundleError(str(error).replace(str(copy), str(name))) from error
