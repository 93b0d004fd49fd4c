"""What documents are told apart by: their id, text and labels, their metadata, further columns of their source."""

from collections.abc import Iterable, Sequence
from itertools import chain

from tagloom.errors import ConfigError, DataError
from tagloom.text import Document

ID, TEXT, LABEL = "id", "text", "label"
"""Fields that every document has; metadata of these names cannot be asked for."""

_MAX_NAMED = 20


def values_of(document: Document, field: str) -> tuple[str, ...]:
    """The different values of a field in a document: none, one, or of labels and columns several.

    Example:
        >>> review = Document("Sharp and light", metadata={"product": "D90"}, columns={"POS": ("JJ", "CC", "JJ")})
        >>> values_of(review, "product"), values_of(review, "POS"), values_of(review, "author")
        (('D90',), ('JJ', 'CC'), ())
    """
    if field == LABEL:
        return tuple(dict.fromkeys(span.label for span in document.spans))
    if field in document.columns and field not in document.metadata:
        return tuple(filter(None, dict.fromkeys(document.columns[field])))
    own = {ID: document.id, TEXT: document.text}
    return tuple(filter(None, [own[field] if field in own else document.metadata.get(field, "")]))


def fields_of(documents: Iterable[Document]) -> tuple[str, ...]:
    """Every field that some document has, in the order of their first one."""
    own = chain.from_iterable((*document.metadata, *document.columns) for document in documents)
    return tuple(dict.fromkeys((ID, TEXT, LABEL, *own)))


def expect_field(documents: Sequence[Document], field: str, place: str) -> None:
    """Lets pass a field that some document has.

    Args:
        documents: all there are.
        field: its name.
        place: where it was asked for, for the message.

    Raises:
        ConfigError: no document has it.
    """
    known = fields_of(documents)
    if field not in known:
        more = f" and {len(known) - _MAX_NAMED} more" if len(known) > _MAX_NAMED else ""
        raise ConfigError(
            f"{place}: no document has the field {field!r}. Known fields are {', '.join(known[:_MAX_NAMED])}{more}."
        )


def one_value_each(documents: Sequence[Document], field: str, option: str) -> list[str]:
    """The value of a field in every document.

    Args:
        documents: all there are.
        field: its name.
        option: what asks for it, for messages.

    Raises:
        ConfigError: no document has the field.
        DataError: some documents have no value, or one has several.
    """
    expect_field(documents, field, option)
    values = [values_of(document, field) for document in documents]
    without = [named(document, index) for index, document in enumerate(documents) if not values[index]]
    if without:
        raise DataError(
            f"{option}: expected a value of {field!r} in each of {len(documents)} documents, {len(without)} have none, "
            f'the first of them {without[0]}. Fill it in, or leave them out by the filter "{field}!=".'
        )
    for index, several in enumerate(values):
        if len(several) > 1:
            raise DataError(
                f"{option}: expected one value of {field!r} in a document, received {len(several)} "
                f"({', '.join(several[:3])}, ...) in {named(documents[index], index)}. Choose another field."
            )
    return [value for (value,) in values]


def named(document: Document, index: int) -> str:
    """How a message names a document: by its id, else by its place from 1."""
    return f"document {document.id!r}" if document.id else f"document {index + 1}"
