"""What the command line says of itself, and that it says it at once."""

import subprocess
import sys

import pytest
from command_line import Tagloom

from tagloom import __version__

COMMANDS = [
    (),
    ("demo",),
    ("train",),
    ("evaluate",),
    ("score",),
    ("predict",),
    ("data",),
    ("data", "convert"),
    ("data", "inspect"),
    ("data", "prelabel"),
    ("data", "split"),
    ("errors",),
    ("compare",),
    ("explain",),
    ("learning-curve",),
    ("elmo",),
    ("elmo", "train"),
    ("elmo", "vectors"),
]
HEAVY = {"torch", "accelerate", "onnx", "onnxruntime", "numpy", "rich", "numba"}


def loaded_by(code: str) -> set[str]:
    told = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules, file=sys.stderr)"],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(told.stderr.split())


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_tells_usage_and_options_within_the_line(tagloom: Tagloom, command: tuple[str, ...]) -> None:
    result = tagloom(*command, "--help")
    assert (result.status, result.err) == (0, "")
    assert result.out.startswith(f"Usage: tagloom {' '.join(command)}".rstrip())
    assert "--help" in result.out
    assert all(len(line) <= 80 and "…" not in line for line in result.out.splitlines())


@pytest.mark.parametrize("command", [(), ("data",), ("elmo",)], ids=["tagloom", "data", "elmo"])
def test_without_a_command_help_is_shown(tagloom: Tagloom, command: tuple[str, ...]) -> None:
    assert tagloom(*command) == tagloom(*command, "--help")


def test_train_tells_every_algorithm(tagloom: Tagloom) -> None:
    words = "".join(tagloom("train", "--help").out.split())
    assert "bilstm-softmax,bilstm-crf,bilstm-cnn,bilstm-cnn-crf,bilstm-lstm-crf" in words


def test_the_version_is_told(tagloom: Tagloom) -> None:
    assert tagloom("--version").out == f"tagloom {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_loads_nothing_heavy(command: tuple[str, ...]) -> None:
    loaded = loaded_by(f"from tagloom.cli.main import main; main({[*command, '--help']})")
    assert "tagloom.cli.train" in loaded
    assert loaded & HEAVY == set()


def test_prediction_loads_no_learning_framework(model: object) -> None:
    loaded = loaded_by(f"from tagloom.cli.main import main; assert main(['predict', {str(model)!r}, 'A text']) == 0")
    assert "onnxruntime" in loaded
    assert loaded & {"torch", "accelerate", "rich"} == set()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["trian"], "command: No such command 'trian'. Did you mean 'train'?. See tagloom --help."),
        (["train", "--foo"], "train: No such option: --foo. See tagloom train --help."),
        (["predict"], "predict: Missing argument 'MODEL'. See tagloom predict --help."),
        (["predict", "m", "t", "--format", "xml"], "'xml' is not one of 'text', 'jsonl', 'conll'. See tagloom predict"),
        (["predict", "m", "t", "--threshold", "2"], "predict: Invalid value for '--threshold': "),
        (
            ["evaluate", "m", "d", "--mode", "lenient"],
            "'lenient' is not one of 'strict', 'conlleval', 'partial', 'type'. See",
        ),
        (["data", "split", "a.csv"], "data split: Missing argument"),
        (["train", "a.csv", "--seeds", "0"], "train: Invalid value for '--seeds': "),
        (["train", "a.csv", "--verbose", "3"], "train: Invalid value for '--verbose': "),
        (["train", "a.csv", "--set", "epochs"], "--set: expected a pair such as epochs=50, received 'epochs'. See"),
        (["train"], "train: Invalid value for DATA: expected labelled data, received none. See tagloom train --help."),
        (["train", "--resume", "--dev", "a"], "expected nothing but --output and --verbose beside it"),
        (["train", "a.csv", "--resume"], "received data. See tagloom train --help."),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(tagloom: Tagloom, arguments: list[str], message: str) -> None:
    result = tagloom(*arguments)
    assert result.status == 2
    assert message in result.error
