"""The server: uvicorn over an application, ending so that nothing is lost."""

import asyncio
import contextlib
import ctypes
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import uvicorn

from tagloom.errors import ConfigError
from tagloom.serving.access.hosts import is_loopback
from tagloom.serving.app import Options, create_app
from tagloom.serving.defaults import DEFAULT_HOST, DEFAULT_PORT
from tagloom.serving.exchange import App
from tagloom.serving.gate import Draining
from tagloom.serving.limits import Limits
from tagloom.serving.protocol import bounded, keep_looking
from tagloom.serving.state.database import Database
from tagloom.serving.state.deployments import Deployments
from tagloom.serving.state.keys import Keys
from tagloom.serving.state.presence import only_server

_BACKLOG = 2048
_KEEP_ALIVE_SECONDS = 15
_QUIET_SECONDS = 0.25  # without a request, after which a connection that is told to end can be ended
_MOST_DRAINING_SECONDS = 3.0
_ACCEPTING_SECONDS = 0.05
_SO_ATTACH_FILTER, _BPF_RETURN = 26, 0x06  # of Linux: socket(7), linux/bpf_common.h


def serve(
    options: Options,
    *,
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    deploy: Sequence[tuple[str, Path]] = (),
    drain_seconds: float = 30.0,
    on_start: Callable[[str], object] = lambda _: None,
) -> None:
    """Serves until SIGTERM or SIGINT; then what has begun is answered.

    Args:
        options: how it serves; `is_open` counts for what only this machine can reach.
        host: address to listen at.
        port: to listen at; 0 for any that is free.
        deploy: slots and models that are deployed before it begins.
        drain_seconds: that requests under way have at the end.
        on_start: is told the server's address once it answers.

    Raises:
        BundleError: a model is not sound.
        ConfigError: the address cannot be taken, or another server has the state folder.
    """
    deployments = Deployments(Database(options.state))
    with only_server(options.state), listening(host, port) as listener:
        for slot, model in deploy:
            deployments.deploy(model, slot)
        draining = Draining()
        app = create_app(options, draining)
        run(
            app,
            listener,
            draining,
            options.limits,
            drain_seconds=drain_seconds,
            on_start=lambda: on_start(address_of(host, listener)),
        )


def run(
    app: App,
    listener: socket.socket,
    draining: Draining,
    limits: Limits,
    *,
    drain_seconds: float = 30.0,
    on_start: Callable[[], object] = lambda: None,
) -> None:
    """Runs an application until SIGTERM or SIGINT; then what has begun is answered.

    Args:
        app: the application.
        listener: that it answers at.
        draining: is switched on when the end begins.
        limits: of connections and headers.
        drain_seconds: that requests under way have at the end.
        on_start: is called once it answers.
    """
    config = uvicorn.Config(
        app,
        http=bounded(limits),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=_BACKLOG,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=max(1, round(drain_seconds)),
    )
    with _signals_noted():
        _Server(config, draining, on_start).run(sockets=[listener])


def address_of(host: str, listener: socket.socket) -> str:
    """Where a server is asked."""
    return f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"


def expect_guarded(host: str, state: Path) -> None:
    """Lets a server pass that others reach only with a key.

    Args:
        host: that it listens at.
        state: its state folder.

    Raises:
        ConfigError: it would answer to everybody.
    """
    if not is_loopback(host) and not Keys(Database(state)).all():
        raise ConfigError(
            f"host: {host} can be reached by other machines, and no key was made. Make one (tagloom keys create NAME), "
            "or say that everybody may ask: --without-keys."
        )


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens, until the block ends.

    Raises:
        ConfigError: the address cannot be taken.
    """
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        listener = socket.create_server(addresses[0][4][:2], family=addresses[0][0], backlog=_BACKLOG)
    except OSError as error:
        raise ConfigError(
            f"{host}:{port}: expected an address to listen at, received {error.strerror}. Choose another --port."
        ) from error
    with listener:
        yield listener


@contextlib.contextmanager
def _signals_noted() -> Iterator[None]:
    """Within the block a signal that uvicorn has obeyed does nothing more: it raises it once again at its end."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _refuse_arrivals(listener: socket.socket) -> None:
    """Lets nobody in any more, while those who are in already can still be accepted.

    Closing a socket breaks off what the system has let in and we have not accepted. Where the system can (Linux) and
    may, a filter first drops whatever asks to come in; who is dropped asks again, and is refused by then.
    """
    if sys.platform == "linux":
        drop_all = ctypes.create_string_buffer(struct.pack("HBBI", _BPF_RETURN, 0, 0, 0))
        program = struct.pack("HL", 1, ctypes.addressof(drop_all))
        with contextlib.suppress(OSError):
            listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)


def _arrived(listener: socket.socket) -> Iterator[socket.socket]:
    """Those whom the system has let in."""
    listener.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            connection, _ = listener.accept()
            connection.setblocking(False)
            yield connection


class _Server(uvicorn.Server):
    """A server that takes its leave: while it drains, it still answers whoever comes, and lets each connection go.

    Args:
        config: of uvicorn.
        draining: is switched on at the end.
        on_start: is called once it answers.
    """

    def __init__(self, config: uvicorn.Config, draining: Draining, on_start: Callable[[], object]) -> None:
        super().__init__(config)
        self._draining, self._on_start = draining, on_start
        self._looking: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begins to listen."""
        await super().startup(sockets)
        self._looking = asyncio.create_task(keep_looking(self.server_state.connections))
        self._on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends, once nobody is left who might not have heard of it."""
        self._draining.is_on = True
        await self._drain()
        await self._stop_listening(sockets or ())
        await self._drain()  # of those who came last
        await super().shutdown(sockets)
        if self._looking is not None:
            self._looking.cancel()

    async def _stop_listening(self, sockets: Sequence[socket.socket]) -> None:
        """Lets nobody in any more, once those whom the system has let in are accepted."""
        spares = [listener.dup() for listener in sockets]  # the servers close theirs
        for spare in spares:
            _refuse_arrivals(spare)
        await asyncio.sleep(_ACCEPTING_SECONDS)
        for server in self.servers:
            server.close()
        for spare in spares:
            with spare:
                arrived = list(_arrived(spare))
            for connection in arrived:
                await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.Protocol:
        # uvicorn's own protocols are made so, while its config promises no more than a protocol of asyncio
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )

    async def _drain(self) -> None:
        """Waits until no request has come for a moment: each answer ends its connection, and tells its client."""
        end = time.monotonic() + _MOST_DRAINING_SECONDS
        total = -1
        while self.server_state.connections and time.monotonic() < end and not self.force_exit:
            if total == self.server_state.total_requests and not self.server_state.tasks:
                return
            total = self.server_state.total_requests
            await asyncio.sleep(_QUIET_SECONDS)
