"""File formats, each in a file of its own."""

from tagloom.data.formats.conll import Conll
from tagloom.data.formats.format import Column, Format, Options, Reading
from tagloom.data.formats.json_lines import JsonLines
from tagloom.data.formats.tables import Tables
from tagloom.data.formats.two_files import TwoFiles
from tagloom.errors import ConfigError

__all__ = ["FORMATS", "Column", "Format", "Options", "Reading", "named"]

FORMATS: tuple[Format, ...] = (TwoFiles(), JsonLines(), Tables(), Conll())
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
