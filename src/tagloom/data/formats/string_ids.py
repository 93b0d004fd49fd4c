"""The numbers by which spaCy knows strings: for some names their place in a list, for all others a 64-bit hash.

The names are those of `spacy.symbols` in spaCy 3. Saved models and `DocBin` files hold the numbers, so they stay.
"""

from collections.abc import Mapping

_FEATURES = """
    IS_ALPHA IS_ASCII IS_DIGIT IS_LOWER IS_PUNCT IS_SPACE IS_TITLE IS_UPPER LIKE_URL LIKE_NUM LIKE_EMAIL IS_STOP
    IS_OOV_DEPRECATED IS_BRACKET IS_QUOTE IS_LEFT_PUNCT IS_RIGHT_PUNCT IS_CURRENCY
"""
_ATTRIBUTES = """
    ID ORTH LOWER NORM SHAPE PREFIX SUFFIX LENGTH CLUSTER LEMMA POS TAG DEP ENT_IOB ENT_TYPE HEAD SENT_START SPACY PROB
    LANG ADJ ADP ADV AUX CONJ CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X EOL SPACE
"""
_LABELS = """
    PERSON NORP FACILITY ORG GPE LOC PRODUCT EVENT WORK_OF_ART LANGUAGE LAW DATE TIME PERCENT MONEY QUANTITY ORDINAL
    CARDINAL acomp advcl advmod agent amod appos attr aux auxpass cc ccomp complm conj cop csubj csubjpass dep det dobj
    expl hmod hyph infmod intj iobj mark meta neg nmod nn npadvmod nsubj nsubjpass num number oprd obj obl parataxis
    partmod pcomp pobj poss possessive preconj prep prt punct quantmod relcl rcmod root xcomp acl ENT_KB_ID MORPH ENT_ID
    IDX _
"""
NAMES: tuple[str, ...] = (
    "",
    *_FEATURES.split(),
    *(f"FLAG{number}" for number in range(19, 64)),
    *_ATTRIBUTES.split(),
    *(f"DEPRECATED{number:03}" for number in range(1, 277)),
    *_LABELS.split(),
)
"""The names that have their place here as their number."""

_PLACES: Mapping[str, int] = {name: place for place, name in enumerate(NAMES)}
_MULTIPLIER, _SHIFT, _SEED = 0xC6A4A7935BD1E995, 47, 1
_MASK = (1 << 64) - 1


def id_of(string: str) -> int:
    """The number of a string.

    Raises:
        UnicodeEncodeError: it holds half of a surrogate pair.

    Example:
        >>> id_of("ORG"), id_of("D90")
        (383, 18000717497598969958)
    """
    place = _PLACES.get(string)
    return _hash(string.encode("utf-8")) if place is None else place


def _hash(content: bytes) -> int:
    """MurmurHash64A (Appleby 2008)."""
    whole = len(content) & ~7
    mixed = _SEED ^ (len(content) * _MULTIPLIER & _MASK)
    for start in range(0, whole, 8):
        block = int.from_bytes(content[start : start + 8], "little") * _MULTIPLIER & _MASK
        mixed = (mixed ^ ((block ^ block >> _SHIFT) * _MULTIPLIER & _MASK)) * _MULTIPLIER & _MASK
    if whole < len(content):
        mixed = (mixed ^ int.from_bytes(content[whole:], "little")) * _MULTIPLIER & _MASK
    mixed = (mixed ^ mixed >> _SHIFT) * _MULTIPLIER & _MASK
    return mixed ^ mixed >> _SHIFT
