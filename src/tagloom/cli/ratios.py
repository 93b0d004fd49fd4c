"""`--ratios 80,10,10` as shares."""

import math

from tagloom.errors import ConfigError


def parsed_ratios(text: str) -> list[float]:
    """Shares of train, dev and test that add up to 1.

    Raises:
        ConfigError: they are not three numbers, or a share is negative or all are zero.

    Example:
        >>> parsed_ratios("80,10,10")
        [0.8, 0.1, 0.1]
    """
    try:
        shares = [float(part) for part in text.split(",")]
    except ValueError:
        shares = []
    if len(shares) != 3 or not min(shares) >= 0 or not 0 < sum(shares) < math.inf:
        raise ConfigError(f"--ratios: expected shares of train, dev and test such as 80,10,10, received {text!r}.")
    return [share / sum(shares) for share in shares]
