"""The learning curve of a run: nested shares, one test part, and what is trained already is not trained again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tiny_training import SIZES, StopAfter, config, report, reviews

from tagloom.errors import DataError, TrainingError
from tagloom.evaluation.learning_curve import LearningCurve
from tagloom.runs.run import Run
from tagloom.training.callbacks import Callback
from tagloom.training.learning_curve import learning_curve
from tagloom.training.train import train
from tagloom.training.trainer import Trainer


class Learned(Callback):
    """Keeps the words and the steps of every training."""

    def __init__(self) -> None:
        self.words: list[set[str]] = []
        self.steps: list[int] = []

    def on_start(self, trainer: Trainer) -> None:
        self.words.append(set(trainer.parts.vocabulary.tables[0].words))

    def on_end(self, trainer: Trainer) -> None:
        self.steps.append(trainer.steps_done)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return train(reviews(), tmp_path / "run", config())


def test_each_point_learns_from_its_share_and_a_larger_share_holds_a_smaller(run: Run) -> None:
    learned = Learned()

    @contextmanager
    def watching(_share: float) -> Iterator[Sequence[Callback]]:
        yield [learned]

    curve = learning_curve(run, reviews(), watching=watching)
    assert [point.share for point in curve.points] == [0.25, 0.5, 0.75, 1.0]
    assert [point.num_sentences for point in curve.points] == [3, 6, 9, SIZES["train"]]
    entities = [point.num_entities for point in curve.points]
    assert entities == sorted(entities)
    assert entities[-1] == sum(len(sentence.spans) for sentence in reviews().train.sentences())
    assert learned.words[0] < learned.words[1] < learned.words[2]
    assert learned.steps == [6, 6, 6]  # 6 epochs of one batch, 3 of two, 2 of three, as the run took 2 of three


def test_all_are_judged_by_the_same_sentences_and_the_last_point_is_the_run_itself(run: Run) -> None:
    curve = learning_curve(run, reviews())
    folders = sorted(path for path in run.learning_curve.iterdir() if path.is_dir())
    assert [folder.name for folder in folders] == ["25", "50", "75"]
    digests = {(Run(folder).counts.read_text("utf-8").split('"digest": ')[1][:70]) for folder in [*folders, run.path]}
    assert len(digests) == 1
    assert curve.points[-1].f1 == report(run)["micro"]["f1"]


def test_the_curve_is_in_the_runs_report_and_is_read_as_it_was_written(run: Run) -> None:
    curve = learning_curve(run, reviews())
    assert LearningCurve.from_json(report(run)["learning_curve"]) == curve
    assert "What more data brings" in run.page.read_text("utf-8")


def test_what_was_stopped_goes_on_and_what_is_trained_is_not_trained_again(run: Run) -> None:
    shares: list[float] = []

    def stopping(after: int):  # noqa: ANN202 - a context manager of a test
        @contextmanager
        def watching(share: float) -> Iterator[Sequence[Callback]]:
            shares.append(share)
            yield [StopAfter(after)] if share == 0.5 else []

        return watching

    with pytest.raises(TrainingError, match=r"50: the training was stopped\. Go on with the same command"):
        learning_curve(run, reviews(), watching=stopping(1))
    learning_curve(run, reviews(), watching=stopping(10_000))
    assert shares == [0.25, 0.5, 0.5, 0.75]
    learning_curve(run, reviews(), watching=stopping(0))
    assert len(shares) == 4


def test_a_share_that_was_trained_with_other_options_is_refused(run: Run) -> None:
    learning_curve(run, reviews())
    config_of_share = run.learning_curve / "25" / "config.toml"
    config_of_share.write_text(config_of_share.read_text("utf-8").replace("units = 8", "units = 9", 1), "utf-8")
    with pytest.raises(TrainingError, match="expected a training with the options of the run"):
        learning_curve(run, reviews())


def test_a_run_that_has_not_ended_is_refused(tmp_path: Path) -> None:
    stopped = train(reviews(), tmp_path / "run", config(), callbacks=[StopAfter(1)])
    with pytest.raises(TrainingError, match="expected a run that has come to its end"):
        learning_curve(stopped, reviews())
    with pytest.raises(TrainingError, match="expected the folder of a run"):
        learning_curve(Run(tmp_path / "nothing"), reviews())


def test_a_training_part_that_cannot_be_divided_is_refused(tmp_path: Path) -> None:
    small = reviews().train.of(reviews().train.documents[:5])
    data = type(reviews())(small, reviews().dev, reviews().test)
    run = train(data, tmp_path / "run", config(epochs=1))
    with pytest.raises(DataError, match="expected at least 6 documents to draw a learning curve of, received 5"):
        learning_curve(run, data)


def test_other_data_than_the_run_learned_from_is_refused(run: Run) -> None:
    data = reviews()
    other = type(data)(data.train.of(data.train.documents[:-1]), data.dev, data.test)
    before = run.report.read_bytes()
    with pytest.raises(TrainingError, match="expected the data that the run was begun with"):
        learning_curve(run, other)
    assert run.report.read_bytes() == before
    assert not run.learning_curve.exists()


def point(num_sentences: int, interval: object) -> dict[str, object]:
    return {"share": 0.5, "num_sentences": num_sentences, "num_entities": 9, "f1": 0.5, "interval": interval}


MISSHAPEN = [
    [point(2, [0.1, 0.2, 0.3]), point(4, [0.1, 0.2])],
    [point(0, [0.1, 0.2]), point(4, [0.1, 0.2])],
    [point(4, [0.1, 0.2]), point(4, [0.1, 0.2])],
]


@pytest.mark.parametrize("points", MISSHAPEN)
def test_points_that_give_no_slope_are_refused(points: list[object]) -> None:
    with pytest.raises(DataError, match=r"learning curve: (points|interval): expected"):
        LearningCurve.from_json({"points": points})


@pytest.mark.parametrize("content", [{}, {"points": []}, {"points": [1, 2]}, {"points": [{"share": 1.0}] * 2}])
def test_a_curve_that_is_none_is_refused(content: dict[str, object]) -> None:
    with pytest.raises(DataError, match="learning curve: "):
        LearningCurve.from_json(content)
