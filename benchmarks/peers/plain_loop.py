"""A plain PyTorch loop: BiLSTM-CNN-CRF as it is usually written, with pytorch-crf, Adam 0.001, batches of 32."""

import random
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version

import torch
from contestant import Contestant, Part, Tags, Words, answer
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence
from torchcrf import CRF

BATCH, PREDICTION_BATCH = 32, 64
WORDS, CHARACTERS, FILTERS, UNITS = 100, 30, 50, 100


class Network(nn.Module):
    """Words and characters, a BiLSTM, a CRF."""

    def __init__(self, num_words: int, num_characters: int, num_tags: int) -> None:
        super().__init__()
        self.words = nn.Embedding(num_words, WORDS, padding_idx=0)
        self.characters = nn.Embedding(num_characters, CHARACTERS, padding_idx=0)
        self.convolution = nn.Conv1d(CHARACTERS, FILTERS, 3, padding=1)
        self.dropout = nn.Dropout(0.5)
        self.lstm = nn.LSTM(WORDS + FILTERS, UNITS, bidirectional=True, batch_first=True)
        self.dense = nn.Linear(2 * UNITS, num_tags)
        self.crf = CRF(num_tags, batch_first=True)

    def forward(self, words: Tensor, characters: Tensor, lengths: Tensor) -> Tensor:
        """Scores of each tag for each word, (batch, length, tags)."""
        batch, length, width = characters.shape
        looked_up = self.characters(characters.view(batch * length, width)).transpose(1, 2)
        highest = self.convolution(looked_up).max(dim=2).values.view(batch, length, FILTERS)
        values = self.dropout(torch.cat([self.words(words), highest], dim=2))
        packed = pack_padded_sequence(values, lengths, batch_first=True, enforce_sorted=False)
        read, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        return self.dense(self.dropout(read))


class PlainLoop(Contestant):
    """Every sentence is encoded once, before the training that is measured."""

    def __init__(self, train: Part, seed: int) -> None:
        torch.manual_seed(seed)
        self._words = {word: number for number, word in enumerate(_different(train["words"]), 2)}
        self._characters = {one: number for number, one in enumerate(_different(self._words), 2)}
        self._tag_names = _different(train["tags"])
        numbers = {tag: number for number, tag in enumerate(self._tag_names)}
        self._train = [
            (*self._encoded(words), torch.tensor([numbers[tag] for tag in tags]))
            for words, tags in zip(train["words"], train["tags"], strict=True)
        ]
        self._network = Network(len(self._words) + 2, len(self._characters) + 2, len(numbers))
        self._optimizer = torch.optim.Adam(self._network.parameters(), lr=0.001)

    def _encoded(self, words: list[str]) -> tuple[Tensor, list[Tensor]]:
        return (
            torch.tensor([self._words.get(word, 1) for word in words]),
            [torch.tensor([self._characters.get(one, 1) for one in word]) for word in words],
        )

    def learn(self) -> None:
        """One epoch."""
        random.shuffle(self._train)
        self._network.train()
        for first in range(0, len(self._train), BATCH):
            words, characters, tags = zip(*self._train[first : first + BATCH], strict=True)
            self._optimizer.zero_grad()
            inputs = _batch(words, characters)
            padded = pad_sequence(tags, batch_first=True)
            mask = inputs[0] > 0
            loss = -self._network.crf(self._network(*inputs), padded, mask=mask, reduction="mean")
            loss.backward()
            nn.utils.clip_grad_norm_(self._network.parameters(), 5.0)
            self._optimizer.step()

    def ready(self) -> None:
        """Nothing is left to do."""

    @torch.inference_mode()
    def tags(self, sentences: Words) -> Tags:
        """What it finds, in batches of about one length."""
        self._network.eval()
        order = sorted(range(len(sentences)), key=lambda number: len(sentences[number]))
        found: Tags = [[] for _ in sentences]
        for first in range(0, len(order), PREDICTION_BATCH):
            numbers = order[first : first + PREDICTION_BATCH]
            words, characters = zip(*(self._encoded(sentences[number]) for number in numbers), strict=True)
            inputs = _batch(words, characters)
            paths = self._network.crf.decode(self._network(*inputs), mask=inputs[0] > 0)
            for number, path in zip(numbers, paths, strict=True):
                found[number] = [self._tag_names[tag] for tag in path]
        return found

    def one(self) -> Callable[[str], object]:
        """It divides no text: the words are taken as they stand between blanks."""
        return lambda text: self.tags([text.split(" ")])

    def versions(self) -> Mapping[str, str]:
        """Of torch and pytorch-crf."""
        return {"torch": torch.__version__, "pytorch-crf": version("pytorch-crf")}


def _batch(words: tuple[Tensor, ...], characters: tuple[list[Tensor], ...]) -> tuple[Tensor, Tensor, Tensor]:
    padded = pad_sequence(list(words), batch_first=True)
    longest = max(len(one) for own in characters for one in own)
    numbers = torch.zeros(*padded.shape, longest, dtype=torch.long)
    for row, own in enumerate(characters):
        for place, one in enumerate(own):
            numbers[row, place, : len(one)] = one
    return padded, numbers, torch.tensor([len(own) for own in words])


def _different(groups: Iterable[Iterable[str]]) -> list[str]:
    return sorted({one for group in groups for one in group})


if __name__ == "__main__":
    answer(PlainLoop)
