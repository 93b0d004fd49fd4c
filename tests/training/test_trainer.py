"""One step, and what is measured."""

from typing import Any

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from tiny_training import SIZES, STEPS_PER_EPOCH, parts, reviews, trainer

from tagloom.errors import ConfigError, TrainingError
from tagloom.evaluation.evaluating import evaluate_chunks
from tagloom.models import chain_sums
from tagloom.models.inputs import Inputs
from tagloom.runs.metrics import METRICS
from tagloom.schemes import BIOES
from tagloom.training.device import accelerator, batch_size
from tagloom.training.schedules import SCHEDULES
from tagloom.training.trainer import Trainer


def first_loss(**options: Any) -> float:
    one = trainer(dropout=0.0, **options)
    one.learn(one.batch_order()[0])
    return one.summed_loss


@pytest.mark.parametrize("algorithm", ["bilstm-crf", "bilstm-softmax"])
def test_weights_of_labels_change_the_loss_in_their_measure(algorithm: str) -> None:
    plain = first_loss(algorithm=algorithm)
    assert first_loss(algorithm=algorithm, label_weights={"PNAME": 1.0}) == pytest.approx(plain)
    every = {"O": 3.0, "PNAME": 3.0, "PFEATURE": 3.0}
    assert first_loss(algorithm=algorithm, label_weights=every) == pytest.approx(3 * plain)
    assert first_loss(algorithm=algorithm, label_weights={"O": 0.0}) < plain
    assert first_loss(algorithm=algorithm, label_weights={"PFEATURE": 5.0}) > plain


def test_a_weight_for_a_label_that_is_not_there_is_refused() -> None:
    message = "option label_weights: received BRAND, PLACE, expected some of O, PFEATURE, PNAME."
    with pytest.raises(TrainingError, match=message):
        trainer(label_weights={"PLACE": 2.0, "BRAND": 2.0, "PNAME": 1.0})


def test_only_what_is_asked_for_and_what_is_monitored_is_measured() -> None:
    one = trainer(metrics=("recall",), monitor="loss")
    assert list(one.measure(one.parts.dev)) == ["recall", "loss"]
    assert list(trainer(metrics=tuple(METRICS)).measure(one.parts.dev)) == list(METRICS)


def test_measures_equal_those_of_a_report_on_the_decoded_tags() -> None:
    one = trainer(metrics=tuple(METRICS))
    measured = one.measure(one.parts.dev)
    sentences = reviews().dev.sentences()
    found, losses = [], []
    for number in range(len(sentences)):
        inputs = Inputs.of(one.parts.dev.corpus, one.parts.dev.corpus.batch(np.array([number])))
        loss, (path,) = one.tagger.eval().judge(inputs)
        found.append(BIOES.decode([one.tagger.tags[tag] for tag in path]))
        losses.append(loss)
    gold = [sentence.chunks() for sentence in sentences]
    micro = evaluate_chunks(gold, found, [len(sentence.tokens) for sentence in sentences]).micro
    assert (measured["precision"], measured["recall"], measured["f1"]) == (micro.precision, micro.recall, micro.f1)
    assert measured["loss"] == pytest.approx(sum(losses) / len(losses), rel=1e-5)


def test_measuring_leaves_no_trace_in_what_is_learned() -> None:
    watched, unwatched = trainer(), trainer()
    for one in (watched, unwatched):
        for sentences in one.batch_order():
            if one is watched:
                one.measure(one.parts.dev)
            one.learn(sentences)
    pairs = zip(watched.tagger.state_dict().values(), unwatched.tagger.state_dict().values(), strict=True)
    assert all(torch.equal(*pair) for pair in pairs)


def test_an_epoch_sees_every_sentence_once_and_another_one_in_another_order() -> None:
    one = trainer()
    orders = []
    for epoch in range(3):
        one.epoch = epoch
        order = np.concatenate(one.batch_order())
        assert sorted(order) == list(range(SIZES["train"]))
        orders.append(tuple(order))
    assert len(set(orders)) == 3
    assert one.steps_per_epoch == len(one.batch_order()) == STEPS_PER_EPOCH


def test_a_loss_that_is_no_number_ends_the_training() -> None:
    one = trainer(optimizer="sgd", learning_rate=10.0, clip_norm=0, algorithm="bilstm-softmax")
    with torch.no_grad():
        one.tagger.dense.fill_(float("inf"))
    with pytest.raises(
        TrainingError, match=r"epoch 1, step 1: expected a finite loss, received nan. Lower the learning"
    ):
        one.learn(one.batch_order()[0])


