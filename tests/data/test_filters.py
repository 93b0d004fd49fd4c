"""The language of filters: what it says, what it refuses, and that no pattern hangs."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagloom.data.filters.filter import Condition, Filter
from tagloom.errors import ConfigError, DataError
from tagloom.text import Document, Span


def review(number: int, text: str, *labels: str, **metadata: str) -> Document:
    spans = tuple(Span(place, place + 1, label) for place, label in enumerate(labels))
    return Document(text, spans, f"r{number}", metadata)


REVIEWS = [
    review(0, "The Nikon is light and sharp", "PNAME", product="Nikon D90", date="2024-01-31", stars="5"),
    review(1, "Its menu", "PFEATURE", "PNAME", product="Canon S3", date="2024-02-01T09:30Z", stars="10"),
    review(2, "Nothing to see", product="Nikon D80", date="2023-12-31", stars="-2.5"),
    review(3, "Rock and roll", "PNAME"),
]


def places(text: str) -> list[int]:
    return Filter.parse(text).places(REVIEWS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("product=Nikon D90", [0]),
        ("  product  =  Nikon D90  ", [0]),
        ("product!=Nikon D90", [1, 2, 3]),
        ("product~^Nikon", [0, 2]),
        ("product!~^Nikon", [1, 3]),
        ("product=", [3]),
        ("product!=", [0, 1, 2]),
        ("id=r2", [2]),
        ("text~(?i)nikon", [0]),
        ("label=PNAME", [0, 1, 3]),
        ("label!=PNAME", [2]),
        ("label=", [2]),
        ("label~^P(NAME|OTHER)$ and label!=PFEATURE", [0, 3]),
        ("date>=2024-01-31", [0, 1]),
        ("date>2024-01-31", [1]),
        ("date<2024-01", [2]),
        ("date<=2024-02-01T10:30+01:00", [0, 1, 2]),
        ("stars>5", [1]),
        ("stars>=5 and stars<10.0", [0]),
        ("stars<0", [2]),
        ('text="Rock and roll"', [3]),
        ('text~"light and" and product~Nikon', [0]),
        ('"product"="Nikon D90"', [0]),
        ("product= and text~roll", [3]),
        ("product=nobody", []),
    ],
)
def test_a_filter_takes_the_documents_that_fit_all_its_conditions(text: str, expected: list[int]) -> None:
    assert places(text) == expected


def test_a_column_fits_where_any_of_its_values_does() -> None:
    tagged = [Document("a b", columns={"POS": ("NN", "VB")}), Document("c", columns={"POS": ("JJ",)})]
    assert Filter.parse("POS=VB").places(tagged) == [0]
    assert Filter.parse("POS!=VB").places(tagged) == [1]


def test_quoted_values_hold_what_would_part_conditions() -> None:
    parsed = Filter.parse(r'"a=b"="say \"x\" and y" and c~"\d \""')
    assert [(one.field, one.operator, one.value) for one in parsed.conditions] == [
        ("a=b", "=", 'say "x" and y'),
        ("c", "~", r"\d " + '"'),
    ]


names = st.text("abcxyz _-.", min_size=1, max_size=8).map(str.strip).filter(bool)
values = st.text(st.characters(exclude_characters='\\"', exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.tuples(names, st.sampled_from(["=", "!="]), values), min_size=1, max_size=4))
def test_quoted_conditions_are_read_as_they_were_written(given_conditions: list[tuple[str, str, str]]) -> None:
    text = " and ".join(f'"{field}" {operator} "{value}"' for field, operator, value in given_conditions)
    assert [(one.field, one.operator, one.value) for one in Filter.parse(text).conditions] == given_conditions


@given(st.text(st.sampled_from('ab=!~<>" and1\\(')))
def test_any_text_is_a_filter_or_refused_with_its_position(text: str) -> None:
    try:
        assert Filter.parse(text).conditions
    except ConfigError as error:
        assert f"filter {text!r}, position " in str(error)  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("", 1, "the name of a field, received the end"),
        ("=x", 1, "the name of a field, received '=x'"),
        ("product", 8, "one of != !~ <= >= = ~ < > after the field 'product', received the end"),
        ("product=a and ", 15, "the name of a field, received the end"),
        ('product="a', 9, """a closing quotation mark, received '"a'"""),
        ('product="a" or b', 13, "'and' or the end after a value in quotation marks, received 'or b'"),
        ("date>soon", 6, "a number or a date such as 2024-01-31 after >, received 'soon'"),
        ("a=b and text~(", 14, "a regular expression (missing ) at position 1), received '('"),
        ("text~(?:(?:a{999}){999}){999}", 6, "a regular expression (its counted repeats make more than 100000 elem"),
        (f"text~{'(' * 3000}{')' * 3000}", 6, "a regular expression (it is nested too deep)"),
    ],
)
def test_what_is_no_filter_is_refused_with_its_position(text: str, position: int, expected: str) -> None:
    with pytest.raises(ConfigError) as raised:
        Filter.parse(text)
    assert f"position {position}: expected {expected}" in str(raised.value)


def test_a_field_that_no_document_has_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError) as raised:
        places("label=PNAME and prodct=Nikon")
    assert str(raised.value) == (
        "filter 'label=PNAME and prodct=Nikon', position 17: no document has the field 'prodct'. "
        "Known fields are id, text, label, product, date, stars."
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("stars>2024-01-01", "expected a date to compare with '2024-01-01', received '5' in document 'r0'"),
        ("date>2024", "expected a number to compare with '2024', received '2024-01-31' in document 'r0'"),
        ("product>5", "expected a number to compare with '5', received 'Nikon D90' in document 'r0'"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_its_document(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        places(text)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(?i)(a|aa)+$", "(?R)"])
def test_a_catastrophic_pattern_ends_in_time(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tagloom.data.filters.filter.TIME_LIMIT", 0.2)
    bad = [Document("a" * 5000 + "!", id="bad")]
    began = time.perf_counter()
    try:
        assert Filter.parse(f"text~{pattern}").places(bad) == []
    except DataError as error:
        assert "took longer than 0.2 s on document 'bad'" in str(error)  # noqa: PT017 - either outcome is right
    assert time.perf_counter() - began < 2


def test_a_pattern_that_takes_too_long_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tagloom.data.filters.filter.TIME_LIMIT", 0.1)
    with pytest.raises(
        DataError, match=r"position 1: the regular expression .* took longer than 0\.1 s on document 1\."
    ):
        Filter.parse("text~(?i)(a|aa)+$").places([Document("a" * 50 + "!")])


def test_conditions_are_values() -> None:
    assert Filter.parse("a=b") == Filter("a=b", (Condition("a", "=", "b"),))
    assert hash(Filter.parse("a=b")) == hash(Filter.parse("a=b"))


@pytest.mark.parametrize(("written", "meant"), [("product==D90", "="), ("stars=>3", ">="), ("stars =<3", "<=")])
def test_an_operator_of_another_language_is_refused_with_the_right_one(written: str, meant: str) -> None:
    with pytest.raises(ConfigError, match=f"expected '{meant}' "):
        Filter.parse(written)


def test_a_quoted_value_may_begin_like_an_operator() -> None:
    assert Filter.parse('product="=D90"').conditions[0].value == "=D90"


def test_where_none_fits_the_values_that_there_are_are_told() -> None:
    documents = [Document("A", metadata={"product": f"D{min(number, 7)}"}) for number in range(10)]
    error = Filter.parse("product=D1 or product=D2").none_fits(documents, " in train")
    assert "documents that fit it in train, found none of 10. The values of 'product' are 'D7' (3), 'D0' (1)" in str(
        error
    )
    assert str(error).endswith("and 3 more. There is no 'or', and 'and' is in small letters.")
