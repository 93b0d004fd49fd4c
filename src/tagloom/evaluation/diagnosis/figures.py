"""Figures in words."""


def points(share: float) -> str:
    """A difference of scores, in points of F1.

    Example:
        >>> points(0.153)
        '15.3 points'
    """
    return f"{100 * share:.1f} points"


def f1(share: float) -> str:
    """A score.

    Example:
        >>> f1(0.8125)
        '81.2'
    """
    return f"{100 * share:.1f}"
