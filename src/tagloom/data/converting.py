"""Files of one format to files of another: document by document where both formats allow it, in little memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tagloom.data import formats
from tagloom.data.dataset import Source
from tagloom.data.findings import Finding, merged
from tagloom.data.formats import Format, Options, Reading
from tagloom.data.reading import sources
from tagloom.data.sources.source_text import open_streams
from tagloom.data.writing import put, writing_of
from tagloom.errors import ConfigError
from tagloom.text import Document

Through = Callable[[Iterable[Document]], Iterable[Document]]


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was converted.

    Args:
        num_documents: how many.
        sources: what was read, with what was noticed.
        findings: what the target could not keep, and what happened to spans.
    """

    num_documents: int
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]


def convert(
    paths: Sequence[str | Path],
    target: str | Path,
    *,
    to: str,
    reading: "ReadingOptions | None" = None,
    scheme: str | None = None,
    align: str = "expand",
    remarks: bool = True,
    through: "Through" = iter,
) -> Conversion:
    """Reads files and writes their documents in another format.

    JSON lines and CoNLL files go through as a stream, files of any size in little memory: they are read from disk once
    for their encoding, once more for the scheme of tags, and once to convert.

    Args:
        paths: as `read` takes them.
        target: the file to write; of several files (`two_files`) what their names have in common; for `brat` a folder.
        to: the format, a name of `formats.FORMATS`.
        reading: what is said of the files.
        scheme: of the tags that are written; None keeps the one that they have.
        align: as `write` has it.
        remarks: as `write` has it.
        through: what the documents go through on their way, such as a display that counts them.

    Raises:
        DataError: a file cannot be read, or a document does not go into the format.
        ConfigError: an option is unknown.
    """
    asked = reading or ReadingOptions()
    used = formats.named(to)
    found = list(
        sources(paths, lambda path: open_streams(path, asked.encoding), format_name=asked.format, options=asked.options)
    )
    readings = [one.read(asked.options) for one in found]
    writing = writing_of({one.scheme for one in readings}, scheme=scheme, align=align, remarks=remarks)
    documents = _Counted(readings)
    put(used, through(documents), writing, target_paths(Path(target), used))
    facts = tuple(one.facts(its) for one, its in zip(found, readings, strict=True))
    return Conversion(documents.count, facts, merged(writing.findings))


def target_paths(target: Path, used: Format) -> list[Path]:
    """The files to write: one is the target itself, of several each has its own ending."""
    if len(used.suffixes) <= 1:
        return [target]
    return [target.with_name(target.name + suffix) for suffix in used.suffixes]


def format_of(target: Path) -> str:
    """The format that a file's name says.

    Raises:
        ConfigError: it says none.

    Example:
        >>> format_of(Path("train.conll")), format_of(Path("train.prodigy.jsonl"))
        ('conll', 'prodigy')
    """
    fitting = [one for one in formats.FORMATS if len(one.suffixes) == 1 and target.name.endswith(one.suffixes[0])]
    if not fitting:
        endings = ", ".join(f"{one.suffixes[0]} ({one.name})" for one in formats.FORMATS if len(one.suffixes) == 1)
        raise ConfigError(
            f"{target}: expected a file whose name says its format, one of {endings}, received another. "
            f"Say the format: {', '.join(one.name for one in formats.FORMATS)}."
        )
    return max(fitting, key=lambda one: len(one.suffixes[0])).name


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What is said of files: as `read` has them.

    Args:
        format: their format; None to recognise it.
        encoding: their encoding; None to recognise it.
        options: of tags, columns and spans.
    """

    format: str | None = None
    encoding: str | None = None
    options: Options = field(default_factory=Options)


class _Counted:
    """The documents of readings, one after another, counted."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self._readings = readings
        self.count = 0

    def __iter__(self) -> Iterator[Document]:
        for reading in self._readings:
            for document in reading.documents:
                self.count += 1
                yield document
