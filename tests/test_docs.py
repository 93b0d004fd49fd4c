import doctest
import importlib
import re
from pathlib import Path
from types import ModuleType

import pytest

import tagloom

PACKAGE = Path(tagloom.__file__).parent


def module_names() -> list[str]:
    """Every module of the package but `__main__`, found by its path, since importing it may need an extra."""
    paths = (path.relative_to(PACKAGE.parent) for path in sorted(PACKAGE.rglob("*.py")))
    return [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in paths if is_module(path)]


def is_module(path: Path) -> bool:
    """Whether it can be imported without being run: not `__main__`, nor a script in a folder that is no package."""
    packaged = all((PACKAGE.parent / folder / "__init__.py").is_file() for folder in path.parents if folder.name)
    return packaged and path.stem != "__main__" and path.stem.isidentifier()


def imported(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] == "tagloom":
            raise
        pytest.skip(f"{name} needs {error.name}, of an extra that is not installed")


@pytest.mark.parametrize("name", module_names())
def test_examples_in_docstrings_give_what_they_say(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    results = doctest.testmod(imported(name))
    assert results.failed == 0, capsys.readouterr().out


def test_examples_are_found() -> None:
    assert "tagloom.schemes" in module_names()
    assert doctest.testmod(importlib.import_module("tagloom.schemes")).attempted > 0


ROOT = PACKAGE.parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CODE = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
EXAMPLES = [
    pytest.param(code, id=f"{page.name}-{number}")
    for page in PAGES
    for number, code in enumerate(CODE.findall(page.read_text("utf-8")))
]


@pytest.mark.parametrize("code", EXAMPLES)
def test_examples_on_pages_run(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "example", "exec"), {})
