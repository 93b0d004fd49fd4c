"""Sums and best paths of a linear-chain CRF in `keras.ops` alone, for every backend, eager and compiled.

Lafferty et al. 2001, section 3. All is in log space: sums scaled at each word would be a little cheaper, and in single
precision they underflow where scores differ by 87. Words may stand anywhere in their row; they are moved to its front
first, so that padding before, behind and between them changes nothing.
"""

from dataclasses import dataclass

from keras import ops

from tagloom.keras.tensor import Tensor


@dataclass(frozen=True, slots=True)
class Transitions:
    """The scores of a chain beside its emissions.

    Args:
        between: score of going from one tag to the next, (tags, tags), `[from, to]`.
        start: score of beginning with a tag, (tags,).
        end: score of ending with a tag, (tags,).
    """

    between: Tensor
    start: Tensor
    end: Tensor


def negative_log_likelihood(emissions: Tensor, transitions: Transitions, within: Tensor, tags: Tensor) -> Tensor:
    """Minus the log probability of the tags given the words.

    The score of the right path is taken off at each word, so that what is summed stays about as large as the result and
    single precision keeps its digits in sentences of any length.

    Args:
        emissions: score of each tag at each place, (batch, length, tags).
        transitions: of the chain.
        within: whether a place holds a word, (batch, length).
        tags: the right tags, (batch, length); not read where there is no word.

    Returns:
        (batch,), in nats; 0 for a row without words, NaN for one with a number that is no tag.
    """
    order = _words_first(within)
    emissions, lengths = _taken(emissions, order), _lengths(within)
    are_tags = ops.all(ops.logical_not(within) | ((tags >= 0) & (tags < emissions.shape[2])), axis=1)
    tags = ops.clip(_taken(tags, order), 0, emissions.shape[2] - 1)
    right = _path_steps(emissions, transitions, tags)  # (batch, length + 1)
    last = ops.take_along_axis(tags, ops.maximum(lengths - 1, 0)[:, None], axis=1)[:, 0]
    whole = _log_partition(emissions - right[:, :, None], transitions, lengths)
    losses = whole - ops.take(transitions.end, last)
    losses = ops.where(lengths > 0, losses, ops.zeros_like(losses))
    return ops.where(are_tags, losses, ops.full_like(losses, float("nan")))


def best_paths(emissions: Tensor, transitions: Transitions, within: Tensor) -> Tensor:
    """The tag of each word on the best path (Viterbi 1967), (batch, length) int32; 0 where there is no word.

    Of equal paths the one with the lower tags. Arguments as for `negative_log_likelihood`; minus infinity forbids.
    """
    emissions, lengths = _taken(emissions, _words_first(within)), _lengths(within)
    own_number = ops.arange(emissions.shape[2], dtype=emissions.dtype)  # a scan's parts are all of one type

    def step(reached: tuple[Tensor, Tensor], inputs: Tensor) -> tuple[Tensor, Tensor]:
        (scores, _), (emission, counts) = reached, _emission_and_whether(inputs)
        candidates = scores[:, :, None] + transitions.between  # (batch, from, to)
        origins = ops.cast(ops.argmax(candidates, axis=1), emission.dtype)
        further = ops.max(candidates, axis=1) + emission, origins
        reached = ops.where(counts, further[0], scores), ops.where(counts, further[1], own_number)
        return reached, reached

    across, is_word = ops.transpose(emissions, (1, 0, 2)), _is_word(emissions, lengths)
    first = transitions.start + across[0]  # (batch, tags)
    (scores, _), (_, origins) = ops.scan(step, (first, ops.zeros_like(first)), _steps(across, is_word))
    last = ops.cast(ops.argmax(scores + transitions.end, axis=1), "int32")  # (batch,)

    def step_back(tag: Tensor, origin: Tensor) -> tuple[Tensor, Tensor]:
        before = ops.cast(ops.take_along_axis(origin, tag[:, None], axis=1)[:, 0], "int32")
        return before, before

    _, paths = ops.scan(step_back, last, origins, reverse=True)  # (length, batch)
    return ops.where(within, _unpacked(ops.transpose(paths), within), 0)


