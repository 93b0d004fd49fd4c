import time

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from tagloom.data.filters.patterns import compiled


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(", r"missing \)"),
        ("a" * 10_001, "it has 10001 characters, and may have 10000"),
        ("(?:(?:(?:(?:a?){99}){99}){99}){99}", "its counted repeats make more than 100000 elements"),
        ("(?:[ab](?:c|d{1000}){40}){40,}", "its counted repeats make more than 100000 elements"),
        ("a{100001}", "its counted repeats make more than 100000 elements"),
        ("a{99999999999999999999}", "its counted repeats make more than 100000 elements"),
        ("(" * 4000 + ")" * 4000, "it is nested too deep"),
    ],
)
def test_what_would_not_compile_in_time_is_refused_at_once(pattern: str, message: str) -> None:
    began = time.perf_counter()
    with pytest.raises(ValueError, match=message):
        compiled(pattern)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    "pattern",
    [r"\d{1,4}-\d{2}-\d{2}" * 20, r"[(){}\]]{3}", r"\({100}\)", r"(?:[^]a]{300}){300}", "a{1,100000}", "x{2}", "x{,3}"],
)
def test_counts_that_stay_small_pass(pattern: str) -> None:
    assert compiled(pattern) is not None


@given(st.text("ab(){}[]\\|*+?{2}{,}^$.", max_size=20))
def test_any_text_compiles_as_the_package_does_or_is_refused(pattern: str) -> None:
    try:
        expected = regex.compile(pattern)
    except regex.error:
        expected = None
    try:
        assert compiled(pattern) == expected
    except ValueError:
        assert expected is None


def test_case_is_ignored_where_that_is_asked_for() -> None:
    assert compiled("d90", ignore_case=True).search("A D90")
    assert not compiled("d90").search("A D90")
