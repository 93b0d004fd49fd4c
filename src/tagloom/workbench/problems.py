"""What the workbench refuses, beside what the API of models does: problem documents (RFC 9457), one kind a cause."""

from collections.abc import Mapping
from typing import Any, ClassVar

from tagloom.serving.problems import KINDS, Kind, Problem


class Refused(Problem):
    """A request to the workbench that is not done as it was asked.

    Args:
        kind: one of `kinds`.
        detail: as of any problem.
        more: further members of its document.
        **said: what else a problem takes.
    """

    kinds: ClassVar[Mapping[str, Kind]] = {
        **KINDS,
        "not-logged-in": Kind(401, "Log in first."),
        "wrong-login": Kind(401, "The name or the password is wrong."),
        "not-allowed": Kind(403, "Your role does not allow this."),
        "no-such-thing": Kind(404, "There is no such thing."),
        "no-such-invitation": Kind(404, "The link does not work, or no longer."),
        "name-taken": Kind(409, "The name is taken."),
        "last-admin": Kind(409, "No admin would be left."),
        "changed-meanwhile": Kind(409, "It was changed meanwhile."),
        "wrong-state": Kind(409, "It is not in a state for this."),
        "wrong-spans": Kind(422, "The spans do not fit the text or the project."),
        "model-failed": Kind(422, "The model cannot be used."),
        "unreadable": Kind(422, "The data cannot be read."),
        "unwritable": Kind(422, "The documents do not go into that format."),
        "too-many-attempts": Kind(429, "There were too many attempts."),
        "no-room": Kind(507, "The disk is full."),
    }

    def __init__(self, kind: str, detail: str, *, more: Mapping[str, Any] | None = None, **said: Any) -> None:
        super().__init__(kind, detail, **said)
        self.more = more or {}

    def document(self, request_id: str | None = None) -> dict[str, Any]:
        """The problem document."""
        return {**super().document(request_id), **self.more}
