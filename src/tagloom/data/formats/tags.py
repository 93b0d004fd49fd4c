"""What has the form of a tag."""

import re

from tagloom.schemes import LETTERS, OUTSIDE

_TAG = re.compile(rf"{OUTSIDE}|[{''.join(LETTERS)}]-.+", re.DOTALL)


def looks_like_tag(value: str) -> bool:
    """Whether it has the form of a tag."""
    return _TAG.fullmatch(value) is not None
