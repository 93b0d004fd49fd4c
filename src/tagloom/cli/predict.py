"""`tagloom predict`: a model over texts, files or standard input."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagloom.cli.parameters import Model
from tagloom.errors import DataError
from tagloom.schemes import BIO
from tagloom.text import Document, Span

if TYPE_CHECKING:
    from tagloom.data.sources.source_text import SourceText
    from tagloom.inference.predictor import Predictor

_FILE_SUFFIXES = (".txt", ".jsonl", ".json", ".gz", ".xz", ".zip", ".md", ".conll", ".tsv", ".csv")
_PACKED = (".gz", ".xz", ".zip")
_LABELLED = (".conll", ".tsv", ".csv")
_STANDARD_INPUT = "-"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Format(StrEnum):
    """How predictions are written."""

    text = "text"
    jsonl = "jsonl"
    conll = "conll"


def predict(
    model: Model,
    inputs: Annotated[
        list[str] | None,
        typer.Argument(metavar="TEXT|FILE", help="Texts or files; - or none for standard input."),
    ] = None,
    output_format: Annotated[
        Format | None, typer.Option("--format", help="How to write.  [default: text on a terminal, jsonl elsewhere]")
    ] = None,
    batch_size: Annotated[int, typer.Option(metavar="N", min=1, help="Sentences that are read at once.")] = 64,
    threshold: Annotated[
        float, typer.Option(metavar="SCORE", min=0.0, max=1.0, help="Leave out entities with a lower one.")
    ] = 0.0,
) -> None:
    """Find entities in texts, files or standard input.

    A line of standard input, or of a .jsonl file, packed or not, is a text, or a JSON object with a text and perhaps an
    id; any other file is one text.
    """
    from tagloom.inference.predictor import load

    predictor = load(model)
    chosen = output_format or (Format.text if sys.stdout.isatty() else Format.jsonl)
    given = inputs or [_STANDARD_INPUT]
    typed = given == [_STANDARD_INPUT] and sys.stdin.isatty()
    if typed:
        typer.echo("Type a text a line; Ctrl-D ends.", err=True)
    for document in _predicted(predictor, _documents(given), batch_size, one_by_one=typed):
        kept = tuple(span for span in document.spans if (span.score or 0.0) >= threshold)
        _write(replace(document, spans=kept), chosen, predictor)


def _predicted(
    predictor: "Predictor", documents: Iterator[Document], batch_size: int, *, one_by_one: bool
) -> Iterator[Document]:
    """The documents with their entities: many at once, or one by one, as where a person types them."""
    for some in ([document] for document in documents) if one_by_one else [documents]:
        yield from predictor.documents(some, batch_size=batch_size)


def _documents(inputs: Iterable[str]) -> Iterator[Document]:
    """Each text, each file, each line of a `.jsonl` file or of standard input."""
    from tagloom.data.sources.source_text import open_text

    for number, given in enumerate(inputs):
        path = Path(given)
        if given == _STANDARD_INPUT:
            yield from _lines(_decoded(sys.stdin.buffer, "standard input"), "standard input")
        elif not _is_file(given):
            yield Document(given, id=str(number))
        elif path.suffix == ".jsonl":
            with path.open("rb") as stream:
                yield from _lines(_decoded(stream, given), given)
        else:
            yield from _opened(open_text(path), given)


def _opened(source: "SourceText", given: str) -> Iterator[Document]:
    """A document a line of packed JSON lines; any other file as one, unless it holds words with their tags."""
    names = (source.name, given)  # of a zip's member, and of the zip
    if _ends_in(names, (".jsonl",)):
        yield from _lines(source.lines(), given)
        return
    if _ends_in(names, _LABELLED) and _is_labelled(source):
        raise DataError(
            f"{given}: expected a text, received words with their tags. Convert it to text or JSON lines first."
        )
    yield Document(source.text, id=given)


def _ends_in(names: Iterable[str], suffixes: tuple[str, ...]) -> bool:
    """Whether one of the names does, without the suffix of what it is packed in."""
    bare = (Path(name).with_suffix("") if name.endswith(_PACKED) else Path(name) for name in names)
    return any(path.suffix in suffixes for path in bare)


def _is_labelled(source: "SourceText") -> bool:
    """Whether it is CoNLL columns or a table rather than a text that is called like one."""
    from tagloom.data import formats

    return any(each.count([source], formats.Options()) for each in formats.FORMATS)


def _is_file(given: str) -> bool:
    """Whether an argument names a file; one that looks like a name and is none is an error, not a text."""
    try:
        path = Path(given)
        if path.is_file():
            return True
        is_folder = path.is_dir()
    except (OSError, ValueError):  # too long for a name, or with a NUL: a text
        return False
    if is_folder:
        raise DataError(f"{given}: expected a text or a file, received a folder. Name the files in it.")
    if " " not in given and given.endswith(_FILE_SUFFIXES):
        raise DataError(f"{given}: no such file. Check the name and the folder, or put the text in quotes.")
    return False


def _decoded(stream: Iterable[bytes], name: str) -> Iterator[str]:
    """The lines of a stream without their ends."""
    for number, raw in enumerate(stream, start=1):
        try:
            line = raw.removeprefix(_BYTE_ORDER_MARK if number == 1 else b"").decode("utf-8")
        except UnicodeDecodeError as error:
            raise DataError(f"{name}:{number}: expected UTF-8, received {error}. Convert the text first.") from error
        yield line.removesuffix("\n").removesuffix("\r")


def _lines(lines: Iterable[str], name: str) -> Iterator[Document]:
    """A document a line: plain text, or a JSON object with a `text` and perhaps an `id`."""
    for number, line in enumerate(lines, start=1):
        is_json = line.startswith("{")
        yield _from_json(line, f"{name}:{number}", number) if is_json else Document(line, id=str(number - 1))


def _from_json(line: str, place: str, number: int) -> Document:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{place}: expected a JSON object with a text, received {error}. "
            'Correct it; a text that begins with { goes into one too: {"text": "..."}.'
        ) from error
    text, name = content.get("text"), content.get("id")
    if not isinstance(text, str):
        raise DataError(f"{place}: expected a text in the entry 'text', received {text!r}.")
    return Document(text, id=str(number - 1) if name is None else str(name))


def _write(document: Document, chosen: Format, predictor: "Predictor") -> None:
    if chosen is Format.jsonl:
        entities = [_entity(document.text, span) for span in document.spans]
        content = {"id": document.id, "text": document.text, "entities": entities}
        sys.stdout.write(json.dumps(content, ensure_ascii=False) + "\n")
    elif chosen is Format.conll:
        from tagloom.tokenize import sentences

        for sentence in sentences(document):
            pairs = zip(sentence.words, sentence.tags(BIO), strict=True)
            sys.stdout.write("".join(f"{word}\t{tag}\n" for word, tag in pairs) + "\n")
    else:
        from tagloom.cli.output import console, tagged_text

        console().print(tagged_text(document.text, document.spans, predictor.bundle.labels))
    sys.stdout.flush()


def _entity(text: str, span: Span) -> dict[str, object]:
    return {
        "text": text[span.start : span.end],
        "label": span.label,
        "start": span.start,
        "end": span.end,
        "score": round(span.score or 0.0, 4),
    }