def test_gradients_are_shortened_to_the_norm_that_is_asked_for() -> None:
    moved = []
    for clip_norm in (0.0, 1e-3):
        one = trainer(optimizer="sgd", momentum=0.0, learning_rate=1.0, clip_norm=clip_norm, dropout=0)
        before = {name: tensor.clone() for name, tensor in one.tagger.state_dict().items()}
        one.learn(one.batch_order()[0])
        steps = [tensor - before[name] for name, tensor in one.tagger.state_dict().items()]
        moved.append(torch.cat([step.flatten() for step in steps]).norm().item())
    assert moved[0] > 1e-2
    assert moved[1] == pytest.approx(1e-3, rel=1e-2)


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        ("constant", [1, 1, 1, 1]),
        ("linear", [1, 0.75, 0.5, 0.25]),
        ("cosine", [1, 0.853553, 0.5, 0.146447]),
        ("inverse_time", [1, 1, 1 / 1.05, 1 / 1.05]),
    ],
)
def test_the_learning_rate_follows_its_schedule(schedule: str, rates: list[float]) -> None:
    one = trainer(schedule=schedule, optimizer="sgd", epochs=2, batch_size=6)
    seen = []
    for _ in range(2):
        for sentences in one.batch_order():
            one.learn(sentences)
            seen.append(one.optimizer.param_groups[0]["lr"] / one.config.learning_rate)
            assert any(parameter is one.rows[0].parameter for parameter in one.optimizer.param_groups[0]["params"])
        one.end_epoch()
    assert seen == pytest.approx(rates, rel=1e-5)
    assert schedule in SCHEDULES


@pytest.mark.parametrize(("asked", "environment", "expected"), [(3, "2", 3), (0, "2", 2), (0, "2,1", 2)])
def test_threads_are_those_of_the_option_or_else_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, asked: int, environment: str, expected: int
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", environment)
    before = torch.get_num_threads()
    accelerator("cpu", "float32", asked)
    found = torch.get_num_threads()
    torch.set_num_threads(before)
    assert found == expected


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"option device: received 'cuda', but this machine has none. Set device to"):
        trainer(device="cuda")
    with pytest.raises(ConfigError, match="option precision: received 'bfloat16', expected float32 on a CPU"):
        trainer(precision="bfloat16")


def mixed_on_cpu() -> Accelerator:
    """What is refused to users, since it is no faster here."""
    AcceleratorState._reset_state(reset_partial_state=True)
    return Accelerator(cpu=True, mixed_precision="bf16")


@pytest.mark.parametrize("algorithm", ["bilstm-cnn-crf", "bilstm-lstm-crf", "bilstm-cnn"])
def test_mixed_precision_learns_what_single_precision_does(monkeypatch: pytest.MonkeyPatch, algorithm: str) -> None:
    """What a GPU does, on this processor: networks in bfloat16, sums by a scan."""

    def losses() -> list[float]:
        one = trainer(algorithm=algorithm, dropout=0.0, learning_rate=0.01)
        found = []
        for _ in range(4):
            for sentences in one.batch_order():
                one.learn(sentences)
            found.append(one.end_epoch().loss)
        assert all(parameter.dtype == torch.float32 for parameter in one.parameters)
        return found

    single = losses()
    monkeypatch.setattr("tagloom.training.trainer.accelerator", lambda *_: mixed_on_cpu())
    monkeypatch.setattr("tagloom.models.chain_sums._walked", chain_sums._scanned)
    mixed = losses()
    assert mixed != single
    assert mixed == pytest.approx(single, rel=0.05)
    assert mixed[-1] < 0.8 * mixed[0]


@pytest.mark.parametrize(("num_sentences", "expected"), [(10, 8), (2_999, 8), (3_000, 16), (10_000, 32)])
def test_a_batch_grows_with_the_data(num_sentences: int, expected: int) -> None:
    assert batch_size(num_sentences, torch.device("cpu")) == expected


def test_a_batch_size_that_is_asked_for_is_taken() -> None:
    assert trainer(batch_size=5).steps_per_epoch == 3
    assert Trainer(trainer().config.with_options({"batch_size": "auto"}), parts()).batch_size == 8
