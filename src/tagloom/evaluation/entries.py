"""Arrays that are mostly 0 as columns of their entries, for JSON."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagloom.evaluation.fields import Fields

Column = list[int] | list[float]

_GREATEST = 2**22  # up to here halves are exact


def entries_of(axes: tuple[str, ...], arrays: Mapping[str, NDArray[Any]]) -> dict[str, Column]:
    """The places where one of some arrays is not 0: a column an axis with the indices, one an array with its values.

    Args:
        axes: names of the arrays' axes.
        arrays: by name, of one shape.

    Example:
        >>> entries_of(("row", "column"), {"value": np.array([[0, 2], [0, 0.5]])})
        {'row': [0, 1], 'column': [1, 1], 'value': [2.0, 0.5]}
    """
    places = np.nonzero(np.any(list(arrays.values()), axis=0))
    indices = {axis: index.tolist() for axis, index in zip(axes, places, strict=True)}
    return indices | {name: _column(array[places]) for name, array in arrays.items()}


def read_entries(fields: Fields, shape: Mapping[str, int], names: tuple[str, ...]) -> list[NDArray[np.float32]]:
    """The arrays whose entries `entries_of` gave.

    Args:
        fields: the columns.
        shape: length of each axis by its name.
        names: of the arrays.

    Raises:
        DataError: the columns have not one length, hold something other than figures of 0 or more, indices beyond the
            shape, or a place twice.
    """
    places = [_read_indices(fields, axis, length) for axis, length in shape.items()]
    num_entries, lengths = len(places[0]), tuple(shape.values())
    for axis, index in zip(shape, places, strict=True):
        _check_length(fields, axis, index, num_entries)
    cells = np.ravel_multi_index(places, lengths) if num_entries else np.zeros(0, np.int64)
    if np.unique(cells).size < num_entries:
        fields.refuse(next(iter(shape)), "each place once", fields.content[next(iter(shape))])
    return [_read_array(fields, name, cells, lengths) for name in names]


def _read_array(fields: Fields, name: str, cells: NDArray[np.int64], shape: tuple[int, ...]) -> NDArray[np.float32]:
    values = _read_column(fields, name, "figures of 0 or more")
    if (values > _GREATEST).any():
        fields.refuse(name, f"figures of 0 to {_GREATEST}", fields.content[name])
    _check_length(fields, name, values, len(cells))
    array = np.zeros(shape, np.float32)
    array.reshape(-1)[cells] = values
    return array


def _read_indices(fields: Fields, key: str, length: int) -> NDArray[np.int64]:
    expected = f"whole numbers from 0 to {length - 1}"
    values = _read_column(fields, key, expected)
    if values.dtype.kind == "f" or (values >= length).any():
        fields.refuse(key, expected, fields.content[key])
    return values.astype(np.int64)


def _read_column(fields: Fields, key: str, expected: str) -> NDArray[Any]:
    """A list as an array of figures that are finite and 0 or more."""
    column = fields.items(key)
    try:
        values = np.array(column or np.zeros(0, np.int64))
    except ValueError:  # lists of several lengths within the list
        fields.refuse(key, expected, column)
    if values.ndim != 1 or values.dtype.kind not in "if" or not ((values >= 0) & (values < np.inf)).all():
        fields.refuse(key, expected, column)
    return values


def _check_length(fields: Fields, key: str, column: NDArray[Any], length: int) -> None:
    if len(column) != length:
        fields.refuse(key, f"{length} entries, as in the first column", fields.content[key])


def _column(values: NDArray[Any]) -> Column:
    """The values as Python's numbers; where all are whole, as such."""
    whole = values.astype(np.int64)
    column: Column = (whole if (whole == values).all() else values).tolist()
    return column
