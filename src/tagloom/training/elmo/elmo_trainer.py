"""An ELMo's training in progress: the language models, their optimizer, and where in the text they stand."""

import contextlib
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from tagloom.embeddings.elmo.characters import framed_characters
from tagloom.embeddings.elmo.drawing import drawn_weights
from tagloom.errors import TrainingError
from tagloom.models.bilm import BiLM, State
from tagloom.models.sampled_softmax import SampledSoftmax
from tagloom.training.device import accelerator
from tagloom.training.elmo.settings import ElmoSettings
from tagloom.training.elmo.text_corpus import Numbers, TextCorpus, Windows
from tagloom.training.optimizers import OPTIMIZERS, OptimizerOptions, TableRows

_SENTENCES = 32  # held-out ones at once


@dataclass(frozen=True, slots=True)
class LanguageModelRecord:
    """What an epoch has come to.

    Args:
        epoch: from 0.
        loss: mean of its steps, against the words that were drawn, in nats.
        perplexity: of each held-out word given those before it.
        perplexity_back: of each given those behind it.
        seconds: of its steps.
        words_per_second: in its steps.
    """

    epoch: int
    loss: float
    perplexity: float
    perplexity_back: float
    seconds: float
    words_per_second: float

    def to_json(self) -> dict[str, Any]:
        """Its figures by name."""
        return asdict(self)


