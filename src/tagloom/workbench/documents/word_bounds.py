"""Where the words of a document are, in as few figures as that takes: pages snap to them."""

from tagloom.text import Document
from tagloom.tokenize import tokens


def word_bounds(document: Document) -> list[int]:
    """Of each word how much is between it and the one before, and its length, in code points.

    The words are the document's own where it has them, else those that models read.

    Example:
        >>> word_bounds(Document("A  D90."))
        [0, 1, 2, 3, 0, 1]
    """
    found: list[int] = []
    end = 0
    for word in document.tokens if document.tokens is not None else tokens(document.text):
        found += (word.start - end, word.end - word.start)
        end = word.end
    return found
