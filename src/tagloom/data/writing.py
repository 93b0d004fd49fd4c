"""A dataset to files."""

from pathlib import Path

from tagloom import files, schemes
from tagloom.data import formats
from tagloom.data.dataset import Dataset
from tagloom.errors import ConfigError, DataError

_MARK = "\ufeff"


def write(
    dataset: Dataset,
    *paths: str | Path,
    format: str,  # noqa: A002 - the field's word
    scheme: str | None = None,
) -> None:
    """Writes the documents as UTF-8, each file whole or not at all.

    In the scheme of their source, tags that broke it are written as they were; in another, all tags come from spans.

    Args:
        dataset: what to write.
        paths: as many as the format has files: for `two_files` the sentences, then their tags.
        format: a name of `formats.FORMATS`.
        scheme: the scheme of tags; None takes that of the sources, or BIO where they differ or have none.

    Raises:
        DataError: a document holds what the format cannot.
        ConfigError: the format is unknown, or has another number of files.
        SchemeError: the scheme is unknown.
    """
    used = formats.named(format)
    if len(paths) != used.num_files:
        raise ConfigError(f"{used.name}: expected {used.num_files} paths ({used.summary}), received {len(paths)}.")
    for path, content in zip(paths, contents(dataset, used, scheme), strict=True):
        files.write_bytes(Path(path), content)


def contents(dataset: Dataset, used: formats.Format, scheme: str | None = None) -> list[bytes]:
    """What `write` puts into each file."""
    of_sources = {source.scheme for source in dataset.sources}
    own = of_sources.pop() if len(of_sources) == 1 else None
    target = schemes.scheme(scheme or own or schemes.BIO.name)
    written = used.write(dataset.documents, target, keep_source_tags=own == target.name)
    return [_encoded(text) for text in written]


def _encoded(text: str) -> bytes:
    marked = _MARK + text if text.startswith(_MARK) else text  # so that a reader takes only the first for a mark
    try:
        return marked.encode("utf-8")
    except UnicodeEncodeError as error:
        broken = text[max(0, error.start - 20) : error.end]
        raise DataError(
            f"expected Unicode text, received half of a surrogate pair in {broken!r}. Remove it."
        ) from error
