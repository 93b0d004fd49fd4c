"""Tables with words and tags: a word a row, or lists of them a row."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, chain
from typing import Any

from tagloom import schemes
from tagloom.data.findings import Findings
from tagloom.data.formats import Reading
from tagloom.data.formats.cells import Cells
from tagloom.data.formats.originals import Original, located
from tagloom.data.formats.tagged import TaggedBatch, read_tagged, worded
from tagloom.data.frames.columns import TOKENS
from tagloom.data.frames.frame import Frame
from tagloom.data.frames.texts import COLUMNS, as_text, divided
from tagloom.data.sources.source_text import HeldText
from tagloom.errors import DataError, SchemeError
from tagloom.text import JoinedWords, Token

_MISSING_WORD = (
    "Fill it in; pandas.read_csv takes words such as None, NA and null for missing ones, unless keep_default_na=False."
)


def read_words(
    frame: Frame, shape: str, places: Mapping[str, str], *, scheme: str | None, tag_names: Sequence[str] | None
) -> Reading:
    """A document a sentence.

    Args:
        frame: the table.
        shape: `columns.WORDS` or `columns.TOKENS`.
        places: the names of its columns by what they are.
        scheme: of the tags; None to recognise it.
        tag_names: the tags of numbers.
    """
    batch_of = _batch_of_lists if shape == TOKENS else _batch_of_rows

    def parse(findings: Findings) -> Iterator[TaggedBatch]:
        yield worded(batch_of(frame, places, tag_names, findings), findings, frame.library)

    return read_tagged(parse, HeldText(frame.library, b"", ""), scheme)


def _batch_of_rows(
    frame: Frame, places: Mapping[str, str], tag_names: Sequence[str] | None, _: Findings
) -> TaggedBatch:
    """Each row a word; a sentence begins where its column has another name than above."""
    cells = Cells()
    words, rows = frame.columns[places["word"]], range(frame.num_rows)
    for row, word in zip(rows, words, strict=True):
        if not isinstance(word, str):
            frame.refuse(row, places["word"], "a word", _MISSING_WORD if word is None else "Make it a string.")
    tags = _tags(frame, places["tag"], frame.columns[places["tag"]], rows, tag_names)
    names = _texts(frame.columns[places["sentence"]])
    starts = [row for row in rows if row == 0 or (names[row] and names[row] != names[row - 1])]
    others = [name for name in frame.columns if name not in places.values()]
    return TaggedBatch(
        words=cells.once(words),
        tags=cells.once(tags),
        columns={name.removeprefix(COLUMNS): cells.once(_texts(frame.columns[name])) for name in others},
        starts=starts,
        lines=rows,
        ids={sentence: names[start] for sentence, start in enumerate(starts)},
    )


def _batch_of_lists(
    frame: Frame, places: Mapping[str, str], tag_names: Sequence[str] | None, findings: Findings
) -> TaggedBatch:
    """Each row a sentence, with its words and tags as lists; rows without words are left out and counted."""
    words = frame.columns[places["tokens"]]
    for row in range(frame.num_rows):
        _check_lists(frame, places, row)
    filled = [row for row in range(frame.num_rows) if words[row]]
    if len(filled) < frame.num_rows:
        empty = [frame.place(row) for row in range(frame.num_rows) if not words[row]]
        findings.note("blank_sentences", *empty, count=len(empty))
    cells = Cells()
    rows = [row for row in filled for _ in words[row]]
    given = list(chain.from_iterable(frame.columns[places["tags"]][row] for row in filled))
    columns = [
        name for name in frame.columns if name not in places.values() and _is_parallel(frame, name, words, filled)
    ]
    originals = _originals(frame, places, columns, filled, findings)
    return TaggedBatch(
        words=cells.once(list(chain.from_iterable(words[row] for row in filled))),
        tags=cells.once(_tags(frame, places["tags"], given, rows, tag_names)),
        columns={
            name.removeprefix(COLUMNS): cells.once(
                _texts(list(chain.from_iterable(frame.columns[name][row] for row in filled)))
            )
            for name in columns
        },
        starts=list(accumulate((len(words[row]) for row in filled), initial=0))[:-1],
        lines=rows,
        ids={sentence: _id(frame, places, row) for sentence, row in enumerate(filled)},
        documents=range(len(filled)) if originals else (),
        originals=originals,
    )


def _check_lists(frame: Frame, places: Mapping[str, str], row: int) -> None:
    tokens, tags = (frame.columns[places[kind]][row] for kind in ("tokens", "tags"))
    if not isinstance(tokens, list) or not all(isinstance(word, str) for word in tokens):
        frame.refuse(row, places["tokens"], "a list of words", "Fill it in; every word is a string.")
    if not isinstance(tags, list) or len(tags) != len(tokens):
        frame.refuse(row, places["tags"], f"a list of {len(tokens)} tags, one a word", "Correct it.")


def _is_parallel(frame: Frame, name: str, words: Sequence[Any], rows: Sequence[int]) -> bool:
    """Whether a column has a list as long as the words in every row."""
    values = frame.columns[name]
    return all(isinstance(values[row], list) and len(values[row]) == len(words[row]) for row in rows)


def _originals(
    frame: Frame, places: Mapping[str, str], columns: Sequence[str], rows: Sequence[int], findings: Findings
) -> dict[int, Original]:
    """What rows say beside words, tags and their columns, by the sentence; nothing where none says something."""
    others = [name for name in frame.columns if name not in {*places.values(), *columns}]
    if not others and "text" not in places:
        return {}
    found = {}
    for sentence, row in enumerate(rows):
        words = frame.columns[places["tokens"]][row]
        text, tokens = _text(frame, places, row, words, findings)
        _, metadata = divided({name: frame.columns[name][row] for name in others}, None)
        found[sentence] = Original(_id(frame, places, row), text, metadata, tokens)
    return found


def _text(
    frame: Frame, places: Mapping[str, str], row: int, words: Sequence[str], findings: Findings
) -> tuple[str, tuple[Token, ...]]:
    """The row's own text with the places of its words, or the words joined by blanks where they do not stand in it."""
    own = frame.columns[places["text"]][row] if "text" in places else None
    tokens = located(words, own) if isinstance(own, str) else None
    if isinstance(own, str) and tokens is not None:
        return own, tokens
    if own is not None:
        findings.note("lost_text", frame.place(row))
    return " ".join(words), JoinedWords(tuple(words)).tokens()


def _id(frame: Frame, places: Mapping[str, str], row: int) -> str:
    name = frame.columns[places["id"]][row] if "id" in places else None
    return str(row + 1) if name is None else as_text(name)


def _texts(values: Sequence[Any]) -> list[str]:
    return ["" if value is None else as_text(value) for value in values]


def _tags(
    frame: Frame, column: str, values: Sequence[Any], rows: Sequence[int], names: Sequence[str] | None
) -> list[str]:
    """The tags, numbers by their names; those that are none are refused with their row."""
    known: dict[Any, str] = {}
    for value in dict.fromkeys(values):
        named = names[value] if names and type(value) is int and 0 <= value < len(names) else value
        try:
            if not isinstance(named, str):
                received = "none" if value is None else repr(value)
                raise SchemeError(f"expected O or a tag such as B-NAME, received {received}.")
            schemes.split_tag(named)
        except SchemeError as error:
            advice = "Give the names of numbers: tag_names." if type(value) is int else "Correct the tag."
            row = rows[values.index(value)]
            raise DataError(f"{frame.place(row)}, column {column!r}: {error} {advice}") from error
        known[value] = named
    return [known[value] for value in values]