class ElmoTrainer:
    """The language models with their optimizer, and the position in (epoch, step) that all chance derives from.

    Args:
        settings: sizes and rules.
        corpus: the text.

    Raises:
        TrainingError: there is less text than one step reads.
    """

    def __init__(self, settings: ElmoSettings, corpus: TextCorpus) -> None:
        self.settings, self.corpus = settings, corpus
        self.accelerator = accelerator("auto", "float32", settings.threads)
        self.device = self.accelerator.device
        options = settings.options()
        self.model = BiLM(options, drawn_weights(options, settings.seed)).to(self.device)
        generator = torch.Generator().manual_seed(settings.seed)
        self.softmax = SampledSoftmax(corpus.num_targets, options.projection, generator).to(self.device)
        self.rows = TableRows(self.softmax.table)
        self.parameters = list(self.model.parameters())
        self.optimizer = OPTIMIZERS["adam"](
            [*self.parameters, self.rows.parameter], OptimizerOptions(settings.learning_rate, 0.0, 0.0)
        )
        self.characters = torch.from_numpy(framed_characters(corpus.words, options.word_form)).to(self.device)
        self.epoch, self.step = 0, 0
        self.summed_loss, self.seconds = 0.0, 0.0  # of the epoch so far
        self.states: list[State] | None = None
        self.history: list[LanguageModelRecord] = []
        self.stop_reason: str | None = None
        self._laid_out: tuple[int, Windows] | None = None
        if not self.steps_per_epoch:
            raise TrainingError(
                f"expected at least {settings.batch_size * settings.unroll_steps:,} words of text for a step, received "
                f"{corpus.num_tokens:,}. Give more text, or lower batch_size or unroll_steps."
            )

    @cached_property
    def steps_per_epoch(self) -> int:
        """Windows that all stretches have together."""
        return self.corpus.num_tokens // self.settings.batch_size // self.settings.unroll_steps

    @property
    def words_per_step(self) -> int:
        """That each direction reads."""
        return self.settings.batch_size * self.settings.unroll_steps

    @property
    def is_done(self) -> bool:
        """Whether the last epoch is over."""
        return self.epoch >= self.settings.epochs

    def learn(self) -> None:
        """One step: forward, backward, update; at the end of an epoch the held-out text is read too.

        Raises:
            TrainingError: the loss is no number any more.
        """
        began = time.perf_counter()
        random = self._random()
        torch.manual_seed(int(random.integers(2**63)))
        self.model.train()
        loss = self._loss(self._window(), random)
        self.summed_loss += self._checked(loss.item())
        for parameter in self.parameters:
            parameter.grad = None
        self.accelerator.backward(loss)
        self._update()
        self.step += 1
        self.seconds += time.perf_counter() - began
        if self.step == self.steps_per_epoch:
            self._end_epoch()

    def perplexities(self) -> tuple[float, float]:
        """Of held-out words given those before them, and given those behind; each sentence from its beginning."""
        self.model.eval()
        summed, number = np.zeros(2), 0
        held_out = sorted(self.corpus.held_out, key=len)
        for first in range(0, len(held_out), _SENTENCES):
            some = held_out[first : first + _SENTENCES]
            summed += self._held_out_losses(some)
            number += sum(len(sentence) - 1 for sentence in some)
        onwards, back = (math.exp(min(loss / number, 700)) for loss in summed)
        return onwards, back

    @torch.inference_mode()
    def _held_out_losses(self, sentences: Sequence[Numbers]) -> list[float]:
        """Summed loss onwards and back, in nats."""
        ways = [sentences, [sentence[::-1] for sentence in sentences]]
        lengths = np.array([len(sentence) - 1 for sentence in sentences])
        within = np.arange(lengths.max()) < lengths[:, None]  # (sentences, length)
        rows = np.zeros((len(ways), *within.shape), np.int64)
        for own, way in zip(rows, ways, strict=True):
            own[within] = np.concatenate([sentence[:-1] for sentence in way])
        words = self._vectors(torch.from_numpy(rows).transpose(1, 2).to(self.device))
        states = self.model.through_layers(words)[-1][0].transpose(1, 2)  # (ways, sentences, length, projection)
        chosen = states[:, torch.from_numpy(within).to(self.device)]
        targets = [self.corpus.targets[np.concatenate([sentence[1:] for sentence in way])] for way in ways]
        return [
            self.softmax.whole_loss(some, torch.from_numpy(own).long().to(self.device))
            for some, own in zip(chosen, targets, strict=True)
        ]

    def _loss(self, window: Windows, random: np.random.Generator) -> Tensor:
        rows = torch.from_numpy(window.rows).long().to(self.device)
        targets = torch.from_numpy(window.targets).long().to(self.device)
        dropout = self.settings.dropout
        layers = self.model.through_layers(self._vectors(rows), self.states, dropout=dropout)
        self.states = [(outputs.detach(), cells.detach()) for _, (outputs, cells) in layers]
        top = functional.dropout(layers[-1][0], dropout, training=True)
        return self.softmax.loss(top.flatten(0, 2), targets.flatten(), self.settings.negative_samples, random)

    def _vectors(self, rows: Tensor) -> Tensor:
        """Vectors of words from their characters, each different word once, (*rows.shape, projection)."""
        different, places = torch.unique(rows, return_inverse=True)
        vectors: Tensor = self.model.words(self.characters[different])[places]
        return vectors

    def _update(self) -> None:
        rows, gathered = self.softmax.rows, self.softmax.gathered
        assert rows is not None
        assert gathered is not None
        self.accelerator.clip_grad_norm_([*self.parameters, gathered], self.settings.clip_norm)
        for group in self.optimizer.param_groups:
            group["lr"] = self.settings.learning_rate * (1 - self._share_done())
        with contextlib.ExitStack() as placed:
            placed.enter_context(self.rows.placed(self.optimizer, rows, gathered, gathered.grad))
            self.softmax.rows = self.softmax.gathered = None
            self.optimizer.step()

    def _share_done(self) -> float:
        return (self.epoch + self.step / self.steps_per_epoch) / self.settings.epochs

    def _end_epoch(self) -> None:
        onwards, back = self.perplexities()
        self.history.append(
            LanguageModelRecord(
                epoch=self.epoch,
                loss=self.summed_loss / self.step,
                perplexity=onwards,
                perplexity_back=back,
                seconds=self.seconds,
                words_per_second=self.step * self.words_per_step / max(self.seconds, 1e-9),
            )
        )
        self.epoch, self.step, self.summed_loss, self.seconds = self.epoch + 1, 0, 0.0, 0.0
        self.states = None

    def _window(self) -> Windows:
        if self._laid_out is None or self._laid_out[0] != self.epoch:
            random = np.random.default_rng((self.settings.seed, self.epoch))
            self._laid_out = self.epoch, self.corpus.windows(self.settings.batch_size, random)
        return self._laid_out[1].window(self.step, self.settings.unroll_steps)

    def _random(self) -> np.random.Generator:
        return np.random.default_rng((self.settings.seed, self.epoch, self.step))

    def _checked(self, loss: float) -> float:
        if not math.isfinite(loss):
            raise TrainingError(
                f"epoch {self.epoch + 1}, step {self.step + 1}: expected a finite loss, received {loss}. "
                "Lower the learning rate."
            )
        return loss
