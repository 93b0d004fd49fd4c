"""Bytes of a stream, piece by piece: what readers of binary files ask for."""

from typing import IO

from tagloom.errors import DataError

_PIECE = 2**20


class BytesAhead:
    """Reads a stream ahead, so that a few bytes at a time cost little.

    Args:
        stream: at its beginning.
        name: of the file, for errors.
    """

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream, self._name = stream, name
        self._ahead, self._at, self._before = b"", 0, 0

    @property
    def position(self) -> int:
        """Bytes that were taken."""
        return self._before + self._at

    def take(self, size: int) -> bytes:
        """The next bytes.

        Raises:
            DataError: there are no more so many.
        """
        while len(self._ahead) - self._at < size:
            self._expect_more(max(_PIECE, size))
        self._at += size
        return self._ahead[self._at - size : self._at]

    def until(self, end: bytes, most: int) -> bytes:
        """The bytes before the next such one, which is taken too.

        Args:
            end: one byte.
            most: bytes before it.

        Raises:
            DataError: none comes.
        """
        while (found := self._ahead.find(end, self._at, self._at + most + 1)) < 0:
            if len(self._ahead) - self._at > most:
                raise DataError(
                    f"{self._name}: byte {self.position:,}: expected a word of at most {most} bytes, received more."
                )
            self._expect_more(_PIECE)
        content = self._ahead[self._at : found]
        self._at = found + 1
        return content

    def peek(self, size: int) -> bytes:
        """The next bytes, which are not taken; fewer where the stream ends."""
        while len(self._ahead) - self._at < size and self._read(_PIECE):
            pass
        return self._ahead[self._at : self._at + size]

    def _expect_more(self, size: int) -> None:
        if not self._read(size):
            raise DataError(
                f"{self._name}: expected more behind byte {self._before + len(self._ahead):,}, received the end. "
                "Was it cut? Get it anew."
            )

    def _read(self, size: int) -> bool:
        """Whether there was more to read ahead."""
        more = self._stream.read(size)
        self._before += self._at
        self._ahead, self._at = self._ahead[self._at :] + more, 0
        return bool(more)
