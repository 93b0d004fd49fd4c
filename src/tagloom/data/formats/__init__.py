"""File formats, each in a file of its own."""

from tagloom.data.formats.brat import Brat
from tagloom.data.formats.conll import Conll
from tagloom.data.formats.doc_bin import DocBin
from tagloom.data.formats.doccano import Doccano
from tagloom.data.formats.format import (
    COLUMNS,
    KEEP,
    LEAVE_OUT,
    UNLABELLED,
    Column,
    Format,
    Options,
    Piece,
    Reading,
    Writing,
)
from tagloom.data.formats.json_lines import JsonLines
from tagloom.data.formats.json_list import JsonList
from tagloom.data.formats.label_studio import LabelStudio
from tagloom.data.formats.plain_text import PlainText
from tagloom.data.formats.prodigy import Prodigy
from tagloom.data.formats.tables import Tables
from tagloom.data.formats.text_tables import TextTables
from tagloom.data.formats.two_files import TwoFiles
from tagloom.data.formats.unlabelled import reader
from tagloom.errors import ConfigError

__all__ = [
    "COLUMNS",
    "FORMATS",
    "KEEP",
    "LEAVE_OUT",
    "UNLABELLED",
    "Column",
    "Format",
    "Options",
    "Piece",
    "Reading",
    "Writing",
    "named",
    "reader",
]

FORMATS: tuple[Format, ...] = (
    DocBin(),
    Brat(),
    TwoFiles(),
    JsonLines(),
    JsonList(),
    Doccano(),
    Prodigy(),
    LabelStudio(),
    TextTables(),
    Tables(),
    Conll(),
    PlainText(),
)
"""Every format; where several recognise a source, the first."""


def named(name: str) -> Format:
    """The format of that name.

    Raises:
        ConfigError: there is none.
    """
    found = next((each for each in FORMATS if each.name == name), None)
    if found is None:
        raise ConfigError(f"format: received {name!r}, expected one of {', '.join(each.name for each in FORMATS)}.")
    return found
