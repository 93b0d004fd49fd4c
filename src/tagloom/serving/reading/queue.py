"""Requests that wait for readers: a bounded queue, from which those that arrive together are read as one batch."""

import asyncio
import math
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tagloom.inference.predictor import Entity
from tagloom.serving.limits import Limits
from tagloom.serving.metrics import Metrics
from tagloom.serving.problems import Problem
from tagloom.serving.reading.messages import Done, Loaded, Read
from tagloom.serving.reading.readers import Readers

Model = tuple[str, str]
"""Slot and digest: what a request is read with, and under whose name it is counted."""

_MOST_AT_ONCE = 1024  # texts of one batch
_MOST_TRIES = 2  # of a batch whose reader ends: the text that ends readers must not end all of them


@dataclass(slots=True, eq=False)
class _Job:
    """The texts of one request on their way.

    Args:
        texts: all of them.
        done: gets their entities, or what went wrong.
        deadline: on the monotonic clock; where its turn has not come by then, it is not read.
        found: by the place of the text.
        num_taken: texts that are read, or being read.
        num_done: texts that are read.
    """

    texts: Sequence[str]
    done: asyncio.Future[list[list[Entity]]]
    deadline: float
    found: list[list[Entity]] = field(default_factory=list)
    num_taken: int = 0
    num_done: int = 0


@dataclass(slots=True)
class _Batch:
    """Texts that are read together.

    Args:
        model: that reads them.
        parts: of each text its request and its place there.
        num_tries: how often it was given to a reader.
    """

    model: Model
    parts: list[tuple[_Job, int]]
    num_tries: int = 0

    @property
    def digest(self) -> str:
        """Of the model."""
        return self.model[1]

    @property
    def texts(self) -> list[str]:
        """The texts."""
        return [job.texts[place] for job, place in self.parts]


