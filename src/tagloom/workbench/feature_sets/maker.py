"""Makes feature sets beside the requests, one after the other; what an end of the server left is begun anew."""

import logging
import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from tagloom.workbench.database.store import Store
from tagloom.workbench.feature_sets.feature_sets import FeatureSet, end_making, known, to_make
from tagloom.workbench.folders import Folders
from tagloom.workbench.programs import Programs

_PROGRAM = "tagloom.workbench.feature_sets.making"
_BROKE_DOWN = (
    "The process that made it broke down. There may be too many documents for the memory of this machine: leave out "
    "some by a filter."
)

_log = logging.getLogger(__name__)


class Maker:
    """Makes feature sets.

    A process reads the documents, so that neither the server nor its saves wait, and divides them by the code of
    `tagloom data split`: run in that process rather than as the command, since it also makes the figures of the page.

    Args:
        store: the database.
        folders: in which they are made.
    """

    def __init__(self, store: Store, folders: Folders) -> None:
        self._store, self._folders = store, folders
        self._thread = ThreadPoolExecutor(1, "tagloom-maker")
        self._programs = Programs()

    def resume(self) -> None:
        """Takes away what no feature set owns any more, and makes those that are still to be made."""
        self._sweep()
        for one in self._store.read_now(to_make):
            self.work_on(one.id)

    def work_on(self, feature_set_id: int) -> None:
        """Makes one, as soon as those before it are made."""
        self._thread.submit(self._work_on, feature_set_id)

    def stop(self, feature_set_id: int) -> None:
        """Ends the making of one that was taken away, and clears its folders."""
        self._programs.stop(feature_set_id)
        self._thread.submit(self._work_on, feature_set_id)

    def sweep(self) -> None:
        """Takes away what no feature set owns any more."""
        self._thread.submit(self._sweep)

    def close(self) -> None:
        """Ends; what is to be made is made when the workbench starts again."""
        self._programs.close()
        self._thread.shutdown(cancel_futures=True)

    def _work_on(self, feature_set_id: int) -> None:
        try:
            one = self._to_make(feature_set_id)
            said = None if one is None else self._said(one)
            if said is not None:
                self._store.write_now(partial(end_making, feature_set_id=feature_set_id, said=said))
            if feature_set_id not in self._store.read_now(known):
                self._clear(feature_set_id)
        except Exception:  # noqa: BLE001 - whatever it is, it is told
            _log.exception("feature set %d could not be made", feature_set_id)
            said = {"refused": "It could not be made. The server's log has more."}
            self._store.write_now(partial(end_making, feature_set_id=feature_set_id, said=said))

    def _to_make(self, feature_set_id: int) -> FeatureSet | None:
        return next((one for one in self._store.read_now(to_make) if one.id == feature_set_id), None)

    def _said(self, one: FeatureSet) -> dict[str, Any] | None:
        """What its process says; None where the server ends, so that it is made later."""
        task = {
            "database": str(self._folders.root),
            "project": one.project_id,
            "asked": one.asked.to_json(),
            "beside": str(self._folders.beside_feature_set(one.id)),
            "target": str(self._folders.feature_set(one.id)),
        }
        said = self._programs.said(one.id, _PROGRAM, task)
        return None if said is None and self._programs.is_closing else said or {"refused": _BROKE_DOWN}

    def _sweep(self) -> None:
        """In the thread that makes them, so that nothing is half made meanwhile."""
        folders = [self._folders.feature_sets, self._folders.making]
        paths = [path for folder in folders for path in folder.iterdir()]
        names = {str(number) for number in self._store.read_now(known)}
        for path in paths:
            if path.name not in names:
                shutil.rmtree(path, ignore_errors=True)

    def _clear(self, feature_set_id: int) -> None:
        for folder in (self._folders.feature_set(feature_set_id), self._folders.beside_feature_set(feature_set_id)):
            shutil.rmtree(folder, ignore_errors=True)
