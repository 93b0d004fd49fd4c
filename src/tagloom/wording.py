"""Figures as people read them, the same on pages, on the terminal and in notebooks."""


def per_cent(share: float) -> str:
    """A share alone.

    Example:
        >>> per_cent(0.9712)
        '97.1 %'
    """
    return f"{bare(share)} %"


def bare(share: float) -> str:
    """A share among others, whose heading says that they are per cent; also a score.

    Example:
        >>> bare(0.8125)
        '81.2'
    """
    return f"{100 * share:.1f}"


def points(difference: float) -> str:
    """A difference of scores.

    Example:
        >>> points(0.153)
        '15.3 points'
    """
    return f"{bare(difference)} points"


def between(low: float, high: float) -> str:
    """An interval of shares.

    Example:
        >>> between(0.812, 0.8431)
        '81.2 to 84.3'
    """
    return f"{bare(low)} to {bare(high)}"


def counted(number: int, noun: str) -> str:
    """So many of something.

    Example:
        >>> counted(1, "word"), counted(1204, "sentence")
        ('1 word', '1,204 sentences')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
