"""What people may do."""

from enum import StrEnum


class Role(StrEnum):
    """What a person may: each may what the one before it may, too."""

    VIEWER = "viewer"
    """Looks at projects, models and reports, and tries models."""
    ANNOTATOR = "annotator"
    """Labels documents."""
    ADMIN = "admin"
    """Everything: projects and data, trainings, deployments, people."""

    def includes(self, other: "Role") -> bool:
        """Whether who has this role may do what the other may.

        Example:
            >>> Role.ADMIN.includes(Role.VIEWER), Role.VIEWER.includes(Role.ANNOTATOR)
            (True, False)
        """
        order = list(Role)
        return order.index(self) >= order.index(other)
