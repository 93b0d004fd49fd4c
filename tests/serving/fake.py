"""A server that does what a test tells it to, for faults that a real one has no wish to have."""

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

SECONDS = 10
ANSWER = {"documents": [{"id": "0", "entities": [], "warnings": []}]}


@dataclass
class Talk:
    """One connection.

    Args:
        connected: to the client.
        heads: of all requests to the server so far.
    """

    connected: socket.socket
    heads: list[str]
    rest: bytes = b""

    def read(self, until: bytes) -> bytes:
        """What comes up to the end of `until`; what has come at the end of all else."""
        while until not in self.rest:
            piece = self.connected.recv(65_536)
            if not piece:
                whole, self.rest = self.rest, b""
                return whole
            self.rest += piece
        whole, _, self.rest = self.rest.partition(until)
        return whole + until

    def read_head(self) -> str:
        """The head of the next request; empty where there is none."""
        head = self.read(b"\r\n\r\n").decode("latin-1")
        if head:
            self.heads.append(head)
        return head

    def read_request(self) -> str:
        """The head of the next request, whose body is read too."""
        head = self.read_head()
        length = header(head, "Content-Length")
        while len(self.rest) < int(length or 0):
            self.rest += self.connected.recv(65_536)
        self.rest = self.rest[int(length or 0) :]
        return head

    def read_line(self) -> str:
        """The next line of a stream."""
        self.read(b"\r\n")
        return self.read(b"\r\n").decode().strip()

    def write(self, content: bytes) -> None:
        self.connected.sendall(content)

    def answer(self, status: int = 200, body: object = ANSWER, **headers: str) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        told = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        self.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(content)}\r\n{told}\r\n".encode() + content)

    def go_on(self) -> None:
        """Lets the body of a stream come, and begins its answer."""
        self.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")

    def chunk(self, document: object) -> None:
        content = json.dumps(document).encode() + b"\n"
        self.write(b"%x\r\n%b\r\n" % (len(content), content))

    def reset(self) -> None:
        """Breaks off as a killed process does."""
        self.connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connected.close()


Script = Callable[[Talk], object]
"""What a server does with one connection, which then is closed."""


@dataclass
class Fake:
    """A server on loopback whose connections each have their script; the last one is for all more."""

    listener: socket.socket
    scripts: list[Script]
    context: ssl.SSLContext | None = None
    heads: list[str] = field(default_factory=list)
    connections: list[socket.socket] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.address = f"http{'s' if self.context else ''}://127.0.0.1:{self.listener.getsockname()[1]}"
        self.start(self.accept)

    @property
    def num_connections(self) -> int:
        return len(self.connections)

    def start(self, act: Callable[..., object], *arguments: object) -> None:
        self.threads.append(threading.Thread(target=act, args=arguments))
        self.threads[-1].start()

    def accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener was closed
            while True:
                connected, _ = self.listener.accept()
                self.connections.append(connected)
                self.start(self.talk, connected, self.scripts[min(self.num_connections, len(self.scripts)) - 1])

    def talk(self, connected: socket.socket, script: Script) -> None:
        with connected, contextlib.suppress(OSError):  # the client has gone
            connected.settimeout(SECONDS)
            if self.context is None:
                script(Talk(connected, self.heads))
            else:
                with self.context.wrap_socket(connected, server_side=True) as secured:
                    script(Talk(secured, self.heads))

    def end(self) -> None:
        for each in (self.listener, *self.connections):
            with contextlib.suppress(OSError):  # it has ended by itself
                each.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(SECONDS)
            assert not thread.is_alive()


@contextlib.contextmanager
def fake(*scripts: Script, context: ssl.SSLContext | None = None) -> Iterator[Fake]:
    """Such a server, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Fake(listener, list(scripts), context)
        try:
            yield server
        finally:
            server.end()


def header(head: str, name: str) -> str | None:
    lines = (line.partition(":") for line in head.splitlines())
    return next((value.strip() for given, _, value in lines if given.lower() == name.lower()), None)
