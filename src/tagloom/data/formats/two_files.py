"""Two files: a sentence a line in one, its tags a line in the other."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest

from tagloom.data.findings import Findings
from tagloom.data.formats.carrying import Carries
from tagloom.data.formats.format import Options, Piece, Reading, TextFormat, Writing
from tagloom.data.formats.tagged import TaggedBatch, read_tagged
from tagloom.data.formats.tagging import tagged_documents
from tagloom.data.formats.tags import looks_like_tag
from tagloom.data.sources.source_text import SourceText, words_of
from tagloom.errors import DataError
from tagloom.text import Document

_MIN_SHARE_OF_TAGS = 0.95
_BATCH_SIZE = 10_000


class TwoFiles(TextFormat):
    """A sentence a line, words parted by blanks or tabs; in a second file as many tags a line."""

    name = "two_files"
    summary = "a file of sentences and a file of their tags"
    suffixes = (".sentences.txt", ".tags.txt")
    carries = Carries(words=True, source_tags=True)

    def recognises(self, texts: Sequence[SourceText], options: Options) -> bool:  # noqa: ARG002 - it has no columns
        """Whether nearly all words of one have the form of a tag, and few of the other.

        In columns every other cell is a tag, so that two files of columns are no pair.
        """
        words_text, tags_text = sorted(texts, key=_share_of_tags)
        return _holds_tags(tags_text) and _share_of_tags(words_text) < 1 / 2

    def read(self, files: Sequence[SourceText], options: Options) -> Reading:
        """A document a sentence; lines that are blank in both files are left out and counted."""
        words_text, tags_text = sorted(files, key=_share_of_tags)
        return read_tagged(lambda findings: _batches(words_text, tags_text, findings), tags_text, options.scheme)

    def write(self, documents: Iterable[Document], writing: Writing) -> Iterator[Piece]:
        """Its two contents; a word with a blank in it has no place here."""
        words_suffix, tags_suffix = self.suffixes
        num_sentences = 0
        for tagged in tagged_documents(documents, writing, refused="\0 \t\n\r"):
            self.carries.note_lost(tagged.source, writing.findings, read_as=num_sentences + 1)
            num_sentences += len(tagged.sentences)
            for sentence in tagged.sentences:
                yield words_suffix, " ".join(sentence.words) + "\n"
                yield tags_suffix, " ".join(sentence.tags) + "\n"


def _batches(words_text: SourceText, tags_text: SourceText, findings: Findings) -> Iterator[TaggedBatch]:
    words: list[list[str]] = []
    tags: list[list[str]] = []
    lines: list[int] = []
    pairs = zip_longest(words_text.lines(), tags_text.lines(), fillvalue="")
    for line, (own_words, own_tags) in enumerate(((words_of(one), words_of(other)) for one, other in pairs), start=1):
        if len(own_words) != len(own_tags):
            raise DataError(_mismatch(words_text, tags_text, line, len(own_words), len(own_tags)))
        if not own_words:
            findings.note("blank_sentences", f"{tags_text.place}:{line}")
            continue
        words.append(own_words)
        tags.append(own_tags)
        lines.append(line)
        if len(words) == _BATCH_SIZE:
            yield _batch(words, tags, lines)
            words, tags, lines = [], [], []
    if words:
        yield _batch(words, tags, lines)


def _batch(words: Sequence[Sequence[str]], tags: Sequence[Sequence[str]], lines: Sequence[int]) -> TaggedBatch:
    starts, place = [], 0
    for own in words:
        starts.append(place)
        place += len(own)
    of_words = [line for own, line in zip(words, lines, strict=True) for _ in own]
    return TaggedBatch(tuple(chain.from_iterable(words)), tuple(chain.from_iterable(tags)), {}, starts, of_words)


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
    num_lines = [sum(1 for _ in text.lines()) for text in (words_text, tags_text)]
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
