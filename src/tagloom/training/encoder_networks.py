"""Pretrained transformers as networks: written and tried once, then read with like any in a bundle."""

import json
import logging
from pathlib import Path

from tagloom.bundle.encoder_files import TransformerFiles, TransformerForm
from tagloom.bundle.format import ENCODER
from tagloom.embeddings.cache import kept
from tagloom.embeddings.encoders.encoder import Encoder
from tagloom.embeddings.encoders.model_folder import ModelFolder
from tagloom.files import write_bytes, write_json
from tagloom.inference.encoding import transformer_encoder
from tagloom.inference.processors import num_processors
from tagloom.models.pretrained import HiddenStates, encoder_graph, expect_to_fit, load_transformer
from tagloom.training.network_trial import longest_read

LAYOUT = 2
"""Of what is kept of encoders and of what they gave."""

_LONGEST = "longest.json"  # subwords that a network reads at once

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
    place, form = _tried(folder, layers, pooling, threads)
    files = TransformerFiles((place / ENCODER).read_bytes(), form, folder.tokenizer)
    return files, transformer_encoder(files, threads=threads or num_processors())


def form_to_tune(folder: ModelFolder, *, layers: int, pooling: str, threads: int) -> TransformerForm:
    """How a transformer that is to be trained is used, after what it begins as was tried as a network.

    Args:
        folder: of the transformer.
        layers: how many are mixed; all where it has fewer.
        pooling: which subwords a word's vector comes from.
        threads: of the processor; 0 for all that this process may use.

    Raises:
        DataError: it is none that can be used.
    """
    return _tried(folder, layers, pooling, threads)[1]


def _tried(folder: ModelFolder, layers: int, pooling: str, threads: int) -> tuple[Path, TransformerForm]:
    """Where a transformer is kept as a network, once that was tried, and how it is used."""
    expect_to_fit(folder)
    layers = min(layers, folder.num_layers + 1)

    def fill(beside: Path) -> None:
        _log.info("Writing %s as a network, once.", folder.name)
        network = encoder_graph(HiddenStates(load_transformer(folder), layers), str(folder.path))
        write_json(beside / _LONGEST, longest_read(network, folder, threads or num_processors()))
        write_bytes(beside / ENCODER, network)

    place = kept(f"encoders/{folder.digest[:32]}-{layers}-{folder.longest}-{LAYOUT}", fill)
    longest = json.loads((place / _LONGEST).read_text("utf-8"))
    return place, TransformerForm(pooling=pooling, longest=longest, layers=layers)
