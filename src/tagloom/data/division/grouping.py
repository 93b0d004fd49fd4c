"""Documents that belong together: those that share a sentence, those of one value of a field."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence

from tagloom import tokenize
from tagloom.data.filters.fields import named, one_value_each
from tagloom.data.filters.moments import Moment, parse_moment
from tagloom.errors import DataError
from tagloom.text import Document


def groups_of_equal_sentences(documents: Sequence[Document]) -> list[list[int]]:
    """Indices of documents that an equal sentence ties together, in order: the components of a union-find forest."""
    parents = list(range(len(documents)))
    first_with: dict[str, int] = {}
    for index, document in enumerate(documents):
        for text in sentence_texts(document):
            earlier = _root(parents, first_with.setdefault(text, index))
            parents[_root(parents, index)] = earlier
    return _groups(_root(parents, index) for index in range(len(documents)))


def groups_by_field(documents: Sequence[Document], field: str) -> list[list[int]]:
    """Indices of documents that have one value of a field in common, in order.

    Raises:
        ConfigError: no document has the field.
        DataError: a document has no value of it, or several.
    """
    return _groups(one_value_each(documents, field, "by"))


def groups_by_time(documents: Sequence[Document], field: str) -> list[list[int]]:
    """Indices of documents of the same time, the oldest first.

    Raises:
        ConfigError: no document has the field.
        DataError: a document has no value of it, several, or one that is no time.
    """
    values = one_value_each(documents, field, "by_time")
    moments = [_moment(value, documents[index], index) for index, value in enumerate(values)]
    kinds = {moment.kind: index for index, moment in reversed(list(enumerate(moments)))}
    if len(kinds) > 1:
        in_order = sorted(kinds.items(), key=lambda item: item[1])
        found = " and ".join(
            f"the {kind} {values[index]!r} in {named(documents[index], index)}" for kind, index in in_order
        )
        raise DataError(f"by_time: expected dates or numbers in {field!r}, received both: {found}. Write one kind.")
    groups = _groups(moments)
    return sorted(groups, key=lambda group: moments[group[0]].value)


def without_duplicates(documents: Sequence[Document]) -> list[Document]:
    """The documents that do not repeat an earlier one word for word."""
    first_with: dict[str, Document] = {}
    for document in documents:
        first_with.setdefault("\n".join(sentence_texts(document)), document)
    return list(first_with.values())


def num_shared_sentences(parts: Iterable[Sequence[Document]]) -> int:
    """How many different sentences are in more than one part."""
    seen: set[str] = set()
    shared: set[str] = set()
    for part in parts:
        own = {text for document in part for text in sentence_texts(document)}
        shared |= own & seen
        seen |= own
    return len(shared)


def sentence_texts(document: Document) -> Iterator[str]:
    """The words of each sentence, joined by blanks: equal sentences have equal ones."""
    return (" ".join(sentence.words) for sentence in tokenize.sentences(document))


def _moment(value: str, document: Document, index: int) -> Moment:
    moment = parse_moment(value)
    if moment is None:
        raise DataError(
            f"by_time: expected a date such as 2024-01-31, a time or a number, received {value!r} in "
            f"{named(document, index)}. Correct it, or leave the document out by a filter."
        )
    return moment


def _groups(keys: Iterable[Hashable]) -> list[list[int]]:
    """The indices of each key, in the order of their first one."""
    groups: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        groups[key].append(index)
    return list(groups.values())


def _root(parents: list[int], index: int) -> int:
    while parents[index] != index:
        parents[index] = parents[parents[index]]  # halves the path for the next one
        index = parents[index]
    return index
