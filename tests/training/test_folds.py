"""Folds: every document is held back once, and a training that was stopped goes on."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tiny_training import StopAfter, config, dataset

from mislabelled import documents
from tagloom.data.dataset import Dataset
from tagloom.errors import ConfigError, DataError, TrainingError
from tagloom.training.callbacks import Callback
from tagloom.training.folds import Fold, Folds, Watching

SOUND = dataset(documents(24))


def folds(folder: Path, data: Dataset = SOUND, *, num_folds: int = 3, **options: Any) -> Folds:
    return Folds(data, folder, config(**{"epochs": 1, **options}), num_folds=num_folds)


def stopping(fold: int, steps: int, seen: list[int]) -> Watching:
    """Notes which folds are trained, and stops one of them."""

    @contextmanager
    def watching(one: Fold) -> Iterator[Sequence[Callback]]:
        seen.append(one.number)
        yield [StopAfter(steps)] if one.number == fold else []

    return watching


def test_every_document_is_held_back_once_and_learned_from_in_all_other_folds(tmp_path: Path) -> None:
    every = list(folds(tmp_path / "folds"))
    assert sorted(index for fold in every for index in fold.documents) == list(range(24))
    for fold in every:
        assert fold.data.test.documents == tuple(SOUND.documents[index] for index in fold.documents)
        assert {one.id for one in fold.data.test.documents}.isdisjoint(one.id for one in fold.data.train.documents)
        assert len(fold.data.test) + len(fold.data.train) == 24
    assert {len(fold.documents) for fold in every} == {8}


def test_documents_with_an_equal_sentence_lie_in_one_fold_also_where_they_are_one_object(tmp_path: Path) -> None:
    first, second = SOUND.documents[:2]
    twice = dataset([*SOUND.documents, first, replace(second, spans=())])
    of_document = {index: fold.number for fold in folds(tmp_path / "folds", twice) for index in fold.documents}
    assert sorted(of_document) == list(range(26))
    assert (of_document[24], of_document[25]) == (of_document[0], of_document[1])


def test_the_same_seed_divides_alike_and_another_differently(tmp_path: Path) -> None:
    one, same, other = (
        [fold.documents for fold in folds(tmp_path / name, seed=seed)] for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert one == same != other


def test_stopped_it_goes_on_where_it_was_and_takes_what_is_finished(tmp_path: Path) -> None:
    seen: list[int] = []
    with pytest.raises(TrainingError, match=r"fold-2: the training of fold 2 of 3 was stopped\. Go on with the same"):
        folds(tmp_path / "folds").train(stopping(2, 1, seen))
    assert seen == [1, 2]
    first = (tmp_path / "folds" / "fold-1" / "events.jsonl").read_bytes()
    again = folds(tmp_path / "folds")
    again.train(stopping(0, 0, seen))
    assert seen == [1, 2, 2, 3]
    assert (tmp_path / "folds" / "fold-1" / "events.jsonl").read_bytes() == first
    assert [event["event"] for event in next(iter(again)).run.events].count("start") == 1
    assert [fold.run.is_trained for fold in again] == [True, True, True]
    second = list(again)[1].run
    assert [event["step"] for event in second.events if event["event"] == "start"] == [0, 1]


def test_a_fold_that_was_killed_before_it_began_is_begun(tmp_path: Path) -> None:
    some = folds(tmp_path / "folds")
    (tmp_path / "folds" / "fold-1").mkdir()
    (tmp_path / "folds" / "fold-1" / "lock").write_text("1")
    some.train()
    assert all(fold.run.is_trained for fold in some)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"data": dataset(documents(25))}, "received other texts or labels"),
        ({"data": dataset([replace(SOUND.documents[0], spans=()), *SOUND.documents[1:]])}, "other texts or labels"),
        ({"num_folds": 4}, "folds were 3, are 4"),
        ({"units": 9, "seed": 4}, "units was 8, is 9; seed was 13, is 4"),
    ],
)
def test_other_data_or_options_are_refused(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    folds(tmp_path / "folds")
    with pytest.raises(TrainingError, match=rf"{told}\. Bring it back as it was, or remove the folder"):
        folds(tmp_path / "folds", **change)


@pytest.mark.parametrize("content", ["", "[]", '{"folds": 3}', '{"folds": 3, "data": "", "training": 3}'])
def test_a_note_of_what_was_asked_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "folds.json").write_text(content)
    with pytest.raises(TrainingError, match="expected what the folds began with"):
        folds(tmp_path)


def test_what_was_asked_is_noted(tmp_path: Path) -> None:
    folds(tmp_path / "folds")
    noted = json.loads((tmp_path / "folds" / "folds.json").read_text("utf-8"))
    assert noted["folds"] == 3
    assert noted["training"]["units"] == 8
    assert len(noted["data"]) == 64


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(TrainingError, match="expected a new folder or one with folds, received something else"):
        folds(tmp_path)


@pytest.mark.parametrize("number", [-1, 0, 1, 101])
def test_a_number_of_folds_out_of_range_is_refused(tmp_path: Path, number: int) -> None:
    with pytest.raises(ConfigError, match=f"folds: expected 2 to 100, received {number}"):
        folds(tmp_path / "folds", num_folds=number)
    assert not (tmp_path / "folds").exists()


def test_too_few_documents_that_differ_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="expected documents for each of 3 folds, received 6"):
        folds(tmp_path / "folds", dataset(SOUND.documents[:2] * 3))
    assert not (tmp_path / "folds").exists()


def test_spans_that_cut_words_are_widened_left_out_or_refused(tmp_path: Path) -> None:
    first = SOUND.documents[0]
    start, end = first.spans[0].start, first.spans[0].end
    data = dataset([replace(first, spans=(replace(first.spans[0], start=start + 1),)), *SOUND.documents[1:]])
    widened = Folds(data, tmp_path / "a", config(), num_folds=3).dataset.documents[0].spans
    assert [(span.start, span.end) for span in widened] == [(start, end)]
    assert Folds(data, tmp_path / "b", config(), num_folds=3, align="skip").dataset.documents[0].spans == ()
    with pytest.raises(DataError, match="does not begin and end at the edges of words"):
        Folds(data, tmp_path / "c", config(), num_folds=3, align="fail")
