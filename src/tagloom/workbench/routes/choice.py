"""Which documents are meant, as addresses say it: the same in lists, exports and the queue of who labels."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from tagloom.workbench.documents.choosing import Choice, parsed_filter
from tagloom.workbench.documents.states import State

_Number = Annotated[int, Field(ge=1, lt=2**63)]


class ChoiceQuery(BaseModel):
    """Which documents are meant: those that fit all that is said."""

    model_config = ConfigDict(populate_by_name=True)

    document: list[_Number] = Field(default=[], max_length=1000, description="Their numbers.")
    state: list[State] = Field(default=[], description="They are in one of these states.")
    label: str = Field(default="", max_length=100, description="They have a span with this label.")
    search: str = Field(default="", max_length=1000, description="It stands in their text, in any case of its letters.")
    by: _Number | None = Field(default=None, description="Who has changed them last.")
    import_id: _Number | None = Field(default=None, alias="import", description="The import that brought them.")
    certainty_below: float | None = Field(default=None, ge=0, le=1, description="Of the model that read them last.")
    filter: str = Field(
        default="",
        max_length=2000,
        description="Conditions on id, text, label and metadata: brand=Nikon and year>2020.",
    )

    def choice(self) -> Choice:
        """What it says.

        Raises:
            Refused: the filter is none.
        """
        return Choice(
            ids=tuple(self.document),
            states=tuple(self.state),
            label=self.label,
            search=self.search,
            by=self.by,
            import_id=self.import_id,
            certainty_below=self.certainty_below,
            fields=parsed_filter(self.filter),
        )


AskedChoice = Annotated[ChoiceQuery, Query()]
"""Which documents are meant, of a request."""
