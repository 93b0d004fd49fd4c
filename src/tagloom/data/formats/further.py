"""Further columns, as token formats write them: those of the first sentence, in its order."""

from collections.abc import Iterator, Sequence
from itertools import repeat

from tagloom.data.findings import Findings
from tagloom.data.formats.tagging import TaggedSentence


class FurtherColumns:
    """The columns that a file gets, decided by its first sentence: later ones are filled up, or lose what they add.

    Args:
        filler: what stands where a sentence lacks a column.
        findings: takes `lost_columns` and `filled_columns`.
    """

    def __init__(self, filler: str, findings: Findings) -> None:
        self._filler, self._findings = filler, findings
        self._names: tuple[str, ...] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, once a sentence is known."""
        return self._names or ()

    def of(self, sentence: TaggedSentence, document_id: str) -> Iterator[Sequence[str]]:
        """The values of each column."""
        if self._names is None:
            self._names = tuple(sentence.columns)
        if sentence.columns.keys() != set(self._names):
            kinds = {"lost_columns": sentence.columns.keys() - set(self._names)}
            kinds["filled_columns"] = set(self._names) - sentence.columns.keys()
            for kind, names in kinds.items():
                if names:
                    self._findings.note(kind, f"document {document_id}: {', '.join(sorted(names))}")
        filled = list(repeat(self._filler, len(sentence.words)))
        return (sentence.columns.get(name, filled) for name in self._names)
