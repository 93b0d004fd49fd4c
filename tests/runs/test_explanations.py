"""What forms are drawn from: every option explained, with its limits, as JSON."""

import json
import re
from typing import Any

import pytest

from tagloom.errors import ConfigError
from tagloom.runs.config import OPTIONS, TrainingConfig
from tagloom.runs.explanations import EXPLANATIONS, explained_options

KINDS = {"choice", "whole", "number", "flag", "names", "weights", "shares", "embeddings"}
DOCUMENTED = dict(re.findall(r"^        (\w+): (.*)$", (TrainingConfig.__doc__ or "").partition("Raises:")[0], re.M))


def test_every_option_is_explained_in_one_line() -> None:
    assert list(EXPLANATIONS) == list(OPTIONS)
    for text in EXPLANATIONS.values():
        assert text.endswith(".")
        assert len(text) <= 200
        assert not set(text) & set("\n`")


def test_the_docstring_tells_of_the_same_options() -> None:
    assert list(DOCUMENTED) == list(OPTIONS)


@pytest.mark.parametrize("name", OPTIONS)
def test_the_docstring_and_the_explanation_both_say_what_zero_and_auto_mean_or_neither(name: str) -> None:
    for word in (r"(?<!\S)0 ", r"\bauto\b"):
        assert bool(re.search(word, EXPLANATIONS[name])) == bool(re.search(word, DOCUMENTED[name])), word


def test_options_are_json_in_their_order() -> None:
    options = explained_options()
    assert list(options) == list(OPTIONS)
    assert json.loads(json.dumps(options)) == options
    for told in options.values():
        assert told["kind"] in KINDS
        assert {"kind", "auto", "default", "help"} <= set(told)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("decoder", {"kind": "choice", "auto": True, "names": ["crf", "softmax"], "default": "auto"}),
        ("optimizer", {"kind": "choice", "auto": False, "names": ["adam", "adamw", "nadam", "rmsprop", "sgd"]}),
        ("loss", {"kind": "choice", "auto": True, "names": ["crf", "cross_entropy"]}),
        ("units", {"kind": "whole", "auto": False, "lowest": 1, "highest": 4096, "default": 100}),
        ("batch_size", {"kind": "whole", "auto": True, "lowest": 1, "highest": 100_000, "default": "auto"}),
        ("dropout", {"kind": "number", "auto": False, "lowest": 0, "highest": 0.95, "default": 0.5}),
        ("save_best_only", {"kind": "flag", "auto": False, "default": True}),
        ("metrics", {"kind": "names", "names": ["f1", "precision", "recall", "accuracy", "loss"]}),
        ("label_weights", {"kind": "weights", "lowest": 0, "highest": 1e6, "default": {}}),
        ("embeddings", {"kind": "embeddings", "auto": False, "default": "learned:100"}),
    ],
)
def test_an_option_says_its_kind_its_limits_and_its_default(name: str, told: dict[str, Any]) -> None:
    assert told.items() <= explained_options()[name].items()


@pytest.mark.parametrize(("name", "told"), explained_options().items())
def test_what_is_told_is_what_is_taken(name: str, told: dict[str, Any]) -> None:
    option = OPTIONS[name]
    assert told["auto"] is _takes(name, "auto")
    for end in ("lowest", "highest") if told["kind"] in ("whole", "number") else ():
        assert option.read(told[end]) == told[end]
    for one in told.get("names", ()):
        assert option.read([one] if told["kind"] == "names" else one) in (one, (one,))


def _takes(name: str, value: Any) -> bool:
    try:
        OPTIONS[name].read(value)
    except (TypeError, ValueError, ConfigError):
        return False
    return True
