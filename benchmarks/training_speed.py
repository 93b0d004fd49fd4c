"""Words per second of one epoch at batch 32, on the first 14,041 sentences of the Kaggle corpus.

Beside it stands its bound, measured in the same run, some batches by turns: forward and backward of two one-directional
LSTMs alone, on the same padded batches. Of several epochs the one with the median ratio is shown.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from corpora import first_kaggle_sentences
from figures import show, turn_by_turn
from numpy.typing import NDArray

from tagloom.bundle.write import write_bundle
from tagloom.runs.config import TrainingConfig
from tagloom.training.bundling import bundle_of
from tagloom.training.parts import Parts
from tagloom.training.trainer import Trainer

Batches = Sequence[NDArray[np.int64]]
"""The numbers of the sentences of each batch."""


_IN_TURN = 20  # batches


def lstm_bound(trainer: Trainer) -> Callable[[Batches], None]:
    """Forward and backward of both LSTMs over the padded batches, and nothing else."""
    lstms = trainer.tagger.encoder.directions()[0]
    width, units = lstms[0].kernel.shape[1], lstms[0].recurrent_kernel.shape[1]
    plain = [torch.nn.LSTM(width, units) for _ in lstms]
    corpus = trainer.parts.train.corpus

    def run(batches: Batches) -> None:
        for sentences in batches:
            values = torch.zeros(int(corpus.lengths[sentences].max()), len(sentences), width, requires_grad=True)
            for lstm in plain:
                lstm.zero_grad(set_to_none=True)
                lstm(values)[0].sum().backward()

    return run


def steps(trainer: Trainer) -> Callable[[Batches], None]:
    """Steps of a training."""

    def run(batches: Batches) -> None:
        for sentences in batches:
            trainer.learn(sentences)

    return run


def in_turn(batches: Batches, runs: Mapping[str, Callable[[Batches], None]]) -> Counter[str]:
    """Seconds that each takes over all batches, some by turns, since the machine's speed drifts within an epoch."""
    seconds: Counter[str] = Counter()
    for first in range(0, len(batches), _IN_TURN):
        some = batches[first : first + _IN_TURN]
        seconds.update(turn_by_turn(1, {name: partial(run, some) for name, run in runs.items()}))
    return seconds


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
    runs = {"training": steps(trainer), "bound": lstm_bound(trainer)}
    rounds = [in_turn(trainer.batch_order(), runs) for _ in range(asked.times)]
    chosen = sorted(rounds, key=lambda own: own["training"] / own["bound"])[len(rounds) // 2]
    training, bound = chosen["training"], chosen["bound"]
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
