"""The first line of word2vec's files, text and binary: how many words there are, and of what width."""

_MOST_DIGITS = 18  # of a number that means something; Python reads no more than thousands


def read_header(line: bytes) -> tuple[int, int] | None:
    """How many words of what width a line says that there are; None where it says something else.

    Example:
        >>> read_header(b"400000 100"), read_header(b"the 0.1")
        ((400000, 100), None)
    """
    fields = line.split()
    if len(fields) != 2 or not all(field.isdigit() and len(field) <= _MOST_DIGITS for field in fields):
        return None
    return int(fields[0]), int(fields[1])
