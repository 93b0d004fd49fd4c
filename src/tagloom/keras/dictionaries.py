"""Dictionaries from words, characters and tags to rows: what makes one sound, and what to do where it is not."""

import reprlib
from collections.abc import Iterable, Mapping
from numbers import Integral
from typing import Any

from tagloom.errors import ConfigError, SchemeError
from tagloom.features.vocabulary import PADDING
from tagloom.features.word_index import FORMS
from tagloom.schemes import OUTSIDE, SCHEMES, split_tag

_MOST_ROWS = 2**31  # an array's whole numbers have 32 bits
_PADDING_NAMES = frozenset({"pad", "padding", "endpad"})
_UNKNOWN_NAMES = frozenset({"unk", "unknown", "oov"})


def checked_number(name: str, value: Any, most: int | None = None) -> int:
    """A size or a row of what is unknown, 1 or more.

    Raises:
        ConfigError: it is something else, or more than `most`.
    """
    is_whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not is_whole or value < 1 or (most is not None and value > most):
        told = "a whole number, 1 or more" if most is None else f"a whole number, 1 to {most}"
        advice = " Row 0 is padding." if name.startswith("unknown") else ""
        raise ConfigError(f"{name}: expected {told}, received {reprlib.repr(value)}.{advice}")
    return int(value)


def checked_words(given: Mapping[str, int], unknown: int, form: str) -> dict[str, int]:
    """The words alone, each with its own row.

    Names of the rows of padding and of what is unknown, as the field has them (`PAD`, `<unk>`, ...), are left out.

    Args:
        given: what somebody made.
        unknown: the row of unknown words.
        form: that words are looked up in, one of `FORMS`.

    Raises:
        ConfigError: a row is padding's or unknown_word, no number or given twice, or a word is of another form.
    """
    rows = _own_rows("word2idx", given, "unknown_word", unknown)
    formed = FORMS[form]
    strange = next((word for word in rows if formed(word) != word), None)
    if strange is not None:
        raise ConfigError(
            f"word2idx: {strange!r} can never be found, since words are looked up in the form {form!r}, this one as "
            f"{formed(strange)!r}. Make the dictionary of that form, or choose another word_form ({', '.join(FORMS)})."
        )
    return rows


def checked_characters(given: Mapping[str, int], unknown: int) -> dict[str, int]:
    """The characters alone, each with its own row, as `checked_words` has words.

    Raises:
        ConfigError: a row is padding's or unknown_character, no number or given twice, or an entry is longer.
    """
    rows = _own_rows("char2idx", given, "unknown_character", unknown)
    long = next((entry for entry in rows if len(entry) != 1), None)
    if long is not None:
        raise ConfigError(f"char2idx: expected single characters, received {long!r}. Number the characters of words.")
    return rows


def _own_rows(name: str, given: Mapping[str, int], unknown_name: str, unknown: int) -> dict[str, int]:
    rows = _numbers(name, given)
    owners: dict[int, str] = {}
    for entry, row in rows.items():
        if _is_name_of_row(entry, row, unknown):
            continue
        if row >= _MOST_ROWS:
            raise ConfigError(f"{name}: expected rows below {_MOST_ROWS}, received {row} for {entry!r}. Number anew.")
        if _is_called(entry, _UNKNOWN_NAMES) and not entry.isalpha():
            raise ConfigError(
                f"{name}: {entry!r} has row {row}, and {unknown_name} is {unknown}. Say {unknown_name}={row}."
            )
        if row <= PADDING:
            raise ConfigError(
                f"{name}: expected rows of 1 or more, received {row} for {entry!r}. Row 0 is padding, which "
                f"mask_zero=True leaves out: begin at 2, and leave 1 to what is unknown ({unknown_name})."
            )
        if row == unknown:
            raise ConfigError(
                f"{name}: row {row} is {unknown_name}, and {entry!r} has it too. Begin at 2, or give {unknown_name} a "
                f"row that none has, such as {max(rows.values()) + 1}. If {entry!r} is only its name, leave it out."
            )
        if row in owners:
            raise ConfigError(
                f"{name}: expected a row of its own for each, received {row} for {owners[row]!r} and {entry!r}. "
                "Number them anew."
            )
        owners[row] = entry
    return {entry: row for row, entry in owners.items()}


def checked_tags(given: Mapping[str, int], scheme: str) -> dict[str, int]:
    """The tags in the order of their numbers.

    Args:
        given: what somebody made.
        scheme: the name of theirs.

    Raises:
        ConfigError: the numbers do not go from 0 without gaps, a tag is none of the scheme, or `O` is not there.
    """
    numbers = _numbers("tag2idx", given)
    in_order = sorted(numbers, key=lambda tag: numbers[tag])
    expect_tags_of(scheme, in_order, "tag2idx")
    if [numbers[tag] for tag in in_order] != list(range(len(in_order))):
        raise ConfigError(
            f"tag2idx: expected the numbers 0 to {len(in_order) - 1} for {len(in_order)} tags, received "
            f"{', '.join(str(numbers[tag]) for tag in in_order)[:80]}. Number them from 0 without gaps."
        )
    if OUTSIDE not in numbers:
        raise ConfigError(f"tag2idx: expected {OUTSIDE} among the tags, received {', '.join(in_order)[:80]}. Add it.")
    return {tag: numbers[tag] for tag in in_order}


def expect_tags_of(scheme: str, tags: Iterable[str], place: str) -> None:
    """Lets pass tags as a scheme writes them.

    Args:
        scheme: its name.
        tags: any texts.
        place: what they were given to, for errors.

    Raises:
        ConfigError: one is not of the scheme.
    """
    for tag in tags:
        _expect_tag(tag, scheme, place)


def _expect_tag(tag: str, scheme: str, place: str) -> None:
    if _is_called(tag, _PADDING_NAMES | _UNKNOWN_NAMES):
        raise ConfigError(
            f"{place}: {tag!r} is no tag. Padding needs none: where the mask says that there is no word, the tag's "
            "number is 0 and not looked at. Leave it out, and number the others from 0."
        )
    try:
        prefix, label = split_tag(tag)
    except SchemeError as error:
        raise ConfigError(f"{place}: {error} Leave it out, or rename it.") from error
    prefixes = SCHEMES[scheme].prefixes
    if tag != OUTSIDE and (prefix not in prefixes or tag != f"{prefix}-{label}"):
        raise ConfigError(
            f"{place}: {tag!r} is no tag of the scheme {scheme}, whose prefixes are {', '.join(prefixes)}. "
            f"Name the scheme that it is of ({', '.join(SCHEMES)}; BILOU's tags are written in BIOES)."
        )


def _numbers(name: str, given: Any) -> dict[str, int]:
    """A copy, with Python's own numbers."""
    if not isinstance(given, Mapping):
        raise ConfigError(f"{name}: expected a dictionary from texts to numbers, received {type(given).__name__}.")
    numbers: dict[str, int] = {}
    for entry, row in given.items():
        if not isinstance(entry, str) or isinstance(row, bool) or not isinstance(row, Integral):
            raise ConfigError(f"{name}: expected a whole number for each text, received {row!r} for {entry!r}.")
        numbers[entry] = int(row)
    return numbers


def _is_name_of_row(entry: str, row: int, unknown: int) -> bool:
    return (row == PADDING and _is_called(entry, _PADDING_NAMES)) or (
        row == unknown and _is_called(entry, _UNKNOWN_NAMES)
    )


def _is_called(entry: str, names: frozenset[str]) -> bool:
    return "".join(filter(str.isalpha, entry)).lower() in names
