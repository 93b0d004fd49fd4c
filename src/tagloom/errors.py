"""What can go wrong, one class a kind of failure. Every message says what was received, where, and what to do."""

_LONGEST_QUOTE = 300  # characters


class TagloomError(Exception):
    """Anything that the user can mend; the command line prints it as one line and exits with status 1."""


class DataError(TagloomError):
    """A text, a table or a tag file that cannot be read as labelled data."""


class SchemeError(TagloomError):
    """A tag that is not of its scheme's form, or a scheme that is not known."""


class ConfigError(TagloomError):
    """An option that is unknown, of the wrong kind or out of its range."""


class BundleError(TagloomError):
    """A trained model on disk that is incomplete, altered, too new or not allowed."""


class TrainingError(TagloomError):
    """A training that cannot start, go on or resume."""


def one_line(error: object) -> str:
    """What another library's error says, short and without line ends, as part of one line of ours.

    Example:
        >>> one_line(ValueError("not  a number"))
        'not a number'
    """
    return " ".join(str(error).split())[:_LONGEST_QUOTE]
