"""Files of predictions: the same as of each file alone, whole or not there, whatever stops it."""

import errno
import gzip
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tagloom.data.texts import read_texts
from tagloom.errors import ConfigError, DataError
from tagloom.inference.predictions import pieces
from tagloom.inference.predictions.folder import OVERWRITE, REFUSE, RESUME
from tagloom.inference.predictions.lines import LINES, probable
from tagloom.inference.predictions.pieces import grouped_pieces
from tagloom.inference.predictions.predict_files import predict_files
from tagloom.inference.predictions.progress import Meter, Progress
from tagloom.inference.predictions.tasks import Task
from tagloom.inference.predictor import Predictor
from tagloom.text import Document
from tiny import tiny_bundle

PREDICTOR = Predictor(tiny_bundle())
OTHER = Predictor(replace(tiny_bundle(), temperature=2.0))
MANIFEST = "predictions.json"
TEXTS = ("My Nikon D90 has a bright viewfinder.", "Superb", "", "The EOS-5D 's auto focus never hunts.", "日本👍 D90")


def lines(number: int) -> str:
    return "".join(json.dumps({"text": TEXTS[one % len(TEXTS)], "id": f"line {one}"}) + "\n" for one in range(number))


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """Small files and a larger one."""
    folder = tmp_path / "in"
    for number, text in enumerate(TEXTS):
        path = folder / f"{number % 2}" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (folder / "large.jsonl").write_text(lines(25), "utf-8")
    (folder / "none.jsonl").touch()
    (folder / "packed.jsonl.gz").write_bytes(gzip.compress(lines(7).encode()))
    return folder


@pytest.fixture
def in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "_DOCUMENTS_AT_ONCE", 4)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file in a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def alone(source: Path, *, output_format: str = "jsonl", threshold: float = 0.0) -> bytes:
    """The output of a file when nothing else is predicted."""
    found = PREDICTOR.documents(list(read_texts(source)))
    return "".join(LINES[output_format](probable(document, threshold)) for document in found).encode()


def each_alone(inputs: Path) -> dict[str, bytes]:
    paths = [path for path in sorted(inputs.rglob("*")) if path.is_file()]
    return {f"{path.relative_to(inputs)}.jsonl": alone(path) for path in paths}


def test_each_file_gives_what_it_gives_alone(inputs: Path, tmp_path: Path) -> None:
    predicted = predict_files(PREDICTOR, [inputs], tmp_path / "out")
    assert contents(tmp_path / "out") == each_alone(inputs)
    assert (predicted.num_files, predicted.num_documents, predicted.num_present, predicted.bad) == (8, 37, 0, [])
    written = b"".join(contents(tmp_path / "out").values()).splitlines()
    assert predicted.num_entities == sum(len(json.loads(line)["entities"]) for line in written) > 0


def test_in_pieces_it_gives_the_same(inputs: Path, tmp_path: Path, in_small_pieces: None) -> None:  # noqa: ARG001
    predict_files(PREDICTOR, [inputs], tmp_path / "out", batch_size=2)
    assert contents(tmp_path / "out") == each_alone(inputs)


