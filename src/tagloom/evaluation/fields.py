"""The fields of a JSON object that somebody wrote: each is checked when it is read."""

import json
import reprlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from tagloom.errors import DataError

_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "an object": Mapping,
    "a list": list,
    "a string": str,
    "a whole number": int,
    "a figure between 0 and 1": (float, int),
}


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object of a file.

    Raises:
        DataError: it holds something else.
        OSError: it cannot be read.
    """
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: expected a JSON object, received another text: {error}. Evaluate anew.") from error
    if not isinstance(content, dict):
        raise DataError(f"{path}: expected a JSON object, received {type(content).__name__}. Evaluate anew.")
    return content


class Fields:
    """The fields of one object, which may hold others.

    Args:
        content: the object.
        name: what it is, for messages.

    Example:
        >>> Fields({"micro": {"f1": 0.5}}, "report").object("micro").share("f1")
        0.5
    """

    def __init__(self, content: Mapping[str, Any], name: str) -> None:
        self.content, self.name = content, name

    def object(self, key: str) -> "Fields":
        """An object within the object."""
        return Fields(self._field(key, "an object"), self.name)

    def items(self, key: str) -> list[Any]:
        """A list."""
        found: list[Any] = self._field(key, "a list")
        return found

    def text(self, key: str) -> str:
        """A string."""
        found: str = self._field(key, "a string")
        return found

    def share(self, key: str) -> float:
        """A figure between 0 and 1."""
        value = self._field(key, "a figure between 0 and 1")
        if not 0 <= value <= 1:
            self.refuse(key, "a figure between 0 and 1", value)
        return float(value)

    def number(self, key: str) -> int:
        """A whole number, 0 or more."""
        value: int = self._field(key, "a whole number")
        if value < 0:
            self.refuse(key, "a whole number, 0 or more", value)
        return value

    def refuse(self, key: str, expected: str, received: Any) -> NoReturn:
        """Says what is wrong with a field.

        Raises:
            DataError: always.
        """
        raise DataError(f"{self.name}: {key}: expected {expected}, received {reprlib.repr(received)}. Evaluate anew.")

    def _field(self, key: str, kind: str) -> Any:
        value = self.content.get(key) if isinstance(self.content, Mapping) else self.content
        if not isinstance(value, _KINDS[kind]) or isinstance(value, bool):
            self.refuse(key, kind, value)
        return value
