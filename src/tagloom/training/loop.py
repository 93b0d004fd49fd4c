"""The training loop."""

from collections.abc import Sequence

from tagloom.training.callbacks import Callback
from tagloom.training.trainer import Trainer


def fit(trainer: Trainer, callbacks: Sequence[Callback]) -> None:
    """Trains from where the trainer stands to the last epoch, or until something gives it a reason to stop."""
    for callback in callbacks:
        callback.on_start(trainer)
    while trainer.epoch < trainer.config.epochs and trainer.stop_reason is None:
        _run_epoch(trainer, callbacks)
    for callback in callbacks:
        callback.on_end(trainer)


def _run_epoch(trainer: Trainer, callbacks: Sequence[Callback]) -> None:
    for sentences in trainer.batch_order()[trainer.step :]:
        num_words = trainer.learn(sentences)
        for callback in callbacks:
            callback.on_step(trainer, num_words)
        if trainer.stop_reason is not None:
            return
    record = trainer.end_epoch()
    for callback in callbacks:
        callback.on_epoch(trainer, record)
