import itertools
import random
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval import scheme as seqeval_scheme
from seqeval.metrics.sequence_labeling import get_entities

from tagloom.errors import SchemeError
from tagloom.schemes import BIO, BIOES, IO, IOB1, OUTSIDE, SCHEMES, Scheme, convert, detect, label_of, scheme, split_tag
from tagloom.text import Chunk

LABELS = ("PNAME", "PFEATURE", "x-ray", "名")
SEQEVAL = {"IOB1": seqeval_scheme.IOB1, "BIO": seqeval_scheme.IOB2, "BIOES": seqeval_scheme.IOBES}
BILOU = str.maketrans("ES", "LU")

every_scheme = pytest.mark.parametrize("each", SCHEMES.values(), ids=SCHEMES.keys())
schemes = st.sampled_from(list(SCHEMES.values()))


@st.composite
def chunked(draw: st.DrawFn) -> tuple[list[Chunk], int]:
    """Chunks that are in order and apart, often neighbours of one label, and the number of words."""
    chunks: list[Chunk] = []
    end = 0
    for gap, width, label in draw(
        st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4), st.sampled_from(LABELS[:2])), max_size=6)
    ):
        chunks.append((end + gap, end + gap + width, label))
        end += gap + width
    return chunks, end + draw(st.integers(0, 3))


@st.composite
def well_formed(draw: st.DrawFn) -> tuple[Scheme, list[str]]:
    """A scheme and tags each of which may follow the one before, at both edges too."""
    one = draw(schemes)
    tags = one.tags(LABELS[:2])
    sequence: list[str] = []
    for _ in range(draw(st.integers(0, 8))):
        before = sequence[-1] if sequence else OUTSIDE
        sequence.append(draw(st.sampled_from([tag for tag in tags if one.allows(before, tag)])))
    while sequence and not one.allows(sequence[-1], OUTSIDE):
        sequence.append(draw(st.sampled_from([tag for tag in tags if one.allows(sequence[-1], tag)])))
    return one, sequence


