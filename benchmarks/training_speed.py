"""Words per second of one epoch at batch 32, on the first 14,041 sentences of the Kaggle corpus.

Beside it stands its bound, measured in the same run: forward and backward of two one-directional LSTMs alone, on the
same padded batches.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from corpora import first_kaggle_sentences
from figures import show, turn_by_turn

from tagloom.bundle.write import write_bundle
from tagloom.runs.config import TrainingConfig
from tagloom.training.bundling import bundle_of
from tagloom.training.parts import Parts
from tagloom.training.trainer import Trainer


def lstm_bound(trainer: Trainer) -> Callable[[], None]:
    """Forward and backward of both LSTMs over an epoch's batches, and nothing else."""
    lstms = trainer.tagger.encoder.directions()[0]
    width, units = lstms[0].kernel.shape[1], lstms[0].recurrent_kernel.shape[1]
    plain = [torch.nn.LSTM(width, units) for _ in lstms]
    shapes = [trainer.parts.train.corpus.batch(sentences).positions.shape for sentences in trainer.batch_order()]

    def run() -> None:
        for length, batch in shapes:
            values = torch.zeros(length, batch, width, requires_grad=True)
            for lstm in plain:
                lstm.zero_grad(set_to_none=True)
                lstm(values)[0].sum().backward()

    return run


def epoch(trainer: Trainer) -> Callable[[], None]:
    """One epoch of steps."""

    def run() -> None:
        trainer.step = 0
        for sentences in trainer.batch_order():
            trainer.learn(sentences)

    return run


def main() -> None:
    """Prints a table and, with --json, the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=14_041)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--model", type=Path, help="write the network here, for prediction_speed.py")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    sentences = first_kaggle_sentences(asked.sentences)
    num_words = sum(len(sentence.tokens) for sentence in sentences)
    trainer = Trainer(TrainingConfig(batch_size=32), Parts.of(sentences, sentences[:100]))
    seconds = turn_by_turn(asked.times, {"training": epoch(trainer), "bound": lstm_bound(trainer)})
    training, bound = seconds["training"], seconds["bound"]
    if asked.model is not None:
        write_bundle(bundle_of(trainer), asked.model)
    figures = {
        "training words/s, batch 32": num_words / training,
        "LSTMs alone words/s": num_words / bound,
        "step over LSTMs alone": training / bound,
    }
    described = f"{len(sentences):,} sentences, {num_words:,} words, {torch.get_num_threads()} threads"
    versions = {"torch": torch.__version__, "numpy": np.__version__}
    show(described, figures, versions, as_json=asked.json)


if __name__ == "__main__":
    main()
