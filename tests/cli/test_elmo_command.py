"""`tagloom elmo`, and the preset of a tagger over an ELMo that is 512 wide."""

import json
import signal
from pathlib import Path

import h5py
import numpy as np
import pytest
from command_line import TINY_FLAGS, Tagloom, dev_of

from tagloom.embeddings.elmo.elmo_folder import find_elmo
from tagloom.inference.elmo_layers import CarryingElmo, layers_of
from tagloom.runs.run import Run
from tagloom.training.elmo.elmo_trainer import ElmoTrainer
from tagloom.training.elmo.settings import SETTINGS as SETTINGS_OF_ALL
from tiny_elmo import tiny_elmo

SMALL = (
    "units=8 projection=4 vocabulary_size=30 negative_samples=20 batch_size=2 unroll_steps=5 epochs=2 threads=1".split()
)
SETTINGS = [part for setting in SMALL for part in ("--set", setting)]


def judged(run: Path) -> int:
    """Entities of the dev part that the model was judged by."""
    support: int = json.loads((run / "report.json").read_text("utf-8"))["parts"]["dev"]["micro"]["support"]
    return support


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_text("\n".join(f"The lens of number {place} is sharp. I like it" for place in range(60)), "utf-8")
    return path


def test_an_elmo_is_trained_and_a_tagger_over_it(tagloom: Tagloom, text: Path, corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elmo"
    result = tagloom("elmo", "train", text, "-o", folder, *SETTINGS)
    assert (result.status, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[:2] == [
        f"Reading {text}.",
        "771 words in 119 sentences, 70 different; sentences held out: 1.",
    ]
    for line, epoch in zip(lines[2:4], (1, 2), strict=True):
        assert line.startswith(f"{epoch}/2  loss ")
        assert " onwards, " in line
        assert " back  " in line
    assert lines[4] == f"{folder}: an ELMo, 8 wide. Use it: --embedding elmo:{folder}"
    run = tmp_path / "run"
    embeddings = f"embeddings=elmo:{folder} + learned:4"
    result = tagloom("train", corpus, "--dev", dev_of(corpus), "-o", run, *TINY_FLAGS, "--set", embeddings)
    assert (result.status, result.err) == (0, "")
    config = json.loads((run / "model" / "config.json").read_text("utf-8"))
    assert config["architecture"]["embeddings"] == "learned:4 + elmo:elmo:8"
    assert config["encoder"] == {"layers": 3, "longest": 30, "window": 4}
    assert judged(run) > 0


def test_it_goes_on_where_it_was_stopped(
    tagloom: Tagloom, text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, whole = tmp_path / "elmo", tmp_path / "whole"
    assert tagloom("elmo", "train", text, "-o", whole, *SETTINGS).status == 0
    learn = ElmoTrainer.learn

    def interrupted(trainer: ElmoTrainer) -> None:
        learn(trainer)
        if (trainer.epoch, trainer.step) == (1, 2):
            signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patched:
        patched.setattr(ElmoTrainer, "learn", interrupted)
        stopped = tagloom("elmo", "train", text, "-o", folder, *SETTINGS)
    assert stopped.error == (f"{folder}: the training was stopped. Go on with: tagloom elmo train --resume -o {folder}")
    assert "Continue it with --resume" in tagloom("elmo", "train", text, "-o", folder, *SETTINGS).error
    assert tagloom("elmo", "train", "--resume", "-o", folder).status == 0
    assert (folder / "weights.hdf5").read_bytes() == (whole / "weights.hdf5").read_bytes()
    result = tagloom("elmo", "train", "--resume", "-o", folder)
    assert (result.status, result.out) == (0, f"{folder}: an ELMo, 8 wide. Use it: --embedding elmo:{folder}\n")
    assert "expected nothing but --output beside it" in tagloom("elmo", "train", text, "--resume", "-o", folder).error
    assert "expected plain text, received none" in tagloom("elmo", "train", "-o", folder).error
    assert "there is none of that name" in tagloom("elmo", "train", text, "-o", tmp_path / "a", "--set", "unit=3").error


def test_help_names_every_setting(tagloom: Tagloom) -> None:
    told = " ".join(tagloom("elmo", "train", "--help").out.split())
    assert f"Settings: {', '.join(SETTINGS_OF_ALL)}." in told


def test_layers_are_written_as_bilm_tf_writes_them(tagloom: Tagloom, tmp_path: Path) -> None:
    elmo = tiny_elmo(tmp_path / "elmo")
    data, target = tmp_path / "some.txt", tmp_path / "layers.hdf5"
    sentences = ["I like my Nikon D90", "The menu is odd", "", "Nothing"]
    data.write_text("\n".join(sentences) + "\n", "utf-8")
    sentences = [line.split() for line in sentences]
    expected = {
        (): list(layers_of(find_elmo(elmo), sentences)),
        ("--carry", "--batch-size", "2"): list(CarryingElmo(find_elmo(elmo), batch_size=2).vectors(sentences)),
    }
    for flags, layers in expected.items():
        result = tagloom("elmo", "vectors", elmo, data, "-o", target, "--overwrite", *flags)
        assert (result.status, result.err) == (0, "")
        assert result.out == f"{target}: 4 sentences, 3 layers, 8 wide.\n"
        with h5py.File(target) as file:
            assert sorted(file) == ["0", "1", "2", "3"]
            for number, values in enumerate(layers):
                np.testing.assert_allclose(file[str(number)][()], values, rtol=0, atol=1e-6)
    refused = tagloom("elmo", "vectors", elmo, data, "-o", tmp_path / "new", "--batch-size", "2")
    assert "expected --carry beside it" in refused.error
    assert "Choose another name, or give --overwrite" in tagloom("elmo", "vectors", elmo, data, "-o", target).error


def test_the_preset_trains_over_an_elmo_that_is_512_wide(tagloom: Tagloom, corpus: Path, tmp_path: Path) -> None:
    elmo = tiny_elmo(tmp_path / "elmo512", seed=13, projection=256, units=64, longest_word=50)
    run = tmp_path / "run"
    result = tagloom(
        *("train", corpus, "--dev", dev_of(corpus), "--preset", "elmo-512", "--embedding", f"elmo:{elmo}"),
        *("--set", "epochs=3", "--set", "threads=1", "-o", run),
    )
    assert (result.status, result.err) == (0, "")
    asked = Run(run).asked()["training"]
    told = ("algorithm", "units", "batch_size", "learning_rate", "optimizer", "loss", "epochs")
    assert [asked[name] for name in told] == ["bilstm-crf", 100, "auto", 0.001, "adam", "crf", 3]
    config = json.loads((run / "model" / "config.json").read_text("utf-8"))
    assert config["architecture"]["embeddings"] == "elmo:elmo512:512"
    assert (config["architecture"]["characters"], config["architecture"]["decoder"]) == ("none", "crf")
    assert judged(run) > 0
    lacking = tagloom("train", corpus, "--preset", "elmo-512", "-o", tmp_path / "other")
    assert lacking.error.startswith("preset elmo-512: expected the embedding elmo:FOLDER, received learned:100.")
    unknown = tagloom("train", corpus, "--preset", "elmo", "-o", tmp_path / "other")
    assert unknown.error == "preset: received 'elmo', expected elmo-512."
