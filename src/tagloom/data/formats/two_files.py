"""Two files: a sentence a line in one, its tags a line in the other."""

import re
from collections.abc import Iterable, Sequence
from itertools import chain, repeat, zip_longest

from tagloom.data.formats.format import Format, Options, Reading
from tagloom.data.formats.tagged import TaggedSentence, TaggedSentences
from tagloom.data.formats.tagging import tagged_sentences
from tagloom.data.source_text import SourceText, words_of
from tagloom.errors import DataError
from tagloom.schemes import LETTERS, OUTSIDE, Scheme
from tagloom.text import Document

_MIN_SHARE_OF_TAGS = 0.95
_TAG = re.compile(rf"{OUTSIDE}|[{''.join(LETTERS)}]-.+", re.DOTALL)


def looks_like_tag(value: str) -> bool:
    """Whether it has the form of a tag."""
    return _TAG.fullmatch(value) is not None


class TwoFiles(Format):
    """A sentence a line, words parted by blanks or tabs; in a second file as many tags a line."""

    name = "two_files"
    summary = "a file of sentences and a file of their tags"
    suffixes = (".sentences.txt", ".tags.txt")

    def recognises(self, texts: Sequence[SourceText], options: Options) -> bool:  # noqa: ARG002 - it has no columns
        """Whether nearly all words of one have the form of a tag, and few of the other.

        In columns every other cell is a tag, so that two files of columns are no pair.
        """
        words_text, tags_text = sorted(texts, key=_share_of_tags)
        return _holds_tags(tags_text) and _share_of_tags(words_text) < 1 / 2

    def read(self, texts: Sequence[SourceText], options: Options) -> Reading:
        """A document a sentence; lines that are blank in both files are left out and counted."""
        words_text, tags_text = sorted(texts, key=_share_of_tags)
        pairs = list(zip_longest(words_text.lines(), tags_text.lines(), fillvalue=""))
        sentences = TaggedSentences(tags_text.name)
        for line, (words, tags) in enumerate(((words_of(one), words_of(other)) for one, other in pairs), start=1):
            if len(words) != len(tags):
                raise DataError(_mismatch(words_text, tags_text, line, len(words), len(tags)))
            if words:
                sentences.add(words, tags, list(repeat(line, len(words))), {})
            else:
                sentences.findings.note("blank_sentences", f"{sentences.place}:{line}")
        return sentences.read(options.scheme)

    def write(self, documents: Iterable[Document], scheme: Scheme, *, keep_source_tags: bool) -> tuple[str, ...]:
        """Its two contents; a word with a blank in it has no place here."""
        groups = tagged_sentences(documents, scheme, keep_source_tags=keep_source_tags, refused="\0 \t\n\r")
        every: list[TaggedSentence] = list(chain.from_iterable(groups))
        words = "".join([" ".join(sentence.words) + "\n" for sentence in every])
        return words, "".join([" ".join(sentence.tags) + "\n" for sentence in every])


def _holds_tags(text: SourceText) -> bool:
    """Whether nearly all its words have the form of a tag: nearly, so that a wrong tag is named where it stands."""
    num_tags, num_words = _count_tags(text)
    num_wrong = num_words - num_tags
    return num_tags > num_wrong and num_wrong <= max(1, (1 - _MIN_SHARE_OF_TAGS) * num_words)


def _share_of_tags(text: SourceText) -> float:
    num_tags, num_words = _count_tags(text)
    return num_tags / max(1, num_words)


def _count_tags(text: SourceText) -> tuple[int, int]:
    """How many words of its beginning have the form of a tag, and how many there are."""
    words = [word for line in text.sample() for word in words_of(line)]
    return sum(map(looks_like_tag, words)), len(words)


def _mismatch(words_text: SourceText, tags_text: SourceText, line: int, num_words: int, num_tags: int) -> str:
    num_lines = len(words_text.lines()), len(tags_text.lines())
    uneven = f" ({words_text.name} has {num_lines[0]} lines, {tags_text.name} {num_lines[1]})"
    return (
        f"{tags_text.name}:{line}: expected {_counted(num_words, 'tag')} for {_counted(num_words, 'word')}, "
        f"received {num_tags}{uneven if num_lines[0] != num_lines[1] else ''}. "
        f"{_remedy(num_words - num_tags)} or remove the sentence from both files."
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _remedy(num_missing: int) -> str:
    verb = "Add the missing" if num_missing > 0 else "Remove the extra"
    return f"{verb} {'tag' if abs(num_missing) == 1 else 'tags'}"
