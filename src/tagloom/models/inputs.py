"""A batch as tensors: what the network reads."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from tagloom.features.corpus import Batch, Corpus
from tagloom.models.tuned_encoder import SubwordBatch


@dataclass(frozen=True, slots=True)
class Inputs:
    """One batch, on its device.

    Args:
        words: row of each different word in each table of words, (tables, different).
        casings: how each is written, (different,).
        characters: its characters, (different, longest word), 0 behind.
        character_lengths: how many they are, (different,).
        seen_once: whether training has what that row stands for just once, (tables, different).
        positions: for each place its different word, (length, batch).
        lengths: words of each sentence, (batch,).
        tags: tag numbers, (batch, length); None where nobody has labelled.
        contexts: layers of a frozen encoder at each place, (length, batch, layers, width); None where there is none.
        subwords: what an encoder that is trained reads; None where there is none.
    """

    words: Tensor
    casings: Tensor
    characters: Tensor
    character_lengths: Tensor
    seen_once: Tensor
    positions: Tensor
    lengths: Tensor
    tags: Tensor | None
    contexts: Tensor | None = None
    subwords: SubwordBatch | None = None

    @classmethod
    def of(cls, corpus: Corpus, batch: Batch, device: torch.device | str = "cpu") -> "Inputs":
        """The tensors of a batch of a corpus, without what an encoder gives for it."""
        known, chosen = corpus.surfaces, batch.surfaces
        character_lengths = known.character_lengths[chosen]

        def tensor(values: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Tensor:
            return torch.from_numpy(values).to(device)

        return cls(
            words=tensor(known.words[:, chosen]),
            casings=tensor(known.casings[chosen]),
            characters=tensor(known.characters[chosen, : character_lengths.max()]),
            character_lengths=tensor(character_lengths),
            seen_once=tensor(known.seen_once[:, chosen]),
            positions=tensor(batch.positions),
            lengths=tensor(batch.lengths),
            tags=None if batch.tags is None else tensor(batch.tags),
        )