class Queue:
    """What waits for the readers of a server. Its methods belong to one event loop.

    A batch begins as soon as a reader has room, with what has come by then: who is alone waits for nobody. Requests
    take turns, and so do models, so that a long one does not hold up those behind it.

    Args:
        models: the folder of bundles.
        limits: of the queue and of a batch.
        metrics: that count.
        num_readers: processes that read.
        threads: of the processor, for each model in each of them.
    """

    def __init__(self, models: Path, limits: Limits, metrics: Metrics, *, num_readers: int, threads: int) -> None:
        self._limits, self._metrics = limits, metrics
        self._waiting: dict[Model, deque[_Job]] = {}  # the models take turns in its order
        self._again: list[_Batch] = []  # those whose reader ended
        self._reading: dict[int, _Batch] = {}
        self._holds: Counter[str] = Counter()
        self._num_requests, self._num_characters = 0, 0
        self._is_begun = False
        self.readers = Readers(
            models, num_readers, threads, on_done=self._end, on_lost=self._retry, on_room=self._begin
        )

    async def hold(self, digest: str) -> Loaded:
        """Has a model ready until `let_go` was called as often.

        Raises:
            BundleError: it cannot be loaded.
        """
        loaded = await self.readers.load(digest)
        self._holds[digest] += 1
        return loaded

    def hold_on(self, digest: str) -> None:
        """Keeps a model ready that is, until `let_go` was called once more."""
        self._holds[digest] += 1

    def let_go(self, digest: str) -> None:
        """Lets a model go that nobody else holds, once what waits for it has been read."""
        self._holds[digest] -= 1
        self._unload_unused()

    def expire(self) -> None:
        """Tells those whose turn did not come in time, whether or not a reader has room; ends readers that hang."""
        self.readers.end_hung(self._limits.batch_seconds)
        now = time.monotonic()
        for model, jobs in list(self._waiting.items()):
            late = [job for job in jobs if _is_over(job, now)]
            for job in late:
                jobs.remove(job)
                self._drop(job)
            if not jobs:
                del self._waiting[model]

    def read(
        self, model: Model, texts: Sequence[str], *, is_patient: bool = False
    ) -> asyncio.Future[list[list[Entity]]]:
        """The entities of each text, once their turn has come.

        Args:
            model: whose digest somebody holds.
            texts: as they were asked for.
            is_patient: whether their turn may come at any time.

        Raises:
            Problem: too much is waiting; or, by the future, the turn did not come in time.
        """
        num_characters = sum([len(text) for text in texts])
        self._expect_room(num_characters)
        loop = asyncio.get_running_loop()
        deadline = math.inf if is_patient else time.monotonic() + self._limits.answer_seconds
        job = _Job(texts, loop.create_future(), deadline, [[]] * len(texts))
        if not texts:
            job.done.set_result([])
            return job.done
        self._waiting.setdefault(model, deque()).append(job)
        self._num_requests += 1
        self._num_characters += num_characters
        self._begin_soon(loop)
        return job.done

    def _expect_room(self, num_characters: int) -> None:
        limits = self._limits
        has_room = not self._num_requests or self._num_characters + num_characters <= limits.waiting_characters
        if self._num_requests >= limits.waiting_requests or not has_room:
            raise Problem(
                "queue-full",
                f"{self._num_requests} requests with {self._num_characters} characters are waiting. Ask again later.",
                retry_after=1,
            )

    def _begin_soon(self, loop: asyncio.AbstractEventLoop) -> None:
        """Lets batches begin when what is at hand by now has been read from its connections."""
        if self._is_begun:
            return
        self._is_begun = True
        if self._limits.batch_wait:
            loop.call_later(self._limits.batch_wait, self._begin)
        else:
            loop.call_soon(self._begin)

    def _begin(self) -> None:
        """Gives batches to readers as long as there are both."""
        self._is_begun = False
        for lost in [*self._again]:
            if self.readers.has_room(lost.digest):
                self._again.remove(lost)
                self._give(lost)
        for model in [*self._waiting]:
            while self.readers.has_room(model[1]) and (batch := self._next_batch(model)) is not None:
                self._give(batch)
        self._metrics.waiting(self._num_requests)

    def _give(self, batch: _Batch) -> None:
        batch.num_tries += 1
        self._reading[self.readers.read(batch.digest, batch.texts)] = batch

    def _next_batch(self, model: Model) -> _Batch | None:
        """Of each request that waits for a model its next text, in turn, until the batch is full; None for nothing."""
        jobs = self._waiting.pop(model, None)
        if not jobs:
            return None
        batch, left, now = _Batch(model, []), self._limits.batch_characters, time.monotonic()
        while jobs and left > 0 and len(batch.parts) < _MOST_AT_ONCE:
            job = jobs.popleft()
            if _is_over(job, now):
                self._drop(job)
                continue
            text = job.texts[job.num_taken]
            batch.parts.append((job, job.num_taken))
            job.num_taken += 1
            left -= len(text) + 1
            self._num_characters -= len(text)
            if job.num_taken < len(job.texts):
                jobs.append(job)
            else:
                self._num_requests -= 1
        if jobs:
            self._waiting[model] = jobs  # behind the other models
        return batch if batch.parts else None

    def _drop(self, job: _Job) -> None:
        """Lets a request go that nobody waits for any more, or that waited for too long."""
        self._num_requests -= 1
        self._num_characters -= sum(len(text) for text in job.texts[job.num_taken :])
        seconds = self._limits.answer_seconds
        told = f"It waited for {seconds:g} seconds, the most that a request may. Ask again later."
        _fail(job, Problem("waited-too-long", told, retry_after=1))

    def _end(self, done: Done) -> None:
        """Gives everybody what was found."""
        batch = self._reading.pop(done.number)
        for (job, place), found in zip(batch.parts, done.found, strict=True):
            if found is None:
                _fail(job, Problem("internal", "Reading a text failed."))
                continue
            job.found[place] = found
            job.num_done += 1
            if job.num_done == len(job.texts) and not job.done.done():
                job.done.set_result(job.found)
        self._metrics.batch(batch.model[0], done)
        self._unload_unused()

    def _retry(self, lost: Read) -> None:
        """Lets a batch be read again whose reader has ended, or tells that this was not the first time."""
        batch = self._reading.pop(lost.number)
        if batch.num_tries < _MOST_TRIES:
            self._again.append(batch)
            self._begin()
            return
        for job, _ in batch.parts:
            _fail(job, Problem("internal", "Reading the texts failed."))

    def _unload_unused(self) -> None:
        unused = [digest for digest, number in self._holds.items() if number <= 0]
        if not unused:
            return
        wanted = {digest for _, digest in self._waiting}
        wanted.update(batch.digest for batch in (*self._again, *self._reading.values()))
        for digest in unused:
            if digest not in wanted:
                del self._holds[digest]
                self.readers.unload(digest)


def _is_over(job: _Job, now: float) -> bool:
    """Whether nobody waits for a request any more, or its turn has come too late."""
    return job.done.done() or (not job.num_taken and job.deadline < now)


def _fail(job: _Job, problem: Problem) -> None:
    if not job.done.done():
        job.done.set_exception(problem)