def test_the_format_and_the_threshold_are_those_that_are_asked_for(inputs: Path, tmp_path: Path) -> None:
    scores = [span.score or 0 for text in TEXTS for span in PREDICTOR(text)]
    threshold = sorted(scores)[len(scores) // 2]
    predict_files(PREDICTOR, [inputs], tmp_path / "out", format="conll", threshold=threshold)
    expected = alone(inputs / "large.jsonl", output_format="conll", threshold=threshold)
    assert (tmp_path / "out" / "large.jsonl.conll").read_bytes() == expected
    assert expected != alone(inputs / "large.jsonl", output_format="conll")


def test_half_a_surrogate_pair_is_written_as_its_escape(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "D90 \\ud83d"}\n')
    predict_files(PREDICTOR, [tmp_path / "a.jsonl"], tmp_path / "out")
    assert json.loads((tmp_path / "out" / "a.jsonl.jsonl").read_bytes())["text"] == "D90 \ud83d"


def test_small_files_are_predicted_together(inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    together: list[int] = []
    predict = Predictor.documents

    def counting(self: Predictor, documents: Iterator[Document], **options: int) -> Iterator[Document]:
        some = list(documents)
        together.append(len(some))
        return predict(self, some, **options)

    monkeypatch.setattr(Predictor, "documents", counting)
    predict_files(PREDICTOR, [inputs], tmp_path / "out")
    assert together == [37]


def test_of_a_large_file_little_is_held_at_once(inputs: Path, in_small_pieces: None) -> None:  # noqa: ARG001
    paths = [inputs / "large.jsonl", inputs / "none.jsonl", inputs / "0" / "0.txt", inputs / "packed.jsonl.gz"]
    groups = list(grouped_pieces(paths))
    assert all(0 < len(piece.documents) + piece.is_last <= 5 for group in groups for piece in group)
    assert all(sum(len(piece.documents) for piece in group) < 8 for group in groups)
    flat = [piece for group in groups for piece in group]
    assert sum(piece.is_last for piece in flat) == len(paths)
    assert [document for piece in flat for document in piece.documents] == [
        document for path in paths for document in read_texts(path)
    ]


def test_long_documents_are_taken_a_few_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "_CHARACTERS_AT_ONCE", 100)
    for number, num_lines in enumerate((1, 1, 1, 20, 1)):
        (tmp_path / f"{number}.jsonl").write_text(f"{'D90 ' * 10}\n" * num_lines)
    groups = list(grouped_pieces(sorted(tmp_path.iterdir())))
    assert all(piece.num_characters <= 120 for group in groups for piece in group)
    assert all(sum(piece.num_characters for piece in group) <= 200 for group in groups)
    assert sum(len(piece.documents) for group in groups for piece in group) == 24


def test_files_without_documents_are_not_gathered_for_ever(tmp_path: Path, in_small_pieces: None) -> None:  # noqa: ARG001
    for number in range(9):
        (tmp_path / f"{number}.jsonl").touch()
    assert [len(group) for group in grouped_pieces(sorted(tmp_path.iterdir()))] == [4, 4, 1]


def test_it_tells_how_far_it_is(inputs: Path, tmp_path: Path, in_small_pieces: None) -> None:  # noqa: ARG001
    told: list[Progress] = []
    predict_files(PREDICTOR, [inputs], tmp_path / "out", watch=told.append)
    size = sum(path.stat().st_size for path in inputs.rglob("*") if path.is_file())
    characters = sum(
        len(json.loads(line)["text"]) for each in each_alone(inputs).values() for line in each.splitlines()
    )
    assert told[0] == Progress(all_files=8, all_bytes=size)
    assert told[-1] == Progress(8, size, num_files=8, num_bytes=size, num_characters=characters)
    for figure in ("num_files", "num_bytes", "num_characters"):
        figures = [getattr(progress, figure) for progress in told]
        assert figures == sorted(figures)
    within_the_large_one = {progress.num_bytes for progress in told if progress.num_files == 5}
    assert len(within_the_large_one) > 5


def test_characters_that_were_read_count_as_bytes_within_the_size_of_their_file() -> None:
    told: list[Progress] = []
    plain, packed = (Task(Path(name), Path(name), size) for name, size in (("plain", 100), ("packed", 1000)))
    meter = Meter([plain, packed], told.append)
    meter.read(plain, 60)
    meter.end(plain)
    meter.read(packed, 10)
    meter.read(packed, 5000)
    meter.end(packed)
    assert [progress.num_bytes for progress in told] == [0, 60, 100, 110, 1100, 1100]
    assert [progress.num_files for progress in told] == [0, 0, 1, 1, 1, 2]
    assert told[-1].num_characters == 5070


def interrupted_at(moment: int) -> Callable[[Progress], None]:
    left = iter(range(moment))

    def watch(_progress: Progress) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    return watch


@pytest.mark.parametrize("moment", range(1, 22, 2))
def test_interrupted_at_any_time_it_leaves_whole_outputs_and_goes_on_to_the_same(
    inputs: Path,
    tmp_path: Path,
    moment: int,
    in_small_pieces: None,  # noqa: ARG001
) -> None:
    expected, out = each_alone(inputs), tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        predict_files(PREDICTOR, [inputs], out, watch=interrupted_at(moment))
    done = contents(out)
    assert done.items() < expected.items()
    predicted = predict_files(PREDICTOR, [inputs], out, existing=RESUME)
    assert (predicted.num_present, predicted.num_files) == (len(done), 8 - len(done))
    assert contents(out) == expected


def test_what_is_done_is_not_made_again(inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    predict_files(PREDICTOR, [inputs], out)
    (out / "large.jsonl.jsonl").write_text("mine")
    (out / "none.jsonl.jsonl").unlink()
    predicted = predict_files(PREDICTOR, [inputs], out, existing=RESUME)
    assert (predicted.num_files, predicted.num_present) == (1, 7)
    assert (out / "large.jsonl.jsonl").read_text() == "mine"


def test_an_output_that_is_there_is_refused_before_anything_is_read(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    predict_files(PREDICTOR, [inputs / "1"], out)
    before = contents(tmp_path)
    monkeypatch.setattr(pieces, "read_texts", lambda _path: pytest.fail("it reads"))
    with pytest.raises(DataError) as raised:
        predict_files(PREDICTOR, [inputs / "1"], out)
    assert str(raised.value) == (
        f"{out}/1.txt.jsonl: expected a file to make, received one that exists. Such outputs: 2. "
        "Go on with --resume, make them anew with --overwrite, or choose another folder."
    )
    assert contents(tmp_path) == before


def test_further_inputs_may_come_to_predictions_of_the_same_model(inputs: Path, tmp_path: Path) -> None:
    for folder in ("0", "1"):
        predict_files(PREDICTOR, [inputs / folder], tmp_path / "out", existing=REFUSE)
    assert len(contents(tmp_path / "out")) == 5


@pytest.mark.parametrize(
    ("predictor", "options", "difference"),
    [
        (PREDICTOR, {"threshold": 0.5}, "threshold 0.0 there and 0.5 here"),
        (PREDICTOR, {"format": "conll"}, "format jsonl there and conll here"),
        (OTHER, {}, "model "),
    ],
)
def test_outputs_of_another_model_or_of_other_options_do_not_mix(
    inputs: Path, tmp_path: Path, predictor: Predictor, options: dict[str, Any], difference: str
) -> None:
    out = tmp_path / "out"
    predict_files(PREDICTOR, [inputs / "0"], out)
    before = contents(out) | {MANIFEST: (out / MANIFEST).read_bytes()}
    for existing, paths in ((RESUME, [inputs]), (REFUSE, [inputs / "1"]), (OVERWRITE, [inputs / "1"])):
        with pytest.raises(DataError) as raised:
            predict_files(predictor, paths, out, existing=existing, **options)
        assert f"expected outputs of this model with these options, found others: {difference}" in str(raised.value)
        assert f"They would mix with 3 that are there, such as {out}/0.txt.jsonl." in str(raised.value)
        assert contents(out) | {MANIFEST: (out / MANIFEST).read_bytes()} == before


def test_overwritten_outputs_are_all_of_the_new_model_also_after_a_stop(
    inputs: Path,
    tmp_path: Path,
    in_small_pieces: None,  # noqa: ARG001
) -> None:
    out, expected = tmp_path / "out", tmp_path / "expected"
    predict_files(OTHER, [inputs], expected)
    predict_files(PREDICTOR, [inputs], out)
    with pytest.raises(KeyboardInterrupt):
        predict_files(OTHER, [inputs], out, existing=OVERWRITE, watch=interrupted_at(6))
    assert 0 < len(contents(out)) < 8
    predict_files(OTHER, [inputs], out, existing=RESUME)
    assert contents(out) == contents(expected)
    assert (out / MANIFEST).read_bytes() == (expected / MANIFEST).read_bytes()


def test_outputs_of_which_nobody_knows_the_model_are_not_gone_on_with(inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    predict_files(PREDICTOR, [inputs], out)
    (out / MANIFEST).unlink()
    with pytest.raises(DataError, match=f"{MANIFEST}: expected what the outputs there were made with, found nothing"):
        predict_files(PREDICTOR, [inputs], out, existing=RESUME)
    predict_files(PREDICTOR, [inputs], out, existing=OVERWRITE)
    assert contents(out) == each_alone(inputs)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": 1}', '{"version": 1, "x": 2}', "[" * 100_000, "null"])
def test_a_damaged_manifest_is_told(inputs: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / MANIFEST).write_text(content)
    with pytest.raises(DataError, match=f"{MANIFEST}: expected what predictions were made with, received "):
        predict_files(PREDICTOR, [inputs], tmp_path, existing=OVERWRITE)


def test_a_manifest_of_another_version_is_told(inputs: Path, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('{"version": 2, "model": "", "format": "jsonl", "threshold": 0.0}')
    with pytest.raises(DataError, match=f"{MANIFEST}: expected version 1, received 2. Choose another folder."):
        predict_files(PREDICTOR, [inputs], tmp_path)


def test_a_folder_in_the_place_of_an_output_is_refused(inputs: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "large.jsonl.jsonl").mkdir(parents=True)
    for existing in (REFUSE, RESUME, OVERWRITE):
        with pytest.raises(DataError, match=r"large\.jsonl\.jsonl: expected a file to make, received a folder"):
            predict_files(PREDICTOR, [inputs], tmp_path / "out", existing=existing)


def test_a_file_in_the_place_of_the_folder_is_refused(inputs: Path, tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(DataError, match="out: expected a folder for the outputs, received a file"):
        predict_files(PREDICTOR, [inputs], tmp_path / "out")


@pytest.mark.parametrize("options", [{"format": "text"}, {"threshold": 1.1}, {"existing": "keep"}, {"batch_size": 0}])
def test_an_unknown_option_is_told(inputs: Path, tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=f"{next(iter(options))}: "):
        predict_files(PREDICTOR, [inputs], tmp_path / "out", **options)
    assert contents(tmp_path) == {f"in/{name}": content for name, content in contents(inputs).items()}


def zipped(*names: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, "D90")

    return write


def text(content: str) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content.encode("latin-1")) and None


BAD: dict[str, tuple[Callable[[Path], None], str]] = {
    "binary.txt": (text("A\0B"), "expected text, received binary data"),
    "no-text.txt": (text("\x81 \x8d"), "is neither utf-8 nor cp1252"),
    "latin.jsonl": (text("D90\nCaf\xe9\n"), "latin.jsonl:2: expected UTF-8, received"),
    "broken.jsonl": (
        text("D90\n" * 9 + '{"text": \n' + "D90\n"),
        "broken.jsonl:10: expected a JSON object with a text",
    ),
    "no-text.jsonl": (text('{"id": 3}\n'), "no-text.jsonl:1: expected a text in the entry 'text', received None"),
    "labelled.conll": (text("D90\tB-PNAME\n\n"), "expected a text, received words with their tags"),
    "cut.txt.gz": (
        lambda path: path.write_bytes(gzip.compress(b"D90 " * 999)[:-9]) and None,
        "expected an archive that opens",
    ),
    "two.zip": (zipped("a.txt", "b.txt"), "expected one file in the zip, found"),
    "bomb.jsonl.gz": (lambda path: path.write_bytes(gzip.compress(b"\n" * (1 << 22))) and None, "packs better than 50"),
    "linked": (lambda path: path.symlink_to("nowhere"), "linked: cannot be read: No such file or directory"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_spoils_no_other_and_leaves_nothing(
    inputs: Path,
    tmp_path: Path,
    name: str,
    in_small_pieces: None,  # noqa: ARG001
) -> None:
    expected, out = each_alone(inputs), tmp_path / "out"
    make, reason = BAD[name]
    make(inputs / "0" / name)
    predicted = predict_files(PREDICTOR, [inputs], out, skip_bad=True)
    (bad,) = predicted.bad
    assert bad.path == inputs / "0" / name
    assert bad.reason.startswith(f"{bad.path}")
    assert reason in bad.reason
    assert "\n" not in bad.reason
    assert (predicted.num_files, predicted.num_documents) == (8, 37)
    assert contents(out) == expected


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_ends_it_where_nobody_said_to_pass_over_it(
    inputs: Path,
    tmp_path: Path,
    name: str,
    in_small_pieces: None,  # noqa: ARG001
) -> None:
    expected, out = each_alone(inputs), tmp_path / "out"
    make, reason = BAD[name]
    make(inputs / "1" / name)
    with pytest.raises(DataError) as raised:
        predict_files(PREDICTOR, [inputs], out)
    assert str(raised.value).startswith(f"{inputs}/1/{name}")
    assert reason in str(raised.value)
    assert str(raised.value).endswith(". Then go on with --resume, or pass over what is bad with --skip-bad.")
    was_found_while_looking = name == "linked"
    names = [] if was_found_while_looking else ["0/0.txt.jsonl", "0/2.txt.jsonl", "0/4.txt.jsonl"]
    if not was_found_while_looking and name > "3":
        names += ["1/1.txt.jsonl", "1/3.txt.jsonl"]
    assert list(contents(out)) == names
    (inputs / "1" / name).unlink()
    predict_files(PREDICTOR, [inputs], out, existing=RESUME)
    assert contents(out) == expected


def test_a_file_that_went_away_or_may_not_be_read_is_bad(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(path: Path) -> Iterator[Document]:
        if path.name == "large.jsonl":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        if path.name == "none.jsonl":
            path.unlink()
        return read_texts(path)

    monkeypatch.setattr(pieces, "read_texts", refusing)
    predicted = predict_files(PREDICTOR, [inputs], tmp_path / "out", skip_bad=True)
    assert [bad.reason for bad in predicted.bad] == [
        f"{inputs}/large.jsonl: cannot be read: Permission denied. Give what is there and may be read.",
        f"{inputs}/none.jsonl: cannot be read: No such file or directory. Give what is there and may be read.",
    ]
    assert predicted.num_files == 6


def test_a_disk_that_is_full_is_no_bad_file(inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    predict_files(PREDICTOR, [inputs / "0"], tmp_path / "out")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space") as raised:
        predict_files(PREDICTOR, [inputs], tmp_path / "out", skip_bad=True)
    assert raised.value.filename == str(tmp_path / "out" / "0" / "0.txt.jsonl")
    assert len(contents(tmp_path / "out")) == 3
