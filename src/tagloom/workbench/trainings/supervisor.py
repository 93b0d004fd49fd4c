"""Sees to the processes of trainings: begins those whose turn it is, finds again what goes on, notes what has ended.

The folder of a run is the truth; rows say what people ask for. Nothing is lost with the server: processes go on without
it, and the next one finds them by the locks that they hold.
"""

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from tagloom.errors import one_line
from tagloom.runs.run import Run
from tagloom.runs.toml import write_toml
from tagloom.workbench.database.store import Store
from tagloom.workbench.folders import Folders
from tagloom.workbench.trainings import changing
from tagloom.workbench.trainings.outcomes import MOST_IN_VAIN, last_words, outcome, reached, scores
from tagloom.workbench.trainings.process import Process, begin, is_alive, noted_in, process_of, send
from tagloom.workbench.trainings.trainings import State, Training

LOG = "output.log"
"""What the process of a training says, in the folder of its job."""

_ASKED, _TOLD_TO_STOP = "asked.toml", "told-to-stop"
_BUSY_SECONDS, _IDLE_SECONDS = 0.5, 60.0
_COLUMNS = "160"  # that lines of the log may take

_log = logging.getLogger(__name__)


class Supervisor:
    """Sees to the processes of trainings.

    Args:
        store: the database.
        folders: with feature sets, runs and jobs.
        at_once: how many trainings may run at a time.
    """

    def __init__(self, store: Store, folders: Folders, at_once: int) -> None:
        self._store, self._folders, self._at_once = store, folders, at_once
        self._own: dict[int, subprocess.Popen[bytes]] = {}
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._is_ending = False
        self._swept_at = -_IDLE_SECONDS

    def start(self) -> None:
        """Begins, in the event loop that runs."""
        self._task = asyncio.create_task(self._supervise())

    def wake(self) -> None:
        """Something was asked for: it is seen to now."""
        self._swept_at = -_IDLE_SECONDS
        self._woken.set()

    async def close(self) -> None:
        """Ends; the processes go on."""
        self._is_ending = True
        self._woken.set()
        if self._task is not None:
            await self._task

    async def _supervise(self) -> None:
        while not self._is_ending:
            self._woken.clear()
            is_busy = True
            try:
                is_busy = await asyncio.to_thread(self._look)
            except Exception:  # noqa: BLE001 - whatever it is, the others are seen to again
                _log.exception("trainings could not be seen to")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), _BUSY_SECONDS if is_busy else _IDLE_SECONDS)

    def _look(self) -> bool:
        """Sees to all that is unfinished; gives whether there is something to look at again soon."""
        unfinished = self._store.read_now(changing.unfinished)
        is_forlorn = not self._own.keys() <= {one.id for one in unfinished}
        if is_forlorn or time.monotonic() - self._swept_at >= _IDLE_SECONDS:
            self._sweep()
        for one in unfinished:
            if one.state in changing.ACTIVE or is_alive(self._folders.job(one.id)):
                self._look_at(one)
        unfinished = self._store.read_now(changing.unfinished)
        num_free = self._at_once - sum(one.state in changing.ACTIVE for one in unfinished)
        for one in [each for each in unfinished if each.state is State.QUEUED][: max(0, num_free)]:
            if self._store.write_now(partial(changing.claim, training=one)):
                self._begin(one)
        return bool(unfinished)

    def _look_at(self, one: Training) -> None:
        """A training that has, or had, a process."""
        if is_alive(self._folders.job(one.id)):
            self._find(one)
            return
        own = self._own.pop(one.id, None)
        status = None if own is None else own.wait()
        run = Run(self._folders.run(one.id))
        log = self._folders.job(one.id) / LOG
        came = outcome(run, log, was_asked_to_stop=one.state is State.STOPPING, status=status)
        if came.state is not None:
            self._end(one, came.state, came.error)
        else:
            self._go_on(one, run, status)

    def _find(self, one: Training) -> None:
        """A training whose process is there: it is known again, and told to stop where that is asked."""
        process = self._process(one)
        if process is not None and (one.process_id, one.process_started) != (process.id, process.started):
            self._store.write_now(partial(changing.note_found, training=one, process=process))
        if one.state is State.QUEUED:
            self._store.write_now(partial(changing.claim, training=one))
        told = self._folders.job(one.id) / _TOLD_TO_STOP
        if one.state is State.STOPPING and process is not None and not told.exists():
            told.touch()  # before: a second signal would end it without a checkpoint
            send(process, signal.SIGTERM)

    def kill(self, training_id: int) -> bool:
        """Ends the process of a training where it is; gives whether there was one. It goes on from its checkpoint."""
        job = self._folders.job(training_id)
        process = noted_in(job) if is_alive(job) else None
        return process is not None and send(process, signal.SIGKILL)

    def _process(self, one: Training) -> Process | None:
        """The process that works for a training, as it was noted in its job, or by the lock of its run."""
        noted = noted_in(self._folders.job(one.id))
        if noted is not None:
            return noted
        try:
            holder = int((self._folders.run(one.id) / "lock").read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return process_of(holder)

    def _go_on(self, one: Training, run: Run, status: int | None) -> None:
        """A training that was interrupted: it goes on, unless it was begun several times and never came further."""
        in_vain = one.num_in_vain + 1 if reached(run) <= one.reached and one.num_starts else 0
        if in_vain >= MOST_IN_VAIN:
            self._end(one, State.FAILED, self._why_in_vain(one, status))
            return
        self._store.write_now(partial(changing.note_in_vain, training=one, number=in_vain))
        self._begin(one)

    def _why_in_vain(self, one: Training, status: int | None) -> str:
        by = ""
        if status is not None and status < 0:
            name = signal.Signals(-status).name
            memory = ": there may be too little memory for it" if name == "SIGKILL" else ""
            by = f" by {name}{memory}"
        words = last_words(self._folders.job(one.id) / LOG)
        return f"Its process was ended {MOST_IN_VAIN} times{by}, and came no further. It said last: {words}"

    def _begin(self, one: Training) -> None:
        """Begins a process, which goes on from the last checkpoint where there is a run."""
        run, job = Run(self._folders.run(one.id)), self._folders.job(one.id)
        if not self._folders.feature_set(one.feature_set_id).is_dir():
            self._end(one, State.FAILED, "The folder of its feature set is gone.")
            return
        job.mkdir(mode=0o700, exist_ok=True)
        (job / _TOLD_TO_STOP).unlink(missing_ok=True)
        if not run.exists:
            shutil.rmtree(run.path, ignore_errors=True)
        write_toml(job / _ASKED, {"training": dict(one.options)})
        try:
            with (job / LOG).open("ab") as log:
                command, more = self._command(one, run), self._environment()
                self._own[one.id] = begin(job, command, within=self._folders.root, log=log, more=more)
        except OSError as error:
            self._end(one, State.FAILED, f"Its process could not be begun: {one_line(error.strerror or error)}.")
            return
        process = process_of(self._own[one.id].pid)
        self._store.write_now(partial(changing.note_begun, training=one, process=process, reached=reached(run)))

    def _command(self, one: Training, run: Run) -> list[str]:
        """The command line of a training, with paths within the data folder: no message tells where that is."""
        root = self._folders.root
        output = ["--output", str(run.path.relative_to(root))]
        command = [sys.executable, "-P", "-m", "tagloom", "train", "--verbose", "2", *output]
        if run.exists:
            return [*command, "--resume"]
        feature_set = self._folders.feature_set(one.feature_set_id).relative_to(root)
        asked = (self._folders.job(one.id) / _ASKED).relative_to(root)
        return [*command, "--config", str(asked), str(feature_set)]

    def _environment(self) -> dict[str, str]:
        """Of a training's process: several at once share the processors."""
        own = {"COLUMNS": _COLUMNS, "PYTHONUNBUFFERED": "1"}
        if self._at_once > 1 and "OMP_NUM_THREADS" not in os.environ:
            own["OMP_NUM_THREADS"] = str(max(1, (os.cpu_count() or 1) // self._at_once))
        return own

    def _end(self, one: Training, state: State, error: str = "") -> None:
        found = scores(Run(self._folders.run(one.id))) if state is State.FINISHED else None
        told = error.replace(f"{self._folders.root}{os.sep}", "")
        self._store.write_now(partial(changing.note_ended, training=one, state=state, error=told, scores=found))

    def _sweep(self) -> None:
        """Takes away what no training owns any more, its process first."""
        folders = [path for folder in (self._folders.jobs, self._folders.runs) for path in folder.iterdir()]
        names = {str(number) for number in self._store.read_now(changing.known)}
        strangers = [path for path in folders if path.name not in names]
        for path in strangers:
            job = self._folders.jobs / path.name
            if is_alive(job):
                process = noted_in(job)
                if process is not None:
                    send(process, signal.SIGKILL)
                    _wait_for_end(job)
            shutil.rmtree(path, ignore_errors=True)
        for number in [number for number in self._own if str(number) not in names]:
            self._own.pop(number).wait()
        self._swept_at = time.monotonic()


def _wait_for_end(job: Path) -> None:
    """A process that was killed ends at once."""
    for _ in range(100):
        if not is_alive(job):
            return
        time.sleep(0.02)
