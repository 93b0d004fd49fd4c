"""What is asked of an import."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Labels(StrEnum):
    """What the labels in files are."""

    BY_FILE = "by_file"
    """What the file says: right, but for those that it says something has proposed."""
    RIGHT = "right"
    """A person's: their documents are labelled."""
    TO_CHECK = "to_check"
    """Suggestions, for somebody to accept or reject."""
    LEFT_OUT = "left_out"
    """Not wanted: the texts alone are taken."""


class Unlabelled(StrEnum):
    """What documents without a label are, where labels are a person's."""

    BY_FORMAT = "by_format"
    """Labelled, with nothing in them, where each word has a tag and there are labels; else still to be labelled."""
    TO_LABEL = "to_label"
    """Still to be labelled."""
    LABELLED = "labelled"
    """Labelled, with nothing in them."""


class Repeated(StrEnum):
    """What becomes of documents whose text the project has already."""

    KEPT = "kept"
    LEFT_OUT = "left_out"


PARAGRAPHS, WHOLE_FILES = "paragraphs", "whole_files"
"""Formats of plain text that only imports have: a document a paragraph, and a document a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of an import.

    Args:
        names: of the files, for people; where they lie, they are called otherwise.
        format: one of `tagloom.data.FORMATS`, `paragraphs` or `whole_files`; None to recognise it.
        encoding: of the files; None to recognise it.
        scheme: of tags; None to recognise it.
        columns: as `tagloom.data.read` has them.
        cover_discontinuous: likewise.
        labels: what the labels in the files are.
        unlabelled: what documents without a label are.
        repeated: what becomes of documents that the project has already.
    """

    names: tuple[str, ...]
    format: str | None = None
    encoding: str | None = None
    scheme: str | None = None
    columns: Mapping[str, int | str] = field(default_factory=dict)
    cover_discontinuous: bool = False
    labels: Labels = Labels.BY_FILE
    unlabelled: Unlabelled = Unlabelled.BY_FORMAT
    repeated: Repeated = Repeated.KEPT

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {**asdict(self), "names": list(self.names)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Asked":
        """What `to_json` gave."""
        return cls(
            **{
                **value,
                "names": tuple(value["names"]),
                "labels": Labels(value["labels"]),
                "unlabelled": Unlabelled(value["unlabelled"]),
                "repeated": Repeated(value["repeated"]),
            }
        )
