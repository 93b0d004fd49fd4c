"""Words per second of one epoch and of prediction, on the first 14,041 sentences of the Kaggle corpus.

Beside the epoch stands its bound, measured in the same run: forward and backward of two one-directional LSTMs alone, on
the same padded batches. Beside prediction stands ONNX Runtime's network alone.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable

import numpy as np
import torch
from corpora import first_kaggle_sentences

from tagloom.inference.predictor import Predictor
from tagloom.training.bundling import bundle_of
from tagloom.training.config import TrainingConfig
from tagloom.training.parts import Parts
from tagloom.training.trainer import Trainer


def best_of(times: int, run: Callable[[], object]) -> float:
    """Seconds of the quickest of so many runs."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


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
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    sentences = first_kaggle_sentences(asked.sentences)
    words = [sentence.words for sentence in sentences]
    num_words = sum(map(len, words))
    trainer = Trainer(TrainingConfig(batch_size=32), Parts.of(sentences, sentences[:100]))
    training = best_of(asked.times, epoch(trainer))
    bound = best_of(asked.times, lstm_bound(trainer))
    predictor = Predictor(bundle_of(trainer))
    tagging = best_of(asked.times, lambda: predictor.tag(words))
    scoring = best_of(asked.times, lambda: predictor.chunks(words))
    figures = {
        "training words/s, batch 32": num_words / training,
        "LSTMs alone words/s": num_words / bound,
        "step over LSTMs alone": training / bound,
        "prediction words/s, tags": num_words / tagging,
        "prediction words/s, entities with scores": num_words / scoring,
    }
    if asked.json:
        machine = {"processors": os.cpu_count(), "torch": torch.__version__, "numpy": np.__version__}
        print(json.dumps({"figures": figures, "machine": {**machine, "system": platform.platform()}}, indent=1))
    else:
        print(f"{len(sentences):,} sentences, {num_words:,} words, {torch.get_num_threads()} threads")
        for name, figure in figures.items():
            print(f"{name:<42} {figure:>12,.2f}")


if __name__ == "__main__":
    main()
