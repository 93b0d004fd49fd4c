"""A transformer that is trained: subwords in, the layers of each word out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tagloom.embeddings.encoders.encoder import FIRST
from tagloom.embeddings.encoders.reads import packed, reads
from tagloom.embeddings.encoders.subwords import Subwords
from tagloom.models.pretrained import HiddenStates

_LAYER = re.compile(r"\.(?:layers?|h|block)\.(\d+)\.")


@dataclass(frozen=True, slots=True)
class SubwordBatch:
    """Sentences as a transformer reads them.

    Args:
        numbers: of the subwords, (stretches, longest).
        mask: 1 where there is one, (stretches, longest).
        places: of the subwords that count, in the flattened stretches, (subwords,).
        slots: of the word that each belongs to, in the flattened batch, (subwords,).
        shape: length and batch.
    """

    numbers: Tensor
    mask: Tensor
    places: Tensor
    slots: Tensor
    shape: tuple[int, int]

    @classmethod
    def of(
        cls, sentences: Sequence[Sequence[str]], subwords: Subwords, pooling: str, device: torch.device | str = "cpu"
    ) -> "SubwordBatch":
        """A batch of sentences, in words.

        Args:
            sentences: at least one of which has words.
            subwords: the tokenizer.
            pooling: which subwords a word's vector comes from.
            device: where the tensors lie.
        """
        every = [one for number, words in enumerate(sentences) for one in reads(subwords, number, words)]
        numbers, mask = packed(every)
        places: list[NDArray[np.int64]] = []
        slots: list[NDArray[np.int64]] = []
        for row, one in enumerate(every):
            words = np.arange(one.stretch.kept_start, one.stretch.kept_end) * len(sentences) + one.sentence
            first = row * numbers.shape[1] + one.starts
            if pooling == FIRST:
                places.append(first)
                slots.append(words)
            else:
                inside = np.arange(one.sizes.sum()) - np.repeat(np.cumsum(one.sizes) - one.sizes, one.sizes)
                places.append(np.repeat(first, one.sizes) + inside)
                slots.append(np.repeat(words, one.sizes))

        def tensor(values: NDArray[np.int64]) -> Tensor:
            return torch.from_numpy(values).to(device)

        return cls(
            numbers=tensor(numbers),
            mask=tensor(mask),
            places=tensor(np.concatenate(places)),
            slots=tensor(np.concatenate(slots)),
            shape=(max(map(len, sentences)), len(sentences)),
        )


class TunedEncoder(nn.Module):
    """The last layers of a transformer, for each word.

    Args:
        states: the transformer.
    """

    def __init__(self, states: HiddenStates) -> None:
        super().__init__()
        self.states = states

    def forward(self, batch: SubwordBatch) -> Tensor:
        """(length, batch, layers, width), 0 behind a sentence's end."""
        states = self.states(batch.numbers, batch.mask)  # (stretches, longest, layers * width)
        chosen = states.flatten(0, 1).index_select(0, batch.places)
        num_slots = batch.shape[0] * batch.shape[1]
        summed = chosen.new_zeros(num_slots, chosen.shape[1]).index_add(0, batch.slots, chosen)
        sizes = torch.bincount(batch.slots, minlength=num_slots).clamp(min=1)
        layers: Tensor = (summed / sizes[:, None]).view(*batch.shape, self.states.layers, -1)
        return layers

    def depths(self) -> dict[nn.Parameter, int]:
        """How many layers lie above each parameter's own; those of the embeddings lie below all layers."""
        found = {parameter: _LAYER.search(name) for name, parameter in self.named_parameters()}
        numbers = {parameter: int(match[1]) for parameter, match in found.items() if match}
        top = max(numbers.values(), default=-1)
        return {
            parameter: top - numbers[parameter] if parameter in numbers else _depth_outside(name, top)
            for name, parameter in self.named_parameters()
        }


def _depth_outside(name: str, top: int) -> int:
    """Embeddings lie below all layers; anything else, such as a last norm, above them."""
    return top + 1 if "embeddings" in name else 0
