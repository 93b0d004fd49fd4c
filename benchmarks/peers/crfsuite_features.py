"""The usual features of a word for a linear CRF, as `docs/results.md` lists them."""

import re

Features = dict[str, str | bool | float]


def shape(word: str) -> str:
    """The word with X for upper case, x for lower case, d for digits."""
    return re.sub(r"\d", "d", re.sub(r"[^\W\d_]", lambda letter: "X" if letter[0].isupper() else "x", word))


def features(words: list[str], at: int) -> Features:
    """What is known of one word of a sentence."""
    word = words[at]
    found: Features = {
        "bias": 1.0,
        "lower": word.lower(),
        "last3": word[-3:],
        "last2": word[-2:],
        "first3": word[:3],
        "upper": word.isupper(),
        "title": word.istitle(),
        "digit": word.isdigit(),
        "shape": shape(word),
        "begin": at == 0,
        "end": at == len(words) - 1,
    }
    for step in (-2, -1, 1, 2):
        if 0 <= at + step < len(words):
            beside = words[at + step]
            found |= {
                f"{step}:lower": beside.lower(),
                f"{step}:title": beside.istitle(),
                f"{step}:upper": beside.isupper(),
            }
    return found


def features_of_all(sentences: list[list[str]]) -> list[list[Features]]:
    """What is known of each word of each sentence."""
    return [[features(words, at) for at in range(len(words))] for words in sentences]
