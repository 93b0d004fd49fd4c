"""Pretrained transformers in torch, loaded and written as an ONNX graph. The one place that knows transformers."""

import contextlib
import io
import logging
import os
import warnings
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from tagloom.bundle.encoder_network import without_remarks
from tagloom.embeddings.encoders.model_folder import ModelFolder
from tagloom.errors import DataError, one_line

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

_TRIED = 2, 9  # sentences and subwords of the input that a graph is written with


def load_transformer(folder: ModelFolder) -> nn.Module:
    """The encoder of a folder, not in training.

    Raises:
        DataError: transformers does not take it.
    """
    from transformers import AutoModel

    try:
        with _quiet():
            model: nn.Module = AutoModel.from_pretrained(
                folder.path,
                use_safetensors=True,
                local_files_only=True,
                trust_remote_code=False,
                attn_implementation="eager",  # the same numbers in torch and as a graph
                dtype=torch.float32,
            )
    except Exception as error:  # the library raises all kinds
        raise DataError(
            f"{folder.path}: expected a transformer that encodes text, received {one_line(error)}."
        ) from error
    return model.eval()


class HiddenStates(nn.Module):
    """The last layers of a transformer, one behind the other in each subword's vector.

    Args:
        model: that `load_transformer` gave.
        layers: how many; the first of all is that of the embeddings.
    """

    def __init__(self, model: nn.Module, layers: int) -> None:
        super().__init__()
        self.model, self.layers = model, layers

    def forward(self, numbers: Tensor, mask: Tensor) -> Tensor:
        """(batch, length, layers * width) of subwords and their mask, (batch, length)."""
        states = self.model(input_ids=numbers, attention_mask=mask, output_hidden_states=True).hidden_states
        return torch.cat(states[-self.layers :], dim=-1)


def encoder_graph(states: HiddenStates, name: str) -> bytes:
    """`numbers` and `mask` int64 (batch, length) to `states` float32 (batch, length, layers * width), as ONNX.

    Raises:
        DataError: torch cannot write it as a graph.
    """
    batch, length = (torch.export.Dim(axis) for axis in ("batch", "length"))
    numbers = torch.ones(_TRIED, dtype=torch.int64)
    mask = torch.ones(_TRIED, dtype=torch.int64)
    mask[-1, -1] = 0
    try:
        with _quiet():
            program = torch.onnx.export(
                states.eval(),
                (numbers, mask),
                dynamo=True,
                dynamic_shapes=({0: batch, 1: length}, {0: batch, 1: length}),
                input_names=["numbers", "mask"],
                output_names=["states"],
                verbose=False,
            )
    except Exception as error:  # the exporter raises all kinds
        raise DataError(
            f"{name}: expected a transformer that can be written as a graph, received {one_line(error)}."
        ) from error
    assert program is not None
    return without_remarks(program.model_proto.SerializeToString())


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Within the block nothing is printed, warned of or logged by the libraries."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
