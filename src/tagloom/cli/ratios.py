"""`--ratios 80,10,10` as shares."""

import math

from tagloom.errors import ConfigError


def parsed_ratios(text: str) -> list[float]:
    """Shares of train, dev and test that add up to 1.

    Raises:
        ConfigError: they are not three numbers, a share is negative, or they add up to neither 100 nor 1.

    Example:
        >>> parsed_ratios("80,10,10")
        [0.8, 0.1, 0.1]
    """
    try:
        shares = [float(part) for part in text.split(",")]
    except ValueError:
        shares = []
    total = sum(shares)
    if len(shares) != 3 or not min(shares) >= 0 or not any(math.isclose(total, whole) for whole in (1, 100)):
        raise ConfigError(
            f"--ratios: expected shares of train, dev and test such as 80,10,10, received {text!r}. "
            "Give three numbers that add up to 100 or to 1."
        )
    return [share / total for share in shares]
