"""How a model learned, and what more data would bring."""

from collections.abc import Iterator, Sequence

from tagloom.evaluation.history import EpochRecord
from tagloom.evaluation.learning_curve import LearningCurve
from tagloom.pages.charts import Chart, Measure
from tagloom.pages.curves import Line, Upright, lines, measured_line, share_lines
from tagloom.pages.page import Block, Columns


def training_blocks(
    history: Sequence[EpochRecord], best_epoch: int | None, learning_curve: LearningCurve | None
) -> list[Block]:
    """Curves of loss and F1, and the learning curve; nothing where neither is known.

    Args:
        history: an entry an epoch.
        best_epoch: counted from 0.
        learning_curve: what more data would bring.
    """
    charts = list(_curves(history, best_epoch))
    if learning_curve is not None:
        charts.append(_learning_curve(learning_curve))
    return [Columns(charts)] if len(charts) > 1 else [*charts]


def _curves(history: Sequence[EpochRecord], best_epoch: int | None) -> Iterator[Chart]:
    if not history:
        return
    kept = None if best_epoch is None else Upright(best_epoch + 1, f"kept: epoch {best_epoch + 1}")
    losses = [
        Line("train", [(record.epoch + 1, record.loss) for record in history]),
        Line("dev", _points(history, "dev", "loss")),
        Line("train, without dropout", _points(history, "train", "loss")),
    ]
    known = [line for line in losses if line.points]
    yield lines("Loss", known, along="epoch", unit="loss of a sentence, nats", upright=kept)
    scores = [
        Line("train", _points(history, "train", "f1")),
        Line("dev", _points(history, "dev", "f1")),
        Line("dev precision", _points(history, "dev", "precision")),
        Line("dev recall", _points(history, "dev", "recall")),
    ]
    known = [line for line in scores if line.points]
    if known:
        yield share_lines("F1 after each epoch", known, along="epoch", unit="F1", whole=False, upright=kept)


def _points(history: Sequence[EpochRecord], part: str, name: str) -> list[tuple[float, float]]:
    metrics = [(record.epoch + 1, record.dev if part == "dev" else record.train) for record in history]
    return [(epoch, own[name]) for epoch, own in metrics if name in own]


def _learning_curve(curve: LearningCurve) -> Chart:
    points = [
        (float(point.num_sentences), Measure(point.f1, point.interval.low, point.interval.high))
        for point in curve.points
    ]
    return measured_line(
        "What more data brings, with 95 % intervals",
        points,
        along="sentences to learn from",
        unit="F1",
        note=f"By its last three points, twice as many sentences bring {100 * curve.slope:+.1f} points of F1.",
    )
