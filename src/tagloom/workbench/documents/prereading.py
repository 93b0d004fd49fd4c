"""A project's model reads ahead what is still to be labelled, some documents at a time, and goes on after a restart."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from tagloom.serving.state.deployments import Deployments
from tagloom.text import Document, Span
from tagloom.workbench.database.store import Store
from tagloom.workbench.documents.labelling import document_row
from tagloom.workbench.documents.rows import document_of
from tagloom.workbench.documents.states import TO_LABEL, State
from tagloom.workbench.documents.suggestions import has_read, keep_read, num_unread, suggestions_of, unread
from tagloom.workbench.folders import Folders
from tagloom.workbench.models.current import CurrentModel, current_model
from tagloom.workbench.models.models import Models
from tagloom.workbench.problems import Refused

_AT_ONCE = 32
_MOST_CHARACTERS = 20_000

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Pass:
    """A model's way through the documents of a project.

    Args:
        model: that reads.
        total: documents that it had to read.
        done: those that it has read.
        error: why it has ended early; empty where it has not.
    """

    model: CurrentModel
    total: int
    done: int = 0
    error: str = ""


class Prereading:
    """Reads ahead in all projects where somebody has asked for it.

    Args:
        store: the database.
        models: that read.
        folders: where they are.
        deployments: of all projects.
    """

    def __init__(self, store: Store, models: Models, folders: Folders, deployments: Deployments) -> None:
        self._store, self._models, self._folders, self._deployments = store, models, folders, deployments
        self._passes: dict[int, Pass] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def begin(self, project_id: int) -> None:
        """Reads what is unread in a project, unless that is going on."""
        if project_id not in self._tasks:
            task = self._tasks[project_id] = asyncio.create_task(self._read_all(project_id))
            task.add_done_callback(lambda _: self._tasks.pop(project_id, None))

    def is_reading(self, project_id: int) -> bool:
        """Whether it goes on in a project."""
        return project_id in self._tasks

    def last(self, project_id: int) -> Pass | None:
        """The pass that goes on in a project, or that has ended last; None before the first."""
        return self._passes.get(project_id)

    async def num_unread(self, project_id: int, model: CurrentModel) -> int:
        """How many documents still to be labelled a model has not read; while it reads, what is left of that."""
        last = self.last(project_id)
        if last is not None and self.is_reading(project_id) and last.model == model and last.done:
            return max(0, last.total - last.done)
        return await self._store.read(lambda connection: num_unread(connection, project_id, model.origin))

    async def current(self, project_id: int) -> CurrentModel | None:
        """The model that a project has now."""
        return await self._store.read(lambda connection: self._current(connection, project_id))

    async def read_one(self, project_id: int, document_id: int) -> list[Span]:
        """What is suggested for a document, once the project's model has read it.

        Raises:
            Refused: there is no such document, or the model cannot be used.
        """
        document = await self._store.read(partial(self._if_unread, project_id=project_id, document_id=document_id))
        if document is not None:
            model, unread_document = document
            await self._keep(model, [(document_id, unread_document)])
        return await self._store.read(lambda connection: suggestions_of(connection, document_id))

    async def close(self) -> None:
        """Ends what goes on; what is read stays read."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _current(self, connection: Connection, project_id: int) -> CurrentModel | None:
        return current_model(connection, self._folders, self._deployments, project_id)

    def _if_unread(
        self, connection: Connection, *, project_id: int, document_id: int
    ) -> tuple[CurrentModel, Document] | None:
        row = document_row(connection, project_id, document_id)
        model = self._current(connection, project_id)
        if model is None or has_read(connection, document_id, model.origin):
            return None
        return model, document_of(row, ())

    async def _read_all(self, project_id: int) -> None:
        """One pass; then another where the project has got another model meanwhile."""
        done: CurrentModel | None = None
        while (model := await self.current(project_id)) is not None and model != done:
            total = await self._store.read(lambda connection: num_unread(connection, project_id, model.origin))
            current = self._passes[project_id] = Pass(model, total)
            try:
                await self._pass(project_id, current)
            except Refused as problem:
                current.error = problem.detail
                return
            except Exception:  # noqa: BLE001 - whatever it is, it is logged here, and the page says so
                current.error = "It broke down; the server's log says why."
                _log.exception("reading ahead in project %s failed", project_id)
                return
            done = model

    async def _pass(self, project_id: int, current: Pass) -> None:
        for state in TO_LABEL:
            after = 0
            while some := await self._store.read(partial(self._some, project_id, current.model, state, after)):
                await self._keep(current.model, some)
                after = some[-1][0]
                current.done += len(some)

    def _some(
        self, project_id: int, model: CurrentModel, state: State, after: int, connection: Connection
    ) -> list[tuple[int, Document]]:
        return unread(
            connection,
            project_id,
            model.origin,
            state=state,
            after_id=after,
            limit=_AT_ONCE,
            most_characters=_MOST_CHARACTERS,
        )

    async def _keep(self, model: CurrentModel, some: Sequence[tuple[int, Document]]) -> None:
        read = await self._models.read(model.path, [document for _, document in some])
        found = [(number, each) for (number, _), each in zip(some, read, strict=True)]
        await self._store.write(lambda connection: keep_read(connection, model.origin, found))
