"""Cells of columns, each different one kept once: a corpus repeats few of them a million times."""

from collections.abc import Sequence

_MOST = 500_000


class Cells:
    """Gives equal strings as one.

    Example:
        >>> first, second = Cells().once(["a b".upper(), "A B"])
        >>> first is second
        True
    """

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def once(self, values: Sequence[str]) -> tuple[str, ...]:
        """The same values; of those that are equal the first."""
        if len(self._known) > _MOST:  # a stream of any length is gone through in little memory
            self._known.clear()
        return tuple(map(self._known.setdefault, values, values))
