"""A bundle from disk to values. Nothing in it is executed, and nothing is taken that does not fit the rest."""

import contextlib
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tagloom.bundle.bundle import Bundle
from tagloom.bundle.config import Config, FileEntry
from tagloom.bundle.encoder_files import (
    ElmoFiles,
    ElmoForm,
    EncoderFiles,
    EncoderForm,
    TransformerFiles,
    TransformerForm,
)
from tagloom.bundle.format import (
    CARD,
    CHARACTERS,
    CONFIG,
    ENCODER,
    FLOAT32,
    FORMATS,
    MEBIBYTE,
    MEMBERS,
    NETWORK,
    REPORT,
    TOKENIZER,
    VOCABULARY,
    WEIGHTS,
)
from tagloom.bundle.members import ReadMember, open_members
from tagloom.bundle.network_check import check_network
from tagloom.bundle.report import checked_report
from tagloom.bundle.shapes import Shapes, weight_shapes
from tagloom.bundle.weights import most_bytes, weights_from_bytes
from tagloom.embeddings.encoders.tokenizer_file import checked_tokenizer
from tagloom.errors import BundleError, one_line
from tagloom.features.vocabulary import Vocabulary
from tagloom.features.word_index import FOLDED
from tagloom.schemes import scheme

_ONLY_TABLE = "words.table"
"""What the table of words was called where a model had one."""


def read_bundle(path: Path) -> Bundle:
    """The bundle of that folder or zip.

    Raises:
        BundleError: something is missing, too large, of a newer format, of another digest, not allowed, or does not
            fit the rest.
    """
    with open_members(path) as read_member:
        return _Reader(path, read_member).bundle()


class _Reader:
    """The files of one bundle, each checked as it is read.

    Args:
        path: of the bundle, for errors.
        read_member: gives a file's content by name.
    """

    def __init__(self, path: Path, read_member: ReadMember) -> None:
        self._path, self._read_member = path, read_member
        content = read_member(CONFIG, MEMBERS[CONFIG].limit)
        if content is None:
            raise BundleError(f"{path}: expected a file {CONFIG}, found none. Is this a model's folder?")
        with _placed(f"{path}/{CONFIG}: "):
            self._config = Config.from_json(_json(content))
        self._format = FORMATS[self._config.format_version]

    def bundle(self) -> Bundle:
        """Everything, the small files first, since they fix how large the others may be."""
        config = self._config
        if CARD in config.files:
            self._content(CARD)  # nobody reads it here, but it is shown
        vocabulary = self._vocabulary()
        self._expect_its_embeddings(vocabulary)
        layers = 0 if config.encoder is None else config.encoder.layers
        num_tags = len(scheme(config.scheme).tags(config.labels))
        shapes = weight_shapes(config.architecture, vocabulary, num_tags, layers)
        most = most_bytes(shapes)
        most_of_network = 2 * most + MEBIBYTE  # a network holds the same numbers, and some zeros beside its biases
        has_no_characters = config.architecture.characters == "none"
        return Bundle(
            labels=config.labels,
            scheme=config.scheme,
            tokenizer=config.tokenizer,
            algorithm=config.algorithm,
            architecture=config.architecture,
            training=config.training,
            vocabulary=vocabulary,
            network=self._network(NETWORK, most_of_network, config.precision),
            characters=None if has_no_characters else self._network(CHARACTERS, most_of_network, FLOAT32),
            weights=self._weights(most, shapes),
            report=self._report(),
            temperature=config.temperature,
            precision=config.precision,
            encoder=None if config.encoder is None else self._encoder(config.encoder),
        )

    def _expect_its_embeddings(self, vocabulary: Vocabulary) -> None:
        """Lets pass a table for each embedding that is one, and an encoder where one reads sentences."""
        architecture, received = self._config.architecture, len(vocabulary.tables)
        if received != len(architecture.tables):
            raise BundleError(
                f"{self._path}/{VOCABULARY}: expected {len(architecture.tables)} tables of words for "
                f"{architecture.embeddings}, received {received}."
            )
        if (architecture.context is None) != (self._config.encoder is None):
            expected = "no encoder" if architecture.context is None else "an encoder"
            raise BundleError(f"{self._path}/{CONFIG}: expected {expected} for {architecture.embeddings}.")

    def _encoder(self, form: EncoderForm) -> EncoderFiles:
        network = self._network(ENCODER, MEMBERS[ENCODER].limit, ENCODER)
        if isinstance(form, ElmoForm):
            return ElmoFiles(network, form)
        assert isinstance(form, TransformerForm)
        tokenizer = checked_tokenizer(self._content(TOKENIZER), f"{self._path}/{TOKENIZER}")
        return TransformerFiles(network, form, tokenizer)

    def _vocabulary(self) -> Vocabulary:
        content = self._content(VOCABULARY)
        with _placed(f"{self._path}/{VOCABULARY}: "):
            entries = _json(content)
        if isinstance(entries, dict) and not self._format.has_tables:
            entries = _with_tables(entries if self._format.has_form else {"form": FOLDED, **entries})
        with _placed(f"{self._path}/"):
            return Vocabulary.from_json(entries)

    def _weights(self, most: int, shapes: Shapes) -> dict[str, NDArray[np.float32]]:
        content, place = self._content(WEIGHTS, most), f"{self._path}/{WEIGHTS}"
        if self._format.has_tables:
            return weights_from_bytes(content, shapes, place)
        own = {_ONLY_TABLE if name == "words.0.table" else name: shape for name, shape in shapes.items()}
        weights = weights_from_bytes(content, own, place)
        return {**weights, "words.0.table": weights.pop(_ONLY_TABLE)}

    def _network(self, name: str, most: int, precision: str) -> bytes:
        content = self._content(name, most)
        check_network(content, f"{self._path}/{name}", precision)
        return content

    def _report(self) -> dict[str, Any]:
        if REPORT not in self._config.files:
            return {}
        content = self._content(REPORT)
        with _placed(f"{self._path}/{REPORT}: "):
            return checked_report(_json(content))

    def _content(self, name: str, most: int | None = None) -> bytes:
        """The content of a file after its size and digest.

        Args:
            name: of the file.
            most: bytes that it may have in this bundle; None where that is not known.
        """
        place, entry = f"{self._path}/{name}", self._config.files.get(name)
        if entry is None:
            raise BundleError(f"{self._path}/{CONFIG}: expected an entry for {name} among its files, received none.")
        limit = MEMBERS[name].limit if most is None else min(most, MEMBERS[name].limit)
        content = self._read_member(name, min(entry.size, limit))
        if content is None:
            raise BundleError(f"{self._path}: expected a file {name}, found none. Is this a model's folder?")
        received = FileEntry.of(content)
        if received != entry:
            raise BundleError(
                f"{place}: expected {entry.size} bytes with SHA-256 {entry.sha256}, received {received.size} with "
                f"{received.sha256}. The file was changed or cut; copy the model anew."
            )
        return content


@contextlib.contextmanager
def _placed(place: str) -> Iterator[None]:
    """Puts the place before what an error inside says."""
    try:
        yield
    except BundleError as error:
        raise BundleError(f"{place}{error}") from error


def _with_tables(entries: dict[str, Any]) -> dict[str, Any]:
    """The entries of a vocabulary of one table as those of one of several."""
    of_table = {"words": entries.get("words"), "forms": [entries.get("form")], "has_pieces": False}
    return {"tables": [of_table], **{name: value for name, value in entries.items() if name not in ("words", "form")}}


def _json(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8"), parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"expected JSON in UTF-8, received {one_line(error)}.") from error


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text[:50]}")
    return number
