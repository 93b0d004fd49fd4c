"""The bundles of a run: one for each epoch that was worth keeping, and a pointer to the best."""

import os
import shutil
from pathlib import Path

from tagloom.bundle.bundle import Bundle
from tagloom.bundle.write import write_bundle
from tagloom.evaluation.history import EpochRecord
from tagloom.files import point_to
from tagloom.training.bundling import bundle_of
from tagloom.training.trainer import Trainer

_JUDGED, _ANEW = "judged", "judged-anew"


class ModelFolder:
    """The folder `models` of a run, and the pointer `model` beside it.

    Args:
        folder: of the bundles.
        pointer: a link to the best of them.
    """

    def __init__(self, folder: Path, pointer: Path) -> None:
        self._folder, self._pointer = folder, pointer

    def save(self, trainer: Trainer, record: EpochRecord) -> None:
        """Writes the network as it is now; a bundle that is there already was made by the same steps."""
        target = self._target(record)
        if not target.exists():
            write_bundle(bundle_of(trainer), target)

    def point_to(self, record: EpochRecord, *, keep_others: bool) -> None:
        """Makes the bundle of that epoch the run's model, and removes the others unless they are to be kept."""
        target = self._target(record)
        point_to(self._pointer, target)
        for other in self._folder.iterdir():
            if other != target and not keep_others:
                shutil.rmtree(other)

    def replace(self, bundle: Bundle) -> None:
        """Puts a bundle in the place of the one that `model` points to, such as the same with its report.

        A folder cannot be replaced by a rename: the bundle goes beside it, under one of two names in turn.
        """
        current = Path(os.path.realpath(self._pointer))
        step, *judged = current.name.split("-", 1)
        target = current.with_name(f"{step}-{_ANEW if judged == [_JUDGED] else _JUDGED}")
        if target.exists():  # a kill came between the writing and the pointing
            shutil.rmtree(target)
        write_bundle(bundle, target)
        point_to(self._pointer, target)
        shutil.rmtree(current)

    def _target(self, record: EpochRecord) -> Path:
        return self._folder / f"{record.step:08d}"
