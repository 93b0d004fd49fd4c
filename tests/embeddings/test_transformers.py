"""Frozen transformers give words what their library gives them, whatever the sentence, and are looked through first."""

import base64
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import numpy_helper
from transformers import AutoModel

from tagloom.bundle.encoder_quantization import encoder_in_eight_bits
from tagloom.bundle.format import ENCODER
from tagloom.bundle.network_check import check_network
from tagloom.embeddings.encoders.encoder import Encoder
from tagloom.embeddings.encoders.model_folder import find_model
from tagloom.embeddings.encoders.stretches import stretches
from tagloom.embeddings.encoders.subwords import Subwords
from tagloom.embeddings.encoders.tokenizer_file import checked_tokenizer
from tagloom.errors import BundleError, DataError
from tagloom.inference.encoding import encoder_of
from tagloom.runs.config import TrainingConfig
from tagloom.training.contexts.opening import open_context
from tiny_transformers import ARCHITECTURES, LONGEST, WIDTH, context, tiny_transformer, tokenizer

SENTENCES = [
    "The Nikon D90 has a bright viewfinder .".split(),
    ["camera"],
    [],
    "a d90 , 日本 !".split(),
    ["\u00ad", "\u200b", "\u0085", "\ud800", "", "lens" * 50],
    ["view", "the", "lensabc"] * 60,
]
"""Short, empty, of odd characters, with a word of many pieces, and longer than the transformer reads at once."""


def encoder(folder: Path, **options: Any) -> Encoder:
    return encoder_of(context(folder, **options).files(None))


def by_library(folder: Path, sentence: Sequence[str], layers: int, *, mean: bool) -> NDArray[np.float32]:
    """What transformers gives the words of a sentence that fits, (words, layers * width)."""
    read = tokenizer()
    read.no_truncation()
    read.no_padding()
    encoding = read.encode(list(sentence), is_pretokenized=True)
    with torch.inference_mode():
        model = AutoModel.from_pretrained(folder).eval()
        states = model(input_ids=torch.tensor([encoding.ids]), output_hidden_states=True).hidden_states
    joined = torch.cat(states[-layers:], dim=-1)[0].numpy()
    places = [[at for at, word in enumerate(encoding.word_ids) if word == number] for number in range(len(sentence))]
    return np.stack([joined[own].mean(axis=0) if mean else joined[own[0]] for own in places])


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_words_get_what_the_library_gives_them_from_allowed_operators_alone(kind: str, tmp_path: Path) -> None:
    folder = tiny_transformer(tmp_path / kind, kind)
    for pooling in ("first", "mean"):
        opened = context(folder, pooling=pooling)
        check_network(opened.files(None).network, ENCODER, ENCODER)
        found = encoder_of(opened.files(None)).vectors(SENTENCES[:4])
        for words, values in zip(SENTENCES[:4], found, strict=True):
            assert values.shape == (len(words), 2 * WIDTH)
            if words:
                expected = by_library(folder, words, 2, mean=pooling == "mean")
                np.testing.assert_allclose(values, expected, atol=2e-5)


def test_a_sentence_gets_the_same_alone_and_among_others_and_each_word_something(bert: Path) -> None:
    reads = encoder(bert)
    together = reads.vectors(SENTENCES)
    for words, values in zip(SENTENCES, together, strict=True):
        (alone,) = reads.vectors([words])
        np.testing.assert_allclose(alone, values, atol=1e-5)
        assert (np.abs(values).sum(axis=1) > 0).all()


def test_long_sentences_are_read_in_stretches_and_never_cut(bert: Path) -> None:
    words = SENTENCES[-1]
    (values,) = encoder(bert).vectors([words])
    assert len(values) == 180
    (start,) = encoder(bert).vectors([words[:9]])
    np.testing.assert_allclose(values[:4], start[:4], atol=0.5)  # other neighbours, the same words
    assert np.abs(values[90:93] - values[93:96]).max() < np.abs(values).max()


