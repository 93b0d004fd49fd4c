"""Pretrained transformers that are not trained: written as a network once, then read with like any in a bundle."""

import logging
from pathlib import Path

from tagloom.bundle.encoder_files import TransformerFiles, TransformerForm
from tagloom.bundle.format import ENCODER
from tagloom.embeddings.cache import kept
from tagloom.embeddings.encoders.encoder import Encoder
from tagloom.embeddings.encoders.model_folder import ModelFolder
from tagloom.files import write_bytes
from tagloom.inference.encoding import transformer_encoder
from tagloom.inference.processors import num_processors
from tagloom.models.pretrained import HiddenStates, encoder_graph, load_transformer

LAYOUT = 1
"""Of what is kept of encoders and of what they gave."""

_log = logging.getLogger(__name__)


def frozen_encoder(folder: ModelFolder, *, layers: int, pooling: str, threads: int) -> tuple[TransformerFiles, Encoder]:
    """A transformer that gives its last layers one behind the other, as files and ready to read.

    Args:
        folder: of the transformer.
        layers: how many; all where it has fewer.
        pooling: which subwords a word's vector comes from.
        threads: of the processor; 0 for all that this process may use.

    Raises:
        DataError: it is none that can be used.
    """
    layers = min(layers, folder.num_layers + 1)
    form = TransformerForm(pooling=pooling, longest=folder.longest, layers=layers)
    files = TransformerFiles(_network(folder, layers), form, folder.tokenizer)
    return files, transformer_encoder(files, threads=threads or num_processors())


def _network(folder: ModelFolder, layers: int) -> bytes:
    def fill(beside: Path) -> None:
        _log.info("Writing %s as a network, once.", folder.name)
        write_bytes(beside / ENCODER, encoder_graph(HiddenStates(load_transformer(folder), layers), str(folder.path)))

    return (kept(f"encoders/{folder.digest[:32]}-{layers}-{LAYOUT}", fill) / ENCODER).read_bytes()
