"""What is asked of an export, as the process that writes it is told."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tagloom.data.alignment import EXPAND
from tagloom.workbench.documents.choosing import Choice, parsed_filter
from tagloom.workbench.documents.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportTask:
    """What is asked of an export.

    Args:
        folder: with the database.
        project_id: whose documents are written.
        choice: which are meant.
        format: a name of `tagloom.data.FORMATS`.
        stem: of the names of files within a zip.
        scheme: of tags; None for that of the files that they came in.
        align: as `tagloom.data.write` has it.
        remarks: likewise.
        with_suggestions: whether suggestions are written as spans that something proposed.
        is_guarded: whether words in tables that a spreadsheet would run are written as text.
    """

    folder: str
    project_id: int
    choice: Choice
    format: str
    stem: str
    scheme: str | None = None
    align: str = EXPAND
    remarks: bool = True
    with_suggestions: bool = False
    is_guarded: bool = True

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        fields = self.choice.fields
        choice = {**asdict(self.choice), "fields": "" if fields is None else fields.text}
        return {**asdict(self), "choice": choice}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "ExportTask":
        """What `to_json` gave."""
        told = value["choice"]
        choice = Choice(
            **{
                **told,
                "ids": tuple(told["ids"]),
                "states": tuple(map(State, told["states"])),
                "fields": parsed_filter(told["fields"]),
            }
        )
        return cls(**{**value, "choice": choice})
