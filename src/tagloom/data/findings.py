"""What was noticed of a source or of a dataset: how often, and where at first."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from tagloom.text import Span

Item = TypeVar("Item")

MAX_EXAMPLES = 5
_EXAMPLE_LENGTH = 80  # characters


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of thing that was noticed.

    Args:
        kind: its name, a row of `problems.KINDS`.
        count: how often.
        examples: the first few, each in a line.
    """

    kind: str
    count: int
    examples: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {"kind": self.kind, "count": self.count, "examples": list(self.examples)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Finding":
        """What `to_json` gave."""
        return cls(value["kind"], value["count"], tuple(value["examples"]))


class Findings:
    """Findings as they come in, one a kind."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._examples: dict[str, list[str]] = {}

    def note(self, kind: str, *examples: str, count: int = 1) -> None:
        """Notes it `count` more times; of the examples the first few of its kind are kept."""
        self._counts[kind] = self._counts.get(kind, 0) + count
        kept = self._examples.setdefault(kind, [])
        kept.extend(examples[: MAX_EXAMPLES - len(kept)])

    def note_each(self, kind: str, items: Sequence[Item], told: Callable[[Item], str]) -> None:
        """Notes each of these, where there are any, and tells only of those that are kept as examples.

        Args:
            kind: its name.
            items: what was found.
            told: an item as an example.
        """
        if items:
            self.note(kind, *map(told, items[:MAX_EXAMPLES]), count=len(items))

    def __iter__(self) -> Iterator[Finding]:
        return (Finding(kind, count, tuple(self._examples[kind])) for kind, count in self._counts.items())


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding a kind, counts added up."""
    together = Findings()
    for finding in findings:
        together.note(finding.kind, *finding.examples, count=finding.count)
    return tuple(together)


def shortened(text: str) -> str:
    r"""A text as an example shows it: in one line and not too long.

    Example:
        >>> shortened("a word and\nanother")
        'a word and another'
    """
    line = " ".join(text[: 4 * _EXAMPLE_LENGTH].split("\n"))
    return line if len(line) <= _EXAMPLE_LENGTH else line[: _EXAMPLE_LENGTH - 1] + "…"


def told_span(span: Span, text: str, document_id: str) -> str:
    """A span as an example shows it, even where it runs out of its text.

    Example:
        >>> told_span(Span(2, 5, "PNAME"), "A D90 works.", "7")
        "document 7: 2-5 'D90' = PNAME"
    """
    stretch = shortened(text[max(0, span.start) : max(0, span.end)])
    return f"document {document_id}: {span.start}-{span.end} {stretch!r} = {span.label}"
