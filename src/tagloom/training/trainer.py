"""A training in progress: the network, its optimizers, and where in the data they stand."""

import contextlib
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from tagloom.errors import TrainingError
from tagloom.evaluation.counts import count
from tagloom.evaluation.history import EpochRecord
from tagloom.evaluation.scores import micro
from tagloom.features.corpus import Batch
from tagloom.models.contexts import LayerMix
from tagloom.models.inputs import Inputs
from tagloom.models.noise import Noise
from tagloom.models.tagger import Tagger
from tagloom.runs.config import TrainingConfig
from tagloom.runs.options import AUTO
from tagloom.schemes import BIOES, OUTSIDE, label_of
from tagloom.text import Chunk
from tagloom.training.average import AveragedWeights
from tagloom.training.device import accelerator, batch_size
from tagloom.training.optimizers import OPTIMIZERS, OptimizerOptions, TableRows
from tagloom.training.parts import Part, Parts
from tagloom.training.schedules import SCHEDULES

_MEASURED_AT_ONCE = 64, 4_096  # sentences, and words with padding, where nothing is learned


class Trainer:
    """The network with its optimizers, and the position in (epoch, step) that its random numbers derive from.

    Args:
        config: every option.
        parts: what to learn from and to watch.
    """

    def __init__(self, config: TrainingConfig, parts: Parts) -> None:
        self.config, self.parts = config, parts
        self.accelerator = accelerator(config.device, config.precision, config.threads)
        self.device = self.accelerator.device
        self.tagger = self._new_tagger().to(self.device)
        options = OptimizerOptions(config.learning_rate, config.momentum, config.weight_decay)
        self.rows = [TableRows(words.table) for words in self.tagger.trained_words]
        self.parameters = list(self.tagger.parameters())
        self.optimizer = OPTIMIZERS[config.optimizer](self._parameter_groups(), options)
        chosen = config.batch_size
        self.batch_size = batch_size(len(parts.train.corpus), self.device) if chosen == AUTO else int(chosen)
        self.average = AveragedWeights(self.tagger, config.average_decay) if config.average_decay else None
        self.tag_weights = self._tag_weights()
        self.epoch = 0
        self.step = 0  # within the epoch
        self.summed_loss = 0.0  # over the epoch's sentences so far
        self.seconds = 0.0  # of the epoch's steps so far
        self.history: list[EpochRecord] = []
        self.stop_reason: str | None = None  # set by whoever wants the training to end after this step

    @property
    def steps_per_epoch(self) -> int:
        """Batches that the training part makes."""
        return -(-len(self.parts.train.corpus) // self.batch_size)

    @property
    def steps_done(self) -> int:
        """Steps since the training began."""
        return self.epoch * self.steps_per_epoch + self.step

    def batch_order(self) -> Sequence[NDArray[np.int64]]:
        """The sentences of each batch of this epoch."""
        random = np.random.Generator(np.random.SFC64(np.random.SeedSequence((self.config.seed, self.epoch))))
        return self.parts.train.corpus.batch_order(self.batch_size, random)

    def learn(self, sentences: NDArray[np.int64]) -> int:
        """One step: forward, backward, update. Returns the number of words.

        Raises:
            TrainingError: the loss is no number any more.
        """
        began = time.perf_counter()
        corpus = self.parts.train.corpus
        batch = corpus.batch(sentences)
        noise = Noise(self.config.seed, self.epoch, self.step, self.device)
        self.tagger.train()
        if self.tagger.transformer is not None:  # whose masks are torch's own
            torch.manual_seed(
                int(np.random.SeedSequence((self.config.seed, self.epoch, self.step)).generate_state(1)[0])
            )
        with self.accelerator.autocast():
            loss = self.tagger.loss(self._inputs(self.parts.train, sentences, batch), noise, self.tag_weights)
        self.summed_loss += self._checked(loss.item()) * len(sentences)
        for parameter in self.parameters:
            parameter.grad = None
        self.accelerator.backward(loss)
        self._update()
        self.step += 1
        if self.average is not None:
            self.average.follow(self.steps_done)
        self.seconds += time.perf_counter() - began
        return batch.num_words

    def end_epoch(self) -> EpochRecord:
        """Measures the dev part, keeps the record, and goes on to the next epoch."""
        corpus = self.parts.train.corpus
        with self.model_weights():
            dev, sample = self.measure(self.parts.dev), self.measure(self.parts.sample)
        record = EpochRecord(
            epoch=self.epoch,
            step=self.steps_done,
            loss=self.summed_loss / len(corpus),
            dev=dev,
            seconds=self.seconds,
            words_per_second=len(corpus.words) / max(self.seconds, 1e-9),
            learning_rate=self._learning_rate(),
            train=sample,
        )
        self.history.append(record)
        self.epoch, self.step, self.summed_loss, self.seconds = self.epoch + 1, 0, 0.0, 0.0
        return record

    def model_weights(self) -> contextlib.AbstractContextManager[None]:
        """Within it the network has the weights that a model gets: their mean, where that is asked for."""
        return contextlib.nullcontext() if self.average is None else self.average.placed()

    def measure(self, part: Part) -> dict[str, float]:
        """The metrics on a part, by name: those that the config names and the one that is monitored."""
        corpus = part.corpus
        found: list[list[Chunk]] = [[] for _ in range(len(corpus))]
        summed_loss, right = 0.0, 0
        self.tagger.eval()
        for sentences, batch in corpus.batches_in_order(*_MEASURED_AT_ONCE):
            emissions_loss, paths = self.tagger.judge(self._inputs(part, sentences, batch))
            summed_loss += emissions_loss * len(sentences)
            for sentence, path in zip(sentences, paths, strict=True):
                found[sentence] = BIOES.decode([self.tagger.tags[tag] for tag in path])
                first = corpus.offsets[sentence]
                right += int((corpus.tags[first : first + len(path)] == path).sum()) if corpus.tags is not None else 0
        score = micro(count(part.chunks, found))
        every = {
            "f1": score.f1,
            "precision": score.precision,
            "recall": score.recall,
            "accuracy": right / len(corpus.words),
            "loss": summed_loss / len(corpus),
        }
        return {name: every[name] for name in dict.fromkeys((*self.config.metrics, self.config.monitor))}

    def _inputs(self, part: Part, sentences: NDArray[np.int64], batch: Batch) -> Inputs:
        inputs, context = Inputs.of(part.corpus, batch, self.device), self.parts.context
        return inputs if context is None else context.added(inputs, [part.words[number] for number in sentences])

    def _update(self) -> None:
        if self.config.clip_norm > 0:
            gathered = [words.gathered for words in self.tagger.trained_words if words.gathered is not None]
            self.accelerator.clip_grad_norm_([*self.parameters, *gathered], self.config.clip_norm)
        for group in self.optimizer.param_groups:
            group["lr"] = self._learning_rate() * group["share"]
        with contextlib.ExitStack() as placed:
            for rows, words in zip(self.rows, self.tagger.trained_words, strict=True):
                assert words.rows is not None
                assert words.gathered is not None
                placed.enter_context(rows.placed(self.optimizer, words.rows, words.gathered, words.gathered.grad))
                words.rows = words.gathered = None
            self.optimizer.step()

    def _learning_rate(self) -> float:
        """Of what is new."""
        config, done = self.config, self.steps_done / (self.config.epochs * self.steps_per_epoch)
        warm = min(1.0, (done + 1e-9) / config.warmup_share) if config.warmup_share else 1.0
        return config.learning_rate * warm * SCHEDULES[config.schedule](done, self.epoch)

    def _new_tagger(self) -> Tagger:
        config, parts = self.config, self.parts
        embeddings, context = [table.embedding for table in parts.tables], parts.context
        mix = transformer = None
        if context is not None:
            embeddings.append(context.embedding)
            mix = LayerMix(context.layers, context.dropout, config.mix_decay)
            transformer = context.module()
        architecture = config.architecture(embeddings)
        return Tagger(architecture, parts.vocabulary, parts.labels, config.seed, parts.tables, mix, transformer)

    def _parameter_groups(self) -> list[dict[str, Any]]:
        """What is new, and of a transformer the parameters of each depth, with their share of the learning rate."""
        config, tuned = self.config, self.tagger.transformer
        depths = {} if tuned is None else tuned.depths()
        own = [parameter for parameter in self.parameters if parameter not in depths]
        groups: list[dict[str, Any]] = [{"params": [*own, *(rows.parameter for rows in self.rows)], "share": 1.0}]
        for depth in sorted(set(depths.values())):
            share = config.encoder_learning_rate / config.learning_rate * config.layer_decay**depth
            groups.append({"params": [one for one, at in depths.items() if at == depth], "share": share})
        return groups

    def _tag_weights(self) -> torch.Tensor | None:
        weights = self.config.label_weights
        if not weights:
            return None
        unknown = set(weights) - {OUTSIDE, *self.parts.labels}
        if unknown:
            raise TrainingError(
                f"option label_weights: received {', '.join(sorted(unknown))}, "
                f"expected some of O, {', '.join(self.parts.labels)}."
            )
        return torch.tensor(
            [weights.get(label_of(tag) or OUTSIDE, 1.0) for tag in self.tagger.tags], device=self.device
        )

    def _checked(self, loss: float) -> float:
        if not np.isfinite(loss):
            raise TrainingError(
                f"epoch {self.epoch + 1}, step {self.step + 1}: expected a finite loss, received {loss}. "
                "Lower the learning rate, or set clip_norm."
            )
        return loss
