"""What does the work of imports beside the requests: some at a time, and what an end of the server left, goes on."""

import logging
import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from tagloom.errors import one_line
from tagloom.workbench.database.store import Store
from tagloom.workbench.documents.imports.adding import add_portion, remove_some
from tagloom.workbench.documents.imports.imports import (
    UNFINISHED,
    Import,
    ImportState,
    advance,
    forget,
    import_with,
    unfinished,
)
from tagloom.workbench.documents.imports.portions import read_portions
from tagloom.workbench.folders import Folders
from tagloom.workbench.problems import Refused
from tagloom.workbench.programs import Programs
from tagloom.workbench.projects.labels import labels_by_name

_AT_ONCE = 2
_PROGRAM = "tagloom.workbench.documents.imports.reading"
_PORTIONS = "portions.jsonl"
_BROKE_DOWN = (
    "The process that read it broke down. The file may be damaged, or too large for the memory of this machine. "
    "Divide it, and import its parts."
)

_log = logging.getLogger(__name__)


class Importer:
    """Does the work of imports.

    Args:
        store: the database.
        folders: with the files.
    """

    def __init__(self, store: Store, folders: Folders) -> None:
        self._store, self._folders = store, folders
        self._threads = ThreadPoolExecutor(_AT_ONCE, "tagloom-importer")
        self._programs = Programs()
        self._num_read: dict[int, int] = {}

    def resume(self) -> None:
        """Goes on with what an end of the server left; what was not here whole by then is taken away."""
        left = self._store.read_now(unfinished)
        wanted = {str(one.id) for one in left if one.state is not ImportState.UPLOADING}
        for folder in self._folders.uploads.iterdir():
            if folder.name not in wanted:
                shutil.rmtree(folder, ignore_errors=True)
        for one in left:
            if one.state is ImportState.UPLOADING:
                self._store.write_now(partial(forget, import_id=one.id))
            else:
                self.work_on(one.id)

    def work_on(self, import_id: int) -> None:
        """Does what is next for an import, as soon as a thread is free."""
        self._threads.submit(self._work_on, import_id)

    def stop(self, import_id: int) -> None:
        """Ends the process that reads for an import, where there is one; its state says already what comes next."""
        self._programs.stop(import_id)

    def num_read(self, import_id: int) -> int:
        """How many documents its process has read so far."""
        return self._num_read.get(import_id, 0)

    def close(self) -> None:
        """Ends; what is under way goes on when the workbench starts again."""
        self._programs.close()
        self._threads.shutdown(cancel_futures=True)

    def _work_on(self, import_id: int) -> None:
        try:
            self._do(import_id)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and nothing of the import stays
            _log.exception("import %d failed", import_id)
            why = getattr(error, "orig", None) or type(error).__name__  # what SQLAlchemy says besides holds texts
            self._fail(
                import_id, f"It could not be put into the database ({one_line(why)}). The server's log has more."
            )

    def _do(self, import_id: int) -> None:
        if self._programs.is_closing:
            return
        one = self._found(import_id)
        if one is not None and one.state is ImportState.WAITING:
            self._read(one)
            one = self._found(import_id)
        if one is not None and one.state is ImportState.ADDING:
            self._add(one)
            one = self._found(import_id)
        if one is not None and one.state is ImportState.REMOVING:
            self._remove(one)
        if one is None:
            self._clear(import_id)

    def _found(self, import_id: int) -> Import | None:
        return self._store.read_now(lambda connection: import_with(connection, import_id))

    def _read(self, one: Import) -> None:
        """Has the files read; then they are fit to be added, or told to be none."""
        said = self._said(one)
        if self._programs.is_closing:
            return
        if "refused" in said:
            self._fail(one.id, said["refused"])
            return
        names = list(said["facts"]["labels"])
        try:
            self._store.write_now(
                lambda connection: (
                    advance(connection, one.id, [ImportState.WAITING], ImportState.ADDING, **said)
                    and labels_by_name(connection, one.project_id, names)
                )
            )
        except Refused as refused:
            self._fail(
                one.id, f"Its labels do not fit the project. {refused.detail} Take the texts alone, or merge labels."
            )

    def _said(self, one: Import) -> dict[str, Any]:
        """What the process of an import says in the end."""
        folder = self._folders.upload(one.id)
        task = {"folder": str(folder), "portions": str(folder / _PORTIONS), "asked": one.asked.to_json()}
        try:
            said = self._programs.said(one.id, _PROGRAM, task, lambda told: self._note(one.id, told)) or {}
        finally:
            self._num_read.pop(one.id, None)
        return said if "refused" in said or "facts" in said else {"refused": _BROKE_DOWN}

    def _note(self, import_id: int, told: dict[str, Any]) -> None:
        self._num_read[import_id] = told.get("read", 0)

    def _add(self, one: Import) -> None:
        """Puts the portions into the tables that are not there yet."""
        found = read_portions(self._folders.upload(one.id) / _PORTIONS, one.num_portions)
        for place, portion in enumerate(found, start=one.num_portions):
            if self._programs.is_closing or not self._store.write_now(
                partial(add_portion, one=one, place=place, portion=portion)
            ):
                return
        self._store.write_now(lambda connection: advance(connection, one.id, [ImportState.ADDING], ImportState.DONE))
        self._clear(one.id)

    def _remove(self, one: Import) -> None:
        """Takes away what it brought, then itself, or where it failed the state says so."""
        while self._store.write_now(lambda connection: remove_some(connection, one)):
            if self._programs.is_closing:
                return
        self._clear(one.id)
        if one.error:
            gone = {"num_documents": 0, "num_portions": 0, "num_repeated": 0}
            self._store.write_now(
                lambda connection: advance(connection, one.id, [ImportState.REMOVING], ImportState.FAILED, **gone)
            )
        else:
            self._store.write_now(lambda connection: forget(connection, one.id))

    def _fail(self, import_id: int, why: str) -> None:
        """Takes away what it brought, and says why; where it is to be taken away in any case, that alone."""
        try:
            self._store.write_now(
                lambda connection: advance(connection, import_id, UNFINISHED[:3], ImportState.REMOVING, error=why)
            )
            one = self._found(import_id)
            if one is not None and one.state is ImportState.REMOVING:
                self._remove(one)
        except Exception:  # noqa: BLE001 - that is tried again when the workbench starts
            _log.exception("import %d could not be taken back", import_id)

    def _clear(self, import_id: int) -> None:
        """Takes its files away."""
        shutil.rmtree(self._folders.upload(import_id), ignore_errors=True)
