"""What is read at once: about equally long things, so many and with so much padding as is worth while."""

from collections.abc import Sequence


def batches_by_length(
    in_order: Sequence[int], lengths: Sequence[int], batch_size: int, most: int
) -> list[Sequence[int]]:
    """Numbers that come by their lengths, in batches.

    Args:
        in_order: the numbers, the shortest first.
        lengths: of each, by its number.
        batch_size: most in a batch.
        most: that all of a batch may have together, padding included; one alone may have more.
    """
    batches, first = [], 0
    while first < len(in_order):
        last = min(first + batch_size, len(in_order))
        while last > first + 1 and (last - first) * lengths[in_order[last - 1]] > most:
            last = first + max(1, min(last - first - 1, most // lengths[in_order[last - 1]]))
        batches.append(in_order[first:last])
        first = last
    return batches