def merged(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Neighbours of one label as one chunk, which is all that IO can say."""
    together: list[Chunk] = []
    for begin, end, label in chunks:
        if together and together[-1][1:] == (begin, label):
            begin = together.pop()[0]
        together.append((begin, end, label))
    return together


def random_tags(prefixes: str, *, seed: int, number: int = 4000) -> Iterator[list[str]]:
    """Sequences of 0 to 9 tags, well-formed or not."""
    choose = random.Random(seed)
    tags = [OUTSIDE, OUTSIDE, *(f"{prefix}-{label}" for prefix in prefixes for label in ("PNAME", "x-ray"))]
    for _ in range(number):
        yield choose.choices(tags, k=choose.randrange(10))


@given(chunked())
def test_chunks_encoded_and_decoded_are_the_same_in_every_scheme_but_io_which_merges_neighbours(
    given_chunks: tuple[list[Chunk], int],
) -> None:
    chunks, length = given_chunks
    for one in (IOB1, BIO, BIOES):
        assert one.decode(one.encode(chunks, length)) == chunks
        assert one.decode_leniently(one.encode(chunks, length)) == chunks
    assert IO.decode(IO.encode(chunks, length)) == merged(chunks)


@given(chunked(), schemes)
def test_what_encode_writes_breaks_no_rule_and_has_a_tag_a_word(
    given_chunks: tuple[list[Chunk], int], one: Scheme
) -> None:
    chunks, length = given_chunks
    tags = one.encode(chunks, length)
    assert len(tags) == length
    assert one.violations(tags) == []
    assert set(tags) <= set(one.tags(LABELS))


@given(well_formed())
def test_tags_without_violations_decode_the_same_strictly_and_leniently(formed: tuple[Scheme, list[str]]) -> None:
    one, tags = formed
    assert one.violations(tags) == []
    assert one.decode(tags) == one.decode_leniently(tags)


@given(well_formed())
def test_every_tag_without_violations_lies_in_a_chunk_of_its_label(formed: tuple[Scheme, list[str]]) -> None:
    one, tags = formed
    labels = [""] * len(tags)
    for begin, end, label in one.decode(tags):
        labels[begin:end] = [label] * (end - begin)
    assert labels == [label_of(tag) for tag in tags]


@given(chunked(), schemes, schemes)
def test_conversion_keeps_the_chunks(given_chunks: tuple[list[Chunk], int], source: Scheme, target: Scheme) -> None:
    chunks, length = given_chunks
    kept = merged(chunks) if IO in (source, target) else chunks
    assert target.decode(convert(source.encode(chunks, length), source, target)) == kept


def test_conversion_reads_ill_formed_tags_leniently() -> None:
    assert convert(["I-A", "I-B", "O", "E-A"], BIO, BIOES) == ["S-A", "S-B", "O", "S-A"]


@pytest.mark.parametrize("name", SEQEVAL)
def test_decoding_equals_seqevals_strict_mode_on_random_tags(name: str) -> None:
    prefixes = "BIES" if name == "BIOES" else "BI"
    sequences = list(random_tags(prefixes, seed=11))
    expected = seqeval_scheme.Entities(sequences, SEQEVAL[name]).entities
    for tags, entities in zip(sequences, expected, strict=True):
        assert SCHEMES[name].decode(tags) == [(one.start, one.end, one.tag) for one in entities], tags


def test_decoding_bilou_equals_seqevals_strict_mode_on_random_tags() -> None:
    sequences = list(random_tags("BILU", seed=12))
    expected = seqeval_scheme.Entities(sequences, seqeval_scheme.BILOU).entities
    for tags, entities in zip(sequences, expected, strict=True):
        assert scheme("BILOU").decode(tags) == [(one.start, one.end, one.tag) for one in entities], tags


@every_scheme
def test_lenient_decoding_equals_seqevals_reading_of_conlleval_on_random_tags(each: Scheme) -> None:
    for tags in random_tags("BIES", seed=13):
        expected = [(begin, last + 1, label) for label, begin, last in get_entities(tags)]
        assert each.decode_leniently(tags) == expected, tags


@given(chunked())
def test_bilou_reads_as_bioes(given_chunks: tuple[list[Chunk], int]) -> None:
    chunks, length = given_chunks
    bilou = [tag[0].translate(BILOU) + tag[1:] for tag in BIOES.encode(chunks, length)]
    assert BIOES.decode(bilou) == chunks
    assert BIOES.violations(bilou) == []


@every_scheme
def test_violations_are_the_pairs_that_are_not_allowed(each: Scheme) -> None:
    for tags in random_tags("BIES", seed=14, number=500):
        padded = [OUTSIDE, *tags, OUTSIDE]
        broken = [place for place, pair in enumerate(itertools.pairwise(padded)) if not each.allows(*pair)]
        assert each.violations(tags) == broken


@pytest.mark.parametrize(
    ("each", "tags", "places"),
    [
        (BIO, ["O", "I-A", "I-A"], [1]),
        (BIO, ["B-A", "I-B"], [1]),
        (BIO, ["B-A", "E-A"], [1, 2]),
        (BIOES, ["B-A"], [1]),
        (BIOES, ["B-A", "O", "E-A", "S-A"], [1, 2]),
        (IOB1, ["O", "B-A"], [1]),
        (IOB1, ["I-A", "B-A", "I-B"], []),
        (IO, ["I-A", "B-A"], [1, 2]),
    ],
)
def test_violations_name_the_place_of_what_breaks_a_rule(each: Scheme, tags: list[str], places: list[int]) -> None:
    assert each.violations(tags) == places


@given(well_formed())
def test_a_tag_continues_the_chunk_of_the_one_before_where_both_lie_in_one(formed: tuple[Scheme, list[str]]) -> None:
    one, tags = formed
    inside = {position for begin, end, _ in one.decode(tags) for position in range(begin + 1, end)}
    for position, (before, after) in enumerate(itertools.pairwise(tags), start=1):
        assert (after in one.continuations(before)) == (position in inside)


@every_scheme
def test_continuations_are_tags_of_the_scheme_that_may_follow(each: Scheme) -> None:
    for tag in each.tags(LABELS):
        assert set(each.continuations(tag)) <= set(each.tags(LABELS))
        assert all(each.allows(tag, after) for after in each.continuations(tag))
    assert each.continuations(OUTSIDE) == []


@every_scheme
def test_allowed_transitions_and_masks_agree_with_allows(each: Scheme) -> None:
    tags = each.tags(LABELS[:2])
    start, between, end = each.transition_masks(tags)
    pairs = set(each.allowed_transitions(LABELS[:2]))
    assert (start.dtype, between.dtype, end.dtype) == (np.bool_, np.bool_, np.bool_)
    assert (start.shape, between.shape, end.shape) == ((len(tags),), (len(tags), len(tags)), (len(tags),))
    for row, before in enumerate(tags):
        assert start[row] == each.allows(OUTSIDE, before)
        assert end[row] == each.allows(before, OUTSIDE)
        for column, after in enumerate(tags):
            assert between[row, column] == each.allows(before, after) == ((before, after) in pairs)


@every_scheme
def test_a_scheme_allows_exactly_the_tags_that_some_chunks_give(each: Scheme) -> None:
    length, labels = 3, LABELS[:2]
    stretches = [(begin, end, label) for begin in range(3) for end in range(begin + 1, 4) for label in labels]
    written = set()
    for number in range(length + 1):
        for chunks in itertools.permutations(stretches, number):
            if all(before[1] <= after[0] for before, after in itertools.pairwise(chunks)):
                written.add(tuple(each.encode(chunks, length)))
    allowed = {tags for tags in itertools.product(each.tags(labels), repeat=length) if not each.violations(tags)}
    assert written <= allowed
    assert {tuple(each.encode(each.decode(tags), length)) for tags in allowed} == written


@given(chunked(), schemes)
def test_a_detected_scheme_reads_the_chunks_that_were_written(
    given_chunks: tuple[list[Chunk], int], one: Scheme
) -> None:
    tags = one.encode(*given_chunks)
    found = detect([tags])
    assert found.violations(tags) == []
    assert found.decode(tags) == one.decode(tags)


@pytest.mark.parametrize(
    ("sequences", "expected"),
    [
        ([], BIO),
        ([["O", "O"]], BIO),
        ([["B-A", "I-A", "O"]], BIO),
        ([["B-A", "I-A", "O"], ["O", "I-A"]], BIO),
        ([["I-A", "I-A", "B-A", "O"]], IOB1),
        ([["O", "S-A"]], BIOES),
        ([["B-A", "L-A", "U-B"]], BIOES),
    ],
)
def test_detect_takes_the_scheme_whose_rules_are_broken_least(sequences: list[list[str]], expected: Scheme) -> None:
    assert detect(sequences) is expected


@pytest.mark.parametrize("tag", ["", "B", "B-", "X-A", "-A", "b-A", "BA", "OO", "O-A", "B_A", "PNAME"])
def test_a_tag_of_no_known_form_is_refused(tag: str) -> None:
    for refuse in (split_tag, lambda tag: BIO.decode(["O", tag]), lambda tag: detect([["O", tag]])):
        with pytest.raises(SchemeError, match="expected O or a tag such as B-NAME"):
            refuse(tag)


def test_a_label_may_hold_hyphens_and_any_script() -> None:
    assert [split_tag(f"B-{label}") for label in LABELS] == [("B", label) for label in LABELS]
    assert split_tag(OUTSIDE) == (OUTSIDE, "")


@pytest.mark.parametrize(
    "chunks", [[(0, 2, "A"), (1, 3, "B")], [(2, 3, "A"), (0, 1, "A")], [(1, 1, "A")], [(2, 5, "A")]]
)
def test_chunks_that_overlap_or_are_out_of_order_or_empty_or_beyond_are_refused(chunks: list[Chunk]) -> None:
    with pytest.raises(SchemeError, match="expected chunks in order, apart and within 4 words"):
        BIO.encode(chunks, 4)


@pytest.mark.parametrize(
    ("name", "expected"), [("BIO", BIO), ("iob2", BIO), ("IOBES", BIOES), ("bilou", BIOES), ("IOB1", IOB1), ("io", IO)]
)
def test_schemes_are_found_by_name_and_alias_in_either_case(name: str, expected: Scheme) -> None:
    assert scheme(name) is expected


def test_an_unknown_scheme_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SchemeError, match="received 'BMES', expected one of IO, IOB1, BIO, BIOES, IOB2, IOBES, BILOU"):
        scheme("BMES")


@every_scheme
def test_actions_are_the_rules_about_each_pair_of_tags(each: Scheme) -> None:
    tags = ["O", "L-B", *(f"{prefix}-{label}" for label in "AB" for prefix in "SEIB")]
    actions = each.actions(tags)
    assert actions.shape == (3, len(tags), len(tags))
    for table, rules in zip(actions, (each.starts, each.continues, each.ends), strict=True):
        for row, before in zip(table, tags, strict=True):
            for found, after in zip(row, tags, strict=True):
                (first, label), (second, next_label) = split_tag(before), split_tag(after)
                assert found == ((first, second, "same" if label == next_label else "different") in rules)
