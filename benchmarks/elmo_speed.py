"""Words per second of an ELMo's layers, beside its matrix products alone on the same batches, in one run.

The ELMos have the sizes of published ones and random weights. The products are torch's, of the same shapes and as many:
filters over characters, highways, projections, and for each word what enters a gate and what comes out of a cell.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnxruntime
import torch
from corpora import first_kaggle_sentences
from figures import show_table, turn_by_turn

from tagloom.bundle.elmo_network import elmo_files
from tagloom.embeddings.elmo.characters import framed_characters
from tagloom.embeddings.elmo.drawing import drawn_weights
from tagloom.embeddings.elmo.elmo_encoder import ElmoEncoder
from tagloom.embeddings.elmo.elmo_folder import ElmoFolder
from tagloom.embeddings.elmo.options import ElmoOptions
from tagloom.embeddings.elmo.weights import WEIGHTS, write_weights
from tagloom.inference.encoding import elmo_encoder

BATCH = 32
FILTERS = ((1, 32), (2, 32), (3, 64), (4, 128), (5, 256), (6, 512), (7, 1024))
SIZES = {
    "small": {"units": 1024, "projection": 128, "highways": 1},
    "medium": {"units": 2048, "projection": 256, "highways": 1},
    "original": {"units": 4096, "projection": 512, "highways": 2},
}


def options(size: str) -> ElmoOptions:
    """The options of a published ELMo."""
    shared = {"character_width": 16, "longest_word": 50, "filters": FILTERS, "activation": "relu", "layers": 2}
    clips = {"cell_clip": 3.0, "projection_clip": 3.0, "skips": True}
    return ElmoOptions(**shared, **clips, **SIZES[size])


@dataclass(frozen=True)
class Shapes:
    """What a batch multiplies.

    Args:
        different: words whose characters are read.
        longest: characters of each.
        length: words of its longest sentence, with what begins and ends it.
        size: sentences.
    """

    different: int
    longest: int
    length: int
    size: int

    @classmethod
    def of(cls, batch: Sequence[Sequence[str]], sizes: ElmoOptions) -> "Shapes":
        """The shapes of a batch of sentences."""
        words = list({word for sentence in batch for word in sentence})
        return cls(*framed_characters(words, sizes.word_form).shape, max(map(len, batch)) + 2, len(batch))


def products(sizes: ElmoOptions, batches: Sequence[Shapes]) -> Callable[[], None]:
    """The matrix products that these batches need, and nothing else, by torch."""
    kernels = [(window, torch.rand(window * sizes.character_width, number)) for window, number in sizes.filters]
    wide = torch.rand(sizes.num_filters, sizes.num_filters)
    narrow = torch.rand(sizes.num_filters, sizes.projection)
    gates = torch.rand(sizes.projection, 4 * sizes.units)
    out = torch.rand(sizes.units, sizes.projection)

    planned: list[tuple[torch.Tensor, torch.Tensor, int]] = []
    for batch in batches:
        for window, kernel in kernels:
            planned.append((torch.rand(batch.different * (batch.longest - window + 1), len(kernel)), kernel, 1))
        filtered = torch.rand(batch.different, sizes.num_filters)
        planned += [(filtered, wide, 2 * sizes.highways), (filtered, narrow, 1)]
        lstms = 2 * sizes.layers
        planned += [
            (torch.rand(batch.length * batch.size, sizes.projection), gates, lstms),
            (torch.rand(batch.size, sizes.projection), gates, lstms * batch.length),
            (torch.rand(batch.size, sizes.units), out, lstms * batch.length),
        ]

    @torch.inference_mode()
    def run() -> None:
        for one, other, times in planned:
            for _ in range(times):
                one @ other

    return run


def encoder_of_size(sizes: ElmoOptions, threads: int) -> ElmoEncoder:
    """One with random weights."""
    with tempfile.TemporaryDirectory() as folder:
        write_weights(Path(folder, WEIGHTS), drawn_weights(sizes, 1))
        return elmo_encoder(elmo_files(ElmoFolder(Path(folder), sizes, Path(folder, WEIGHTS))), threads)


def share_of_products(sizes: ElmoOptions, batches: Sequence[Sequence[Sequence[str]]], asked: Any) -> dict[str, float]:
    """Words per second of both, and how they compare."""
    encoder = encoder_of_size(sizes, asked.threads)
    encoder.vectors(batches[0])
    runs = {
        "layers": lambda: [encoder.vectors(batch) for batch in batches],
        "products": products(sizes, [Shapes.of(batch, sizes) for batch in batches]),
    }
    seconds, num_words = turn_by_turn(asked.times, runs), sum(len(words) for batch in batches for words in batch)
    return {
        "layers, words/s": num_words / seconds["layers"],
        "products, words/s": num_words / seconds["products"],
        "share": seconds["products"] / seconds["layers"],
    }


def main() -> None:
    """Prints a table and, with --json, the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--batches", type=int, default=8)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    sentences = sorted((one.words for one in first_kaggle_sentences(BATCH * asked.batches)), key=len)
    batches = [sentences[first : first + BATCH] for first in range(0, len(sentences), BATCH)]
    torch.set_num_threads(asked.threads)
    rows = {size: share_of_products(options(size), batches, asked) for size in asked.sizes}
    num_words = sum(map(len, sentences))
    title = f"{len(sentences)} sentences, {num_words:,} words, {BATCH} at once, {asked.threads} threads"
    show_table(title, rows, {"onnxruntime": onnxruntime.__version__, "torch": torch.__version__}, as_json=asked.json)


if __name__ == "__main__":
    main()
