"""Training an ELMo on plain text: what is learned, that a stop changes nothing, and what is refused."""

import json
import math
import random
import shutil
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from tagloom.embeddings.elmo.characters import BEGIN_ROW, END_ROW
from tagloom.embeddings.elmo.elmo_folder import find_elmo
from tagloom.errors import ConfigError, DataError, TrainingError
from tagloom.inference.elmo_layers import layers_of
from tagloom.models.sampled_softmax import SampledSoftmax
from tagloom.runs.run import STOPPED
from tagloom.runs.training_folder import checkpoints_in
from tagloom.training.elmo.elmo_trainer import ElmoTrainer
from tagloom.training.elmo.settings import ElmoSettings
from tagloom.training.elmo.text_corpus import BEGIN_TARGET, END_TARGET, UNKNOWN_TARGET, TextCorpus
from tagloom.training.elmo.train_elmo import resume_elmo, train_elmo

SMALL: dict[str, Any] = {
    "units": 24,
    "projection": 12,
    "vocabulary_size": 40,
    "negative_samples": 30,
    "batch_size": 4,
    "unroll_steps": 8,
    "epochs": 2,
    "threads": 1,
}


def settings(**options: Any) -> ElmoSettings:
    return ElmoSettings(**{**SMALL, **options})


def text(number: int = 300) -> str:
    """Sentences in which each word but the first is known by the one before, and each but the last by the next."""
    chance = random.Random(1)
    lines = []
    for _ in range(number):
        start = chance.randrange(5)
        lines.append(" ".join(f"w{(start + place) % 9}" for place in range(chance.randrange(4, 9))))
    return "\n".join(lines)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "text.txt").write_text(text(), "utf-8")
    return tmp_path / "text.txt"


# the text


def test_both_directions_read_every_word_and_expect_the_one_that_comes_next() -> None:
    sentences = [[f"{chr(97 + number % 7)}", "x", "y"][: number % 3 + 1] for number in range(200)]
    corpus = TextCorpus.of([*sentences, []], 3)
    assert len(corpus.train) + len(corpus.held_out) == 200
    windows = corpus.windows(1, np.random.default_rng(1))
    for rows, targets, first, last in (
        (windows.rows[0, :, 0], windows.targets[0, :, 0], BEGIN_ROW, END_TARGET),
        (windows.rows[1, :, 0], windows.targets[1, :, 0], END_ROW, BEGIN_TARGET),
    ):
        assert len(rows) == corpus.num_tokens
        begins = np.flatnonzero(rows == first)
        assert len(begins) == len(corpus.train)
        for begin, end in zip(begins, [*begins[1:], len(rows)], strict=True):
            np.testing.assert_array_equal(corpus.targets[rows[begin + 1 : end]], targets[begin : end - 1])
            assert targets[end - 1] == last
    counts = np.bincount(corpus.targets[windows.rows].ravel())
    assert counts[UNKNOWN_TARGET] > 0
    assert corpus.num_targets == 6


# the loss


