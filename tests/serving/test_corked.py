"""A connection on which the head of an answer waits for its body."""

import asyncio

from tagloom.serving.corked import CorkedTransport


class Noted(asyncio.Transport):
    """A transport that notes what is done with it."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[object] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.done.append(bytes(data))

    def close(self) -> None:
        self.done.append("closed")

    def get_write_buffer_size(self) -> int:
        return 7

    def is_closing(self) -> bool:
        return "closed" in self.done


def test_a_head_goes_out_with_its_body_and_nothing_is_kept_back() -> None:
    async def run() -> None:
        noted = Noted()
        corked = CorkedTransport(noted)
        corked.write(b"head ")
        assert noted.done == []
        assert corked.get_write_buffer_size() == 12
        corked.write(b"body")
        assert noted.done == [b"head body"]
        corked.write(b"alone")
        assert noted.done == [b"head body"]
        await asyncio.sleep(0)
        assert noted.done[1:] == [b"alone"]
        await asyncio.sleep(0)
        corked.write(b"last")
        corked.close()
        assert noted.done[2:] == [b"last", "closed"]
        assert corked.is_closing()
        await asyncio.sleep(0)
        assert len(noted.done) == 4

    asyncio.run(run())
