import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagloom.data import Dataset, read, summarise, summarise_parts
from tagloom.data.division.named_parts import read_parts
from tagloom.data.quality.kinds import KINDS, SEVERITIES
from tagloom.data.quality.lengths import Lengths
from tagloom.errors import DataError
from tagloom.schemes import BIO
from tagloom.text import Document, Span, Token

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_a_summary_is_what_inspect_gives_as_json(tmp_path: Path) -> None:
    sentences, tags = tmp_path / "a.txt", tmp_path / "a.tags"
    sentences.write_text("the g3\n\nit works\nthe g3\na b\n", encoding="utf-8")
    tags.write_text("O B-PNAME\n\nO O\nO O\nO I-PNAME\n", encoding="utf-8")
    value = summarise(read(sentences, tags)).to_json()
    one_word = {"min": 1, "median": 1.0, "mean": 1.0, "p95": 1, "max": 1, "histogram": [[1, 1, 2]]}
    assert json.loads(json.dumps(value)) == {
        "format": "two_files",
        "documents": 4,
        "sentences": 4,
        "tokens": 8,
        "entities": {"PNAME": 2},
        "scheme": "BIO",
        "encoding": "utf-8",
        "different_words": 6,
        "sentences_without_entities": 2,
        "sentence_lengths": {"min": 2, "median": 2.0, "mean": 2.0, "p95": 2, "max": 2, "histogram": [[2, 2, 4]]},
        "labels": {
            "PNAME": {"count": 2, "surfaces": 2, "most_frequent": [["g3", 1], ["b", 1]], "lengths": one_word},
        },
        "parts": {},
        "problems": [
            {
                "kind": kind,
                "severity": KINDS[kind].severity,
                "count": 1,
                "examples": [example],
                "advice": KINDS[kind].advice,
            }
            for kind, example in [
                ("ill_formed_tags", "a.tags:5: I-PNAME after O at word 2"),
                ("conflicting_texts", "document 1, document 3: g3 = PNAME or no label: the g3"),
                ("rare_labels", "PNAME: 2 examples"),
                ("duplicate_sentences", "document 3: the g3"),
                ("blank_sentences", "a.tags:2"),
            ]
        ],
    }


def test_several_sources_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_bytes("é O\n".encode("cp1252"))
    (tmp_path / "b.csv").write_text("sent_id,word,tag\n1,a,I-X\n", encoding="utf-8")
    summary = summarise(read(tmp_path / "a.conll", tmp_path / "b.csv"))
    assert (summary.format, summary.scheme, summary.encoding) == ("conll, csv", "BIO, IOB1", "cp1252, utf-8")


def test_examples_name_the_file_where_there_are_several(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.conll").write_text("It O\nworks O\n", encoding="utf-8")
    (problem,) = summarise(read(tmp_path / "a.conll", tmp_path / "b.conll")).problems
    assert problem.examples == ("b.conll document 1: It works",)


def test_nothing_is_wrong_with_nothing() -> None:
    summary = summarise(Dataset())
    assert (summary.problems, summary.labels, summary.share_of_bare_sentences) == ((), {}, 0)
    assert summary.sentence_lengths == Lengths()


def test_figures_of_each_label_count_words_and_surfaces() -> None:
    texts = [("New York", "LOC"), ("New York", "LOC"), ("York", "LOC"), ("Bush", "PER")]
    documents = [Document(f"{text} !", (Span(0, len(text), label),)) for text, label in texts]
    summary = summarise(Dataset((*documents, Document("nothing here"))))
    location = summary.labels["LOC"]
    assert (location.count, location.num_surfaces, location.most_frequent) == (3, 2, (("New York", 2), ("York", 1)))
    assert (location.lengths.least, location.lengths.median, location.lengths.most) == (1, 2.0, 2)
    assert summary.num_bare_sentences == 1


def test_spans_that_cannot_be_tagged_stop_training_until_they_are_aligned() -> None:
    inside_a_word = Document("my D90 too", (Span(3, 5, "X"),), "1")
    two_sentences = Document("a b", (Span(0, 3, "X"),), "2", {}, (Token(0, 1), Token(2, 3)), ((0, 1), (1, 2)))
    for document, kind in ((inside_a_word, "misaligned_spans"), (two_sentences, "crossing_spans")):
        assert kind in {problem.kind for problem in summarise(Dataset((document,))).problems}
        with pytest.raises(DataError, match="does not begin and end at the edges of words"):
            [sentence.tags(BIO) for sentence in Dataset((document,)).sentences()]


def test_parts_are_told_together_and_each() -> None:
    train = Dataset((Document("A D90 .", (Span(2, 5, "PNAME"),)), Document("It works .")))
    test = Dataset((Document("A D90 !", (Span(2, 5, "PNAME"),)),))
    summary = summarise_parts({"train": train, "test": test})
    assert (summary.counts.num_sentences, summary.counts.entities) == (3, {"PNAME": 2})
    assert {name: part.counts.num_tokens for name, part in summary.parts.items()} == {"train": 6, "test": 3}
    assert summary.parts["train"].comparison is None
    assert summary.to_json()["parts"]["test"]["in_train"] == {
        "different_entities": 1,
        "seen_entities": 1.0,
        "seen_mentions": 1.0,
        "unknown_words": pytest.approx(1 / 3),
        "frequent_unknown_words": ["!"],
        "leaked_sentences": 0,
    }


def test_files_named_after_parts_are_parts(tmp_path: Path) -> None:
    for name in ("train", "testb", "valid"):
        (tmp_path / f"{name}.conll").write_text(f"{name} O\n", encoding="utf-8")
    parts = read_parts(tmp_path)
    assert {name: part.documents[0].text for name, part in parts.items()} == {
        "train": "train",
        "dev": "valid",
        "test": "testb",
    }
    assert list(read_parts(tmp_path / "train.conll")) == [""]
    (tmp_path / "more.conll").write_text("more O\n", encoding="utf-8")
    assert list(read_parts(tmp_path / "train.conll", tmp_path / "more.conll")) == [""]


@given(st.lists(st.integers(0, 300), max_size=60))
def test_a_histogram_counts_every_length_once(lengths: list[int]) -> None:
    spread = Lengths.of(lengths)
    assert len(spread.histogram) <= 41
    for each in spread.histogram:
        assert each.count == sum(each.least <= length <= each.most for length in lengths)
    assert sum(each.count for each in spread.histogram) == len(lengths)
    if lengths:
        assert (spread.histogram[0].least, spread.histogram[-1].most) == (min(lengths), max(lengths))
        assert sum(length <= spread.percentile_95 for length in lengths) >= 0.95 * len(lengths)


def test_every_kind_has_a_severity_advice_and_a_line_in_the_docs() -> None:
    page = (DOCS / "data-quality.md").read_text("utf-8")
    for kind, (severity, advice) in KINDS.items():
        assert severity in SEVERITIES
        assert advice.endswith(".")
        assert f"| `{kind}` | {severity} |" in page
