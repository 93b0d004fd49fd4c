"""Tables of pandas, polars and `datasets` to datasets and feature sets."""

from collections.abc import Mapping, Sequence
from typing import Any

from tagloom.data.dataset import Dataset, Source
from tagloom.data.division.feature_set import FeatureSet
from tagloom.data.formats import Column, Reading
from tagloom.data.frames.columns import TEXTS, shape_of
from tagloom.data.frames.frame import Frame, frame_of
from tagloom.data.frames.texts import read_texts
from tagloom.data.frames.words import read_words
from tagloom.data.sources.folders import NAMES as PART_NAMES
from tagloom.data.sources.folders import PARTS
from tagloom.errors import ConfigError, DataError


def from_frame(
    frame: Any,
    *,
    columns: Mapping[str, Column] | None = None,
    scheme: str | None = None,
    tag_names: Sequence[str] | None = None,
) -> Dataset:
    """The labelled documents of a pandas or polars DataFrame or a Hugging Face `Dataset`.

    It may be of one of these shapes:

    - a word a row: the sentence's name, the word, its tag, as in a CSV file;
    - a document a row: `text` and `entities`, each with `start`, `end` and `label`, in code points;
    - a document a row: `tokens` and `ner_tags` or `tags`, as lists. Numbers are tags where the column says their names.

    What else there is stays: lists as long as the words as further columns, all else as metadata.

    Args:
        frame: the table.
        columns: name or place, from 0, of the column with the `sentence`, the `word`, the `tag`; or with the `text`,
            the `entities`, the `id`; or with the `tokens`, the `tags`. Others are known by their names.
        scheme: the scheme of tags; None to recognise it.
        tag_names: the tag of each number, where tags are numbers and the table does not say their names.

    Raises:
        DataError: it is empty or of another shape, or a value is missing or of the wrong kind: the row, from 0, and the
            column are named.
        ConfigError: it is no such table, or a column is not there.
        SchemeError: the scheme is unknown.

    Example:
        >>> import pandas
        >>> frame = pandas.DataFrame({"text": ["A D90."], "entities": [[{"start": 2, "end": 5, "label": "PNAME"}]]})
        >>> from_frame(frame).entities
        {'PNAME': 1}
    """
    table = frame_of(frame)
    shape, places = shape_of(table, columns or {})
    if shape == TEXTS:
        reading = read_texts(table, places)
    else:
        reading = read_words(table, shape, places, scheme=scheme, tag_names=tag_names)
    return _dataset(table, reading)


def feature_set_from_frames(
    frames: Mapping[str, Any],
    *,
    columns: Mapping[str, Column] | None = None,
    scheme: str | None = None,
    tag_names: Sequence[str] | None = None,
) -> FeatureSet:
    """The parts of a Hugging Face `DatasetDict`, or of any tables by their names.

    Args:
        frames: the tables by `train`, `validation` (or `dev`, ...) and `test`.
        columns: as `from_frame` has it.
        scheme: as `from_frame` has it.
        tag_names: as `from_frame` has it.

    Raises:
        ConfigError: a name says no part or two say the same, or there is no `train`.
        DataError: a table cannot be read.
    """
    parts: dict[str, Any] = {}
    for name, frame in frames.items():
        part = PART_NAMES.get(name.lower())
        if part is None or part in parts:
            raise ConfigError(
                f"frames: expected each of {', '.join(PARTS)} once (validation is dev), received {', '.join(frames)}. "
                "Give those that you mean by these names."
            )
        parts[part] = from_frame(frame, columns=columns, scheme=scheme, tag_names=tag_names)
    if PARTS[0] not in parts:
        raise ConfigError(f"frames: expected one named {PARTS[0]}, received {', '.join(frames) or 'none'}.")
    return FeatureSet(**parts)


def _dataset(table: Frame, reading: Reading) -> Dataset:
    documents = tuple(reading.documents)
    if not documents:
        raise DataError(f"{table.library}: expected labelled rows, found none. Give a table that holds some.")
    divided = [document for document in documents if document.tokens is not None]
    source = Source(
        files=(),
        format=table.library,
        scheme=reading.scheme,
        num_documents=len(documents),
        num_sentences=sum(len(document.sentence_bounds or (None,)) for document in divided),
        num_tokens=sum(len(document.tokens or ()) for document in divided),
        findings=tuple(reading.findings),
    )
    return Dataset(documents, (source,))
