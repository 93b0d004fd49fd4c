import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagloom.data.dataset import Dataset
from tagloom.data.division.feature_set import FeatureSet
from tagloom.errors import ConfigError, DataError, SchemeError
from tagloom.features.vocabulary import Vocabulary
from tagloom.keras.encoder import Encoder
from tagloom.schemes import BIOES, SCHEMES
from tagloom.text import Document, Sentence, Span, Token
from tagloom.tokenize import sentences

TAGS = {"O": 0, "B-X": 1, "I-X": 2}

TRAIN = Dataset(
    (
        Document("The D90 and the D80 .", (Span(4, 7, "PNAME"), Span(16, 19, "PNAME"))),
        Document("The autofocus hunts . It is the D90 .", (Span(4, 13, "PFEATURE"), Span(32, 35, "PNAME"))),
    )
)
DEV = Dataset((Document("A EOS-5D never hunts in the dark at all .", (Span(2, 8, "CAMERA"),)),))
FEATURES = FeatureSet(TRAIN, DEV)


def worded(words: list[str], *chunks: tuple[int, int, str]) -> Sentence:
    text = " ".join(words)
    tokens, start = [], 0
    for word in words:
        tokens.append(Token(start, start + len(word)))
        start += len(word) + 1
    return Sentence(text, tokens, tuple(Span(tokens[a].start, tokens[b - 1].end, label) for a, b, label in chunks))


def plain(**given: Any) -> Encoder:
    return Encoder(**{"word2idx": {"a": 2, "b": 3}, "tag2idx": TAGS, "char2idx": {"a": 2}, "length": 4, **given})


def test_words_and_characters_of_train_are_numbered_by_frequency_then_alphabet() -> None:
    encoder = Encoder.of(FEATURES)
    words = [".", "D90", "The", "the", "D80", "It", "and", "autofocus", "hunts", "is"]
    assert encoder.word2idx == {word: row for row, word in enumerate(words, start=2)}
    assert list(encoder.char2idx)[:3] == ["h", "t", "e"]
    assert min(encoder.char2idx.values()) == 2
    assert (encoder.num_words, encoder.num_characters) == (12, len(encoder.char2idx) + 2)


def test_tags_are_those_of_every_part_and_the_length_is_that_of_the_longest_sentence() -> None:
    encoder = Encoder.of(FEATURES, scheme="IOBES")
    assert list(encoder.tag2idx) == BIOES.tags(["PNAME", "CAMERA", "PFEATURE"])
    assert (encoder.scheme, encoder.length) == ("BIOES", 10)


@pytest.mark.parametrize(
    ("form", "word", "known"),
    [("surface", "THE", False), ("lower", "THE", True), ("lower", "d70", False), ("folded", "d70", True)],
)
def test_a_word_is_looked_up_in_its_form(form: str, word: str, known: bool) -> None:
    encoder = Encoder.of(FEATURES, word_form=form, length=3)
    assert (encoder.words([[word]]).max() > encoder.unknown_word) == known


def test_rare_words_are_unknown_and_counted_in_their_form() -> None:
    assert list(Encoder.of(FEATURES, min_count=2).word2idx) == [".", "D90", "The", "the"]
    assert list(Encoder.of(FEATURES, min_count=3, word_form="lower").word2idx) == ["the", "."]


def test_arrays_are_padded_behind_and_characters_of_long_words_are_first_and_last_halves() -> None:
    encoder = plain(char2idx={"a": 2, "b": 5, "c": 9}, word_length=4, unknown_word=7, unknown_character=4)
    words = encoder.words([["b", "zz", "a"], []])
    assert words.dtype == np.int32
    assert words.tolist() == [[3, 7, 2, 0], [0, 0, 0, 0]]
    characters = encoder.characters([["ab", "aaxxxbc", ""], []])
    assert characters.dtype == np.int32
    assert characters.tolist() == [[[2, 5, 0, 0], [2, 2, 5, 9], [4, 0, 0, 0], [0] * 4], [[0] * 4] * 4]


