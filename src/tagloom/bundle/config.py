"""`config.json`: what a bundle says of itself, and the size and digest of its other files."""

import hashlib
import reprlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tagloom.bundle.architecture import Architecture
from tagloom.bundle.encoder_files import EncoderForm, form_from_json
from tagloom.bundle.format import (
    CONFIG,
    FLOAT32,
    FORMAT_VERSION,
    FORMATS,
    MAX_LABELS,
    MEMBERS,
    PRECISIONS,
    TEMPERATURES,
)
from tagloom.errors import BundleError

_LONGEST_NAME = 200  # characters
_SCALARS = (str, int, float, bool, type(None))


@dataclass(frozen=True, slots=True)
class FileEntry:
    """Size in bytes and SHA-256, in hexadecimal digits, of one file."""

    size: int
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> "FileEntry":
        """The entry of a file with this content."""
        return cls(len(content), hashlib.sha256(content).hexdigest())


@dataclass(frozen=True, kw_only=True, slots=True)
class Config:
    """The entries of `config.json`: its format, those of `bundle.Bundle`, and one for each other file by its name."""

    format_version: int = FORMAT_VERSION
    algorithm: str
    labels: tuple[str, ...]
    scheme: str
    tokenizer: str
    architecture: Architecture
    training: Mapping[str, Any]
    files: Mapping[str, FileEntry]
    temperature: float = 1.0
    precision: str = FLOAT32
    encoder: EncoderForm | None = None

    def to_json(self) -> dict[str, Any]:
        """The content of the file."""
        return {**asdict(self), "labels": list(self.labels)}

    @classmethod
    def from_json(cls, content: Any) -> "Config":
        """The entries that `to_json` wrote.

        Raises:
            BundleError: it is of a newer format, or an entry is missing, unknown or of another kind.
        """
        version = _version(content)
        form = FORMATS[version]
        said = {"temperature": form.has_temperature, "precision": form.has_precision, "encoder": form.has_tables}
        expected = {name for name in cls.__dataclass_fields__ if said.get(name, True)}
        if set(content) != expected:
            raise BundleError(f"expected the entries {sorted(expected)}, received {_shown(sorted(content))}.")
        return cls(
            format_version=version,
            algorithm=_name("algorithm", content["algorithm"]),
            labels=_labels(content["labels"]),
            scheme=_one_of("scheme", content["scheme"], form.schemes),
            tokenizer=_name("tokenizer", content["tokenizer"]),
            architecture=Architecture.from_json(content["architecture"]),
            training=_options(content["training"]),
            files=_files(content["files"]),
            temperature=_temperature(content.get("temperature", 1.0)),
            precision=_one_of("precision", content.get("precision", FLOAT32), PRECISIONS),
            encoder=None if content.get("encoder") is None else form_from_json(content["encoder"]),
        )


def _version(content: Any) -> int:
    version = content.get("format_version") if isinstance(content, dict) else None
    if type(version) is not int or version < 1:
        raise BundleError(f"expected a format_version of 1 or more, received {_shown(version)}.")
    if version > FORMAT_VERSION:
        raise BundleError(f"expected format {FORMAT_VERSION} or older, received {version}. Install a newer Tagloom.")
    return version


def _name(entry: str, value: Any) -> str:
    return str(_expected(entry, value, _is_name(value), f"a name of 1 to {_LONGEST_NAME} characters"))


def _labels(value: Any) -> tuple[str, ...]:
    fits = isinstance(value, list) and 1 <= len(value) <= MAX_LABELS and all(_is_name(label) for label in value)
    fits = fits and len(set(value)) == len(value)
    return tuple(_expected("labels", value, fits, f"1 to {MAX_LABELS} different names"))


def _one_of(entry: str, value: Any, known: Sequence[str]) -> str:
    return str(_expected(entry, value, value in known, " or ".join(known)))


def _options(value: Any) -> dict[str, Any]:
    fits = isinstance(value, dict) and all(_is_shallow(option) for option in value.values())
    return dict(_expected("training", value, fits, "options, each a value, a list of values or a table of them"))


def _temperature(value: Any) -> float:
    least, most = TEMPERATURES
    fits = type(value) in (int, float) and least <= value <= most
    return float(_expected("temperature", value, fits, f"a number from {least} to {most}"))


def _files(value: Any) -> dict[str, FileEntry]:
    known = MEMBERS.keys() - {CONFIG}
    fits = isinstance(value, dict) and value.keys() <= known and all(_is_file_entry(one) for one in value.values())
    _expected("files", value, fits, f"size and sha256 of some of {', '.join(sorted(known))}")
    return {name: FileEntry(**entry) for name, entry in value.items()}


def _is_name(value: Any) -> bool:
    """Whether it is a short text without control characters or halves of surrogate pairs."""
    return (
        isinstance(value, str)
        and 1 <= len(value) <= _LONGEST_NAME
        and all(unicodedata.category(character) not in ("Cc", "Cs") for character in value)
    )


def _is_shallow(option: Any) -> bool:
    values = option.values() if isinstance(option, dict) else option if isinstance(option, list) else (option,)
    return all(isinstance(value, _SCALARS) for value in values)


def _is_file_entry(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and set(entry) == {"size", "sha256"}
        and type(entry["size"]) is int
        and entry["size"] >= 0
        and isinstance(entry["sha256"], str)
        and len(entry["sha256"]) == 64
    )


def _expected(entry: str, value: Any, fits: bool, expected: str) -> Any:
    if not fits:
        raise BundleError(f"{entry}: expected {expected}, received {_shown(value)}.")
    return value


def _shown(value: Any) -> str:
    return reprlib.repr(value)
