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
    expect_to_fit(folder)
    layers, threads = min(layers, folder.num_layers + 1), threads or num_processors()

    def fill(beside: Path) -> None:
        network, longest = _tried(folder, layers, threads)
        write_bytes(beside / ENCODER, network)
        write_json(beside / _LONGEST, longest)

    place = kept(f"encoders/{_key(folder, layers)}", fill)
    form = TransformerForm(pooling=pooling, longest=json.loads((place / _LONGEST).read_text()), layers=layers)
    files = TransformerFiles((place / ENCODER).read_bytes(), form, folder.tokenizer)
    return files, transformer_encoder(files, threads=threads)


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
    expect_to_fit(folder)
    layers = min(layers, folder.num_layers + 1)

    def fill(beside: Path) -> None:
        _, longest = _tried(folder, layers, threads or num_processors())
        write_json(beside / _LONGEST, longest)

    place = kept(f"tried/{_key(folder, layers)}", fill)
    return TransformerForm(pooling=pooling, longest=json.loads((place / _LONGEST).read_text()), layers=layers)


def _key(folder: ModelFolder, layers: int) -> str:
    return f"{folder.digest[:32]}-{layers}-{folder.longest}-{LAYOUT}"


def _tried(folder: ModelFolder, layers: int, threads: int) -> tuple[bytes, int]:
    """A transformer as a network, and how many subwords that reads at once."""
    _log.info("Writing %s as a network, once.", folder.name)
    network = encoder_graph(HiddenStates(load_transformer(folder), layers), str(folder.path))
    return network, longest_read(network, folder, threads)