@given(words=st.lists(st.text(max_size=9), min_size=1, max_size=4), word_length=st.integers(1, 6))
def test_characters_are_cut_as_a_vocabulary_cuts_them(words: list[str], word_length: int) -> None:
    encoder = plain(char2idx={"a": 2, "b": 3}, word_length=word_length)
    expected = Vocabulary((), ("a", "b"), word_length).character_numbers(words)
    assert (encoder.characters([words])[0, : len(words), : expected.shape[1]] == expected).all()


def test_sentences_and_lists_of_their_words_give_the_same() -> None:
    encoder, own = Encoder.of(FEATURES), TRAIN.sentences()
    words = [sentence.words for sentence in own]
    assert (encoder.words(own) == encoder.words(words)).all()
    assert (encoder.characters(own) == encoder.characters(words)).all()


def test_what_is_behind_the_cut_is_counted_in_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    long, short = worded(list("abcdefg"), (3, 6, "X")), worded(["a"])
    encoder = plain()
    for made in (encoder.words, encoder.tags, encoder.characters):
        assert made([long, short, long]).shape[:2] == (3, 4)  # type: ignore[operator]
        message = "sentences that are longer than 4 words: 2 of 3; 6 words are behind the cut"
        assert [message in record.getMessage() for record in caplog.records] == [True]
        caplog.clear()
    encoder.words([short])
    assert not caplog.records


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=lambda scheme: scheme.name)
def test_an_entity_that_runs_over_the_cut_ends_there_well_formed(scheme: Any) -> None:
    encoder = plain(scheme=scheme.name, tag2idx={tag: number for number, tag in enumerate(scheme.tags(["X"]))})
    tags = encoder.tags([worded(list("abcdefg"), (0, 1, "X"), (2, 6, "X"), (6, 7, "X"))])
    names = [encoder.idx2tag[number] for number in tags[0]]
    assert scheme.decode(names) == [(0, 1, "X"), (2, 4, "X")]
    assert not scheme.violations(names)


@given(
    st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["X", "Y", ""])), min_size=1, max_size=6),
    st.sampled_from(["IOB1", "BIO", "BIOES"]),
)
def test_tags_go_to_numbers_and_back(runs: list[tuple[int, str]], scheme: str) -> None:
    chunks, size = [], 0
    for width, label in runs:
        chunks += [(size, size + width, label)] if label else []
        size += width
    sentence = worded(["a"] * size, *chunks)
    names = SCHEMES[scheme].tags(["X", "Y"])
    encoder = plain(length=20, scheme=scheme, tag2idx={tag: number for number, tag in enumerate(reversed(names))})
    numbers = encoder.tags([sentence])
    assert encoder.tag_names(numbers, [sentence]) == [sentence.tags(SCHEMES[scheme])]
    scores = np.eye(len(names))[numbers] - 3  # negative, as a CRF's are but for one
    assert encoder.tag_names(scores, [sentence.words]) == encoder.tag_names(numbers, [sentence])


def test_spans_that_overlap_are_counted(caplog: pytest.LogCaptureFixture) -> None:
    sentence = worded(list("abc"), (0, 1, "X"), (0, 2, "X"))
    assert plain().tags([sentence]).tolist() == [[1, 2, 0, 0]]
    assert "longer ones overlap them: 1" in caplog.text


def test_a_label_that_has_no_tag_is_named() -> None:
    with pytest.raises(DataError, match="one of the tags O, B-X, I-X, received B-Y"):
        plain().tags([worded(["a"], (0, 1, "Y"))])


def test_words_behind_the_cut_are_outside() -> None:
    assert plain().tag_names([[1, 2, 2, 2]], [list("abcdef")]) == [["B-X", "I-X", "I-X", "I-X", "O", "O"]]


@pytest.mark.parametrize("predicted", [np.zeros((2, 4)), np.zeros((1, 5)), np.zeros((1, 4, 2)), np.zeros((1, 4, 3, 1))])
def test_predictions_of_another_shape_are_refused(predicted: Any) -> None:
    with pytest.raises(DataError, match=r"expected \(1, 4\) or \(1, 4, 3\) for 1 sentences, received"):
        plain().tag_names(predicted, [["a"]])


