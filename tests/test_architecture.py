"""The rooms of src/tagloom, and who may look at whom: the order of docs/architecture.md, read from the imports."""

import ast
import subprocess
import sys
from collections.abc import Iterable
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest

from structure import (
    MAX_FILE_LINES,
    PACKAGE,
    Module,
    describe_circle,
    find_circles,
    find_problems,
    read_imports,
    read_modules,
    where,
)

# `A > B`: B may import A, and whatever A may import; never the reverse.
ORDER = (
    "errors > files > text, decoding",
    "errors > wording > markup > text, pages",
    "errors > files > pages > data",
    "text > schemes > tokenize > data > features > embeddings > bundle > inference > serving > workbench > cli",
    "decoding > evaluation, inference, models",
    "data > evaluation > inference > training",  # a run judges the bundle that it hands over, as it will be used
    "features, bundle > models > training > cli",
    "data, evaluation, bundle > runs > training, workbench, cli",  # what is said of a training without its framework
    "schemes, decoding, bundle, inference > keras",
)

LEARNING = frozenset({"models", "training", "keras"})

# Libraries that only these rooms may import, however late.
RESERVED = {
    "torch": LEARNING,
    "accelerate": LEARNING,
    "onnx": frozenset({"bundle"}),  # to write networks; reading them needs none
    "keras": LEARNING,
    "jax": LEARNING,
    "tensorflow": LEARNING,
    "transformers": frozenset({"embeddings", "models", "training"}),
    "jinja2": frozenset({"pages"}),
    "plotly": frozenset({"pages"}),
    "fastapi": frozenset({"serving", "workbench"}),
    "starlette": frozenset({"serving", "workbench"}),
    "uvicorn": frozenset({"serving"}),
    "pydantic": frozenset({"serving", "workbench"}),  # for the HTTP edge alone
    "sqlalchemy": frozenset({"workbench"}),
    "alembic": frozenset({"workbench"}),
    "argon2": frozenset({"workbench"}),
    "markdown_it": frozenset({"workbench"}),
    "nh3": frozenset({"workbench"}),
    "prometheus_client": frozenset({"serving"}),
    "rich": frozenset({"cli"}),  # like `print`: only the command line talks
}

FRAMEWORKS = frozenset(library for library, rooms in RESERVED.items() if "training" in rooms)

# What `import tagloom` must not load.
HEAVY = {*RESERVED, "onnxruntime"}


def allowed_imports(order: Iterable[str]) -> dict[str, set[str]]:
    """Each room with all the rooms below it; the package's own `__init__` and `__main__` stand above every room."""
    below: dict[str, set[str]] = {}
    for chain in order:
        steps = [step.strip().split(", ") for step in chain.split(">")]
        for lower, upper in pairwise(steps):
            for room in upper:
                below.setdefault(room, set()).update(lower)
    for room in TopologicalSorter(below).static_order():  # lower rooms first, so theirs are complete
        direct = below.setdefault(room, set())
        direct.update(*(below[lower] for lower in direct))
    below["cli"].add("tagloom")
    return below | {top: {*below, "tagloom"} for top in ("tagloom", "__main__")}


ALLOWED = allowed_imports(ORDER)


def room_of(module: str) -> str:
    """The first name below `tagloom`: `data` for `tagloom.data.csv`, `tagloom` for the package's `__init__`."""
    room = module.split(".")[1] if "." in module else module
    return "cli" if room == "demo" else room


def misplaced_imports(modules: dict[str, Module]) -> list[str]:
    """A line for each import between rooms that the order does not allow."""
    problems = []
    for edge in read_imports(modules):
        if edge.imported.split(".")[0] == "tagloom":
            importer, imported = room_of(edge.importer), room_of(edge.imported)
            allowed = ALLOWED.get(importer, set())
            if imported not in {importer, *allowed}:
                may = f"only {', '.join(sorted(allowed))}" if allowed else "no other room"
                problems.append(f"{edge.where}: {importer} imports {imported}, but {importer} may import {may}")
    return problems


