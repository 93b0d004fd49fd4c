"""How far the labelling of a document is."""

from enum import StrEnum


class State(StrEnum):
    """How far it is."""

    NEW = "new"
    """Nobody has labelled it."""
    DRAFT = "draft"
    """Somebody has begun."""
    SUBMITTED = "submitted"
    """It is labelled: models learn from it."""
    SKIPPED = "skipped"
    """Somebody could not decide; it comes again when nothing else is left."""
    DISCARDED = "discarded"
    """It is not to be learned from."""


TO_LABEL = (State.NEW, State.DRAFT, State.SKIPPED)
"""Those that are still to be labelled."""
