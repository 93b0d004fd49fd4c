"""The line of a CoNLL file that keeps of a document what words and tags do not say: its own text, spans, metadata.

`# document = {"id": "7", "text": "Sony製です。"}` stands before the document's first word. Programs that know
nothing of it pass over it as a remark. Words are found in the text one after another; where that would mislead,
`tokens` says where they are. Where tags cannot say the `entities`, `tagged` says what they say in their place: if
somebody changed the tags since, these count.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tagloom.data.formats.values import items, metadata_of, span_of, span_record, string
from tagloom.text import Span, Token

MARK = "# document = {"

Places = tuple[tuple[int, int, str], ...]
"""Start, end and label of spans."""


@dataclass(frozen=True, slots=True)
class Original:
    """What a source says of a document beside its words and tags.

    Args:
        id: its name.
        text: its own.
        metadata: its own.
        tokens: the places of its words, where they would not be found.
        spans: its own, where tags do not say them.
        tagged: what the tags say in their place.
    """

    id: str
    text: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    tokens: tuple[Token, ...] | None = None
    spans: tuple[Span, ...] | None = None
    tagged: Places = ()

    def spans_for(self, tagged: Sequence[Span]) -> tuple[Span, ...]:
        """The document's spans, given those that its tags say."""
        return tuple(tagged) if self.spans is None or places(tagged) != self.tagged else self.spans


def places(spans: Iterable[Span]) -> Places:
    """Start, end and label of each."""
    return tuple([(span.start, span.end, span.label) for span in spans])


def is_original(line: str) -> bool:
    """Whether a line keeps a document."""
    return line.startswith(MARK) and line.endswith("}")


def original_line(original: Original, words: Sequence[str], tokens: Sequence[Token]) -> str:
    """The line, with the places of the words where they would not be found.

    Example:
        >>> original_line(Original("7", "A D90."), ["A", "D90", "."], [Token(0, 1), Token(2, 5), Token(5, 6)])
        '# document = {"id": "7", "text": "A D90."}'
    """
    value: dict[str, Any] = {"id": original.id, "text": original.text}
    if original.metadata:
        value["metadata"] = dict(original.metadata)
    if located(words, original.text) != tuple(tokens):
        value["tokens"] = [list(token) for token in tokens]
    if original.spans is not None:
        value |= {"entities": list(map(span_record, original.spans)), "tagged": original.tagged}
    return f"{MARK[:-1]}{json.dumps(value, ensure_ascii=False)}"


def read_original(line: str) -> Original:
    """What `original_line` gave.

    Raises:
        ValueError: it is not as that gives it.
    """
    value = json.loads(line[len(MARK) - 1 :])
    tokens, entities = value.get("tokens"), value.get("entities")
    try:
        return Original(
            id=string(value.get("id"), "id"),
            text=string(value.get("text"), "text"),
            metadata=metadata_of(value.get("metadata")),
            tokens=None if tokens is None else tuple([Token(int(start), int(end)) for start, end in tokens]),
            spans=None if entities is None else tuple(span_of(**entity) for entity in items(entities, "entities")),
            tagged=tuple([(int(start), int(end), str(label)) for start, end, label in value.get("tagged", ())]),
        )
    except TypeError as error:
        raise ValueError(f"received {value!r}") from error


def words_within(original: Original, words: Sequence[str]) -> tuple[Token, ...]:
    """Where the words are in the document's text.

    Raises:
        ValueError: they are not there.
    """
    tokens = located(words, original.text) if original.tokens is None else original.tokens
    if tokens is None or [original.text[start:end] for start, end in tokens] != list(words):
        raise ValueError("received words that do not stand in it one after another")
    return tokens


def located(words: Sequence[str], text: str) -> tuple[Token, ...] | None:
    """The first place of each word after the one before it; None where one is not there."""
    tokens = []
    end = 0
    for word in words:
        start = text.find(word, end)
        if start < 0:
            return None
        end = start + len(word)
        tokens.append(Token(start, end))
    return tuple(tokens)