@given(sizes=st.lists(st.integers(1, 16), max_size=200), most=st.integers(32, 64))
def test_every_word_counts_in_one_stretch_that_fits(sizes: list[int], most: int) -> None:
    found = list(stretches(sizes, most))
    assert [place for one in found for place in range(one.kept_start, one.kept_end)] == list(range(len(sizes)))
    for one in found:
        assert one.start <= one.kept_start < one.kept_end <= one.end
        assert sum(sizes[one.start : one.end]) <= most


def test_a_word_without_pieces_is_an_unknown_one_and_a_long_one_is_looked_at_from_both_ends() -> None:
    content = checked_tokenizer(tokenizer().to_str().encode(), "some")
    read = Subwords(content, "some", LONGEST)
    plain, hyphen, surrogate, empty, long = read.of(["camera", "\u00ad", "\ud800", "", "a" + "b" * 99 + "c"])
    assert hyphen == empty == (1,)
    assert len(plain) == 1
    assert len(surrogate) == 1
    assert len(long) <= read.room // 2
    assert (len(read.frame.before), len(read.frame.behind)) == (1, 1)


# what is kept


def test_the_network_of_a_transformer_is_written_once(bert: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = context(bert).files(None).network
    monkeypatch.setattr("tagloom.training.encoder_networks.load_transformer", lambda _: pytest.fail("loaded again"))
    assert context(bert).files(None).network == before


def test_minilm_is_read_without_a_network() -> None:
    opened = open_context(TrainingConfig(embeddings="minilm", encoder_layers=3))
    assert opened is not None
    assert (str(opened.embedding), opened.layers) == ("transformer:minilm:384", 3)
    (values,) = encoder_of(opened.files(None)).vectors([SENTENCES[0]])
    assert values.shape == (8, 3 * 384)


# what is refused


def break_it(**files: str | None) -> Callable[[Path], None]:
    """Writes files of a model anew, or takes them away."""

    def change(folder: Path) -> None:
        for name, content in files.items():
            path = folder / name.replace("__", ".")
            path.unlink(missing_ok=True) if content is None else path.write_text(content)

    return change


def with_auto_map(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "auto_map": {"AutoModel": "evil.Model"}}))


