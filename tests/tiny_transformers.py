"""Small transformers with random weights, saved as their library saves them, with a tokenizer of a few words."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import AutoConfig, AutoModel

from tagloom.runs.config import TrainingConfig
from tagloom.training.contexts.context import Context
from tagloom.training.contexts.opening import open_context

WIDTH, LONGEST = 16, 40

_PIECES = "the nikon d90 has a bright view ##finder ##s camera ##9 ##0 d . , ! lens ##a ##b ##c b c 日 本".split()
_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
_SIZES: dict[str, Any] = {
    "vocab_size": 64,
    "hidden_size": WIDTH,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 24,
    "max_position_embeddings": LONGEST,
    "pad_token_id": 0,
}

ARCHITECTURES: dict[str, dict[str, Any]] = {
    "bert": {},
    "roberta": {"max_position_embeddings": LONGEST + 1},
    "electra": {"embedding_size": 8},
    "albert": {"embedding_size": 8},
    "mpnet": {"max_position_embeddings": LONGEST + 1},
    "distilbert": {"dim": WIDTH, "n_layers": 2, "n_heads": 2, "hidden_dim": 24},
    "deberta-v2": {
        "relative_attention": True,
        "pos_att_type": ["p2c", "c2p"],
        "position_buckets": 16,
        "share_att_key": True,
        "position_biased_input": False,
    },
    "modernbert": {"bos_token_id": 2, "eos_token_id": 3, "cls_token_id": 2, "sep_token_id": 3},
    "mobilebert": {"embedding_size": 8, "intra_bottleneck_size": 8, "num_feedforward_networks": 2},
}
"""By model type what differs from `_SIZES`."""

UNFIT: dict[str, dict[str, Any]] = {
    "fnet": {},
    "convbert": {},
    "t5": {"d_model": WIDTH, "d_kv": 8, "d_ff": 24, "num_layers": 2, "num_heads": 2},
    "data2vec-text": {"pad_token_id": 1},
    "ibert": {"pad_token_id": 1, "max_position_embeddings": 11},
}
"""The same of those that cannot be used, or not as they say."""


def tiny_transformer(folder: Path, kind: str = "bert", *, seed: int = 1) -> Path:
    """Saves one into a folder."""
    config = AutoConfig.for_model(kind, **{**_SIZES, **(ARCHITECTURES | UNFIT)[kind]})
    torch.manual_seed(seed)
    with contextlib.redirect_stderr(io.StringIO()):  # a bar of progress
        AutoModel.from_config(config).save_pretrained(folder)
    tokenizer().save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"model_max_length": LONGEST}))
    return folder


def context(folder: Path, **options: Any) -> Context:
    """What a training opens that mixes two layers of one."""
    opened = open_context(TrainingConfig(embeddings=f"transformer:{folder}", encoder_layers=2, **options))
    assert opened is not None
    return opened


def tokenizer() -> Tokenizer:
    """Words in pieces, in lower case, within `[CLS]` and `[SEP]`; it cuts and pads, as published ones do."""
    pieces = {piece: number for number, piece in enumerate([*_SPECIAL, *_PIECES])}
    made = Tokenizer(models.WordPiece(pieces, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", pieces["[CLS]"]), ("[SEP]", pieces["[SEP]"])]
    )
    made.enable_truncation(12)
    made.enable_padding(length=12)
    return made
