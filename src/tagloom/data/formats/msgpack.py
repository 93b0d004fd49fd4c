"""MessagePack, as much of it as a `DocBin` holds: read step by step, each size held against what is there.

Nothing is made of a message but what is asked for, so that a small one cannot ask for much memory; extension types, of
which other readers make objects, are passed over. Specification: github.com/msgpack/msgpack/blob/master/spec.md
"""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

Value = None | bool | int | float | str | bytes | Sequence["Value"] | Mapping[str, "Value"]

MAP, ARRAY, STRING, BINARY = "a map", "a list", "a string", "bytes"
_NIL, _BOOLEAN, _INTEGER, _FLOAT, _EXTENSION = "nothing", "a boolean", "a whole number", "a number", "an extension"

_MAX_DEPTH = 20

_WIDTHS = {"B": 1, "b": 1, "H": 2, "h": 2, "I": 4, "i": 4, "f": 4, "Q": 8, "q": 8, "d": 8}
_SMALL = {MAP: (0x80, 16), ARRAY: (0x90, 16), STRING: (0xA0, 32), BINARY: (0, 0)}
"""The first byte of an empty one, and how many sizes are said by the bytes from it on."""
_LARGE = {MAP: (0xDE, "HI"), ARRAY: (0xDC, "HI"), STRING: (0xD9, "BHI"), BINARY: (0xC4, "BHI")}
"""The first of the bytes behind which a size is written, and how behind each of them."""

_SIZED: Mapping[int, tuple[str, str]] = {
    byte: (kind, width)
    for kind, (first, widths) in (*_LARGE.items(), (_EXTENSION, (0xC7, "BHI")))
    for byte, width in enumerate(widths, first)
}
_NUMBERS: Mapping[int, tuple[str, str]] = {
    byte: (_FLOAT if width in "fd" else _INTEGER, width) for byte, width in enumerate("fdBHIQbhiq", 0xCA)
}
_WHOLE: Mapping[int, tuple[str, int]] = {
    **{byte: (_INTEGER, byte) for byte in range(0x80)},
    **{byte: (_INTEGER, byte - 0x100) for byte in range(0xE0, 0x100)},
    **{first + size: (kind, size) for kind, (first, number) in _SMALL.items() for size in range(number)},
    **{0xD4 + power: (_EXTENSION, 1 << power) for power in range(5)},
    0xC0: (_NIL, 0),
    0xC2: (_BOOLEAN, 0),
    0xC3: (_BOOLEAN, 1),
}
"""First bytes that say a value, or of what there is how much."""


