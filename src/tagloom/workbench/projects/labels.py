"""The labels of a project, in the order of their number keys."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from tagloom.workbench.database.tables import labels
from tagloom.workbench.problems import Refused

NUM_COLOURS = 12
"""Of the palette in `labels.css`."""

MOST_LABELS = 200

_NAME = re.compile(r"[^\s\x00-\x1f\x7f]{1,100}")


@dataclass(frozen=True, slots=True)
class Label:
    """What spans are called.

    Args:
        id: number; 0 for one that is new.
        name: as it stands in files: without blanks.
        description: what it is for, in a line.
        colour: of the palette, 0 to 11.
    """

    id: int
    name: str
    description: str
    colour: int


def labels_of(connection: Connection, project_id: int) -> list[Label]:
    """The labels of a project."""
    rows = connection.execute(select(labels).where(labels.c.project_id == project_id).order_by(labels.c.place))
    return [Label(row.id, row.name, row.description, row.colour) for row in rows]


def set_labels(connection: Connection, project_id: int, wanted: Sequence[Label]) -> list[Label]:
    """Makes these the labels of a project, in this order.

    Those with a number keep their spans, whatever they are called; those that are missing go, with their spans.

    Raises:
        Refused: a name is none, or is there twice; a number is not one of the project's.
    """
    _expect_fit(wanted)
    before = {label.id: label for label in labels_of(connection, project_id)}
    if not {label.id for label in wanted if label.id} <= before.keys():
        raise Refused("no-such-thing", "There is no such label in this project.")
    gone = before.keys() - {label.id for label in wanted}
    connection.execute(delete(labels).where(labels.c.id.in_(gone)))
    for label in wanted:  # names that are exchanged would meet on the way
        if label.id:
            connection.execute(update(labels).where(labels.c.id == label.id).values(name=f" {label.id}"))
    for place, label in enumerate(wanted):
        values = {
            "name": label.name,
            "description": label.description,
            "colour": label.colour % NUM_COLOURS,
            "place": place,
        }
        if label.id:
            connection.execute(update(labels).where(labels.c.id == label.id).values(values))
        else:
            connection.execute(insert(labels).values(project_id=project_id, **values))
    return labels_of(connection, project_id)


def labels_by_name(connection: Connection, project_id: int, names: Sequence[str]) -> dict[str, int]:
    """The numbers of these labels; those that the project lacks are added behind the others.

    Raises:
        Refused: a name is none, or there would be too many.
    """
    known = labels_of(connection, project_id)
    numbers = {label.name: label.id for label in known}
    new = [name for name in dict.fromkeys(names) if name not in numbers]
    if not new:
        return numbers
    added = [Label(0, name, "", len(known) + place) for place, name in enumerate(new)]
    return {label.name: label.id for label in set_labels(connection, project_id, [*known, *added])}


def _expect_fit(wanted: Sequence[Label]) -> None:
    if len(wanted) > MOST_LABELS:
        raise Refused("wrong-fields", f"labels: expected at most {MOST_LABELS}, received {len(wanted)}.")
    for label in wanted:
        if not _NAME.fullmatch(label.name):
            raise Refused("wrong-fields", "labels: expected names of 1 to 100 characters without blanks.")
    if len({label.name for label in wanted}) < len(wanted):
        raise Refused("wrong-fields", "labels: expected different names, received one twice.")
