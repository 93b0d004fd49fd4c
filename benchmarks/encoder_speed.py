"""Words per second of a model with an encoder, beside ONNX Runtime's encoder alone on the same batches, in one run.

Without a model it trains one for an epoch: MiniLM, frozen, under the default network.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
from corpora import first_kaggle_sentences
from figures import show, turn_by_turn
from numpy.typing import NDArray

from tagloom import Sentence, load
from tagloom.bundle.encoder_files import EncoderFiles
from tagloom.bundle.format import ENCODER, TOKENIZER
from tagloom.bundle.write import write_bundle
from tagloom.embeddings.encoders.encoder import Encoder
from tagloom.embeddings.encoders.subwords import Subwords
from tagloom.inference.predictor import BATCH_SIZE, Predictor
from tagloom.inference.sessions import Network
from tagloom.runs.config import TrainingConfig
from tagloom.training.bundling import bundle_of
from tagloom.training.parts import Parts
from tagloom.training.trainer import Trainer


def trained(folder: Path, sentences: list[Sentence]) -> Path:
    """A model that has learned a little."""
    config = TrainingConfig(embeddings="minilm + learned:50")
    trainer = Trainer(config, Parts.of(sentences, sentences[:20], config))
    for batch in trainer.batch_order():
        trainer.learn(batch)
    write_bundle(bundle_of(trainer), folder / "model")
    return folder / "model"


def encoder_alone(files: EncoderFiles, sentences: list[list[str]], threads: int) -> Callable[[], None]:
    """The encoder over the batches that a prediction makes of these sentences, and nothing else."""
    network = Network(files.network, ENCODER, threads)
    width = network.output_width
    batches: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []

    def kept(numbers: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        batches.append((numbers, mask))
        return np.zeros((*numbers.shape, width), np.float32)

    reads = Encoder(kept, Subwords(files.tokenizer, TOKENIZER, files.form.longest), width, files.form.pooling)
    in_order = sorted(sentences, key=len)
    for first in range(0, len(in_order), BATCH_SIZE):
        reads.vectors(in_order[first : first + BATCH_SIZE])

    def run() -> None:
        for numbers, mask in batches:
            network.run((*numbers.shape, width), numbers=numbers, mask=mask)

    return run


def main() -> None:
    """Prints a table and, with --json, the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="?", type=Path)
    parser.add_argument("--sentences", type=int, default=2_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    sentences = first_kaggle_sentences(asked.sentences)
    words = [sentence.words for sentence in sentences]
    with tempfile.TemporaryDirectory() as folder:
        predictor: Predictor = load(asked.model or trained(Path(folder), sentences[:200]), threads=asked.threads)
    files = predictor.bundle.encoder
    if files is None:
        raise SystemExit(f"{asked.model}: expected a model with an encoder, received one without.")
    predictor.tag(words)
    runs = {"alone": encoder_alone(files, words, asked.threads), "tagging": lambda: predictor.tag(words)}
    seconds = turn_by_turn(asked.times, runs)
    num_words = sum(map(len, words))
    figures = {
        "words to tags, words/s": num_words / seconds["tagging"],
        "encoder alone, words/s": num_words / seconds["alone"],
        "words to tags beside the encoder alone": seconds["alone"] / seconds["tagging"],
    }
    described = f"{len(words):,} sentences, {num_words:,} words, {asked.threads} threads"
    show(described, figures, {"onnxruntime": onnxruntime.__version__, "numpy": np.__version__}, as_json=asked.json)


if __name__ == "__main__":
    main()
