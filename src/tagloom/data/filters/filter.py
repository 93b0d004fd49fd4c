"""Which documents to take: conditions on their fields, written such as `product=Nikon and date>=2024-01-01`."""

import operator
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import regex

from tagloom.data.filters.fields import TEXT, expect_field, named, values_of
from tagloom.data.filters.moments import Moment, parse_moment
from tagloom.data.filters.patterns import TIME_LIMIT, compiled
from tagloom.data.findings import shortened
from tagloom.errors import ConfigError, DataError
from tagloom.text import Document

ORDERS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
"""What compares numbers, dates and times."""

MISSPELLED: Mapping[str, str] = {"==": "=", "=>": ">=", "=<": "<="}
"""What is taken for an operator in other languages, and the one that is meant."""

OPERATORS = ("!=", "!~", "<=", ">=", "=", "~", "<", ">")

_NUM_VALUES = 5

_BLANKS = regex.compile(r"\s*")
_QUOTED = regex.compile(r'"((?:[^"\\]|\\.)*+)"', regex.DOTALL)
_BARE_FIELD = regex.compile(r'[^=!~<>"]+')
_OPERATOR = regex.compile("|".join(OPERATORS))
_AND = regex.compile(r"\s+and\s+")


@dataclass(frozen=True, slots=True)
class Condition:
    """A field, how it is compared, and with what.

    Args:
        field: `id`, `text`, `label`, or a name in metadata or columns.
        operator: one of `OPERATORS`.
        value: what is compared with; a regular expression for `~` and `!~`; a number or date for orders.
        position: where it begins in the filter, from 1.
    """

    field: str
    operator: str
    value: str
    position: int = 1

    def fits(self, document: Document) -> bool:
        """Whether any value of the field fits; for `!=` and `!~`, whether none does. A missing one reads as empty.

        Raises:
            TimeoutError: a regular expression takes too long.
            ValueError: an order is asked of what is no number and no date, or of the other of the two.
        """
        values = values_of(document, self.field)
        if self.operator in ORDERS:
            return any(self._is_in_order(value) for value in values)
        if self.operator in ("~", "!~"):
            pattern = compiled(self.value)
            fitting = any(pattern.search(value, timeout=TIME_LIMIT) for value in values or ("",))
        else:
            fitting = self.value in (values or ("",))
        return fitting != self.operator.startswith("!")

    def _is_in_order(self, value: str) -> bool:
        moment, bound = parse_moment(value), parse_moment(self.value)
        if moment is None or bound is None or moment.kind != bound.kind:
            raise ValueError(value)
        return ORDERS[self.operator](moment.value, bound.value)


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions that a document must all fit.

    Args:
        text: as it was written.
        conditions: at least one.

    Example:
        >>> chosen = Filter.parse('brand=Nikon and text~"menus? and"')
        >>> [(one.field, one.operator, one.value) for one in chosen.conditions]
        [('brand', '=', 'Nikon'), ('text', '~', 'menus? and')]
        >>> text = "Its menu and grip"
        >>> chosen.places([Document(text, metadata={"brand": "Canon"}), Document(text, metadata={"brand": "Nikon"})])
        [1]
    """

    text: str
    conditions: tuple[Condition, ...]

    @classmethod
    def parse(cls, text: str) -> "Filter":
        """The filter that a text says; docs/feature-sets.md has the language.

        Raises:
            ConfigError: it says none; the message has the position.
        """
        conditions: list[Condition] = []
        position: int | None = 0
        while position is not None:
            condition, position = _read_condition(text, position)
            conditions.append(condition)
        return cls(text, tuple(conditions))

    def kept(self, documents: Sequence[Document]) -> list[Document]:
        """The documents that fit, in their order; raises what `places` does."""
        return [documents[place] for place in self.places(documents)]

    def places(self, documents: Sequence[Document]) -> list[int]:
        """The places of the documents that fit, from 0.

        Raises:
            ConfigError: a field is in no document.
            DataError: a document's value cannot be compared, or takes a regular expression too long.
        """
        for condition in self.conditions:
            expect_field(documents, condition.field, f"filter {self.text!r}, position {condition.position}")
        return [place for place, document in enumerate(documents) if self._fits(document, place)]

    def none_fits(self, documents: Sequence[Document], place: str = "") -> DataError:
        """What to raise where no document fits: with the values that there are.

        Args:
            documents: that were looked at.
            place: where they are, such as ` in train`.
        """
        fields = dict.fromkeys(condition.field for condition in self.conditions if condition.field != TEXT)
        known = "".join(f" {_most_frequent(documents, field)}" for field in fields)
        return DataError(
            f"filter {self.text!r}: expected documents that fit it{place}, found none of {len(documents)}.{known} "
            "There is no 'or', and 'and' is in small letters."
        )

    def _fits(self, document: Document, place: int) -> bool:
        for condition in self.conditions:
            try:
                if not condition.fits(document):
                    return False
            except TimeoutError as error:
                raise DataError(
                    f"filter {self.text!r}, position {condition.position}: the regular expression {condition.value!r} "
                    f"took longer than {TIME_LIMIT:g} s on {named(document, place)}. Make it simpler."
                ) from error
            except ValueError as error:
                raise DataError(
                    f"filter {self.text!r}, position {condition.position}: expected a {_kind(condition.value)} to "
                    f"compare with {condition.value!r}, received {shortened(str(error))!r} in "
                    f"{named(document, place)}. Correct it, or filter by = or ~."
                ) from error
        return True


def _most_frequent(documents: Sequence[Document], field: str) -> str:
    counts = Counter(value for document in documents for value in values_of(document, field))
    told = ", ".join(f"{shortened(value)!r} ({number:,})" for value, number in counts.most_common(_NUM_VALUES))
    more = len(counts) - _NUM_VALUES
    return f"The values of {field!r} are {told or 'none'}{f' and {more:,} more' if more > 0 else ''}."


def _read_condition(text: str, position: int) -> tuple[Condition, int | None]:
    """The condition at a position, and where the next one begins, if there is one."""
    begin = _after_blanks(text, position)
    field, end = _read_field(text, begin)
    found = _OPERATOR.match(text, _after_blanks(text, end))
    if found is None:
        raise _refused(text, _after_blanks(text, end), f"one of {' '.join(OPERATORS)} after the field {field!r}")
    written = text[found.start() : found.start() + 2]
    if written in MISSPELLED:
        meant = f"{MISSPELLED[written]!r} (a value that begins with {written[1]} goes in quotation marks)"
        raise _refused(text, found.start(), meant)
    begin_value = found.end() if _AND.match(text, found.end()) else _after_blanks(text, found.end())
    value, following = _read_value(text, begin_value)
    condition = Condition(field, found[0], value, begin + 1)
    _check_value(condition, text, begin_value)
    return condition, following


def _read_field(text: str, position: int) -> tuple[str, int]:
    if quoted := _QUOTED.match(text, position):
        field, end = _unquoted(quoted[1]), quoted.end()
    elif bare := _BARE_FIELD.match(text, position):
        field, end = bare[0].strip(), bare.end()
    else:
        field, end = "", position
    if not field:
        raise _refused(text, position, "the name of a field")
    return field, end


def _read_value(text: str, position: int) -> tuple[str, int | None]:
    """The value at a position, and where the next condition begins, if there is one."""
    if text.startswith('"', position):
        quoted = _QUOTED.match(text, position)
        if quoted is None:
            raise _refused(text, position, "a closing quotation mark")
        value, end = _unquoted(quoted[1]), quoted.end()
        rest = _AND.match(text, end)
        if rest is None and text[end:].strip():
            raise _refused(text, _after_blanks(text, end), "'and' or the end after a value in quotation marks")
        return value, rest.end() if rest else None
    rest = _AND.search(text, position)
    return text[position : rest.start() if rest else len(text)].strip(), rest.end() if rest else None


def _check_value(condition: Condition, text: str, position: int) -> None:
    if condition.operator in ORDERS and parse_moment(condition.value) is None:
        raise _refused(text, position, f"a number or a date such as 2024-01-31 after {condition.operator}")
    if condition.operator in ("~", "!~"):
        try:
            compiled(condition.value)
        except ValueError as error:
            raise _refused(text, position, f"a regular expression ({error})") from error


def _after_blanks(text: str, position: int) -> int:
    return int(_BLANKS.match(text, position).end())


def _unquoted(text: str) -> str:
    return text.replace('\\"', '"')


def _kind(value: str) -> str:
    moment: Moment | None = parse_moment(value)
    return moment.kind if moment else "value"


def _refused(text: str, position: int, expected: str) -> ConfigError:
    received = repr(shortened(text[position:])) if text[position:] else "the end"
    return ConfigError(
        f"filter {text!r}, position {position + 1}: expected {expected}, received {received}. "
        "Write conditions such as product=Nikon and date>=2024-01-31."
    )
