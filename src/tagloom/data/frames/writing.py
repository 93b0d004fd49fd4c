"""Datasets to tables of pandas, polars and Hugging Face `datasets`."""

import importlib
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from tagloom.data.alignment import EXPAND
from tagloom.data.dataset import Dataset
from tagloom.data.division.feature_set import FeatureSet
from tagloom.data.formats import Writing
from tagloom.data.formats.carrying import Carries
from tagloom.data.formats.plain import plain_record
from tagloom.data.formats.table_rows import simplified
from tagloom.data.formats.tables import SentenceNames
from tagloom.data.formats.tagging import tagged_documents
from tagloom.data.frames.columns import NAMES
from tagloom.data.frames.frame import DATASETS, PANDAS, POLARS
from tagloom.data.frames.texts import COLUMNS, KEPT, METADATA, PAIRS
from tagloom.data.writing import writing_of
from tagloom.errors import ConfigError

DOCUMENTS, WORDS = "documents", "words"
"""What a row may be: a document, or a word."""

_TAKEN = frozenset(
    [*(name for kinds in NAMES.values() for names in kinds.values() for name in names), *map(simplified, KEPT)]
)
_AS_WORDS = Carries(words=True, ids=True, columns=True, source_tags=True)
_SPAN_TYPES = {"start": "Int64", "end": "Int64", "label": "String", "score": "Float64", "origin": "String"}
"""What each key of a span is in polars."""

_log = logging.getLogger(__name__)


def to_pandas(dataset: Dataset, *, shape: str = DOCUMENTS, scheme: str | None = None, align: str = EXPAND) -> Any:
    """A pandas DataFrame, which `from_frame` reads again.

    A document a row: `id`, `text`, `entities`, where documents have them `tokens` and `sentences` as pairs of numbers,
    and a column for each metadata field and each further column. A word a row: `sentence`, `word`, further columns,
    `tag`; what is lost by that is logged.

    Args:
        dataset: any.
        shape: `documents` or `words`, what a row is.
        scheme: of the tags of words; None takes that of the sources, or BIO where they differ or have none.
        align: what becomes of spans that do not begin and end at the edges of words, where words are tagged.

    Raises:
        ConfigError: there is no such shape or alignment.
        SchemeError: there is no such scheme.
        DataError: a span is misaligned and `align` is `fail`.
        ModuleNotFoundError: pandas is not installed.

    Example:
        >>> from tagloom.text import Document, Span
        >>> dataset = Dataset((Document("A D90.", (Span(2, 5, "PNAME"),), metadata={"stars": "5"}),))
        >>> list(to_pandas(dataset).columns), list(to_pandas(dataset, shape="words")["tag"])
        (['id', 'text', 'entities', 'stars'], ['O', 'B-PNAME', 'O'])
    """
    return _library(PANDAS).DataFrame(_columns(dataset, shape, scheme, align))


def to_polars(dataset: Dataset, *, shape: str = DOCUMENTS, scheme: str | None = None, align: str = EXPAND) -> Any:
    """A polars DataFrame, which `from_frame` reads again; as `to_pandas`."""
    columns = _columns(dataset, shape, scheme, align)
    library = _library(POLARS)
    return library.DataFrame(columns, schema={name: _polars_type(library, name, columns[name]) for name in columns})


def to_datasets(
    dataset: Dataset | FeatureSet, *, shape: str = DOCUMENTS, scheme: str | None = None, align: str = EXPAND
) -> Any:
    """A `Dataset` of Hugging Face `datasets`, which `from_frame` reads again; as `to_pandas`.

    Of a feature set a `DatasetDict` with `train`, `validation` and `test`, those that there are.
    """
    library = _library(DATASETS)
    if isinstance(dataset, FeatureSet):
        parts = {"validation" if name == "dev" else name: part for name, part in dataset.parts()}
        return library.DatasetDict(
            {name: to_datasets(part, shape=shape, scheme=scheme, align=align) for name, part in parts.items()}
        )
    return library.Dataset.from_dict(_columns(dataset, shape, scheme, align))


def _polars_type(library: Any, name: str, values: Sequence[Any]) -> Any:
    """What a column holds: left to itself, polars says it by the first row, and loses what others have."""
    if name == "entities":
        keys = dict.fromkeys(key for entities in values for span in entities for key in span)
        return library.List(library.Struct({key: getattr(library, _SPAN_TYPES[key]) for key in keys}))
    if name in PAIRS:
        return library.List(library.List(library.Int64))
    has_lists = any(isinstance(value, list) for value in values)
    return library.List(library.String) if has_lists else library.String


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        message = f"this needs {name}, which is not installed. Install it: pip install {name}"
        raise ModuleNotFoundError(message, name=name) from error


def _columns(dataset: Dataset, shape: str, scheme: str | None, align: str) -> Mapping[str, Sequence[Any]]:
    writing = writing_of({source.scheme for source in dataset.sources}, scheme=scheme, align=align, remarks=False)
    if shape == DOCUMENTS:
        return _of_documents(dataset)
    if shape == WORDS:
        return _of_words(dataset, writing)
    raise ConfigError(f"shape: expected {DOCUMENTS} or {WORDS}, received {shape!r}.")


def _of_documents(dataset: Dataset) -> dict[str, list[Any]]:
    in_metadata = frozenset(name for document in dataset.documents for name in document.metadata)
    rows = [_row(plain_record(document), in_metadata) for document in dataset.documents]
    names = dict.fromkeys(["id", "text", "entities", *(name for row in rows for name in row)])
    keys = [key for key in _SPAN_TYPES if any(key in span for row in rows for span in row["entities"])]
    for row in rows:  # a table's spans have the same keys in every row
        row["entities"] = [{key: span.get(key) for key in keys} for span in row["entities"]]
    return {name: [row.get(name) for row in rows] for name in names}


def _row(record: dict[str, Any], in_metadata: frozenset[str]) -> dict[str, Any]:
    """A row of a table, in which a name that is metadata of some document is no further column of another."""
    metadata, columns = record.pop("metadata", {}), record.pop("columns", {})
    if "sentences" in record:
        record["sentences"] = [list(bounds) for bounds in record["sentences"]]
    if "source_tags" in record:
        record["source_tags"] = list(record["source_tags"])
    for name, value in metadata.items():
        record[name if _is_free(name) else METADATA + name] = value
    for name, values in columns.items():
        record[name if _is_free(name) and name not in in_metadata else COLUMNS + name] = values
    return record


def _is_free(name: str) -> bool:
    """Whether a column of this name is taken for nothing else."""
    return simplified(name) not in _TAKEN and not name.startswith((METADATA, COLUMNS))


def _of_words(dataset: Dataset, writing: Writing) -> dict[str, list[Any]]:
    names = SentenceNames()
    further = list(dict.fromkeys(name for document in dataset.documents for name in document.columns))
    called = {name: name if _is_free(name) else COLUMNS + name for name in further}
    table: dict[str, list[Any]] = {"sentence": [], "word": [], **{name: [] for name in called.values()}, "tag": []}
    for tagged in tagged_documents(dataset.documents, writing, refused=""):
        _AS_WORDS.note_lost(tagged.source, writing.findings)
        for sentence in tagged.sentences:
            size = len(sentence.words)
            table["sentence"] += [names.next(tagged.source.id)] * size
            table["word"] += sentence.words
            table["tag"] += sentence.tags
            for name in further:
                table[called[name]] += sentence.columns.get(name, [None] * size)
    for finding in writing.findings:
        _log.warning("%s: %d, such as %s", finding.kind, finding.count, "; ".join(finding.examples[:1]))
    return table