@pytest.mark.parametrize("predicted", [np.full((1, 4), 3), np.full((1, 4), -1), np.full((1, 4), 0.5)])
def test_predicted_numbers_that_are_no_tags_are_refused(predicted: Any) -> None:
    with pytest.raises(DataError, match="numbers of tags, 0 to 2"):
        plain().tag_names(predicted, [["a"]])


def test_documents_come_back_with_the_predicted_spans_in_place_of_their_own() -> None:
    encoder = Encoder.of(FEATURES, scheme="BIOES")
    documents = [*TRAIN.documents, *DEV.documents]
    own = [sentence for document in documents for sentence in sentences(document)]
    assert len(own) > len(documents)
    found = encoder.documents(encoder.tags(own), documents)
    assert found == documents
    nothing = encoder.documents(np.zeros((len(own), encoder.length), int), [replace(documents[0]), *documents[1:]])
    assert [document.spans for document in nothing] == [(), (), ()]


def test_ill_formed_tags_are_no_entity_unless_they_are_read_leniently() -> None:
    document = Document("a D90")
    predicted = [[0, 2, 0, 0]]
    assert plain().documents(predicted, [document])[0].spans == ()
    assert plain().documents(predicted, [document], leniently=True)[0].spans == (Span(2, 5, "X"),)