def marginals(emissions: Tensor, transitions: Transitions, within: Tensor) -> Tensor:
    """Probability of each tag at each word, over all paths, (batch, length, tags); 0 where there is no word.

    Arguments as for `negative_log_likelihood`.
    """
    sums = _sums(_taken(emissions, _words_first(within)), transitions, _lengths(within))
    probabilities = _unpacked(ops.transpose(sums.marginals()[:-1], (1, 0, 2)), within)
    return ops.where(within[:, :, None], probabilities, ops.zeros_like(probabilities))


def _log_partition(emissions: Tensor, transitions: Transitions, lengths: Tensor) -> Tensor:
    """Log of the summed exponentiated scores of all paths, (batch,), in nats.

    Its gradient is what those paths hold on average: the marginals, and how often each transition is expected. So no
    loop is differentiated, which XLA under TensorFlow could not: the value stands fixed, and beside it the scores less
    themselves, which is 0, each times its gradient.
    """
    fixed = Transitions(*(ops.stop_gradient(own) for own in (transitions.between, transitions.start, transitions.end)))
    sums = _sums(ops.stop_gradient(emissions), fixed, lengths)
    marginals = ops.transpose(sums.marginals(), (1, 0, 2))  # (batch, length + 1, tags)
    return (
        sums.whole
        + ops.sum(marginals * (emissions - ops.stop_gradient(emissions)), axis=(1, 2))
        + ops.sum(sums.expected_transitions() * (transitions.between - fixed.between), axis=(1, 2))
        + ops.sum(marginals[:, 0] * (transitions.start - fixed.start), axis=1)
        + ops.sum(sums.last_marginals() * (transitions.end - fixed.end), axis=1)
    )


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums over paths, as logarithms; words stand in front.

    Args:
        emissions: (length + 1, batch, tags).
        transitions: of the chain.
        is_word: whether a place holds a word, (length + 1, batch, 1).
        forward: of the paths that end in each tag at each word, (length + 1, batch, tags); behind the last its own.
        backward: of the continuations from each tag at each word, (length + 1, batch, tags).
        whole: over all paths, (batch,).
    """

    emissions: Tensor
    transitions: Transitions
    is_word: Tensor
    forward: Tensor
    backward: Tensor
    whole: Tensor

    def marginals(self) -> Tensor:
        """Probability of each tag at each word, (length + 1, batch, tags); 0 behind the last."""
        return self._probabilities(self.forward + self.backward - self.whole[:, None], self.is_word)

    def expected_transitions(self) -> Tensor:
        """How often each transition is expected, (batch, tags, tags)."""
        onwards = (self.emissions + self.backward)[1:] - self.whole[:, None]  # (length, batch, to)
        pairs = self.forward[:-1][:, :, :, None] + self.transitions.between + onwards[:, :, None, :]
        return ops.sum(self._probabilities(pairs, self.is_word[1:][:, :, :, None]), axis=0)

    def last_marginals(self) -> Tensor:
        """Probability of each tag at the last word, (batch, tags)."""
        return ops.exp(self.forward[-1] + self.transitions.end - self.whole[:, None])

    @staticmethod
    def _probabilities(logarithms: Tensor, counts: Tensor) -> Tensor:
        return ops.where(counts, ops.exp(logarithms), ops.zeros_like(logarithms))


def _sums(emissions: Tensor, transitions: Transitions, lengths: Tensor) -> _Sums:
    """Forward and backward sums of emissions (batch, length + 1, tags)."""
    across, is_word = ops.transpose(emissions, (1, 0, 2)), _is_word(emissions, lengths)
    forward = _forward(across, transitions, is_word)
    return _Sums(
        emissions=across,
        transitions=transitions,
        is_word=is_word,
        forward=forward,
        backward=_backward(across, transitions, is_word),
        whole=ops.logsumexp(forward[-1] + transitions.end, axis=1),
    )


def _forward(emissions: Tensor, transitions: Transitions, is_word: Tensor) -> Tensor:

    def step(reached: Tensor, inputs: Tensor) -> tuple[Tensor, Tensor]:
        emission, counts = _emission_and_whether(inputs)
        further = ops.logsumexp(reached[:, :, None] + transitions.between, axis=1) + emission
        reached = ops.where(counts, further, reached)
        return reached, reached

    first = transitions.start + emissions[0]  # (batch, tags)
    _, others = ops.scan(step, first, _steps(emissions, is_word))
    return ops.concatenate([first[None], others], axis=0)


def _backward(emissions: Tensor, transitions: Transitions, is_word: Tensor) -> Tensor:

    def step(left: Tensor, inputs: Tensor) -> tuple[Tensor, Tensor]:
        emission, counts = _emission_and_whether(inputs)
        longer = ops.logsumexp(transitions.between + (emission + left)[:, None, :], axis=2)
        left = ops.where(counts, longer, left)
        return left, left

    last = ops.zeros_like(emissions[0]) + transitions.end  # (batch, tags)
    _, others = ops.scan(step, last, _steps(emissions, is_word), reverse=True)
    return ops.concatenate([others, last[None]], axis=0)


def _is_word(emissions: Tensor, lengths: Tensor) -> Tensor:
    """Whether each place of emissions (batch, length, tags) holds a word, (length, batch, 1)."""
    places = ops.arange(ops.shape(emissions)[1], dtype="int32")
    return (places[:, None] < lengths)[:, :, None]


def _steps(emissions: Tensor, is_word: Tensor) -> Tensor:
    """What a scan goes over behind the first word, (length, batch, tags + 1).

    One tensor, since the scan of TensorFlow takes two only if their length is known when the graph is made.
    """
    return ops.concatenate([emissions, ops.cast(is_word, emissions.dtype)], axis=2)[1:]


def _emission_and_whether(step: Tensor) -> tuple[Tensor, Tensor]:
    """The emissions of one place (batch, tags), and whether it holds a word (batch, 1)."""
    return step[:, :-1], ops.not_equal(step[:, -1:], 0)


def _path_steps(emissions: Tensor, transitions: Transitions, tags: Tensor) -> Tensor:
    """What the path of these tags scores at each word: its emission and the way to it, (batch, length + 1)."""
    unary = ops.take_along_axis(emissions, tags[:, :, None], axis=2)[:, :, 0]
    pairs = tags[:, :-1] * emissions.shape[2] + tags[:, 1:]  # (batch, length)
    ways = ops.take(ops.reshape(transitions.between, (-1,)), pairs)
    return unary + ops.concatenate([ops.take(transitions.start, tags[:, :1]), ways], axis=1)


def _lengths(within: Tensor) -> Tensor:
    """Words of each row, (batch,)."""
    return ops.sum(ops.cast(within, "int32"), axis=1)


def _words_first(within: Tensor) -> Tensor:
    """Where to take each place from, so that words stand in front in their order, (batch, length + 1).

    The place behind the longest row is padding, so that a scan over what follows the first word is never empty.
    """
    length = ops.shape(within)[1]
    places = ops.arange(length, dtype="int32")
    order = ops.cast(ops.argsort(ops.where(within, places, places + length), axis=1), "int32")
    return ops.concatenate([order, order[:, -1:]], axis=1)


def _unpacked(values: Tensor, within: Tensor) -> Tensor:
    """Values (batch, length, ...) of words that stand in front, back at the words' own places."""
    return _taken(values, ops.maximum(ops.cumsum(ops.cast(within, "int32"), axis=1) - 1, 0))


def _taken(values: Tensor, places: Tensor) -> Tensor:
    """Values (batch, length, ...) from these places, (batch, places, ...)."""
    return ops.take_along_axis(values, places[:, :, None] if len(values.shape) == 3 else places, axis=1)
