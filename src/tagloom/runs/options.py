"""What an option takes: a rule for each kind, which reads a value, as text from a flag or as TOML has it."""

import abc
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from tagloom.embeddings.choice import parse_embeddings
from tagloom.errors import ConfigError

AUTO = "auto"


class Option(abc.ABC):
    """One kind of option."""

    kind: ClassVar[str]
    """How a form calls it: `choice`, `whole`, `number`, `flag`, `names`, `weights`, `shares` or `embeddings`."""

    @property
    @abc.abstractmethod
    def expected(self) -> str:
        """What it takes, in words."""

    @abc.abstractmethod
    def read(self, value: Any) -> Any:
        """The value in its own kind.

        Raises:
            TypeError, ValueError, OverflowError: it is not what is expected.
        """

    def to_json(self) -> dict[str, Any]:
        """Its `kind`, whether it may be `auto`, and as its kind has them `lowest` and `highest`, or `names`.

        Example:
            >>> Choice(("auto", "max", "min")).to_json()
            {'kind': 'choice', 'auto': True, 'names': ['max', 'min']}
        """
        return {"kind": self.kind, "auto": False}

    def checked(self, name: str, value: Any) -> Any:
        """The value in its own kind.

        Raises:
            ConfigError: it is not what is expected.
        """
        try:
            return self.read(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise ConfigError(f"option {name}: received {value!r}, expected {self.expected}.") from error


@dataclass(frozen=True, slots=True)
class Choice(Option):
    """One of some names."""

    kind = "choice"

    names: tuple[str, ...]

    @property
    def expected(self) -> str:
        """The names."""
        return f"one of {', '.join(self.names)}"

    def read(self, value: Any) -> str:
        """The name."""
        return self.names[self.names.index(value)]

    def to_json(self) -> dict[str, Any]:
        """With the `names`, `auto` not among them."""
        names = [name for name in self.names if name != AUTO]
        return {"kind": self.kind, "auto": AUTO in self.names, "names": names}


@dataclass(frozen=True, slots=True)
class Whole(Option):
    """A whole number within bounds."""

    kind = "whole"

    lowest: int
    highest: int

    @property
    def expected(self) -> str:
        """The bounds."""
        return f"a whole number from {self.lowest} to {self.highest}"

    def read(self, value: Any) -> int:
        """The number."""
        number = int(value) if isinstance(value, str) else operator.index(value)
        if isinstance(value, bool) or not self.lowest <= number <= self.highest:
            raise ValueError
        return number

    def to_json(self) -> dict[str, Any]:
        """With the bounds."""
        return {"kind": self.kind, "auto": False, "lowest": self.lowest, "highest": self.highest}


@dataclass(frozen=True, slots=True)
class Number(Option):
    """A number within bounds."""

    kind = "number"

    lowest: float
    highest: float

    @property
    def expected(self) -> str:
        """The bounds."""
        return f"a number from {self.lowest:g} to {self.highest:g}"

    def read(self, value: Any) -> float:
        """The number."""
        number = float(value)
        if isinstance(value, bool) or not self.lowest <= number <= self.highest:
            raise ValueError
        return number

    def to_json(self) -> dict[str, Any]:
        """With the bounds."""
        return {"kind": self.kind, "auto": False, "lowest": self.lowest, "highest": self.highest}


@dataclass(frozen=True, slots=True)
class OrAuto(Option):
    """What another option takes, or `auto`."""

    other: Option

    @property
    def expected(self) -> str:
        """Both."""
        return f"{AUTO}, or {self.other.expected}"

    def read(self, value: Any) -> Any:
        """`auto` as it is, anything else as the other option reads it."""
        return AUTO if value == AUTO else self.other.read(value)

    def to_json(self) -> dict[str, Any]:
        """As the other, with `auto`."""
        return {**self.other.to_json(), "auto": True}


@dataclass(frozen=True, slots=True)
class Flag(Option):
    """Yes or no."""

    kind = "flag"
    expected = "true or false"

    def read(self, value: Any) -> bool:
        """Whether it is so."""
        if isinstance(value, bool):
            return value
        return ("false", "true").index(value.lower() if isinstance(value, str) else value) == 1


@dataclass(frozen=True, slots=True)
class Names(Option):
    """Some of the names that are known; as text they stand between commas."""

    kind = "names"

    known: tuple[str, ...]

    @property
    def expected(self) -> str:
        """The names."""
        return f"some of {', '.join(self.known)}"

    def read(self, value: Any) -> tuple[str, ...]:
        """Each name once."""
        names = tuple(dict.fromkeys(_listed(value)))
        if not set(names) <= set(self.known):
            raise ValueError
        return names

    def to_json(self) -> dict[str, Any]:
        """With the `names`."""
        return {"kind": self.kind, "auto": False, "names": list(self.known)}


_WEIGHT = Number(0, 1e6)


@dataclass(frozen=True, slots=True)
class Weights(Option):
    """A weight for each of some labels; as text `PNAME=2,O=0.5`."""

    kind = "weights"
    expected = "labels with a weight from 0 to 1e+06 each, such as PNAME=2,O=0.5"

    def read(self, value: Any) -> dict[str, float]:
        """The weights by label."""
        pairs = _pairs(value) if isinstance(value, str) else dict(value).items()
        return {label: _WEIGHT.read(given) for label, given in pairs}

    def to_json(self) -> dict[str, Any]:
        """With the bounds of a weight."""
        return {**_WEIGHT.to_json(), "kind": self.kind}


@dataclass(frozen=True, slots=True)
class Shares(Option):
    """One share or several, in order; as text they stand between commas."""

    kind = "shares"

    highest: float

    @property
    def expected(self) -> str:
        """The bounds."""
        return f"numbers from 0 to {self.highest:g}, such as 0.3 or 0.3,0.5"

    def read(self, value: Any) -> tuple[float, ...]:
        """The shares."""
        share = Number(0, self.highest)
        given = [value] if isinstance(value, float | int) else _listed(value)
        if not given:
            raise ValueError
        return tuple(share.read(each) for each in given)

    def to_json(self) -> dict[str, Any]:
        """With the bounds."""
        return {"kind": self.kind, "auto": False, "lowest": 0, "highest": self.highest}


@dataclass(frozen=True, slots=True)
class Embeddings(Option):
    """Embeddings in one string, joined with ` + `, or in a list."""

    kind = "embeddings"
    expected = "embeddings such as learned:100"

    def read(self, value: Any) -> str:
        """The string."""
        joined = value if isinstance(value, str) else " + ".join(value)
        parse_embeddings(joined)
        return joined


def _listed(value: str | Iterable[str]) -> list[str]:
    return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else list(value)


def _pairs(text: str) -> list[tuple[str, str]]:
    parts = [part.partition("=") for part in _listed(text)]
    return [(label.strip(), weight) for label, _, weight in parts]
