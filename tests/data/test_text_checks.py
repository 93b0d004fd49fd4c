"""Characters, lengths and repetitions that are told of."""

import pytest

from tagloom.data import Dataset, problems_of
from tagloom.data.quality.checks.lengths import WINDOW
from tagloom.text import Document, JoinedWords, Span


def found(*texts: str) -> dict[str, int]:
    dataset = Dataset(tuple(Document(text, id=str(number)) for number, text in enumerate(texts)))
    return {problem.kind: problem.count for problem in problems_of(dataset)}


def examples(kind: str, *documents: Document) -> tuple[str, ...]:
    (problem,) = [problem for problem in problems_of(Dataset(documents)) if problem.kind == kind]
    return problem.examples


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize(
    "text", ["é", "ü", "ß", "ñ", "£", "°", "«", "’", "…", "—", "™", "Москва", "Αθήνα", "東京", "😀"]
)
def test_utf_8_that_was_read_in_another_encoding_is_mojibake(text: str, encoding: str) -> None:
    try:
        broken = text.encode("utf-8").decode(encoding)
    except UnicodeDecodeError:
        pytest.skip("has a byte that the encoding lacks")
    assert found(f"an {broken} in it")["mojibake"] >= 1


@pytest.mark.parametrize(
    "text",
    [
        "Le CAFÉ” et l’été à São Paulo, ÂGE « Â » NÃO",
        "Ünïcödé, Ångström, Łódź, Dvořák, ©®±²³µ¶·½¿×÷",
        "Москва́ Ñandú Αθήνα İstanbul",
        "日本語の文。한국어 ไทย",
        "می\u200cخواهم \u200fעברית\u200e",
        "👩\u200d🔬 👍🏽 ☎️",
        "naïve\tcafé\r\nnext line\u00a0here",
    ],
)
def test_text_of_any_script_is_not_suspicious(text: str) -> None:
    assert found(text) == {}


@pytest.mark.parametrize(
    ("text", "kind", "example"),
    [
        ("lost \ufffd\ufffd here", "replacement_characters", "document 7: \ufffd\ufffd in lost \ufffd\ufffd here"),
        ("wait\x85 what", "control_characters", "document 7: U+0085 in wait\\x85 what"),
        ("a\x00b", "control_characters", "document 7: U+0000 in a\\x00b"),
        ("cr\rlf", "control_characters", "document 7: U+000D in cr\\rlf"),
        ("no\u200bthing", "invisible_characters", "document 7: U+200B in no\\u200bthing"),
        ("soft\u00adly", "invisible_characters", "document 7: U+00AD in soft\\xadly"),
        ("two\nin \ufeffone", "invisible_characters", "document 7: U+FEFF in two in \\ufeffone"),
        ("an \ue001 icon", "private_characters", "document 7: U+E001 in an \\ue001 icon"),
        ("canâ€™t", "mojibake", "document 7: â€™ in canâ€™t"),
    ],
)
def test_a_suspicious_character_is_told_with_its_number_and_place(text: str, kind: str, example: str) -> None:
    assert examples(kind, Document(text, id="7")) == (example,)


def words(count: int, name: str) -> Document:
    joined = JoinedWords((name,) * count)
    return Document(" ".join(joined.words), id=name, tokens=joined)


def test_a_sentence_longer_than_a_window_is_told() -> None:
    documents = (words(WINDOW, "fits"), words(WINDOW + 1, "over"))
    assert [one[:26] for one in examples("overlong_sentences", *documents)] == ["document over: 1,025 words"]


def test_a_sentence_is_long_beside_the_others() -> None:
    short = [words(10, f"w{number}") for number in range(5)]
    assert [one[:23] for one in examples("long_sentences", *short, words(101, "x"), words(100, "y"))] == [
        "document x: 101 words: "
    ]
    usual = [words(30, f"w{number}") for number in range(5)]
    assert problems_of(Dataset((*usual, words(150, "x")))) == ()


def test_every_repetition_of_a_sentence_is_counted_and_five_are_shown() -> None:
    documents = [Document("x" * 100, id="d") for _ in range(9)]
    (problem,) = problems_of(Dataset(tuple(documents)))
    assert (problem.kind, problem.count, len(problem.examples)) == ("duplicate_sentences", 8, 5)
    assert problem.examples[0] == "document d: " + "x" * 79 + "…"


def test_a_text_conflicts_once_however_often_it_occurs() -> None:
    readings = [(Span(0, 1, "X"),), (), (Span(0, 1, "Y"), Span(2, 3, "X")), (Span(0, 1, "X"),)]
    documents = [Document("a b", spans, str(number)) for number, spans in enumerate(readings)]
    assert examples("conflicting_texts", *documents) == (
        "document 0, document 1, document 2: a = X or no label or a = Y, b = X: a b",
    )


def test_of_a_conflict_only_the_spans_that_differ_are_told() -> None:
    readings = [(Span(0, 1, "X"), Span(2, 3, "Y")), (Span(0, 1, "X"), Span(2, 3, "Z"))]
    documents = [Document("a b", spans, str(number)) for number, spans in enumerate(readings)]
    assert examples("conflicting_texts", *documents) == ("document 0, document 1: b = Y or b = Z: a b",)


def test_the_same_labels_in_another_place_of_a_document_do_not_conflict() -> None:
    documents = (
        Document("It works. I like it.", (Span(12, 16, "X"),)),
        Document("I  like it.", (Span(3, 7, "X"),)),
    )
    assert {problem.kind for problem in problems_of(Dataset(documents))} == {"duplicate_sentences", "rare_labels"}