def with_pickle(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


REFUSED = {
    "no config": (break_it(config__json=None), "expected the folder of a transformer, found no config.json in it"),
    "no tokenizer": (break_it(tokenizer__json=None), "expected a tokenizer.json, found none. Write it: AutoTokenizer"),
    "code of its own": (with_auto_map, "received one that brings code of its own (auto_map), which is never run"),
    "an adapter": (break_it(adapter_config__json="{}"), "expected a whole transformer, received one with an adapter"),
    "pickled weights": (
        with_pickle,
        "expected weights in model.safetensors, found pytorch_model.bin. Pickled files can",
    ),
    "no weights": (break_it(model__safetensors=None), "expected weights in model.safetensors, found none"),
    "damaged weights": (break_it(model__safetensors="abc"), "expected a transformer that encodes text, received"),
    "another kind": (break_it(config__json='{"model_type": "nosuch"}'), "expected a transformer that encodes text"),
    "no JSON": (break_it(config__json="{"), "expected JSON in UTF-8"),
    "a list": (break_it(config__json="[]"), "expected an object, received list"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_a_model_that_may_not_be_loaded_is_refused_in_one_line(
    case: tuple[Callable[[Path], None], str], bert: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(bert, folder)
    case[0](folder)
    with pytest.raises(DataError) as told:
        context(folder)
    assert case[1] in str(told.value)
    assert "\n" not in str(told.value)


def test_a_name_that_needs_a_network_says_how_to_get_it_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(DataError, match=r"Without a network, get config\.json, .* name that: transformer:FOLDER\."):
        find_model("nobody/nothing")


@pytest.mark.parametrize(
    "change",
    [
        lambda entries: entries["model"].update(type="Pickle"),
        lambda entries: entries["normalizer"].update(type="Exec"),
        lambda entries: entries.update(pre_tokenizer={"type": "Sequence", "pretokenizers": [{"type": "Odd"}]}),
        lambda entries: entries.update(more=1),
        lambda entries: entries.pop("model"),
        lambda entries: entries.update(model=None),
        lambda entries: entries.update(normalizer=[1]),
        lambda entries: entries["model"].update(vocab=3),
        lambda entries: entries["model"].update(vocab={"a": 0}),
    ],
)
def test_a_tokenizer_of_unknown_parts_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    entries = json.loads(tokenizer().to_str())
    change(entries)
    with pytest.raises(BundleError):
        Subwords(checked_tokenizer(json.dumps(entries).encode(), "some"), "some", LONGEST)


LONG_CHARSMAP = base64.b64encode(bytes(4) + b"b\0" + 2000 * b"a").decode()
"""A map of SentencePiece with no trie and a text of 2,000 bytes."""


def replacing(pattern: dict[str, str], content: str) -> dict[str, object]:
    return {"type": "Replace", "pattern": pattern, "content": content}


@pytest.mark.parametrize(
    ("normalizers", "model"),
    [
        ([replacing({"String": "a"}, 20 * "a"), replacing({"String": "a"}, 80 * "a")], {}),
        ([replacing({"Regex": "x*"}, 1000 * "a")], {}),
        ([{"type": "Sequence", "normalizers": [replacing({"String": ""}, 1000 * "a")]}], {}),
        ([{"type": "Prepend", "prepend": 2000 * "a"}], {}),
        ([{"type": "Precompiled", "precompiled_charsmap": LONG_CHARSMAP}], {}),
        ([], {"continuing_subword_prefix": 1000 * "#"}),
        ([], {"end_of_word_suffix": 1000 * "#"}),
        ([], {"max_input_chars_per_word": 10**6}),
        ([], {"max_input_chars_per_word": "many"}),
    ],
)
def test_a_tokenizer_that_makes_words_too_long_is_refused(
    normalizers: list[dict[str, object]], model: dict[str, object]
) -> None:
    entries = json.loads(tokenizer().to_str())
    entries["normalizer"] = {"type": "Sequence", "normalizers": normalizers}
    entries["model"].update(model)
    with pytest.raises(BundleError, match=r"some: (normalizer|model: \w+): expected"):
        checked_tokenizer(json.dumps(entries).encode(), "some")


def test_a_tokenizer_that_replaces_as_published_ones_do_is_taken() -> None:
    entries = json.loads(tokenizer().to_str())
    quotes = [replacing({"String": mark}, '"') for mark in ("``", "''")]
    blanks = [
        {"type": "Prepend", "prepend": "\u2581"},
        replacing({"Regex": " {2,}"}, " "),
        replacing({"String": " "}, "\u2581"),
    ]
    entries["normalizer"] = {"type": "Sequence", "normalizers": [*quotes, {"type": "NFKD"}, *blanks]}
    assert Subwords(checked_tokenizer(json.dumps(entries).encode(), "some"), "some", LONGEST).of(["''"])


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_tokenizer_is_refused(content: bytes) -> None:
    with pytest.raises(BundleError, match="some: expected"):
        checked_tokenizer(content, "some")


@pytest.mark.parametrize("kind", ["bert", "modernbert"])
def test_an_encoder_in_8_bits_gives_nearly_the_same(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tagloom.bundle.encoder_quantization._LEAST", 0)
    files = context(tiny_transformer(tmp_path / kind, kind)).files(None)
    eight = encoder_in_eight_bits(files.network)
    check_network(eight, ENCODER, ENCODER)
    every = (numpy_helper.to_array(one) for one in onnx.ModelProto.FromString(eight).graph.initializer)
    kinds = {values.dtype for values in every if values.ndim == 2 and values.size > 300}
    assert kinds == {np.dtype(np.int8)}
    assert len(eight) < len(files.network)
    whole, narrow = (
        encoder_of(replace(files, network=network)).vectors(SENTENCES[:4]) for network in (files.network, eight)
    )
    for one, other in zip(whole, narrow, strict=True):
        assert np.abs(one - other).mean() < 0.05 * np.abs(whole[0]).mean() if len(one) else len(other) == 0
    assert any(np.abs(one - other).max() > 0 for one, other in zip(whole, narrow, strict=True) if len(one))
