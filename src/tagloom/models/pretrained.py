"""Pretrained transformers in torch, loaded and written as an ONNX graph. The one place that knows transformers."""

import contextlib
import io
import logging
import os
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from tagloom.bundle.encoder_network import without_remarks
from tagloom.bundle.format import ENCODER, MEMBERS
from tagloom.embeddings.encoders.model_folder import ModelFolder
from tagloom.errors import DataError, one_line

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

_TRIED = 2, 9  # sentences and subwords of the input that a graph is written with
_POOLER = "pooler"  # the part behind the last layer
_MOST_TOLD = 3  # names of weights
_CODES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")  # of a terminal's colours


def expect_to_fit(folder: ModelFolder) -> None:
    """Lets pass a transformer that a model may hold, before any of its weights is read.

    Raises:
        DataError: it is too large, or has no weights.
    """
    with _refusing(str(folder.path), "a transformer that encodes text"):
        size = folder.weight_bytes
    _expect_size(str(folder.path), size)


def load_transformer(folder: ModelFolder) -> nn.Module:
    """The encoder of a folder, not in training.

    Raises:
        DataError: transformers does not take it, or its weights are not all there.
    """
    from transformers import AutoModel

    with _refusing(str(folder.path), "a transformer that encodes text"):
        model, found = AutoModel.from_pretrained(
            folder.path,
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
            attn_implementation="eager",  # the same numbers in torch and as a graph
            dtype=torch.float32,
            output_loading_info=True,
            ignore_mismatched_sizes=True,  # they are told of below
        )
    _expect_weights(folder, found["missing_keys"], {str(key): shapes for key, *shapes in found["mismatched_keys"]})
    _expect_finite(folder, model)
    encoder: nn.Module = model
    return encoder.eval()


def _expect_size(place: str, size: int) -> None:
    """Lets pass a network that a model may hold, in bytes."""
    limit = MEMBERS[ENCODER].limit
    if size > limit:
        raise DataError(
            f"{place}: expected a transformer of at most {limit / 1e9:.2f} GB in single precision, as a model may hold "
            f"it, received one of {size / 1e9:.2f} GB. Choose a smaller one, such as base rather than large."
        )


def _expect_weights(folder: ModelFolder, missing: Iterable[str], mismatched: Mapping[str, Sequence[object]]) -> None:
    """Lets pass a transformer whose weights came from its files, but for its pooler's, which nothing here reads."""
    missing = sorted(key for key in missing if _POOLER not in key.split("."))
    if missing:
        more = f" and {len(missing) - _MOST_TOLD} more" if len(missing) > _MOST_TOLD else ""
        raise DataError(
            f"{folder.path}: expected all weights of a transformer, found none for "
            f"{', '.join(missing[:_MOST_TOLD])}{more}. Save it anew, with the config.json that belongs to it."
        )
    for key, (received, expected) in sorted(mismatched.items()):
        if _POOLER not in key.split("."):
            raise DataError(
                f"{folder.path}: expected {key} of shape {_shape(expected)}, received {_shape(received)}. "
                "Save it anew, with the config.json that belongs to it."
            )


def _shape(sizes: Any) -> str:
    return str(tuple(sizes))


def _expect_finite(folder: ModelFolder, model: nn.Module) -> None:
    for name, parameter in model.named_parameters():
        if not torch.isfinite(parameter).all():
            raise DataError(
                f"{folder.path}: expected finite numbers as weights, received others in {name}. "
                "Get the files anew, or choose another transformer."
            )


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
        DataError: torch cannot write it as a graph, or that is too large for a model.
    """
    batch, length = (torch.export.Dim(axis) for axis in ("batch", "length"))
    device = next(states.parameters()).device
    numbers = torch.ones(_TRIED, dtype=torch.int64, device=device)
    mask = torch.ones(_TRIED, dtype=torch.int64, device=device)
    mask[-1, -1] = 0
    with _refusing(name, "a transformer that can be written as a graph"):
        program = torch.onnx.export(
            states.eval(),
            (numbers, mask),
            dynamo=True,
            dynamic_shapes=({0: batch, 1: length}, {0: batch, 1: length}),
            input_names=["numbers", "mask"],
            output_names=["states"],
            verbose=False,
        )
        assert program is not None
        network = without_remarks(program.model_proto.SerializeToString())
    _expect_size(name, len(network))
    return network


@contextlib.contextmanager
def _refusing(place: str, expected: str) -> Iterator[None]:
    """Within the block the libraries say nothing, and what they raise is told in one line."""
    try:
        with _quiet():
            yield
    except Exception as error:  # they raise all kinds
        raise DataError(f"{place}: expected {expected}, received {_reason(error).rstrip('.')}.") from error


def _reason(error: BaseException) -> str:
    """The first line of the error that others come from, without codes for terminals."""
    while error.__cause__ is not None:
        error = error.__cause__
    lines = (one_line(line) for line in _CODES.sub("", str(error)).splitlines())
    return next(filter(None, lines), type(error).__name__)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Within the block nothing is printed, warned of or logged by the libraries."""
    before = logging.root.manager.disable
    logging.disable(logging.ERROR)  # what goes wrong is raised too
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
