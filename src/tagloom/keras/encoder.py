"""Between sentences and the padded arrays of a Keras model: the rows of words, characters and tags, both ways."""

import json
import logging
import reprlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from tagloom import files, schemes
from tagloom.data.division.feature_set import FeatureSet
from tagloom.errors import ConfigError, DataError, TagloomError, one_line
from tagloom.features.corpus import count_words
from tagloom.features.vocabulary import FIRST_CHARACTER, LONGEST_WORD, PADDING, Vocabulary
from tagloom.features.word_index import FORMS, SURFACE
from tagloom.keras.dictionaries import checked_characters, checked_number, checked_tags, checked_words
from tagloom.keras.rows import Integers, Words, expect_sentences, length_of, tag_numbers_of, words_of
from tagloom.schemes import BIO, OUTSIDE
from tagloom.text import Document, Sentence, Span
from tagloom.tokenize import sentences as sentences_of

FIRST_WORD = 2

_FORMAT_VERSION = 1
_MOST: Mapping[str, int] = {
    "length": 1_000_000,
    "word_length": LONGEST_WORD,
    "unknown_word": 2**31 - 1,
    "unknown_character": 2**31 - 1,
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Encoder:
    """Turns sentences into padded arrays of numbers and predicted numbers into tags and entities.

    Make one from a feature set (`of`), or of dictionaries that somebody made. Row 0 of words and characters is padding,
    which an embedding's `mask_zero=True` leaves out. Names of the rows of padding and of unknown words (`PAD`, `<unk>`,
    ...) are no words and are left out of the dictionaries.

    Args:
        word2idx: the row of each word, in the form in which words are looked up.
        tag2idx: the number of each tag, from 0 without gaps, `O` among them.
        char2idx: the row of each character; empty where characters are not looked at.
        length: words that a row has room for, at least 1.
        word_length: characters that a word has room for, 1 to 1024; of a longer word the first and last halves.
        scheme: what the tags are written in.
        word_form: how a word is looked up: as it is written (`surface`), in lower case (`lower`), or in lower case with
            every digit a zero (`folded`).
        unknown_word: the row of every word that has none.
        unknown_character: the row of every character that has none.

    Raises:
        ConfigError: a row is given twice or is padding's, a word or a tag can never occur, or a size is out of range.
        SchemeError: there is no such scheme.

    Example:
        >>> encoder = Encoder(word2idx={"A": 2, "D90": 3}, tag2idx={"O": 0, "B-PNAME": 1, "I-PNAME": 2}, length=4)
        >>> encoder.words([["A", "D70"]]).tolist()
        [[2, 1, 0, 0]]
        >>> encoder.tag_names([[0, 1, 0, 0]], [["A", "D70"]])
        [['O', 'B-PNAME']]
    """

    word2idx: Mapping[str, int] = field(repr=False)
    tag2idx: Mapping[str, int]
    char2idx: Mapping[str, int] = field(default_factory=dict, repr=False)
    length: int
    word_length: int = 32
    scheme: str = BIO.name
    word_form: str = SURFACE
    unknown_word: int = 1
    unknown_character: int = 1

    def __post_init__(self) -> None:
        if self.word_form not in FORMS:
            received = reprlib.repr(self.word_form)
            raise ConfigError(f"word_form: expected one of {', '.join(FORMS)}, received {received}.")
        for name, most in _MOST.items():
            self._set(name, checked_number(name, getattr(self, name), most))
        self._set("scheme", schemes.scheme(self.scheme).name)
        self._set("tag2idx", checked_tags(self.tag2idx, self.scheme))
        self._set("word2idx", checked_words(self.word2idx, self.unknown_word, self.word_form))
        self._set("char2idx", checked_characters(self.char2idx, self.unknown_character))

    @classmethod
    def of(
        cls,
        feature_set: FeatureSet,
        *,
        scheme: str = BIO.name,
        length: int | None = None,
        word_length: int = 32,
        word_form: str = SURFACE,
        min_count: int = 1,
    ) -> "Encoder":
        """The encoder that a feature set gives: words and characters of train alone, tags for the labels of all parts.

        Words and characters are numbered from 2, the most frequent first. Nothing of train is unknown at a `min_count`
        of 1, so that a model does not learn what to make of unknown words; 2 gives it the rare ones to learn from.

        Args:
            feature_set: with spans.
            scheme: that tags are to be written in.
            length: words that a row has room for; None for the longest sentence of all parts.
            word_length: characters that a word has room for.
            word_form: how a word is looked up.
            min_count: words that train has less often are unknown.

        Raises:
            ConfigError: an option is out of its range, or it is no feature set.
            DataError: train has no sentence, or no part a span.
            SchemeError: there is no such scheme.
        """
        if not isinstance(feature_set, FeatureSet):
            raise ConfigError(
                f"feature set: expected a FeatureSet, received {type(feature_set).__name__}. "
                "Divide the data first: tagloom.FeatureSet.split(dataset)."
            )
        least = checked_number("min_count", min_count)
        words = [sentence.words for sentence in feature_set.train.sentences()]
        labels = (feature_set.train + feature_set.dev + feature_set.test).labels
        if not words or not labels:
            missing = "a labelled span in one of its parts" if words else "sentences in its train part"
            raise DataError(f"feature set: expected {missing}, received none. Give it labelled data.")
        if length is None:
            others = chain(feature_set.dev.sentences(), feature_set.test.sentences())
            length = max(chain(map(len, words), (len(sentence.tokens) for sentence in others)))
        counts = count_words(words)
        vocabulary = Vocabulary.of(counts, word_length, form=word_form)
        formed: Counter[str] = Counter()
        for surface, count in counts.items():
            formed[FORMS[word_form](surface)] += count
        frequent = [word for word in vocabulary.tables[0].words if formed[word] >= least]
        return cls(
            word2idx={word: row for row, word in enumerate(frequent, FIRST_WORD)},
            tag2idx={tag: number for number, tag in enumerate(schemes.scheme(scheme).tags(labels))},
            char2idx={character: row for row, character in enumerate(vocabulary.characters, FIRST_CHARACTER)},
            length=length,
            word_length=word_length,
            scheme=scheme,
            word_form=word_form,
        )

    @property
    def num_words(self) -> int:
        """Rows that an embedding of words needs, its `input_dim`: those of padding and unknown words included."""
        return max(self.unknown_word, *self.word2idx.values(), PADDING) + 1

    @property
    def num_characters(self) -> int:
        """Rows that an embedding of characters needs, those of padding and unknown characters included."""
        return max(self.unknown_character, *self.char2idx.values(), PADDING) + 1

    @cached_property
    def idx2word(self) -> dict[int, str]:
        """The word of each row; `<padding>` and `<unknown>` name the rows that no word has."""
        return {PADDING: "<padding>", self.unknown_word: "<unknown>"} | {
            row: word for word, row in self.word2idx.items()
        }

    @cached_property
    def idx2tag(self) -> dict[int, str]:
        """The tag of each number, in their order: its values are what `CRF` and `EntityF1` take as tags."""
        return {number: tag for tag, number in self.tag2idx.items()}

    def words(self, sentences: Words) -> Integers:
        """The row of each word.

        Args:
            sentences: or the words of each.

        Returns:
            (sentences, length), 0 behind a sentence's end. What a sentence has beyond the length is cut, with a
            warning in the log.
        """
        formed, rows, unknown = FORMS[self.word_form], self.word2idx, self.unknown_word
        return self._padded([[rows.get(formed(word), unknown) for word in words] for words in self._cut(sentences)])

    def characters(self, sentences: Words) -> Integers:
        """The row of each character of each word.

        Args:
            sentences: or the words of each.

        Returns:
            (sentences, length, word_length), 0 behind a word's and a sentence's end; cut as `words` are.

        Raises:
            ConfigError: the encoder has no characters.
        """
        if not self.char2idx:
            raise ConfigError("char2idx: expected characters, received none. Make the encoder with some.")
        cut = self._cut(sentences)
        different = {word: number for number, word in enumerate(dict.fromkeys(chain.from_iterable(cut)), start=1)}
        table = np.zeros((len(different) + 1, self.word_length), np.int32)  # of padding nothing
        shown = Vocabulary((), tuple(self.char2idx), self.word_length).character_numbers(list(different))
        rows = np.array([PADDING, self.unknown_character, *self.char2idx.values()], np.int32)
        table[1:, : shown.shape[1]] = rows[shown]
        return table[self._padded([[different[word] for word in words] for words in cut])]

    def tags(self, sentences: Sequence[Sentence]) -> Integers:
        """The number of each word's tag, encoded anew from the spans.

        An entity that runs over the end of the row ends there, so that the tags are well-formed. Of spans that overlap
        the longest is kept, and the others are counted in the log.

        Args:
            sentences: with their spans.

        Returns:
            (sentences, length), `O` behind a sentence's end; cut as `words` are.

        Raises:
            ConfigError: they are no sentences.
            DataError: a span does not begin and end at a word's edge, or the encoder has no tag for it.
        """
        expect_sentences(sentences)
        self._warn_of_cut([len(sentence.tokens) for sentence in sentences])
        chunks = [sentence.chunks() for sentence in sentences]
        num_left_out = sum(map(len, (sentence.spans for sentence in sentences))) - sum(map(len, chunks))
        if num_left_out:
            _log.warning("spans left out, since longer ones overlap them: %s", f"{num_left_out:,}")
        numbers = [self._tag_numbers(*each) for each in zip(sentences, chunks, strict=True)]
        return self._padded(numbers, self.tag2idx[OUTSIDE])

    def tag_names(self, predicted: ArrayLike, sentences: Words) -> list[list[str]]:
        """The tags that a model predicts, exactly as many as each sentence has words.

        Args:
            predicted: what the model gives: scores (sentences, length, tags), of which the highest is taken, or numbers
                of tags (sentences, length).
            sentences: or the words of each; those beyond the length get `O`.

        Raises:
            DataError: there are not as many rows as sentences, places as the length, or tags as the encoder has.
        """
        numbers = tag_numbers_of(predicted, (len(sentences), self.length, len(self.tag2idx)))
        names, outside = list(self.tag2idx), [OUTSIDE]
        return [
            [names[number] for number in row[:size]] + outside * (size - self.length)
            for row, size in zip(numbers.tolist(), map(length_of, sentences), strict=True)
        ]

    def documents(
        self, predicted: ArrayLike, documents: Iterable[Document], *, leniently: bool = False
    ) -> list[Document]:
        """The documents with the entities that a model predicts in place of their own.

        Args:
            predicted: as `tag_names` has it, for the sentences that `tagloom.tokenize.sentences` gives of these
                documents, one document after another, as `Dataset.sentences` does.
            documents: whole.
            leniently: whether an ill-formed tag, such as an `I-` that continues nothing, begins an entity, as conlleval
                has it; else it is none, as in every strict score. A CRF that knows its scheme gives no such tag, so
                this says something of a softmax alone.

        Raises:
            DataError: as `tag_names`.
        """
        whole = list(documents)
        by_document = [sentences_of(document) for document in whole]
        scheme = schemes.scheme(self.scheme)
        read = scheme.decode_leniently if leniently else scheme.decode
        tags = iter(self.tag_names(predicted, list(chain.from_iterable(by_document))))
        found: list[Document] = []
        for document, own in zip(whole, by_document, strict=True):
            chunks = ((sentence.tokens, chunk) for sentence in own for chunk in read(next(tags)))
            spans = [Span(words[first].start, words[last - 1].end, label) for words, (first, last, label) in chunks]
            found.append(replace(document, spans=tuple(spans), source_tags=None))
        return found

    def to_json(self) -> dict[str, Any]:
        """The encoder as a JSON object."""
        return {"format_version": _FORMAT_VERSION, **{each.name: getattr(self, each.name) for each in fields(self)}}

    @classmethod
    def from_json(cls, content: Any) -> "Encoder":
        """The encoder that `to_json` gave.

        Raises:
            DataError: it is of another form or format.
        """
        names = {each.name for each in fields(cls)}
        if not isinstance(content, Mapping) or content.get("format_version") != _FORMAT_VERSION:
            raise DataError(f"encoder: expected an object of format {_FORMAT_VERSION}, received another. Save it anew.")
        if content.keys() - {"format_version"} != names:
            raise DataError(f"encoder: expected {', '.join(sorted(names))}, received {', '.join(sorted(content))}.")
        if not isinstance(content["scheme"], str) or not isinstance(content["word_form"], str):
            raise DataError("encoder: expected texts as scheme and word_form, received others. Save it anew.")
        try:
            return cls(**{name: content[name] for name in names})
        except TagloomError as error:
            raise DataError(f"encoder: {error}") from error

    def save(self, path: str | Path) -> None:
        """Writes the encoder beside its model, whole or not at all, as JSON."""
        files.write_text(Path(path), json.dumps(self.to_json(), indent=1) + "\n")  # a word may hold any code point

    @classmethod
    def load(cls, path: str | Path) -> "Encoder":
        """The encoder that `save` wrote.

        Raises:
            DataError: there is none.
        """
        try:
            return cls.from_json(json.loads(Path(path).read_text(encoding="utf-8")))
        except (OSError, ValueError, RecursionError) as error:
            raise DataError(f"{path}: expected an encoder as its `save` writes it; {one_line(error)}.") from error
        except DataError as error:
            raise DataError(f"{path}: {error}") from error

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)  # frozen for all others

    def _cut(self, sentences: Words) -> list[list[str]]:
        """The words of each sentence that a row has room for."""
        words = [list(words_of(sentence)) for sentence in sentences]
        self._warn_of_cut(list(map(len, words)))
        return [own[: self.length] for own in words]

    def _warn_of_cut(self, sizes: Sequence[int]) -> None:
        longer = [size - self.length for size in sizes if size > self.length]
        if longer:
            _log.warning(
                "sentences that are longer than %d words: %s of %s; %s words are behind the cut. Give a larger length.",
                self.length, f"{len(longer):,}", f"{len(sizes):,}", f"{sum(longer):,}",
            )  # fmt: skip

    def _padded(self, rows: Sequence[Sequence[int]], padding: int = PADDING) -> Integers:
        """(sentences, length), with padding behind a row's end."""
        table = np.full((len(rows), self.length), padding, np.int32)
        for place, values in zip(table, rows, strict=True):
            place[: len(values)] = values
        return table

    def _tag_numbers(self, sentence: Sentence, chunks: Sequence[tuple[int, int, str]]) -> list[int]:
        size = min(len(sentence.tokens), self.length)
        within = [(first, min(last, size), label) for first, last, label in chunks if first < size]
        try:
            return [self.tag2idx[tag] for tag in schemes.scheme(self.scheme).encode(within, size)]
        except KeyError as error:
            raise DataError(
                f"document {sentence.document_id!r}: expected one of the tags {', '.join(self.tag2idx)}, received "
                f"{error.args[0]}. Make the encoder of all data, or leave the label out."
            ) from error
