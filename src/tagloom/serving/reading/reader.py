"""One reader: a process that holds models and finds entities, `python -m tagloom.serving.reading.reader`."""

import signal
import socket
import sys
import threading
import time
from pathlib import Path

from tagloom.errors import BundleError
from tagloom.inference.predictor import Entity, Predictor
from tagloom.serving.reading.messages import (
    LENGTH_BYTES,
    Done,
    Load,
    Loaded,
    Message,
    Read,
    Unload,
    content_size,
    from_content,
    to_frame,
)
from tagloom.serving.state.bundles import Bundles
from tagloom.text import Document


class Reader:
    """Does what the server says until it says nothing more.

    Args:
        connection: to the server.
        bundles: that it may have to load.
        threads: of the processor, for each model.
    """

    def __init__(self, connection: socket.socket, bundles: Bundles, threads: int) -> None:
        self._connection, self._bundles, self._threads = connection, bundles, threads
        self._predictors: dict[str, Predictor] = {}
        self._sending = threading.Lock()

    def run(self) -> None:
        """Reads until the server closes the connection."""
        with self._connection.makefile("rb") as stream:
            while len(length := stream.read(LENGTH_BYTES)) == LENGTH_BYTES:
                self._do(from_content(stream.read(content_size(length))))

    def _do(self, message: Message) -> None:
        match message:
            case Read():
                self._send(self._read(message))
            case Load(digest):  # beside what is read meanwhile
                threading.Thread(target=self._load, args=(digest,), daemon=True).start()
            case Unload(digest):
                self._predictors.pop(digest, None)

    def _send(self, message: Message) -> None:
        with self._sending:
            self._connection.sendall(to_frame(message))

    def _load(self, digest: str) -> None:
        try:
            predictor = self._predictors.get(digest) or self._bundles.load(digest, threads=self._threads)
        except BundleError as error:
            self._send(Loaded(digest, problem=str(error)))
            return
        self._predictors[digest] = predictor
        self._send(Loaded(digest, predictor.bundle.labels))

    def _read(self, asked: Read) -> Done:
        began, predictor = time.perf_counter(), self._predictors[asked.digest]
        words, unknown = predictor.word_counts
        found = _found_together(predictor, asked.texts)
        words_after, unknown_after = predictor.word_counts
        seconds = time.perf_counter() - began
        return Done(asked.number, found, seconds, words_after - words, unknown_after - unknown)


def _found_together(predictor: Predictor, texts: list[str]) -> list[list[Entity] | None]:
    """What is in each text; where reading all together fails, each is read by itself."""
    found = _found(predictor, texts)
    if found is not None:
        return [*found]
    alone = (_found(predictor, [text]) for text in texts)
    return [None if one is None else one[0] for one in alone]


def _found(predictor: Predictor, texts: list[str]) -> list[list[Entity]] | None:
    try:
        return predictor.entities([Document(text) for text in texts])
    except Exception:  # noqa: BLE001 - whatever it is, the server tells those who wait, and this process goes on
        return None


def main() -> None:
    """Runs a reader over the socket, with the models and threads, that the command line names."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server says when it is over
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    descriptor, models, threads = sys.argv[1:]
    with socket.socket(fileno=int(descriptor)) as connection:
        Reader(connection, Bundles(Path(models)), int(threads)).run()


if __name__ == "__main__":
    main()
