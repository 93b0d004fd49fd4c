"""A sample of a sequence from all over it."""


def spread(num: int, most: int) -> list[int]:
    """At most so many of the numbers below `num`, evenly spread.

    Example:
        >>> spread(10, 4)
        [0, 2, 5, 7]
    """
    return [place * num // min(num, most) for place in range(min(num, most))]
