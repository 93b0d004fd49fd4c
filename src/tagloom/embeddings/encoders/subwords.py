"""Words to the numbers of their subwords, each word once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tagloom.embeddings.encoders.tokenizer_file import load_tokenizer
from tagloom.errors import BundleError, one_line
from tagloom.features.word_index import INSIDE

MOST_SUBWORDS = 64
"""Subwords of a word that are looked at, at most; of a longer word the first and last halves."""

LONGEST = 512
"""Subwords that an encoder reads at once, at most: more would cost more time than they tell."""

_MOST_KEPT = 200_000  # words; with more, it begins afresh
_UNKNOWN = ("[UNK]", "<unk>", "[PAD]", "<pad>")
_ANY_WORD = "a"
_SPECIAL = re.compile(r"\[\w+\]|<\|?\w+\|?>|</\w+>")  # such as [CLS], [unused0], <mask>, </s>
_LEADS = ("\u0120", "\u2581")  # of subwords that begin a word, where a blank belongs to them
_LEAST = 8  # subwords that are worth reading

Numbers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What an encoder expects around a text, such as `[CLS]` and `[SEP]`."""

    before: Numbers
    behind: Numbers

    def __len__(self) -> int:
        return len(self.before) + len(self.behind)


class Subwords:
    """A tokenizer that reads words by themselves. Threads may share it.

    Args:
        content: of a `tokenizer.json` that `checked_tokenizer` gave.
        place: of it, for errors.
        longest: subwords that its encoder can read at once, frame included.

    Attributes:
        frame: what stands around the subwords of a text.
        room: subwords of a text that are read at once.

    Raises:
        BundleError: it is no tokenizer, has no number for what it does not know, or its encoder reads too few.
    """

    def __init__(self, content: bytes, place: str, longest: int) -> None:
        self._place = place
        self._tokenizer = load_tokenizer(content, place)
        self._known: dict[str, Numbers] = {}
        unknown = next((number for text in _UNKNOWN if (number := self._tokenizer.token_to_id(text)) is not None), None)
        if unknown is None:
            raise BundleError(f"{place}: expected one of the tokens {', '.join(_UNKNOWN)}, received none.")
        self._unknown = (unknown,)
        self.frame = self._found_frame()
        self.room = min(longest, LONGEST) - len(self.frame)
        if self.room < _LEAST:
            raise BundleError(
                f"{place}: expected an encoder that reads {_LEAST} subwords at once or more, "
                f"received one of {self.room}."
            )

    @property
    def num_subwords(self) -> int:
        """How many there are, special ones included."""
        return int(self._tokenizer.get_vocab_size(with_added_tokens=True))

    def vocabulary(self) -> list[str]:
        """Its subwords but special ones, those inside words behind `##`, in its order, which mostly is by frequency."""
        known = self._tokenizer.get_vocab(with_added_tokens=False)
        texts = [text for text in sorted(known, key=known.__getitem__) if not _SPECIAL.fullmatch(text)]
        lead = next((mark for mark in _LEADS if any(text.startswith(mark) for text in texts)), None)
        if lead is None:
            return texts
        words = (self._tokenizer.decode([known[text]]).strip() for text in texts)
        pairs = zip(texts, words, strict=True)
        written = (word if text.startswith(lead) else f"{INSIDE}{word}" for text, word in pairs)
        return [text for text in dict.fromkeys(written) if text not in ("", INSIDE)]

    def of(self, words: Sequence[str]) -> list[Numbers]:
        """At least one number for each word: what gives no subword, such as a soft hyphen, is an unknown one."""
        known = self._known
        missing = [word for word in dict.fromkeys(words) if word not in known]
        if missing:
            if len(known) + len(missing) > _MOST_KEPT:
                self._known = known = {}
                missing = list(dict.fromkeys(words))
            read = self._encoded([[word] for word in missing], special=False)
            known.update(
                (word, self._shown(numbers) or self._unknown) for word, (numbers, _) in zip(missing, read, strict=True)
            )
        return [known[word] for word in words]

    def _found_frame(self) -> Frame:
        ((numbers, is_special),) = self._encoded([[_ANY_WORD]], special=True)
        first = next((place for place, special in enumerate(is_special) if not special), len(numbers))
        last = len(numbers) - next((place for place, special in enumerate(is_special[::-1]) if not special), 0)
        return Frame(numbers[:first], numbers[last:])

    def _shown(self, numbers: Numbers) -> Numbers:
        half = min(MOST_SUBWORDS, self.room // 2) // 2
        return numbers if len(numbers) <= 2 * half else numbers[:half] + numbers[-half:]

    def _encoded(self, texts: list[list[str]], *, special: bool) -> list[tuple[Numbers, list[int]]]:
        """Numbers of each text, given in words, and which of them are special."""
        clean = [[_without_surrogates(word) for word in words] for words in texts]
        try:
            read = self._tokenizer.encode_batch(clean, is_pretokenized=True, add_special_tokens=special)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a panic of the library is no Exception
            raise BundleError(
                f"{self._place}: expected a tokenizer that reads words, received {one_line(error)}."
            ) from error
        return [(tuple(one.ids), one.special_tokens_mask) for one in read]


def _without_surrogates(word: str) -> str:
    """Lone surrogates, which the library does not take, as question marks."""
    return word.encode("utf-8", "replace").decode("utf-8")
