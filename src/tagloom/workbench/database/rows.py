"""One row at a time: found or refused, inserted or refused."""

from typing import Any

from sqlalchemy import Connection, Select, Table, insert
from sqlalchemy.exc import IntegrityError

from tagloom.workbench.database.store import AnyRow
from tagloom.workbench.problems import Refused


def row_of(connection: Connection, query: Select[*tuple[Any, ...]], detail: str) -> AnyRow:
    """The only row that a query finds.

    Args:
        connection: to read with.
        query: that finds it.
        detail: what is said where there is none.

    Raises:
        Refused: there is none.
    """
    row = connection.execute(query).one_or_none()
    if row is None:
        raise Refused("no-such-thing", detail)
    return row


def inserted(connection: Connection, table: Table, *, taken: Refused | None = None, **values: Any) -> int:
    """Inserts a row, and gives its number.

    Args:
        connection: to write with.
        table: in which it is.
        taken: what is said where another row has what only one may have; None where none can.
        values: of it by column.

    Raises:
        Refused: `taken`.
    """
    try:
        number: int = connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one()
    except IntegrityError:
        if taken is None:
            raise
        raise taken from None
    return number