class Reader:
    """Goes through a message from its beginning. Every method raises ValueError where something else stands there.

    Args:
        content: the message.

    Example:
        >>> reader = Reader(packed({"attrs": [65, 77]}))
        >>> reader.map(), reader.string(), [reader.integer() for _ in range(reader.array())]
        (1, 'attrs', [65, 77])
    """

    def __init__(self, content: bytes | memoryview) -> None:
        self._content = memoryview(content)
        self._place = 0

    @property
    def is_at_end(self) -> bool:
        """Whether nothing follows."""
        return self._place == len(self._content)

    def map(self) -> int:
        """The number of pairs that follow."""
        return int(self._expect(MAP)[1])

    def array(self) -> int:
        """The number of values that follow."""
        return int(self._expect(ARRAY)[1])

    def integer(self) -> int:
        """A whole number."""
        return int(self._expect(_INTEGER)[1])

    def string(self) -> str:
        """A string."""
        return str(self._taken(self._expect(STRING)[1]), "utf-8")

    def binary(self) -> memoryview:
        """Bytes; nothing counts as none."""
        return self._taken(self._expect(BINARY, _NIL)[1])

    def skip(self) -> bool:
        """Passes over a value of any kind; says whether it is more than nothing, zero or something empty."""
        kind, size = self._next()
        left = self._pass(kind, size)
        while left:
            left += self._pass(*self._next()) - 1
        return bool(size)

    def value(self, depth: int = _MAX_DEPTH) -> Value:
        """A value of any kind, all of it: for small messages."""
        kind, size = self._next()
        if kind in (ARRAY, MAP) and not depth:
            raise ValueError(f"received lists in lists, over {_MAX_DEPTH} deep")
        if kind == ARRAY:
            return [self.value(depth - 1) for _ in range(size)]
        if kind == MAP:
            return {self.string(): self.value(depth - 1) for _ in range(size)}
        if kind in (STRING, BINARY):
            taken = self._taken(size)
            return str(taken, "utf-8") if kind == STRING else bytes(taken)
        if kind == _EXTENSION:
            raise ValueError("received an extension type")
        simple: Value = {_NIL: None, _BOOLEAN: bool(size)}.get(kind, size)
        return simple

    def _expect(self, *kinds: str) -> tuple[str, Any]:
        kind, size = self._next()
        if kind not in kinds:
            raise ValueError(f"received {kind} in place of {kinds[0]}")
        return kind, size

    def _next(self) -> tuple[str, Any]:
        """What stands next, with its value, or with its size, which is not more than there is."""
        first = self._taken(1)[0]
        if first in _NUMBERS:
            kind, width = _NUMBERS[first]
            return kind, self._number(width)
        if first in _WHOLE:
            kind, size = _WHOLE[first]
        elif first in _SIZED:
            kind, width = _SIZED[first]
            size = self._number(width)
        else:
            raise ValueError(f"received the byte 0x{first:02x}, which begins nothing")
        if kind in _LARGE and size * (2 if kind == MAP else 1) > len(self._content) - self._place:
            raise ValueError(f"received {kind} of size {size} that is cut off")
        return kind, size

    def _number(self, width: str) -> Any:
        return struct.unpack(f">{width}", self._taken(_WIDTHS[width]))[0]

    def _taken(self, size: int) -> memoryview:
        start, self._place = self._place, self._place + size
        if self._place > len(self._content):
            raise ValueError("received a message that is cut off")
        return self._content[start : self._place]

    def _pass(self, kind: str, size: Any) -> int:
        """Passes over what a value holds itself; how many further values are in it."""
        if kind in (STRING, BINARY, _EXTENSION):
            self._taken(size + (kind == _EXTENSION))
        return int(2 * size if kind == MAP else size if kind == ARRAY else 0)


def packed(value: Value) -> bytes:
    """The message that says a value.

    Example:
        >>> packed(["a", 1, None]).hex()
        '93a16101c0'
    """
    content = bytearray()
    _put(value, content)
    return bytes(content)


def header(kind: str, size: int) -> bytes:
    """What stands before the content of a map, a list, a string or bytes.

    Args:
        kind: `MAP`, `ARRAY`, `STRING` or `BINARY`.
        size: how many pairs, values or bytes.

    Raises:
        ValueError: the size is over 32 bits.
    """
    first, number = _SMALL[kind]
    if size < number:
        return bytes([first + size])
    first, widths = _LARGE[kind]
    for byte, width in enumerate(widths, first):
        if size < 1 << 8 * _WIDTHS[width]:
            return struct.pack(f">B{width}", byte, size)
    raise ValueError(f"received {kind} of size {size}, expected at most {(1 << 32) - 1}")


def _put(value: Value, content: bytearray) -> None:
    """Adds the message that says a value."""
    if isinstance(value, str):
        encoded = value.encode("utf-8")
        content += header(STRING, len(encoded)) + encoded
    elif value is None or isinstance(value, bool):
        content += {None: b"\xc0", False: b"\xc2", True: b"\xc3"}[value]
    elif isinstance(value, int):
        content += bytes([value]) if 0 <= value < 0x80 else struct.pack(">Bq", 0xD3, value)
    elif isinstance(value, float):
        content += struct.pack(">Bd", 0xCB, value)
    elif isinstance(value, bytes):
        content += header(BINARY, len(value)) + value
    elif isinstance(value, Mapping):
        content += header(MAP, len(value))
        for key, held in value.items():
            _put(key, content)
            _put(held, content)
    else:
        content += header(ARRAY, len(value))
        for held in value:
            _put(held, content)
