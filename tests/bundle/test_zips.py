"""Bundles as zips: only a bundle's own files, each once, plain, and no larger than they say."""

import re
import struct
import tracemalloc
import warnings
import zipfile
from pathlib import Path

import pytest
from damage import refusal, seal

from tagloom.bundle.format import CARD, CONFIG, REPORT, WEIGHTS
from tagloom.bundle.write import pack


def zipped(model: Path) -> Path:
    """The bundle as a zip, whatever is in its folder."""
    target = model.with_suffix(".loom")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(model.iterdir()):
            archive.write(file, file.name)
    return target


def added(model: Path, name: str | zipfile.ZipInfo, content: bytes = b"{}") -> Path:
    """The bundle as a zip with one entry more."""
    target = zipped(model)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of a name that is there twice
        with zipfile.ZipFile(target, "a") as archive:
            archive.writestr(name, content)
    return target


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "model/config.json", "..\\x", "a" * 5000, "model/", "\n"])
def test_a_zip_with_a_name_that_is_none_of_a_bundles_is_refused(model: Path, name: str) -> None:
    line = refusal(added(model, name))
    assert re.match(r": expected only config\.json, .*README\.md, received '", line)
    assert repr(name)[:90].rstrip("'") in line


def test_a_zip_with_a_file_twice_is_refused(model: Path) -> None:
    assert refusal(added(model, CONFIG)).startswith(": expected each file once, received README.md, characters.onnx, ")


def test_a_zip_with_a_symbolic_link_is_refused(model: Path) -> None:
    (model / CARD).unlink()
    seal(model)
    entry = zipfile.ZipInfo(CARD)
    entry.create_system, entry.external_attr = 3, 0o120777 << 16
    assert refusal(added(model, entry, b"/etc/passwd")) == (
        f"{CARD}: expected a plain file, received a link or another kind."
    )


def test_an_encrypted_zip_is_refused(model: Path) -> None:
    content = bytearray(zipped(model).read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := content.find(signature, start + 1)) >= 0:
            content[start + place] |= 1
    model.with_suffix(".loom").write_bytes(content)
    line = refusal(model.with_suffix(".loom"))
    assert line == f"{CARD}: expected a file without a password, received an encrypted one."


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_packed_in_another_way_is_refused(model: Path, method: int) -> None:
    target = model.with_suffix(".loom")
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.write(model / CONFIG, CONFIG)
    assert refusal(target) == f"{CONFIG}: expected a file stored or deflated, received method {method}."


def peak_of_refusal(path: Path) -> tuple[str, int]:
    tracemalloc.start()
    try:
        return refusal(path), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_bomb_that_says_its_size_is_refused_unread(model: Path) -> None:
    (model / REPORT).write_bytes(b" " * 50_000_000)
    line, peak = peak_of_refusal(zipped(model))
    assert re.fullmatch(rf"{REPORT}: expected a file .* no less than a 100th, received 50000000 bytes in \d+\.", line)
    assert peak < 5_000_000


def test_a_bomb_that_claims_to_be_small_is_read_no_further_than_it_claims(model: Path) -> None:
    size = (model / CONFIG).stat().st_size
    (model / CONFIG).write_bytes(b" " * 100_000_000)
    content = zipped(model).read_bytes().replace(struct.pack("<L", 100_000_000), struct.pack("<L", size))
    model.with_suffix(".loom").write_bytes(content)
    line, peak = peak_of_refusal(model.with_suffix(".loom"))
    assert re.match(rf"{CONFIG}: expected an undamaged file, received .*CRC", line)
    assert peak < 5_000_000


def test_a_zip_that_asks_for_room_for_its_list_of_files_is_refused(model: Path) -> None:
    content = zipped(model).read_bytes()
    target = model.with_suffix(".loom")
    end = content.rindex(b"PK\x05\x06")
    directory = struct.unpack("<L", content[end + 12 : end + 16])[0]
    padded = bytearray(content[:end] + b"\0" * 20_000_000 + content[end:])
    end += 20_000_000
    padded[end + 12 : end + 16] = struct.pack("<L", directory + 20_000_000)
    target.write_bytes(padded)
    line, peak = peak_of_refusal(target)
    assert line == ": expected a model's folder or a zip of it, received a list of files of more than 2097152 bytes."
    assert peak < 5_000_000


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip" * 1000])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.loom").write_bytes(content)
    assert refusal(tmp_path / "model.loom").startswith(": expected a model's folder or a zip of it, received ")


def test_a_packed_bundle_without_a_file_is_refused(model: Path) -> None:
    (model / WEIGHTS).unlink()
    pack(model, model.with_suffix(".loom"))
    line = refusal(model.with_suffix(".loom"))
    assert line == f": expected a file {WEIGHTS}, found none. Is this a model's folder?"