def test_the_loss_is_that_of_its_formula_and_so_is_its_gradient() -> None:
    generator = torch.Generator().manual_seed(3)
    softmax = SampledSoftmax(50, 6, generator)
    softmax.table[:, -1] = torch.randn(50, generator=generator)
    states, targets = torch.randn(7, 6, generator=generator), torch.tensor([0, 3, 3, 49, 20, 7, 1])
    sampled = 15
    drawn = np.exp(np.random.default_rng(5).random(sampled) * np.log(51)).astype(int) - 1
    table = softmax.table.clone().double().requires_grad_()
    share = torch.tensor([math.log((rank + 2) / (rank + 1)) / math.log(51) for rank in range(50)], dtype=torch.float64)
    scores = states.double() @ table[:, :-1].T + table[:, -1] - torch.log(1 - (1 - share) ** sampled)
    losses = []
    for place, target in enumerate(targets.tolist()):
        others = sorted({int(one) for one in drawn} - {target})
        losses.append(torch.logsumexp(scores[place, [target, *others]], 0) - scores[place, target])
    expected = torch.stack(losses).mean()
    expected.backward()
    loss = softmax.loss(states, targets, sampled, np.random.default_rng(5))
    loss.backward()
    assert softmax.rows is not None
    assert softmax.gathered is not None
    assert softmax.gathered.grad is not None
    assert table.grad is not None
    torch.testing.assert_close(loss.double(), expected, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(softmax.gathered.grad.double(), table.grad[softmax.rows], rtol=1e-4, atol=1e-6)
    whole = torch.nn.functional.cross_entropy(
        states @ softmax.table[:, :-1].T + softmax.table[:, -1], targets, reduction="sum"
    )
    assert softmax.whole_loss(states, targets) == pytest.approx(whole.item(), rel=1e-5)


def test_words_are_drawn_as_often_as_is_expected_of_their_ranks() -> None:
    softmax = SampledSoftmax(30, 2, torch.Generator().manual_seed(1))
    met = np.zeros(30)
    for seed in range(2000):
        softmax.loss(torch.zeros(1, 2), torch.tensor([0]), 12, np.random.default_rng(seed))
        assert softmax.rows is not None
        met[softmax.rows.numpy()] += 1
    share = np.log((np.arange(30) + 2) / (np.arange(30) + 1)) / np.log(31)
    np.testing.assert_allclose(met[1:] / 2000, (1 - (1 - share) ** 12)[1:], atol=0.04)


# the training


def test_it_learns_what_comes_next_in_both_directions(file: Path, tmp_path: Path) -> None:
    run = train_elmo([file], tmp_path / "elmo", settings(epochs=12, learning_rate=0.01, dropout=0.0))
    history, folder = run.history, run.elmo()
    assert run.is_done
    assert len(history) == 12
    for way in ("perplexity", "perplexity_back"):
        assert 1 < getattr(history[-1], way) < 2.2 < getattr(history[0], way)
    assert folder.options.width == 2 * SMALL["projection"]
    (layers,) = layers_of(folder, [["w1", "w2", "unseen"]])
    assert layers.shape == (3, 3, folder.options.width)
    assert not (tmp_path / "elmo" / "checkpoints").exists()


def test_a_stop_changes_nothing(file: Path, tmp_path: Path) -> None:
    def stopped(trainer: ElmoTrainer) -> None:
        if (trainer.epoch, trainer.step) in ((0, 5), (1, 3)):
            trainer.stop_reason = STOPPED

    train_elmo([file], tmp_path / "whole", settings())
    run = train_elmo([file], tmp_path / "elmo", settings(), watch=stopped)
    assert not run.is_done
    with pytest.raises(DataError, match=r"expected one file options\.json of an ELMo, found none"):
        run.elmo()  # no epoch is over yet
    for _ in range(2):
        assert len(checkpoints_in(tmp_path / "elmo" / "checkpoints")) == 1
        resume_elmo(tmp_path / "elmo", watch=stopped)
    names = ("options.json", "weights.hdf5")
    for name in names:
        assert (tmp_path / "elmo" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    before = {name: (tmp_path / "elmo" / name).stat().st_mtime_ns for name in names}
    resume_elmo(tmp_path / "elmo")  # which is done
    assert {name: (tmp_path / "elmo" / name).stat().st_mtime_ns for name in names} == before


def test_perplexity_is_that_of_single_sentences() -> None:
    trainer = ElmoTrainer(settings(), TextCorpus.of((line.split() for line in text().splitlines()), 40))
    for _ in range(5):
        trainer.learn()
    summed, number = np.zeros(2), 0
    for sentence in trainer.corpus.held_out:
        for way, read in enumerate((sentence, sentence[::-1])):
            rows = torch.from_numpy(read[:-1].astype(np.int64))
            words = trainer.model.words(trainer.characters[rows])[None, :, None].expand(2, -1, -1, -1)
            states = trainer.model.eval().through_layers(words)[-1][0][way, :, 0]
            scores = states @ trainer.softmax.table[:, :-1].T + trainer.softmax.table[:, -1]
            targets = torch.from_numpy(trainer.corpus.targets[read[1:]]).long()
            summed[way] += torch.nn.functional.cross_entropy(scores, targets, reduction="sum").item()
        number += len(sentence) - 1
    np.testing.assert_allclose(trainer.perplexities(), np.exp(summed / number), rtol=1e-4)


# what is refused


def test_too_little_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text("One line.\n" * 20, "utf-8")
    for _ in range(2):  # nothing is left that would be in the way
        with pytest.raises(DataError, match="expected at least 100 sentences of text, received 20"):
            train_elmo([tmp_path / "short.txt"], tmp_path / "elmo", settings())
    (tmp_path / "long.txt").write_text("One line.\n" * 120, "utf-8")
    with pytest.raises(TrainingError, match=r"expected at least 1,280 words of text for a step, received \d+"):
        train_elmo([tmp_path / "long.txt"], tmp_path / "other", settings(batch_size=64, unroll_steps=20))


def test_another_text_is_refused_on_resuming_and_so_is_a_folder_in_use(file: Path, tmp_path: Path) -> None:
    def stop(trainer: ElmoTrainer) -> None:
        trainer.stop_reason = STOPPED

    train_elmo([file], tmp_path / "elmo", settings(), watch=stop)
    with pytest.raises(TrainingError, match=r"received one in use\. Continue it with --resume"):
        train_elmo([file], tmp_path / "elmo", settings())
    with pytest.raises(TrainingError, match="expected a folder to make, received a file"):
        train_elmo([file], file, settings())
    training = tmp_path / "elmo" / "training.json"
    asked = training.read_text("utf-8")
    for name, value in (("units", 30), ("seed", 14), ("vocabulary_size", 20)):
        told = json.loads(asked)
        told["settings"][name] = value
        training.write_text(json.dumps(told), "utf-8")
        with pytest.raises(TrainingError, match=r"expected the (settings|text) that the training began with"):
            resume_elmo(tmp_path / "elmo")
    training.write_text(asked, "utf-8")
    file.write_text(text(290), "utf-8")
    with pytest.raises(TrainingError, match="expected the text that the training began with, received others"):
        resume_elmo(tmp_path / "elmo")
    (checkpoint,) = checkpoints_in(tmp_path / "elmo" / "checkpoints")
    assert "softmax" in load_file(checkpoint / "weights.safetensors")
    shutil.rmtree(checkpoint)
    (tmp_path / "elmo" / "training.json").write_text("{}", "utf-8")
    for folder in (tmp_path / "elmo", tmp_path / "none"):
        with pytest.raises(TrainingError, match=r"expected (texts, settings and history|the training of an ELMo)"):
            resume_elmo(folder)


def test_settings_are_checked() -> None:
    with pytest.raises(ConfigError, match="option units: received 0, expected a whole number from 1 to 8192"):
        settings(units=0)
    with pytest.raises(ConfigError, match="option 'unit': there is none of that name"):
        settings().with_settings({"unit": 3})
    assert settings().with_settings({"units": "30"}).units == 30


def test_the_file_is_hdf5_as_published(file: Path, tmp_path: Path) -> None:
    train_elmo([file], tmp_path / "elmo", settings(epochs=1))
    with h5py.File(tmp_path / "elmo" / "weights.hdf5") as written:
        cell = written["RNN_1/RNN/MultiRNNCell/Cell1/LSTMCell"]
        assert {name: values.shape for name, values in cell.items()} == {
            "W_0": (24, 96),
            "B": (96,),
            "W_P_0": (24, 12),
        }
        assert written["char_embed"].shape == (261, 16)
    assert json.loads((tmp_path / "elmo" / "options.json").read_text("utf-8"))["char_cnn"]["n_characters"] == 262
    assert find_elmo(tmp_path / "elmo").options.units == 24
