"""The processes that read texts: killed, crashing, many; and the queue before them."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from running import running
from test_predicting import expected, found

from server_process import until
from tagloom.errors import BundleError
from tagloom.inference.predictor import Predictor
from tagloom.serving.limits import Limits
from tagloom.serving.metrics import Metrics
from tagloom.serving.problems import Problem
from tagloom.serving.reading.messages import Done, Frames, Load, Loaded, Read, Unload, to_frame
from tagloom.serving.reading.queue import Queue
from tagloom.serving.state.bundles import Bundles

TEXT = "My Nikon D90 has a bright viewfinder"


def test_a_killed_reader_is_back_and_no_request_is_lost(tmp_path: Path, model: Path, predictor: Predictor) -> None:
    right = expected(predictor, TEXT)
    with running(tmp_path / "state", model, "--workers", "2") as server:
        until(lambda: len(server.children()) == 2)
        wrong: list[object] = []
        is_over = threading.Event()

        def ask() -> None:
            with server.client() as client:
                while not is_over.is_set():
                    answer = client.post("/v1/models/production/predict", json={"documents": [{"text": TEXT}]})
                    if answer.status_code != 200 or found(answer.json()["documents"][0]) != right:
                        wrong.append(answer.text)

        askers = [threading.Thread(target=ask) for _ in range(4)]
        for asker in askers:
            asker.start()
        for _ in range(3):
            before = server.children()
            began = time.monotonic()
            os.kill(before[0], signal.SIGKILL)
            until(lambda before=before: len({*server.children()} - {*before}) == 1)  # type: ignore[misc]
            assert time.monotonic() - began < 3
            time.sleep(0.3)
        is_over.set()
        for asker in askers:
            asker.join()
        assert wrong == []


def test_with_its_only_reader_killed_the_server_answers_when_it_is_back(
    tmp_path: Path, model: Path, predictor: Predictor
) -> None:
    with running(tmp_path / "state", model, "--workers", "1") as server:
        (reader,) = server.children()
        os.kill(reader, signal.SIGKILL)
        began = time.monotonic()
        assert found(server.predict(TEXT).json()["documents"][0]) == expected(predictor, TEXT)
        assert time.monotonic() - began < 3


def test_a_reader_that_hangs_is_ended_and_its_batch_read_by_another(
    tmp_path: Path, model: Path, predictor: Predictor
) -> None:
    with running(tmp_path / "state", model, "--workers", "1", "--limit", "batch_seconds=1") as server:
        (reader,) = server.children()
        os.kill(reader, signal.SIGSTOP)
        assert found(server.predict(TEXT).json()["documents"][0]) == expected(predictor, TEXT)
        assert reader not in server.children()


def test_readers_end_with_their_server(tmp_path: Path, model: Path) -> None:
    with running(tmp_path / "state", model, "--workers", "2") as server:
        readers = server.children()
        server.process.kill()
        server.process.wait()
        until(lambda: not any(Path(f"/proc/{reader}").exists() for reader in readers), seconds=5)


# The queue, in the loop of a test.


def in_loop(
    tmp_path: Path, models: list[Path], limits: Limits, work: Callable[[Queue, list[str]], Coroutine[Any, Any, None]]
) -> None:
    """Runs something with a queue before one reader that has these models ready."""
    bundles = Bundles(tmp_path / "models")
    digests = [bundles.add(path) for path in models]

    async def run() -> None:
        queue = Queue(tmp_path / "models", limits, Metrics(), num_readers=1, threads=1)
        await queue.readers.start()
        try:
            for digest in digests:
                await queue.hold(digest)
            await work(queue, digests)
        finally:
            await queue.readers.end()

    asyncio.run(run())


def test_requests_that_come_together_are_read_together(
    tmp_path: Path, model: Path, predictor: Predictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    monkeypatch.setattr(Metrics, "batch", lambda _self, _slot, done: sizes.append(len(done.found)))

    async def work(queue: Queue, digests: list[str]) -> None:
        texts = [f"{TEXT} {number}" for number in range(40)]
        answers = await asyncio.gather(*[queue.read(("a", digests[0]), [text]) for text in texts])
        for text, (entities,) in zip(texts, answers, strict=True):
            assert [(start, end, label) for start, end, label, _ in entities] == [
                (span.start, span.end, span.label) for span in predictor(text)
            ]

    in_loop(tmp_path, [model], Limits(), work)
    assert sizes == [40]


def test_a_long_request_does_not_hold_up_those_behind_it(tmp_path: Path, model: Path) -> None:
    async def work(queue: Queue, digests: list[str]) -> None:
        order: list[str] = []
        texts = {"long": [f"{TEXT} {TEXT}"] * 400, "short": [TEXT]}
        for name in ("long", "short"):
            queue.read(("a", digests[0]), texts[name]).add_done_callback(lambda _, name=name: order.append(name))  # type: ignore[misc]
        while len(order) < 2:
            await asyncio.sleep(0.01)
        assert order == ["short", "long"]

    in_loop(tmp_path, [model], Limits(batch_characters=2_000), work)


def test_models_take_turns(tmp_path: Path, model: Path, other_model: Path) -> None:
    async def work(queue: Queue, digests: list[str]) -> None:
        order: list[str] = []
        texts = {"a": [TEXT] * 400, "b": [TEXT] * 10}
        for slot, digest in zip(("a", "b"), digests, strict=True):
            queue.read((slot, digest), texts[slot]).add_done_callback(lambda _, slot=slot: order.append(slot))  # type: ignore[misc]
        while len(order) < 2:
            await asyncio.sleep(0.01)
        assert order == ["b", "a"]

    in_loop(tmp_path, [model, other_model], Limits(batch_characters=1_000), work)


def test_a_full_queue_says_when_to_come_again(tmp_path: Path, model: Path) -> None:
    async def work(queue: Queue, digests: list[str]) -> None:
        asked = [queue.read(("a", digests[0]), [TEXT]) for _ in range(3)]
        with pytest.raises(Problem) as refused:
            queue.read(("a", digests[0]), [TEXT])
        assert (refused.value.kind, dict(refused.value.headers)) == ("queue-full", {b"retry-after": b"1"})
        await asyncio.gather(*asked)
        await queue.read(("a", digests[0]), [TEXT])

    in_loop(tmp_path, [model], Limits(waiting_requests=3), work)


def test_the_queue_counts_characters_and_takes_a_large_request_alone(tmp_path: Path, model: Path) -> None:
    async def work(queue: Queue, digests: list[str]) -> None:
        large = queue.read(("a", digests[0]), [TEXT] * 100)
        with pytest.raises(Problem):
            queue.read(("a", digests[0]), [TEXT])
        assert len(await large) == 100
        assert len(await queue.read(("a", digests[0]), [TEXT])) == 1

    in_loop(tmp_path, [model], Limits(waiting_characters=50, batch_characters=200), work)


def test_who_waits_too_long_is_told(tmp_path: Path, model: Path) -> None:
    async def work(queue: Queue, digests: list[str]) -> None:
        os.kill(queue.readers.process_ids[0], signal.SIGSTOP)
        try:
            queue.read(("a", digests[0]), [TEXT])
            await asyncio.sleep(0)
            queue.read(("a", digests[0]), [TEXT])
            await asyncio.sleep(0)
            late = queue.read(("a", digests[0]), [TEXT])
            patient = queue.read(("a", digests[0]), [TEXT], is_patient=True)
            await asyncio.sleep(0.3)
            queue.expire()
            with pytest.raises(Problem) as told:
                await late
            assert told.value.kind == "waited-too-long"
        finally:
            os.kill(queue.readers.process_ids[0], signal.SIGCONT)
        assert await patient

    in_loop(tmp_path, [model], Limits(answer_seconds=0.2), work)


class FallingReaders:
    """Readers that end at a certain text.

    Args:
        _models: not looked at.
        number: not looked at.
        threads: not looked at.
        on_done: gets what was found.
        on_lost: gets a batch whose reader has ended.
        on_room: not called.
    """

    num_ended = 0

    def __init__(self, _models: Path, _num: int, _threads: int, **told: Callable[..., None]) -> None:
        self._told, self._last = told, 0

    def has_room(self, _digest: str) -> bool:
        return True

    def read(self, digest: str, texts: list[str]) -> int:
        self._last += 1
        batch = Read(self._last, digest, texts)
        loop = asyncio.get_running_loop()
        if "poison" in texts:
            FallingReaders.num_ended += 1
            loop.call_soon(self._told["on_lost"], batch)
        else:
            loop.call_soon(self._told["on_done"], Done(batch.number, [[] for _ in texts], 0.1, 0, 0))
        return batch.number


def test_a_text_that_ends_readers_ends_two_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tagloom.serving.reading.queue.Readers", FallingReaders)

    async def run() -> None:
        queue = Queue(tmp_path, Limits(), Metrics(), num_readers=1, threads=1)
        poisoned, sound = queue.read(("a", "x"), ["poison"]), queue.read(("b", "x"), ["sound"])
        assert await sound == [[]]
        with pytest.raises(Problem) as told:
            await poisoned
        assert told.value.kind == "internal"
        assert await queue.read(("a", "x"), ["sound"]) == [[]]

    asyncio.run(run())
    assert FallingReaders.num_ended == 2


def test_a_model_is_let_go_when_what_waits_for_it_has_been_read(tmp_path: Path, model: Path, other_model: Path) -> None:
    async def work(queue: Queue, digests: list[str]) -> None:
        waiting = queue.read(("a", digests[0]), [TEXT] * 500)
        queue.let_go(digests[0])
        assert len(await waiting) == 500
        assert not queue.readers.has_room(digests[0])
        assert queue.readers.has_room(digests[1])
        await queue.hold(digests[0])
        assert len(await queue.read(("a", digests[0]), [TEXT])) == 1

    in_loop(tmp_path, [model, other_model], Limits(batch_characters=1_000), work)


def test_a_model_that_cannot_be_loaded_is_told(tmp_path: Path, model: Path) -> None:
    async def work(queue: Queue, digests: list[str]) -> None:
        with pytest.raises(BundleError, match="is missing or was changed"):
            await queue.hold("0" * 64)
        assert len(await queue.read(("a", digests[0]), [TEXT])) == 1

    in_loop(tmp_path, [model], Limits(), work)


def test_messages_come_out_as_they_went_in_however_they_are_cut() -> None:
    messages = [
        Load("a"),
        Loaded("a", ("PNAME",), None),
        Read(1, "a", ["x", "📷\ud800\x00"]),
        Done(1, [[(0, 1, "PNAME", 0.5)], None], 0.1, 3, 1),
        Unload("a"),
    ]
    stream = b"".join(map(to_frame, messages))
    for size in (1, 3, 7, 64, len(stream)):
        frames = Frames()
        pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
        assert [message for piece in pieces for message in frames.feed(piece)] == messages
