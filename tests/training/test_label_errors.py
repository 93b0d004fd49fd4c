"""Wrong labels in data whose right ones are known: they are found, and told with where and what."""

import csv
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tiny_training import config, dataset

from mislabelled import MAKERS, MOVED, REMOVED, RENAMED, SPURIOUS, documents, errors, with_errors
from tagloom.data.dataset import Dataset, Source, SourceFile
from tagloom.errors import ConfigError
from tagloom.inference.predictor import load
from tagloom.text import Document, Span, Token
from tagloom.training.error_table import COLUMNS, guarded, to_json, write_label_errors
from tagloom.training.folds import Folds
from tagloom.training.label_errors import LabelError, LabelErrors, find_label_errors

SOUND = documents()
OPTIONS: dict[str, Any] = {"units": 16, "embeddings": "learned:16", "epochs": 12, "learning_rate": 0.01, "dropout": 0.2}


@pytest.fixture(scope="module")
def data() -> Dataset:
    half = len(SOUND) // 2
    sources = [Source((SourceFile(name, "utf-8", ""),), "made up", num_documents=half) for name in ("a.txt", "b.txt")]
    return Dataset(with_errors(SOUND), tuple(sources))


@pytest.fixture(scope="module")
def folds(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Folds:
    return Folds(data, tmp_path_factory.mktemp("errors") / "folds", config(**OPTIONS), num_folds=3)


@pytest.fixture(scope="module")
def found(folds: Folds) -> LabelErrors:
    return find_label_errors(folds)


def test_the_planted_errors_come_first(found: LabelErrors) -> None:
    first = {error.document: error for error in found.errors[:4]}
    assert set(first) == {str(number) for number in (REMOVED, SPURIOUS, MOVED, RENAMED)}
    kinds = {number: first[str(number)].kind for number in (REMOVED, SPURIOUS, MOVED, RENAMED)}
    assert kinds == {REMOVED: "missing", SPURIOUS: "extra", MOVED: "wrong_bounds", RENAMED: "wrong_label"}


def test_what_is_suggested_is_what_was_there_before(found: LabelErrors) -> None:
    first = {error.document: error for error in found.errors[:4]}
    assert first[str(REMOVED)].suggested == SOUND[REMOVED].spans[0]
    assert first[str(REMOVED)].given is None
    assert first[str(SPURIOUS)].suggested is None
    assert first[str(SPURIOUS)].given == errors(SOUND)[SPURIOUS][-1]
    assert first[str(MOVED)].suggested == SOUND[MOVED].spans[0]
    assert first[str(MOVED)].text(first[str(MOVED)].span) in MAKERS
    assert first[str(RENAMED)].suggested == SOUND[RENAMED].spans[1]
    assert first[str(RENAMED)].given == replace(SOUND[RENAMED].spans[1], label="PNAME")


def test_each_error_says_where_it_is(found: LabelErrors) -> None:
    for error in found.errors:
        assert error.source == ("a.txt" if int(error.document) < 60 else "b.txt")
        text = SOUND[int(error.document)].text
        assert error.sentence == text
        assert error.text(error.span) == text[error.span.start : error.span.end]


def test_errors_are_counted_for_the_label_that_is_given_or_missing(found: LabelErrors) -> None:
    product, feature = found.labels["PNAME"], found.labels["PFEATURE"]
    assert product.errors == {"wrong_label": 1, "wrong_bounds": 1, "extra": 0, "missing": 1}
    assert feature.errors == {"wrong_label": 0, "wrong_bounds": 0, "extra": 1, "missing": 0}
    assert (product.num_errors, feature.num_errors) == (3, 1)
    assert (product.num_spans, feature.num_spans) == (120, 120)
    assert found.num_sentences == 120
    assert found.not_judged == {}
    assert found.out_of_fold_f1 > 0.9


def test_probabilities_are_those_of_the_model_that_did_not_see_the_sentence(
    found: LabelErrors, folds: Folds, data: Dataset
) -> None:
    error = found.errors[0]
    (fold,) = (fold for fold in folds if int(error.document) in fold.documents)
    assert data.documents[int(error.document)] not in fold.data.train.documents
    predictor = load(fold.run.path)
    words = [data.documents[int(error.document)].text.split(" ")]
    scores = {chunk[:3]: chunk[3] for chunk in predictor.chunks(words)[0]}
    expected = error.suggested_probability
    assert error.suggested is None or any(score == pytest.approx(expected, abs=1e-5) for score in scores.values())


def test_a_label_that_no_other_fold_has_is_not_judged(tmp_path: Path) -> None:
    rare = replace(SOUND[0], spans=(*SOUND[0].spans, Span(len(SOUND[0].text) - 1, len(SOUND[0].text), "NUMBER")))
    some = Folds(dataset([rare, *SOUND[1:24]]), tmp_path / "folds", config(epochs=1), num_folds=2)
    found = find_label_errors(some)
    assert found.not_judged == {"NUMBER": 1}
    assert set(found.labels) == {"PNAME", "PFEATURE"}
    assert "NUMBER" not in {error.given.label for error in found.errors if error.given is not None}


def test_without_a_source_for_every_document_none_is_named(tmp_path: Path) -> None:
    plain = tuple(Document(one.text, one.spans, id=one.id) for one in SOUND[:24])  # words and sentences by ourselves
    found = find_label_errors(Folds(dataset(plain), tmp_path / "folds", config(epochs=1), num_folds=2))
    assert found.errors
    assert {error.source for error in found.errors} == {""}


def error_in(text: str, *, document: str = "d") -> LabelError:
    word = Token(0, len(text.split(" ", maxsplit=1)[0]))
    suggested = Span(*word, "PNAME")
    return LabelError("s.txt", document, text, 0, None, suggested, "missing", 0.01, 0.98765, 4.2, is_confident=True)


def as_found(*errors: LabelError) -> LabelErrors:
    return LabelErrors(errors, {}, 0.99, 1, {}, 0.5)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_both_files_have_every_error_and_agree(found: LabelErrors, tmp_path: Path) -> None:
    write_label_errors(tmp_path / "errors.csv", found)
    write_label_errors(tmp_path / "errors.JSON", found)
    rows, content = table(tmp_path / "errors.csv"), json.loads((tmp_path / "errors.JSON").read_text("utf-8"))
    assert content == to_json(found)
    assert len(rows) == len(content["errors"]) == len(found.errors)
    assert tuple(rows[0]) == tuple(content["errors"][0]) == COLUMNS
    for row, entry in zip(rows, content["errors"], strict=True):
        expected = {name: "" if value is None else str(value) for name, value in entry.items()}
        assert row == expected | {"confident": "yes" if entry["confident"] else "no"}
    assert content["labels"]["PNAME"]["estimated_errors"] == 3
    assert Counter(entry["confident"] for entry in content["errors"])[True] == 4


@pytest.mark.parametrize("text", ["=1+1", "+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "\nx", "'quoted'", '=HYPERLINK("a")'])
def test_no_cell_is_a_formula_and_each_can_be_had_as_it_was(tmp_path: Path, text: str) -> None:
    write_label_errors(tmp_path / "errors.csv", as_found(error_in(f"{text} b", document=text)))
    (row,) = table(tmp_path / "errors.csv")
    for name in ("document", "sentence"):
        assert row[name].startswith("'")
        assert row[name].removeprefix("'") == {"document": text, "sentence": f"{text} b"}[name]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in row.values())


def test_a_plain_cell_stays_as_it_is() -> None:
    assert guarded("D90 = good") == "D90 = good"


def test_half_a_surrogate_pair_is_written_as_its_escape(tmp_path: Path) -> None:
    write_label_errors(tmp_path / "errors.csv", as_found(error_in("D90 \ud83d")))
    assert table(tmp_path / "errors.csv")[0]["sentence"] == "D90 \\ud83d"


@pytest.mark.parametrize("name", ["errors.txt", "errors", "errors.csv.gz"])
def test_another_suffix_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"expected a file that ends in \.json or \.csv"):
        write_label_errors(tmp_path / name, as_found())
