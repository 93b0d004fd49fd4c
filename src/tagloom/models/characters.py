"""Vectors of words from their characters, once for each different word of a batch."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from tagloom.bundle.architecture import WINDOW
from tagloom.features.vocabulary import PADDING
from tagloom.models.initializers import KERNEL_INITIALIZERS, embedding_table
from tagloom.models.noise import Noise
from tagloom.models.recurrent import OneWayLSTM, reverse, reversed_order


class CharacterCNN(nn.Module):
    """Filters over windows of three characters, the highest value of each (Chiu & Nichols 2016; Ma & Hovy 2016).

    A filter's answer is a sum over its window, so what each character adds at each place of the window is worked out
    once for the whole alphabet, and the words only look it up: the same numbers as a convolution, for less work.

    Args:
        num_characters: rows, padding and the unknown character included.
        width: of a character's vector.
        filters: width of a word's vector.
        generator: of the first values.
    """

    def __init__(self, num_characters: int, width: int, filters: int, generator: torch.Generator) -> None:
        super().__init__()
        self.table = nn.Parameter(embedding_table(num_characters, width, generator))
        fill = KERNEL_INITIALIZERS["glorot_uniform"]
        kernel = fill(torch.empty(filters, WINDOW * width), generator).view(filters, WINDOW, width)
        self.kernel = nn.Parameter(kernel.permute(1, 2, 0).contiguous())  # (window, width, filters)
        self.bias = nn.Parameter(torch.zeros(filters))

    def forward(self, characters: Tensor, lengths: Tensor, dropout: float, noise: Noise | None) -> Tensor:  # noqa: ARG002  # an LSTM needs lengths
        """Vectors (words, filters) of characters (words, longest) with their lengths (words,)."""
        table = self.table if noise is None else noise.dropout(self.table, dropout)
        present = torch.arange(len(table), device=table.device) != PADDING
        added = (table * present[:, None]) @ self.kernel  # (window, characters, filters)
        highest: Tensor = _HighestAnswers.apply(added, characters)  # type: ignore[no-untyped-call]  # torch's
        return highest + self.bias


class _HighestAnswers(torch.autograd.Function):
    """The highest answer of each filter over the places of each word.

    Only the place that is highest has a gradient: one for each word and filter, which is all that goes back.
    """

    @staticmethod
    def forward(ctx: Any, added: Tensor, characters: Tensor) -> Tensor:
        """(words, filters) of what characters add (window, characters, filters) and words (words, longest)."""
        longest = characters.shape[1]
        padded = functional.pad(characters, (WINDOW // 2, WINDOW // 2), value=PADDING)  # (words, longest + 2)
        centre = added[WINDOW // 2].clone()
        centre[PADDING] = float("-inf")  # no answer stands behind a word's end
        answers = functional.embedding(characters, centre)  # (words, longest, filters)
        for place in (place for place in range(WINDOW) if place != WINDOW // 2):
            answers += functional.embedding(padded[:, place : place + longest], added[place])
        highest, places = answers.max(dim=1)
        ctx.save_for_backward(padded, places)
        ctx.num_characters = added.shape[1]
        return highest

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (gradient,) = gradients  # (words, filters)
        padded, places = ctx.saved_tensors
        width = WINDOW * gradient.shape[1]
        rows = padded.gather(1, torch.cat([places + place for place in range(WINDOW)], dim=1)).long()  # (words, width)
        cells = rows * width + torch.arange(width, device=rows.device)
        into = gradient.new_zeros(ctx.num_characters * width)
        into.scatter_add_(0, cells.flatten(), gradient.repeat(1, WINDOW).flatten())
        return into.view(ctx.num_characters, WINDOW, -1).transpose(0, 1), None


class CharacterLSTM(nn.Module):
    """The last states of an LSTM each way over a word's characters (Lample et al. 2016, section 4.1).

    Args:
        num_characters: rows, padding and the unknown character included.
        width: of a character's vector.
        units: per direction; a word's vector is twice as wide.
        generator: of the first values.
    """

    def __init__(self, num_characters: int, width: int, units: int, generator: torch.Generator) -> None:
        super().__init__()
        self.table = nn.Parameter(embedding_table(num_characters, width, generator))
        self.onwards = OneWayLSTM(width, units, "glorot_uniform", generator)
        self.back = OneWayLSTM(width, units, "glorot_uniform", generator)

    def forward(self, characters: Tensor, lengths: Tensor, dropout: float, noise: Noise | None) -> Tensor:
        """Vectors (words, 2 * units) of characters (words, longest) with their lengths (words,)."""
        table = self.table if noise is None else noise.dropout(self.table, dropout)
        values = functional.embedding(characters.T.contiguous(), table)  # (longest, words, width)
        turned = reverse(values, reversed_order(lengths, values.shape[0]))
        last = lengths - 1, torch.arange(len(lengths), device=lengths.device)
        ahead, behind = self.onwards(values, 0.0, None)[last], self.back(turned, 0.0, None)[last]
        return torch.cat((ahead, behind), dim=1)
