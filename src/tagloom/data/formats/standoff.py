"""A line of BRAT's annotations: an entity's label, its offsets and its text."""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tagloom.errors import DataError
from tagloom.text import Document, Span

_ANNOTATION = re.compile(r"(?:[TREAMN#]\S*|\*)\t")
_STRETCHES = re.compile(r"([^ ]+) +([0-9]{1,18} [0-9]{1,18}(?:;[0-9]{1,18} [0-9]{1,18})*) *")
_BREAK = re.compile("[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")  # what ends a line for BRAT, and the tab
_SEPARATOR = " "


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity as a line says it.

    Args:
        label: its type.
        stretches: first character and character after the last of each of its parts, in order.
        text: what the line says stands there; empty where it says nothing.
    """

    label: str
    stretches: tuple[tuple[int, int], ...]
    text: str

    @property
    def stretch(self) -> tuple[int, int]:
        """What covers all parts."""
        return self.stretches[0][0], max(end for _, end in self.stretches)

    def moved(self, number: int) -> "Entity":
        """The same so many characters further on."""
        return replace(self, stretches=tuple((start + number, end + number) for start, end in self.stretches))

    def found(self, text: str) -> str:
        """What stands at its place in a text."""
        return _SEPARATOR.join([text[max(0, start) : max(0, end)] for start, end in self.stretches])

    def fits(self, text: str) -> bool:
        """Whether what stands there is what the line says, blanks and line ends aside."""
        told = (self.text, self.text.split("\t")[0])  # a remark may stand behind a further tab
        return not self.text or _squeezed(self.found(text)) in map(_squeezed, told)

    def is_whole(self, text: str) -> bool:
        """Whether nothing but blanks stands between its parts."""
        return all(not text[max(0, end) : max(0, start)].strip() for (_, end), (start, _) in pairwise(self.stretches))


def is_annotation(line: str | None) -> bool:
    """Whether a line is an annotation of any kind; no line at all is as good."""
    return line is None or _ANNOTATION.match(line) is not None


def read_entity(line: str, place: str) -> Entity:
    r"""The entity of a line that begins with `T`.

    Raises:
        DataError: it is none; `place` says where.

    Example:
        >>> read_entity("T1\tPNAME 2 5;6 9\tD90 kit", "1.ann:1")
        Entity(label='PNAME', stretches=((2, 5), (6, 9)), text='D90 kit')
    """
    _, what, *rest = line.split("\t", 2)
    found = _STRETCHES.fullmatch(what)
    if found is None:
        raise DataError(
            f"{place}: expected a label and offsets such as 'PNAME 2 5' or 'PNAME 2 5;7 9', received {what[:60]!r}. "
            "Correct the line."
        )
    stretches = [(int(start), int(end)) for start, end in (part.split(" ") for part in found[2].split(";"))]
    return Entity(sys.intern(found[1]), tuple(sorted(stretches)), "".join(rest))


def entity_line(number: int, span: Span, document: Document) -> str:
    r"""The line of a span, with a part for each line that it touches, as BRAT wants it.

    Raises:
        DataError: its label has a blank in it.

    Example:
        >>> entity_line(1, Span(0, 8, "PNAME"), Document("Sony\nA7R"))
        'T1\tPNAME 0 4;5 8\tSony A7R\n'
    """
    if not span.label or any(character.isspace() or character == "\0" for character in span.label):
        raise DataError(
            f"document {document.id!r}: expected a label without blanks, received {span.label!r}. "
            "Rename it, or write json_lines."
        )
    stretches = _lines(span, document.text)
    offsets = ";".join([f"{start} {end}" for start, end in stretches])
    text = _SEPARATOR.join([document.text[start:end] for start, end in stretches])
    return f"T{number}\t{span.label} {offsets}\t{text}\n"


def _lines(span: Span, text: str) -> Sequence[tuple[int, int]]:
    """The parts of a span in the lines that it touches; the first and the last one though they be empty."""
    breaks = [(match.start(), match.end()) for match in _BREAK.finditer(text, span.start, span.end)]
    starts = [span.start, *[end for _, end in breaks]]
    ends = [*[start for start, _ in breaks], span.end]
    parts = list(zip(starts, ends, strict=True))
    return [part for place, part in enumerate(parts) if part[0] < part[1] or place in (0, len(parts) - 1)]


def _squeezed(text: str) -> str:
    return "".join(text.split())
