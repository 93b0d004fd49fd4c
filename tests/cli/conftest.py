"""A command line, and a model that knows a little of cameras."""

import io
import sys
from pathlib import Path

import pytest
from command_line import CONLL, TINY, Result, Tagloom

from tagloom.cli.main import main
from tagloom.runs.config import TrainingConfig
from tagloom.runs.data_config import DataConfig
from tagloom.training.train import train


class Typed(io.TextIOWrapper):
    """Standard input at which a person sits."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def tagloom(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Tagloom:
    def run(*arguments: str | Path, stdin: bytes = b"", typed: bool = False) -> Result:
        monkeypatch.setattr(sys, "stdin", (Typed if typed else io.TextIOWrapper)(io.BytesIO(stdin)))
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        return Result(status, *capsys.readouterr())

    return run


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve sentences in CoNLL columns, every third of them the same."""
    path = tmp_path_factory.mktemp("corpus") / "cameras.conll"
    path.write_text(CONLL * 3, "utf-8")
    return path


@pytest.fixture(scope="session")
def model(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model of a run that learned the corpus by heart."""
    options = TINY | {"epochs": 40, "learning_rate": 0.05, "dropout": 0.0}
    data = DataConfig(paths=(str(corpus),), dev=(str(corpus),))
    return train(data, tmp_path_factory.mktemp("runs") / "run", TrainingConfig(**options)).model
