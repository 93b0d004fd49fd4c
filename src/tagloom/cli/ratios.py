"""`--ratios 80,10,10` as shares."""

from tagloom.errors import ConfigError


def parsed_ratios(text: str | None) -> tuple[float, ...]:
    """Shares of train, dev and test that add up to 1; empty where nothing was asked.

    Raises:
        ConfigError: they are not two or three numbers, or a share is negative or all are zero.

    Example:
        >>> parsed_ratios("80,10,10")
        (0.8, 0.1, 0.1)
    """
    if text is None:
        return ()
    try:
        shares = [float(part) for part in text.split(",")]
    except ValueError:
        shares = []
    if len(shares) != 3 or min(shares) < 0 or not 0 < sum(shares) < float("inf"):
        raise ConfigError(f"--ratios: expected shares of train, dev and test such as 80,10,10, received {text!r}.")
    return tuple(share / sum(shares) for share in shares)
