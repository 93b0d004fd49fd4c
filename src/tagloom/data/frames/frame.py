"""A table of pandas, polars or Hugging Face `datasets`, as readers see it: columns of Python values.

None of these libraries is imported: an object is known by the library that its class is of.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from tagloom.errors import ConfigError, DataError

PANDAS, POLARS, DATASETS = "pandas", "polars", "datasets"

_TABLES = {(PANDAS, "DataFrame"), (POLARS, "DataFrame"), (DATASETS, "Dataset")}
_MANY = {(DATASETS, "DatasetDict"), (DATASETS, "IterableDatasetDict")}
_NEARLY: Mapping[tuple[str, str], str] = {
    (PANDAS, "Series"): "Give the whole DataFrame.",
    (POLARS, "Series"): "Give the whole DataFrame.",
    (POLARS, "LazyFrame"): "Collect it first.",
    (DATASETS, "IterableDataset"): "Take a Dataset of it first: Dataset.from_list(list(stream)).",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """A table.

    Args:
        library: that it is of.
        columns: the values of each column by its name: Python's own, with None where one is missing.

    Example:
        >>> Frame("pandas", {"word": ["Sony", None]}).num_rows
        2
    """

    library: str
    columns: dict[str, list[Any]]

    @property
    def num_rows(self) -> int:
        """How many rows."""
        return max(map(len, self.columns.values()), default=0)

    def refuse(self, row: int, column: str, expected: str, remedy: str) -> NoReturn:
        """Raises DataError for a cell that is not as it should be.

        Args:
            row: its place, from 0.
            column: its name.
            expected: what should be there.
            remedy: what to do, a sentence.
        """
        value = self.columns[column][row]
        received = "none" if value is None else repr(value)[:60]
        raise DataError(f"{self.place(row)}, column {column!r}: expected {expected}, received {received}. {remedy}")

    def place(self, row: int) -> str:
        """What messages call a row."""
        return f"{self.library} row {row}"

    def first(self, column: str) -> Any:
        """The first value that is not missing; None where all are."""
        return next((value for value in self.columns[column] if value is not None), None)


def frame_of(table: Any) -> Frame:
    """The columns of a table.

    Raises:
        ConfigError: it is none of these libraries'.
        DataError: two columns have one name, or there is no row.
    """
    classes = _classes(table)
    kind = next((each for each in classes if each in _TABLES), None)
    if kind is None:
        advice = next((_NEARLY[each] for each in classes if each in _NEARLY), "")
        if any(each in _MANY for each in classes):
            advice = "Take one of its parts, or all as a feature set: feature_set_from_frames."
        raise ConfigError(
            "frame: expected a DataFrame of pandas or polars or a Dataset of datasets, received "
            f"{type(table).__name__}. {advice}".rstrip()
        )
    library = kind[0]
    columns = {PANDAS: _of_pandas, POLARS: _of_polars, DATASETS: _of_datasets}[library](table)
    frame = Frame(library, columns)
    if not frame.num_rows:
        raise DataError(f"{library}: expected labelled rows, received none. Give a table that holds some.")
    return frame


def _classes(table: Any) -> list[tuple[str, str]]:
    """Library and name of its class, and of all that this is made from."""
    return [(each.__module__.partition(".")[0], each.__name__) for each in type(table).__mro__]


def _of_pandas(table: Any) -> dict[str, list[Any]]:
    names = _names(table.columns)
    series = (table.iloc[:, place] for place in range(len(names)))
    return {name: _plain_values(each.tolist(), each.notna().tolist()) for name, each in zip(names, series, strict=True)}


def _of_polars(table: Any) -> dict[str, list[Any]]:
    return {name: _plain_values(table.get_column(name).to_list()) for name in table.columns}


def _of_datasets(table: Any) -> dict[str, list[Any]]:
    values = table.with_format(None)[:]
    features = table.features
    return {
        name: [_named(value, features[name]) for value in _plain_values(values[name])] for name in table.column_names
    }


def _names(columns: Sequence[Any]) -> list[str]:
    names = [str(name) for name in columns]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"pandas: expected columns with different names, received {twice!r} twice. Rename one of them.")
    return names


def _plain_values(values: Sequence[Any], present: Sequence[bool] | None = None) -> list[Any]:
    if set(map(type, values)) <= {str}:
        return list(values)
    kept = [True] * len(values) if present is None else present
    return [_plain(value) if is_present else None for value, is_present in zip(values, kept, strict=True)]


def _plain(value: Any) -> Any:
    """A value without NumPy's and pandas' own kinds; None for what is not a number."""
    if hasattr(value, "tolist") and not isinstance(value, str):
        value = value.tolist()
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    return value


def _named(value: Any, feature: Any) -> Any:
    """A value with the names of classes in place of their numbers, as its feature of `datasets` has them."""
    if isinstance(value, list):
        inner = feature[0] if isinstance(feature, list) else getattr(feature, "feature", None)
        return value if inner is None else [_named(each, inner) for each in value]
    if isinstance(value, dict):
        inner = feature if isinstance(feature, Mapping) else {}
        return {key: _named(each, inner.get(key)) for key, each in value.items()}
    names = getattr(feature, "names", None)
    if names is None or type(value) is not int:
        return value
    return names[value] if 0 <= value < len(names) else None
