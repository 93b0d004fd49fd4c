"""Words per second of prediction at batch 64, on the first 14,041 sentences of the Kaggle corpus, without torch.

Beside it stands ONNX Runtime's network alone, one batch after the other with all threads, measured in the same run.
"""

import argparse
from collections.abc import Callable

import numpy as np
import onnxruntime
from corpora import first_kaggle_sentences
from figures import show, turn_by_turn

from tagloom import load
from tagloom.inference.predictor import BATCH_SIZE, Predictor
from tagloom.inference.sessions import Network


def network_alone(predictor: Predictor, lengths: list[int], threads: int) -> Callable[[], None]:
    """The network over these lengths in order, in batches of 64, and nothing else."""
    network = Network(predictor.bundle.network, "network.onnx", threads)
    width = predictor.bundle.architecture.word_vector_width
    in_order = np.sort(np.array(lengths, np.int32))
    batches = [in_order[first : first + BATCH_SIZE] for first in range(0, len(in_order), BATCH_SIZE)]
    inputs = [(np.zeros((int(batch.max()), len(batch), width), np.float32), batch) for batch in batches]

    def run() -> None:
        for vectors, batch in inputs:
            network.run((len(batch), len(vectors), len(predictor.tags)), vectors=vectors, lengths=batch)

    return run


def main() -> None:
    """Prints a table and, with --json, the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("--sentences", type=int, default=14_041)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    words = [sentence.words for sentence in first_kaggle_sentences(asked.sentences)]
    num_words = sum(map(len, words))
    predictor = load(asked.model, threads=asked.threads)
    predictor.tag(words)  # so that the words are known, as they are in use
    seconds = turn_by_turn(
        asked.times,
        {
            "alone": network_alone(predictor, [len(sentence) for sentence in words], asked.threads),
            "tagging": lambda: predictor.tag(words),
            "scoring": lambda: predictor.chunks(words),
        },
    )
    alone, tagging, scoring = (seconds[name] for name in ("alone", "tagging", "scoring"))
    figures = {
        "words to tags, words/s": num_words / tagging,
        "words to entities with scores, words/s": num_words / scoring,
        "network alone, words/s": num_words / alone,
        "tags over network alone": tagging / alone,
    }
    described = f"{len(words):,} sentences, {num_words:,} words, {asked.threads} threads"
    show(described, figures, {"onnxruntime": onnxruntime.__version__, "numpy": np.__version__}, as_json=asked.json)


if __name__ == "__main__":
    main()
