"""How a word is written: upper and lower case, digits. After Collobert et al. 2011, section 5.1."""

CASINGS = (
    "other",
    "lower",
    "initial upper",
    "all upper",
    "mixed",
    "number",
    "upper and digits",
    "lower and digits",
    "mixed and digits",
)


def casing(word: str) -> int:
    """Index into `CASINGS`.

    Example:
        >>> [CASINGS[casing(word)] for word in ("camera", "Sony", "CE-7RM3", "4k", "2,457", "!")]
        ['lower', 'initial upper', 'upper and digits', 'lower and digits', 'number', 'other']
    """
    letters = [character for character in word if character.isalpha()]
    has_digit = any(character.isdigit() for character in word)
    if not letters:
        return 5 if has_digit else 0
    if has_digit:
        return 6 if word.isupper() else 7 if word.islower() else 8
    if word.islower():
        return 1
    if word.isupper() and len(letters) > 1:
        return 3
    return 2 if letters[0].isupper() and not any(letter.isupper() for letter in letters[1:]) else 4
