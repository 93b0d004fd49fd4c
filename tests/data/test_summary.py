import json
from pathlib import Path

import pytest

from tagloom.data import Dataset, read, summarise
from tagloom.data.problems import CHECKS, KINDS
from tagloom.errors import DataError
from tagloom.schemes import BIO
from tagloom.text import Document, Span, Token


def labelled(text: str, *spans: Span) -> Document:
    return Document(text, spans, text[:3])


def problems(dataset: Dataset) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {problem.kind: (problem.count, problem.finding.examples) for problem in summarise(dataset).problems}


def test_a_summary_is_what_inspect_gives_as_json(tmp_path: Path) -> None:
    sentences, tags = tmp_path / "a.txt", tmp_path / "a.tags"
    sentences.write_text("the g3\n\nit works\nthe g3\na b\n", encoding="utf-8")
    tags.write_text("O B-PNAME\n\nO O\nO O\nO I-PNAME\n", encoding="utf-8")
    value = summarise(read(sentences, tags)).to_json()
    assert json.loads(json.dumps(value)) == {
        "format": "two_files",
        "documents": 4,
        "sentences": 4,
        "tokens": 8,
        "entities": {"PNAME": 2},
        "scheme": "BIO",
        "encoding": "utf-8",
        "problems": [
            {
                "kind": kind,
                "severity": KINDS[kind][0],
                "count": 1,
                "examples": [example],
                "advice": KINDS[kind][1],
            }
            for kind, example in [
                ("ill_formed_tags", "a.tags:5: I-PNAME after O at word 2"),
                ("duplicate_sentences", "document 3: the g3"),
                ("conflicting_texts", "the g3: g3 = PNAME or no label"),
                ("blank_sentences", "a.tags:2"),
            ]
        ],
    }


def test_several_sources_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_bytes("é O\n".encode("cp1252"))
    (tmp_path / "b.csv").write_text("sent_id,word,tag\n1,a,I-X\n", encoding="utf-8")
    summary = summarise(read(tmp_path / "a.conll", tmp_path / "b.csv"))
    assert (summary.format, summary.scheme, summary.encoding) == ("conll, csv", "BIO, IOB1", "cp1252, utf-8")


def test_nothing_is_wrong_with_nothing() -> None:
    assert summarise(Dataset()).problems == ()


def test_spans_that_tags_cannot_say_are_counted() -> None:
    dataset = Dataset((labelled("a b c d", Span(0, 3, "X"), Span(2, 7, "Y"), Span(6, 7, "Z")), labelled("e")))
    assert problems(dataset) == {"overlapping_spans": (2, ("document a b: a b = X", "document a b: d = Z"))}


def test_spans_that_training_stops_at_are_errors() -> None:
    inside_a_word = labelled("my D90 too", Span(3, 5, "X"), Span(7, 10, "Y"))
    two_sentences = Document("a b", (Span(0, 3, "X"),), "2", {}, (Token(0, 1), Token(2, 3)), ((0, 1), (1, 2)))
    dataset = Dataset((inside_a_word, two_sentences))
    (problem,) = summarise(dataset).problems
    assert (problem.kind, problem.severity, problem.count) == ("misaligned_spans", "error", 2)
    assert problem.finding.examples == ("document my : span 3-5 D9 = X", "document 2: span 0-3 a b = X")
    for document in dataset.documents:
        with pytest.raises(DataError, match="does not begin and end at the edges of words"):
            [sentence.tags(BIO) for sentence in Dataset((document,)).sentences()]


def test_every_repetition_of_a_sentence_is_counted_and_five_are_shown() -> None:
    dataset = Dataset(tuple(labelled("x" * 100) for _ in range(9)))
    count, examples = problems(dataset)["duplicate_sentences"]
    assert (count, len(examples)) == (8, 5)
    assert examples[0] == "document xxx: " + "x" * 79 + "…"


def test_a_text_conflicts_once_however_often_it_occurs() -> None:
    readings = [(Span(0, 1, "X"),), (), (Span(0, 1, "Y"), Span(2, 3, "X")), (Span(0, 1, "X"),)]
    dataset = Dataset(tuple(labelled("a b", *spans) for spans in readings))
    assert problems(dataset)["conflicting_texts"] == (1, ("a b: a = X or no label or a = Y, b = X",))


def test_the_same_labels_in_another_place_of_a_document_do_not_conflict() -> None:
    dataset = Dataset((labelled("It works. I like it.", Span(12, 16, "X")), labelled("I  like it.", Span(3, 7, "X"))))
    assert set(problems(dataset)) == {"duplicate_sentences"}


def test_whatever_is_found_has_advice() -> None:
    assert all(check.__name__ in KINDS for check in CHECKS)
    assert {severity for severity, _ in KINDS.values()} <= {"error", "warning", "info"}
