from pathlib import Path
from typing import Any

import pytest

from tagloom.data import Dataset, Source, from_frame, read
from tagloom.errors import ConfigError, DataError
from tagloom.keras.tagged_words import TaggedWords
from tagloom.text import Document, JoinedWords, Span

pandas = pytest.importorskip("pandas")


def frame(**changed: list[Any]) -> Any:
    """Two sentences as the Kaggle corpus has them: only a sentence's first word names it."""
    columns: dict[str, list[Any]] = {
        "Sentence #": ["Sentence: 1", None, None, "Sentence: 2", None],
        "Word": ["Zoe", "visits", "Ghent", "It", "rained"],
        "POS": ["NNP", "VBZ", "NNP", "PRP", "VBD"],
        "Tag": ["B-per", "O", "B-geo", "O", "O"],
    }
    return pandas.DataFrame(columns | changed)


FIRST = [("Zoe", "NNP", "B-per"), ("visits", "VBZ", "O"), ("Ghent", "NNP", "B-geo")]
SECOND = [("It", "PRP", "O"), ("rained", "VBD", "O")]


@pytest.mark.parametrize("is_filled", [False, True])
def test_a_frame_is_seen_as_sentences_of_words_with_part_of_speech_and_tag(is_filled: bool) -> None:
    table = frame()
    view = TaggedWords(table.ffill() if is_filled else table)
    assert len(view) == 2
    assert (view[0], view[1], view[-1]) == (FIRST, SECOND, SECOND)
    assert list(view) == [FIRST, SECOND]
    assert view[1:] == [SECOND]
    assert view[::-1] == [SECOND, FIRST]
    assert FIRST in view
    with pytest.raises(IndexError):
        view[2]


def test_a_dataset_is_seen_as_its_frame_is() -> None:
    assert list(TaggedWords(from_frame(frame()))) == list(TaggedWords(frame()))


def test_what_a_caller_does_to_a_sentence_stays_with_the_caller() -> None:
    view = TaggedWords(frame())
    view[0].clear()
    assert view[0] == FIRST


def test_sentences_of_one_document_are_found_by_their_place_among_all() -> None:
    words = ("Zoe", "visits", "Ghent", "It", "rained")
    document = Document(
        " ".join(words),
        (Span(0, 3, "per"), Span(11, 16, "geo")),
        tokens=JoinedWords(words),
        sentence_bounds=((0, 3), (3, 3), (3, 5)),
        columns={"POS": ("NNP", "VBZ", "NNP", "PRP", "VBD")},
    )
    empty = Document("", tokens=(), columns={})
    view = TaggedWords(Dataset((document, empty, document)))
    assert [view[place] for place in range(len(view))] == [FIRST, SECOND, FIRST, SECOND]


def test_tags_may_be_asked_for_in_another_scheme() -> None:
    assert [tag for _, _, tag in TaggedWords(frame(), scheme="BIOES")[0]] == ["S-per", "O", "S-geo"]


def test_ill_formed_tags_stay_as_they_were_in_their_own_scheme(caplog: pytest.LogCaptureFixture) -> None:
    broken = frame(Tag=["I-per", "O", "B-geo", "O", "O"])
    assert [tag for _, _, tag in TaggedWords(from_frame(broken, scheme="BIO"))[0]] == ["I-per", "O", "B-geo"]
    assert not caplog.records
    assert [tag for _, _, tag in TaggedWords(from_frame(broken, scheme="BIO"), scheme="BIOES")[0]] == [
        "S-per",
        "O",
        "S-geo",
    ]
    assert "documents whose ill-formed tags are not shown" in caplog.text


def test_another_column_may_be_named_and_a_missing_one_says_which_there_are() -> None:
    table = frame().rename(columns={"POS": "part"})
    assert TaggedWords(table, column="part")[0] == FIRST
    with pytest.raises(DataError, match="expected words with a column 'POS', found these columns: 'part'"):
        TaggedWords(table)
    with pytest.raises(DataError, match="found these columns: none"):
        TaggedWords(Dataset((Document("It rained"),)))
    with pytest.raises(ConfigError, match="received list"):
        TaggedWords([1])


def test_misaligned_spans_are_widened_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    document = Document("Zoes", (Span(0, 3, "per"),), tokens=JoinedWords(("Zoes",)), columns={"POS": ("NNP",)})
    assert TaggedWords(Dataset((document,), (Source((), "made", "BIO"),)))[0] == [("Zoes", "NNP", "B-per")]
    assert "1 misaligned spans" in caplog.text


def test_the_kaggle_corpus_is_shown_as_the_tutorial_shows_it(shared_data: Path) -> None:
    path = shared_data / "kaggle_gmb" / "ner_dataset.csv.zip"
    table = pandas.read_csv(path, encoding="cp1252", keep_default_na=False, nrows=3000)
    names = table["Sentence #"].replace("", None).ffill()
    expected = [
        list(zip(own["Word"], own["POS"], own["Tag"], strict=True)) for _, own in table.groupby(names, sort=False)
    ]
    view = TaggedWords(read(path))
    assert view[: len(expected) - 1] == expected[:-1]
    assert len(view) > 47_000