def test_dictionaries_of_the_tutorials_pass_and_names_of_rows_are_no_words() -> None:
    encoder = plain(word2idx={"PAD": 0, "UNK": 1, "a": 2, "b": 3}, char2idx={"<pad>": 0, "<unk>": 1, "a": 2})
    assert encoder == plain()
    assert encoder.idx2word == {0: "<padding>", 1: "<unknown>", 2: "a", 3: "b"}
    from_one = plain(word2idx={"a": 1, "b": 2, "ENDPAD": 3}, unknown_word=4)
    assert from_one.words([["b", "x"]]).tolist() == [[2, 4, 0, 0]]
    assert from_one.num_words == 5
    assert plain(word2idx={"a": np.int64(2)}, length=np.int64(3)).to_json()["length"] == 3


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"word2idx": {"a": 0, "b": 2}}, "received 0 for 'a'. Row 0 is padding"),
        ({"word2idx": {"a": 1, "b": 2}}, "row 1 is unknown_word, and 'a' has it too. .* such as 3"),
        ({"word2idx": {"a": 2, "b": 2}}, "received 2 for 'a' and 'b'"),
        ({"word2idx": {"a": -4}}, "received -4 for 'a'"),
        ({"word2idx": {"a": 2.0}}, "expected a whole number for each text, received 2.0"),
        ({"word2idx": {7: 2}}, "for 7"),
        ({"word2idx": ["a"]}, "word2idx: expected a dictionary"),
        ({"word2idx": {"Sony": 2}, "word_form": "lower"}, "'Sony' can never be found, .* as 'sony'"),
        ({"char2idx": {"ab": 2}}, "single characters, received 'ab'"),
        ({"char2idx": {"a": 1}}, "row 1 is unknown_character"),
        ({"tag2idx": {"O": 0, "B-X": 2}}, "0 to 1 for 2 tags, received 0, 2"),
        ({"tag2idx": {"O": 1, "B-X": 2}}, "received 1, 2. Number them from 0"),
        ({"tag2idx": {"PAD": 0, "O": 1}}, "'PAD' is no tag. Padding needs none"),
        ({"tag2idx": {"NNP": 0, "O": 1}}, "received 'NNP'. Leave it out, or rename it"),
        ({"tag2idx": {"O": 0, "S-X": 1}}, "'S-X' is no tag of the scheme BIO, whose prefixes are B, I"),
        ({"tag2idx": {"O": 0, "U-X": 1}, "scheme": "BILOU"}, "'U-X' is no tag of the scheme BIOES"),
        ({"tag2idx": {"B-X": 0}}, "expected O among the tags"),
        ({"word2idx": {"a": 2**40}}, "expected rows below 2147483648, received 1099511627776 for 'a'"),
        (
            {"word2idx": {"<PAD>": 0, "a": 2, "<UNK>": 3}},
            "'<UNK>' has row 3, and unknown_word is 1. Say unknown_word=3",
        ),
        ({"length": 0}, "length: expected a whole number, 1 to 1000000, received 0"),
        ({"length": 10**12}, "length: expected a whole number, 1 to 1000000"),
        ({"length": True}, "length: expected"),
        ({"word_length": 1025}, "word_length: expected a whole number, 1 to 1024"),
        ({"unknown_word": 0}, "unknown_word: .* Row 0 is padding"),
        ({"word_form": "upper"}, "word_form: expected one of folded, lower, surface, hashed, received 'upper'"),
    ],
)
def test_what_is_not_sound_says_why(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        plain(**given)


def test_asking_for_what_there_is_not_is_refused() -> None:
    with pytest.raises(SchemeError, match="'BIOX'"):
        plain(scheme="BIOX")
    with pytest.raises(ConfigError, match="expected characters, received none"):
        plain(char2idx={}).characters([["a"]])
    with pytest.raises(ConfigError, match="received the text 'a b'"):
        plain().words(["a b"])
    with pytest.raises(DataError, match="sentences in its train part"):
        Encoder.of(FeatureSet(Dataset()))
    with pytest.raises(DataError, match="a labelled span"):
        Encoder.of(FeatureSet(Dataset((Document("A D90"),))))
    with pytest.raises(ConfigError, match="min_count"):
        Encoder.of(FEATURES, min_count=0)


def test_an_encoder_that_was_saved_is_the_same_when_loaded(tmp_path: Path) -> None:
    odd = plain(word2idx={"\ud800": 2, "\u2028": 3, "日本": 4}, scheme="IOB2", word_length=7, unknown_word=9)
    for number, encoder in enumerate((odd, Encoder.of(FEATURES, word_form="folded"))):
        path = tmp_path / f"{number}.json"
        encoder.save(path)
        assert Encoder.load(path) == encoder
        assert list(Encoder.load(path).tag2idx) == list(encoder.tag2idx)


def test_a_file_that_holds_no_encoder_is_refused_with_its_path(tmp_path: Path) -> None:
    content = plain().to_json()
    for wrong, message in (
        ("[]", "expected an object of format 1"),
        ("{", "expected an encoder as its `save` writes it"),
        (json.dumps({**content, "format_version": 2}), "format 1"),
        (json.dumps({name: value for name, value in content.items() if name != "length"}), "expected char2idx, length"),
        (json.dumps({**content, "length": "4"}), "length: expected a whole number"),
        (json.dumps({**content, "scheme": 4}), "expected texts as scheme and word_form"),
        (json.dumps({**content, "tag2idx": None}), "tag2idx: expected a dictionary"),
    ):
        path = tmp_path / "encoder.json"
        path.write_text(wrong)
        with pytest.raises(DataError, match=message) as raised:
            Encoder.load(path)
        assert str(raised.value).startswith(str(path))
    with pytest.raises(DataError, match="No such file"):
        Encoder.load(tmp_path / "absent.json")


def test_the_kaggle_corpus_goes_to_numbers_and_back(shared_data: Path, caplog: pytest.LogCaptureFixture) -> None:
    from tagloom.data import read

    whole = read(shared_data / "kaggle_gmb" / "ner_dataset.csv.zip")
    part = Dataset(whole.documents[:1500], whole.sources)
    caplog.set_level(logging.WARNING)
    encoder = Encoder.of(FeatureSet(part))
    found = encoder.documents(encoder.tags(part.sentences()), part.documents)
    assert [document.spans for document in found] == [document.spans for document in part.documents]
    assert (encoder.words(part.sentences()) == encoder.unknown_word).sum() == 0
    assert not caplog.records
