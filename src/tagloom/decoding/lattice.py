"""The scores of every path of a batch of sentences.

A lattice is emissions (batch, length, tags), transitions (tags, tags) `[from, to]`, start and end transitions (tags,)
and lengths (batch,). A forbidden transition is minus infinity. Lafferty et al. 2001, section 3.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Lattice:
    """The scores of every path of a batch of sentences.

    Args:
        emissions: score of each tag for each word, (batch, length, tags); what lies past a sentence's end is not read.
        transitions: score of going from one tag to the next, (tags, tags), `[from, to]`; minus infinity forbids.
        start_transitions: score of beginning with a tag, (tags,).
        end_transitions: score of ending with a tag, (tags,).
        lengths: number of words of each sentence, (batch,), at least 1.
    """

    emissions: Floats
    transitions: Floats
    start_transitions: Floats
    end_transitions: Floats
    lengths: Integers

    def sentence(self, index: int) -> "Lattice":
        """The lattice of one sentence alone."""
        one = slice(index, index + 1)
        length = int(self.lengths[index])
        return replace(self, emissions=self.emissions[one, :length], lengths=self.lengths[one])

    def tempered(self, temperature: float) -> "Lattice":
        """The same with every score divided by a temperature above 0; paths keep their order."""
        if temperature == 1.0:
            return self
        return replace(
            self,
            emissions=self.emissions / temperature,
            transitions=self.transitions / temperature,
            start_transitions=self.start_transitions / temperature,
            end_transitions=self.end_transitions / temperature,
        )