def misplaced_libraries(modules: dict[str, Module]) -> list[str]:
    """A line for each import of a reserved library outside its rooms."""
    problems = []
    for edge in read_imports(modules):
        library, importer = edge.imported.split(".")[0], room_of(edge.importer)
        rooms = RESERVED.get(library, {importer})
        if importer not in rooms:
            problems.append(f"{edge.where}: {importer} imports {library}, but only {', '.join(sorted(rooms))} may")
    return problems


def misplaced_prints(modules: dict[str, Module]) -> list[str]:
    """A line for each call of `print` outside the command line."""
    return [
        f"{where(module, node)}: {room_of(module.name)} prints, but only cli may. Use logging."
        for module in modules.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        if room_of(module.name) != "cli"
    ]


def described(problems: list[str]) -> str:
    return "\n" + "\n".join(problems)


@pytest.fixture(scope="module")
def modules() -> dict[str, Module]:
    return read_modules(PACKAGE)


def test_every_module_lies_in_a_room_of_the_order(modules: dict[str, Module]) -> None:
    assert modules, f"{PACKAGE}: expected Python files, found none"
    strays = [module.path for name, module in modules.items() if room_of(name) not in ALLOWED]
    assert not strays, f"in no room of ORDER: {', '.join(strays)}"


def test_no_room_imports_against_the_order(modules: dict[str, Module]) -> None:
    problems = misplaced_imports(modules)
    assert not problems, described(problems)


def test_only_the_rooms_a_library_is_reserved_for_import_it(modules: dict[str, Module]) -> None:
    problems = misplaced_libraries(modules)
    assert not problems, described(problems)


def test_only_the_command_line_prints(modules: dict[str, Module]) -> None:
    problems = misplaced_prints(modules)
    assert not problems, described(problems)


def test_no_modules_import_one_another_in_a_circle(modules: dict[str, Module]) -> None:
    problems = [describe_circle(circle) for circle in find_circles(modules)]
    assert not problems, described(problems)


def test_importing_tagloom_loads_neither_a_framework_nor_onnx_runtime() -> None:
    code = "import sys, tagloom; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert "tagloom" in loaded
    assert HEAVY.intersection(loaded) == set()


@pytest.mark.parametrize("module", sorted(path.stem for path in (PACKAGE / "runs").glob("[a-z]*.py")))
def test_what_is_said_of_runs_loads_neither_a_framework_nor_onnx_runtime(module: str) -> None:
    code = f"import sys, tagloom.runs.{module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert f"tagloom.runs.{module}" in loaded
    assert {*FRAMEWORKS, "onnx", "onnxruntime"}.intersection(loaded) == set()


# The checks themselves, on made-up packages.


def made_up(folder: Path, sources: dict[str, str]) -> dict[str, Module]:
    """Writes each source below src/tagloom, by its path without `.py`, with an `__init__` in each folder; reads all."""
    package = folder / "src" / "tagloom"
    for name, source in sources.items():
        path = package / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(source, encoding="utf-8")
    return read_modules(package)


@pytest.mark.parametrize(
    "statement",
    [
        "import tagloom.data",
        "import tagloom.data.csv as tables",
        "from tagloom import data",
        "from tagloom.data import Dataset",
        "from tagloom.data.csv import *",
        "from . import data",
        "from .data import csv",
        "import_module('tagloom.data')",
        "importlib.import_module('.data', __package__)",
        "def late(): from tagloom.data import Dataset",
        "if TYPE_CHECKING: from tagloom.data import Dataset",
    ],
)
def test_an_import_against_the_order_is_named_with_file_and_line(tmp_path: Path, statement: str) -> None:
    modules = made_up(tmp_path, {"text": f"import re\n\n{statement}\n", "data/csv": "from tagloom import text\n"})
    assert misplaced_imports(modules) == [
        "src/tagloom/text.py:3: text imports data, but text may import only errors, files, markup, wording"
    ]


def test_a_relative_import_is_resolved_from_a_folder_and_from_its_init(tmp_path: Path) -> None:
    sources = {"data/csv": "from .. import cli\n", "data/formats/__init__": "from ...cli import train\n"}
    modules = made_up(tmp_path, sources)
    assert misplaced_imports(modules) == [
        f"src/tagloom/data/{file}:1: data imports cli, but data may import only "
        "errors, files, markup, pages, schemes, text, tokenize, wording"
        for file in ("csv.py", "formats/__init__.py")
    ]


