import random

import pytest

from tagloom.errors import ConfigError, SchemeError
from tagloom.evaluation.reading import MODES, count_ill_formed, read_chunks, reading
from tagloom.schemes import BIO, BIOES, SCHEMES, Scheme

ILL_FORMED = [["O", "I-A", "I-A"], ["B-A", "I-B"]]


def test_strict_reads_what_the_scheme_spells() -> None:
    assert read_chunks(ILL_FORMED, scheme=BIO, mode="strict", side="gold") == [[], [(0, 1, "A")]]


def test_conlleval_reads_whatever_looks_like_a_chunk() -> None:
    expected = [[(1, 3, "A")], [(0, 1, "A"), (1, 2, "B")]]
    assert read_chunks(ILL_FORMED, scheme=BIO, mode="conlleval", side="gold") == expected


@pytest.mark.parametrize("each", SCHEMES.values(), ids=SCHEMES.keys())
def test_ill_formed_tags_are_the_schemes_violations(each: Scheme) -> None:
    choose = random.Random(41)
    tags = ["O", *(f"{prefix}-{label}" for prefix in "BIES" for label in "AB")]
    sentences = [choose.choices(tags, k=choose.randrange(8)) for _ in range(300)]
    assert count_ill_formed(sentences, each) == sum(len(each.violations(sentence)) for sentence in sentences)


def test_a_chunk_that_its_sentence_cuts_off_is_ill_formed() -> None:
    assert count_ill_formed([["O", "B-A"], ["E-A"]], BIOES) == 2


@pytest.mark.parametrize("mode", MODES)
def test_a_tag_of_no_known_form_is_refused_with_its_sentence_and_side(mode: str) -> None:
    with pytest.raises(SchemeError, match=r"sentence 2, gold tags: .* received 'X-A'\. Correct the tag\."):
        read_chunks([["O"], ["X-A"]], scheme=BIO, mode=mode, side="gold")


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ConfigError, match="mode: received 'STRICT', expected one of strict, conlleval"):
        reading("STRICT")
