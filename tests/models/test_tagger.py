"""Every algorithm: padding changes nothing, and the same seed gives the same."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from tagloom.bundle.architecture import ALGORITHMS, Architecture
from tagloom.features.corpus import Corpus, count_words
from tagloom.features.vocabulary import Vocabulary
from tagloom.models.characters import WINDOW, CharacterCNN
from tagloom.models.inputs import Inputs
from tagloom.models.noise import Noise
from tagloom.models.recurrent import BiLSTM
from tagloom.models.tagger import Tagger
from tagloom.schemes import BIOES

SENTENCES = [
    "My Nikon D90 has a bright viewfinder .".split(),
    ["Superb"],
    "The EOS-5D's auto focus , though slow at first , never hunts in the dark and the 24-70mm is sharp".split(),
    ["日", "本", "supercalifragilisticexpialidociousandthensomemoreofit", "👍"],
]
TAGS = [["O"] * len(words) for words in SENTENCES]
TAGS[0][1:3] = ["B-PNAME", "E-PNAME"]
TAGS[2][3] = "S-PFEATURE"
LABELS = ["PFEATURE", "PNAME"]


def corpus() -> tuple[Corpus, Vocabulary]:
    counts = count_words(SENTENCES)
    vocabulary = Vocabulary.of(counts)
    numbers = {tag: number for number, tag in enumerate(BIOES.tags(LABELS))}
    return Corpus.of(SENTENCES, TAGS, vocabulary, numbers, counts), vocabulary


def architecture(algorithm: str, **sizes: int) -> Architecture:
    preset = ALGORITHMS[algorithm]
    return Architecture(
        embeddings="learned:20", units=16, characters=preset["characters"], decoder=preset["decoder"], **sizes
    )


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("layers", [1, 2])
def test_a_sentence_scores_the_same_alone_and_in_a_batch(algorithm: str, layers: int) -> None:
    data, vocabulary = corpus()
    tagger = Tagger(architecture(algorithm, layers=layers), vocabulary, LABELS, seed=1).eval()
    together = tagger(Inputs.of(data, data.batch(np.arange(4))))
    for number, words in enumerate(SENTENCES):
        alone = tagger(Inputs.of(data, data.batch(np.array([number]))))
        torch.testing.assert_close(alone[0], together[number, : len(words)], atol=1e-5, rtol=0)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_loss_of_a_batch_is_the_mean_of_its_sentences(algorithm: str) -> None:
    data, vocabulary = corpus()
    tagger = Tagger(architecture(algorithm), vocabulary, LABELS, seed=1).eval()
    together = tagger.loss(Inputs.of(data, data.batch(np.arange(4))), None)
    alone = [tagger.loss(Inputs.of(data, data.batch(np.array([number]))), None) for number in range(4)]
    torch.testing.assert_close(together, torch.stack(alone).mean(), atol=1e-5, rtol=1e-6)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_same_seed_gives_the_same_step_and_another_one_another(algorithm: str) -> None:
    data, vocabulary = corpus()
    inputs = Inputs.of(data, data.batch(np.arange(4)))

    def gradients(seed: int, step: int) -> torch.Tensor:
        tagger = Tagger(architecture(algorithm), vocabulary, LABELS, seed=seed).train()
        tagger.loss(inputs, Noise(seed, 0, step)).backward()
        return torch.cat([parameter.grad.flatten() for parameter in tagger.parameters() if parameter.grad is not None])

    assert torch.equal(gradients(1, 0), gradients(1, 0))
    assert not torch.equal(gradients(1, 0), gradients(1, 1))
    assert not torch.equal(gradients(1, 0), gradients(2, 0))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_decoded_tags_never_break_the_scheme(algorithm: str) -> None:
    data, vocabulary = corpus()
    tagger = Tagger(architecture(algorithm), vocabulary, LABELS, seed=3).eval()
    _, paths = tagger.judge(Inputs.of(data, data.batch(np.arange(4))))
    for words, path in zip(SENTENCES, paths, strict=True):
        tags = [tagger.tags[tag] for tag in path]
        assert len(tags) == len(words)
        assert BIOES.violations(tags) == []


def test_bilstm_equals_torchs_packed_one() -> None:
    generator = torch.Generator().manual_seed(0)
    ours = BiLSTM(7, 5, layers=1, kernel_initializer="he_normal", generator=generator)
    theirs = nn.LSTM(7, 5, bidirectional=True)
    with torch.no_grad():
        for name, lstm in zip(("", "_reverse"), ours.directions()[0], strict=True):
            theirs.get_parameter(f"weight_ih_l0{name}").copy_(lstm.kernel)
            theirs.get_parameter(f"weight_hh_l0{name}").copy_(lstm.recurrent_kernel)
            theirs.get_parameter(f"bias_ih_l0{name}").copy_(lstm.bias)
            theirs.get_parameter(f"bias_hh_l0{name}").zero_()
    values, lengths = torch.randn(6, 3, 7, generator=generator), torch.tensor([6, 2, 4])
    packed = nn.utils.rnn.pack_padded_sequence(values, lengths, enforce_sorted=False)
    expected, _ = nn.utils.rnn.pad_packed_sequence(theirs(packed)[0])
    states = ours(values, lengths, dropout=0.5, recurrent_dropout=0.5, noise=None)
    for sentence, length in enumerate(lengths):
        torch.testing.assert_close(states[:length, sentence], expected[:length, sentence], atol=1e-6, rtol=0)


def test_character_cnn_equals_a_convolution() -> None:
    cnn = CharacterCNN(9, 4, 6, torch.Generator().manual_seed(0))
    characters = torch.tensor([[2, 3, 4, 5, 6], [7, 8, 0, 0, 0], [2, 0, 0, 0, 0]])
    lengths = torch.tensor([5, 2, 1])
    vectors = cnn(characters, lengths, 0.0, None)
    weight = cnn.kernel.permute(2, 1, 0)  # (filters, width, window)
    for row, length in enumerate(lengths):
        embedded = cnn.table[characters[row, :length]].T[None]
        answers = functional.conv1d(embedded, weight, cnn.bias, padding=WINDOW // 2)
        torch.testing.assert_close(vectors[row], answers.amax(dim=2)[0], atol=1e-6, rtol=1e-6)


def test_recurrent_dropout_leaves_whole_state_units_out() -> None:
    ours = BiLSTM(3, 8, layers=1, kernel_initializer="glorot_uniform", generator=torch.Generator().manual_seed(0))
    values, lengths = torch.randn(5, 2, 3), torch.tensor([5, 5])
    plain = ours(values, lengths, dropout=0, recurrent_dropout=0, noise=Noise(1, 0, 0))
    dropped = ours(values, lengths, dropout=0, recurrent_dropout=0.5, noise=Noise(1, 0, 0))
    torch.testing.assert_close(plain[0, :, :8], dropped[0, :, :8])  # no state comes into the first word
    assert not torch.allclose(plain[1, :, :8], dropped[1, :, :8])


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_dropout_keeps_the_mean_and_leaves_out_its_share(share: float) -> None:
    mask = Noise(1, 2, 3).mask((1000, 100), share)
    assert float((mask == 0).float().mean()) == pytest.approx(share, abs=0.01)
    assert float(mask.mean()) == pytest.approx(1.0, abs=0.02)
