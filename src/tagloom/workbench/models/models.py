"""Models in use: a process of its own reads texts. It starts when it is needed, and ends when it no longer is."""

import asyncio
import multiprocessing
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, TypeVar

from tagloom.errors import BundleError, ConfigError, DataError
from tagloom.inference.predictor import model_path
from tagloom.text import Document
from tagloom.workbench.models.reading import ReadDocument, explained, read_documents
from tagloom.workbench.models.trying import TriedText, tried
from tagloom.workbench.problems import Refused

T = TypeVar("T")

_IDLE_SECONDS = 300.0


class Models:
    """The process that reads with models."""

    def __init__(self) -> None:
        self._process: ProcessPoolExecutor | None = None
        self._ending: asyncio.TimerHandle | None = None

    async def read(self, path: Path, documents: Sequence[Document]) -> list[ReadDocument]:
        """What the model at a path, which no request may name, finds in documents.

        Give many in small portions, so that who waits for one text gets a turn between.

        Raises:
            Refused: the model cannot be used.
        """
        return await self._ask(read_documents, path, documents)

    async def try_text(self, path: Path, text: str) -> TriedText:
        """What the model at a path finds in a text, with what the playground shows beside it.

        Raises:
            Refused: the model cannot be used.
        """
        return await self._ask(tried, path, text)

    async def explain(self, path: Path, text: str, *, sentence: int = 1, num_paths: int = 5) -> dict[str, Any]:
        """Why the model at a path tags a sentence as it does.

        Raises:
            Refused: the model cannot be used, or there is no such sentence.
        """
        return await self._ask(explained, path, text, sentence, num_paths)

    def close(self) -> None:
        """Ends the process."""
        if self._ending is not None:
            self._ending.cancel()
        if self._process is not None:
            self._process.shutdown(wait=False, cancel_futures=True)
            self._process = None

    async def _ask(self, work: Callable[..., T], path: Path, *arguments: Any) -> T:
        """Has the process do some work with the model at a path: of a run's folder with the one that is there now."""
        self._stay()
        if self._process is None:
            self._process = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_begin)
        process = self._process
        try:
            bundle = model_path(path.resolve())
            return await asyncio.get_running_loop().run_in_executor(process, work, bundle, *arguments)
        except BrokenProcessPool:
            if self._process is process:
                self._process = None
            raise Refused("model-failed", "The process that reads with it broke down. Try again.") from None
        except BundleError as error:
            raise Refused("model-failed", _without_place(str(error), path)) from None
        except (DataError, ConfigError) as error:
            raise Refused("wrong-fields", str(error)) from None
        finally:
            self._stay()

    def _stay(self) -> None:
        """Puts the end off."""
        if self._ending is not None:
            self._ending.cancel()
        self._ending = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self.close)


def _without_place(told: str, path: Path) -> str:
    """What an error says of a model, without where on this machine that is."""
    places = [path.resolve(), (path / "model").resolve()]
    for place in sorted(map(str, places), key=len, reverse=True):
        told = told.replace(place, "the model")
    return told


def _begin() -> None:
    """Leaves it to the server to end the process: Ctrl-C goes to both."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
