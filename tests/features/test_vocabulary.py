"""Words and characters to numbers and back to JSON."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagloom.errors import BundleError, ConfigError
from tagloom.features.vocabulary import FIRST_CHARACTER, UNKNOWN_CHARACTER, Vocabulary
from tagloom.features.word_index import FORMS, UNKNOWN_WORD, WordIndex

VOCABULARY = Vocabulary.of({"The": 3, "the": 2, "D90": 1, "D80": 1, "日": 1})


def test_words_are_found_in_any_case_and_with_any_digits() -> None:
    the, other_the, camera, unseen_camera, unknown = VOCABULARY.word_numbers(["THE", "the", "d90", "D70", "lens"])[0]
    assert the == other_the == 1  # the most frequent
    assert camera == unseen_camera
    assert unknown == UNKNOWN_WORD


@pytest.mark.parametrize(
    ("form", "found_as"),
    [
        ("folded", ["the", "the", "the", "d00", "d00", "d00", "日"]),
        ("lower", ["the", "the", "the", "d90", "d90", "?", "日"]),
        ("surface", ["The", "the", "?", "D90", "?", "?", "日"]),
        ("hashed", ["The", "the", "?", "D##", "?", "D##", "日"]),
    ],
)
def test_words_are_found_under_the_form_of_the_vocabulary(form: str, found_as: list[str]) -> None:
    index = WordIndex.of({"The": 2, "the": 1, "D90": 1, "日": 1}, form)
    rows = index.numbers(["The", "the", "THE", "D90", "d90", "D70", "日"])
    assert [("?", *index.words)[row] for row in rows] == found_as


def test_a_word_is_found_under_the_first_form_that_has_it() -> None:
    index = WordIndex(("The", "the", "d00", "##"), ("surface", "lower", "folded", "hashed"))
    found = [("?", *index.words)[row] for row in index.numbers(["The", "THE", "D90", "47", "lens"])]
    assert found == ["The", "the", "d00", "##", "?"]


def test_a_word_is_known_where_one_table_has_it() -> None:
    vocabulary = Vocabulary((WordIndex(("a",)), WordIndex(("b",))), ())
    assert vocabulary.word_numbers(["a", "b", "c"]).tolist() == [[1, 0, 0], [0, 1, 0]]
    assert vocabulary.is_known(["a", "b", "c"]).tolist() == [True, True, False]


def test_a_word_that_is_lacking_is_made_of_the_longest_pieces() -> None:
    index = WordIndex(("view", "##finder", "##f", "v", "D"), ("surface", "lower"), has_pieces=True)
    words = "Viewfinder", "viewff", "viewx", "", "D"
    found = [[index.words[row - 1] for row in index.pieces(word)] for word in words]
    assert found == [["view", "##finder"], ["view", "##f", "##f"], [], [], ["D"]]
    assert WordIndex(("view", "##finder"), ("lower",)).pieces("viewfinder") == []
    assert index.pieces("view" * 1000) == []


def test_a_form_without_a_name_is_folded() -> None:
    assert WordIndex(()).forms == VOCABULARY.tables[0].forms == ("folded",)


def test_an_unknown_form_is_refused_with_the_known_ones() -> None:
    for refused in (lambda: WordIndex((), ("upper",)), lambda: Vocabulary.of({"a": 1}, form="upper")):
        with pytest.raises(
            ConfigError, match=r"forms: expected some of folded, lower, surface, hashed, received .*upper"
        ):
            refused()
    with pytest.raises(ConfigError, match=r"forms: expected some of .*, received \(\)"):
        WordIndex((), ())


def test_characters_keep_their_case_and_unknown_ones_are_told_apart_from_padding() -> None:
    rows = VOCABULARY.character_numbers(["The", "D", "ü"])
    assert rows.shape == (3, 3)
    assert (rows[1, 1:] == 0).all()
    assert rows[2, 0] == UNKNOWN_CHARACTER
    assert len({int(number) for number in rows[0]}) == 3
    assert rows[0].min() >= FIRST_CHARACTER


def test_of_a_long_word_the_first_and_last_halves_are_looked_at() -> None:
    vocabulary = Vocabulary((), tuple("abc"), max_word_length=5)
    (row,) = vocabulary.character_numbers(["aab" + "b" * 50 + "ccc"])
    a, b, c = (vocabulary.character_numbers([letter])[0, 0] for letter in "abc")
    assert list(row) == [a, a, c, c, c]
    assert b not in row


forms = st.sampled_from(list(FORMS))


@given(st.dictionaries(st.text(min_size=1), st.integers(1, 9), max_size=8), forms)
def test_json_gives_the_same_vocabulary(counts: dict[str, int], form: str) -> None:
    vocabulary = Vocabulary.of(counts, form=form)
    assert Vocabulary.from_json(json.loads(json.dumps(vocabulary.to_json()))) == vocabulary


@given(st.dictionaries(st.text(), st.integers(1, 9), max_size=8), forms)
def test_every_word_that_was_counted_is_known(counts: dict[str, int], form: str) -> None:
    assert UNKNOWN_WORD not in Vocabulary.of(counts, form=form).word_numbers(counts)


@given(st.lists(st.text(), max_size=5))
def test_any_word_has_numbers_within_the_tables(words: list[str]) -> None:
    assert np.isin(VOCABULARY.word_numbers(words), range(VOCABULARY.tables[0].num_rows)).all()
    assert np.isin(VOCABULARY.character_numbers(words), range(VOCABULARY.num_characters)).all()


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        {"tables": [], "characters": [], "max_word_length": 0},
        {"tables": [], "characters": [], "max_word_length": "5"},
        {"tables": [], "characters": ["a", "a"], "max_word_length": 5},
        {"tables": {}, "characters": [], "max_word_length": 5},
        {"tables": [[]], "characters": [], "max_word_length": 5},
        *(
            {"tables": [{"has_pieces": False, **table}], "characters": [], "max_word_length": 5}
            for table in (
                {"words": 3, "forms": ["folded"]},
                {"words": [1], "forms": ["folded"]},
                {"words": ["a", "a"], "forms": ["folded"]},
                {"words": []},
                {"words": [], "forms": ["upper"]},
                {"words": [], "forms": []},
                {"words": [], "forms": "folded"},
                {"words": [], "forms": [["folded"]]},
                {"words": [], "forms": None},
                {"words": [], "forms": ["folded"], "more": 1},
                {"words": [], "forms": ["folded"], "has_pieces": 1},
            )
        ),
    ],
)
def test_what_is_no_vocabulary_is_refused(content: object) -> None:
    with pytest.raises(BundleError, match=r"vocabulary\.json"):
        Vocabulary.from_json(content)