@pytest.mark.parametrize(
    ("importer", "imported", "allowed"),
    [
        ("inference", "text", True),
        ("keras", "decoding", True),
        ("cli", "training", True),
        ("demo", "training", True),
        ("__main__", "cli", True),
        ("files", "errors", True),
        ("errors", "files", False),
        ("decoding", "schemes", False),
        ("evaluation", "inference", False),
        ("workbench", "training", False),
        ("workbench", "runs", True),
        ("runs", "training", False),
        ("runs", "models", False),
        ("runs", "inference", False),
        ("cli", "keras", False),
        ("training", "demo", False),
        ("utilities", "text", False),
    ],
)
def test_a_room_may_import_exactly_the_rooms_below_it(
    tmp_path: Path, importer: str, imported: str, allowed: bool
) -> None:
    modules = made_up(tmp_path, {imported: "", importer: f"from tagloom import {imported}\n"})
    assert {f"tagloom.{imported}", f"tagloom.{importer}"} <= set(modules)
    assert (misplaced_imports(modules) == []) is allowed


def test_what_the_package_itself_offers_is_for_the_command_line_alone(tmp_path: Path) -> None:
    version = "from tagloom import __version__\n"
    (problem,) = misplaced_imports(made_up(tmp_path, {"cli/score": version, "errors": version}))
    assert problem == "src/tagloom/errors.py:1: errors imports tagloom, but errors may import no other room"


def test_a_framework_outside_its_rooms_is_named_even_inside_a_function(tmp_path: Path) -> None:
    late = "def score():\n    from torch import nn\n"
    modules = made_up(tmp_path, {"inference": late, "training": late, "models/encoder": "import transformers\n"})
    assert misplaced_libraries(modules) == [
        "src/tagloom/inference.py:2: inference imports torch, but only keras, models, training may"
    ]


def test_a_print_outside_the_command_line_is_named(tmp_path: Path) -> None:
    modules = made_up(tmp_path, {"data/csv": "print(1)\n", "demo": "print(2)\n", "cli/score": "print(3)\n"})
    assert misplaced_prints(modules) == ["src/tagloom/data/csv.py:1: data prints, but only cli may. Use logging."]


def test_a_circle_is_found_through_a_function_but_not_through_types(tmp_path: Path) -> None:
    sources = {
        "data/csv": "def read():\n    from . import dataset\n",
        "data/dataset": "from tagloom.data.csv import read\n",
        "data/quality": "from tagloom.data import split\n",
        "data/split": "if TYPE_CHECKING:\n    from tagloom.data import quality\n",
    }
    modules = made_up(tmp_path, sources)
    assert [{edge.importer for edge in circle} for circle in find_circles(modules)] == [
        {"tagloom.data.csv", "tagloom.data.dataset"}
    ]
    problem = find_problems(modules)[0]
    assert "tagloom.data.csv imports tagloom.data.dataset (src/tagloom/data/csv.py:2)" in problem
    assert "tagloom.data.dataset imports tagloom.data.csv (src/tagloom/data/dataset.py:1)" in problem


def test_a_folder_that_gathers_its_modules_makes_no_circle(tmp_path: Path) -> None:
    sources = {
        "data/__init__": "from . import csv\nfrom tagloom.data.dataset import Dataset\n",
        "data/csv": "",
        "data/dataset": "from tagloom.data import csv\n",
    }
    assert not find_circles(made_up(tmp_path, sources))


def test_a_missing_annotation_and_an_overlong_file_are_named(tmp_path: Path) -> None:
    function = "class Span:\n    def shift(self, by, *rest: int, far=lambda x: x): ...\n"
    modules = made_up(tmp_path, {"text": function, "schemes": "\n" * (MAX_FILE_LINES + 1)})
    assert find_problems(modules) == [
        "src/tagloom/text.py:2: shift lacks annotations: by, far, return. Add them.",
        "src/tagloom/schemes.py: expected at most 500 lines, received 501. Split it in two nouns.",
    ]
