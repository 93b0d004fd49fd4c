"""How src/tagloom is built: who imports whom, and how long, annotated and outspoken its code is.

As a script it prints a table, and exits 1 with a line for each import circle, missing annotation and overlong file.
tests/test_architecture.py reads modules and imports with the same functions.
"""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path
from statistics import median

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "tagloom"
MAX_FILE_LINES = 500


@dataclass(frozen=True)
class Module:
    """One source file: `tagloom.data.csv`, found in `src/tagloom/data/csv.py`."""

    name: str
    path: str
    is_package: bool
    num_lines: int
    tree: ast.Module


@dataclass(frozen=True)
class Import:
    """One module that another one names, absolute, and the line that does; `for_types`: under `if TYPE_CHECKING`."""

    importer: str
    imported: str
    where: str
    for_types: bool


@dataclass(frozen=True)
class Function:
    """A function or method; `unannotated` lists its parameters, and `return`, that lack an annotation."""

    name: str
    where: str
    num_lines: int
    unannotated: tuple[str, ...]


Modules = Mapping[str, Module]


def read_modules(package: Path) -> dict[str, Module]:
    """Every module of the package in this folder, by dotted name; paths are shown from the folder two levels up."""
    modules = (_read_module(path, package) for path in sorted(package.rglob("*.py")))
    return {module.name: module for module in modules}


def _read_module(path: Path, package: Path) -> Module:
    source = path.read_text(encoding="utf-8")
    parts = path.relative_to(package.parent).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    return Module(
        name=".".join(parts[:-1] if is_package else parts),
        path=path.relative_to(package.parents[1]).as_posix(),
        is_package=is_package,
        num_lines=source.count("\n"),
        tree=ast.parse(source, filename=str(path)),
    )


def read_imports(modules: Modules) -> Iterator[Import]:
    """Every import of every module, at any depth: statements, and `import_module` of a literal name.

    `from package import name` names the module `package.name` where there is one, and `package` otherwise.
    """
    for module in modules.values():
        for_types = set(_nodes_for_types(module.tree))
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import | ast.ImportFrom | ast.Call):
                for name in _named_by(node, module):
                    yield Import(module.name, _known(name, modules), where(module, node), node in for_types)


def where(module: Module, node: ast.stmt | ast.expr) -> str:
    """File and line of a node, as an editor opens it."""
    return f"{module.path}:{node.lineno}"


def _nodes_for_types(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            for statement in node.body:
                yield from ast.walk(statement)


def _named_by(node: ast.Import | ast.ImportFrom | ast.Call, module: Module) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=base, names=names, level=level):
            return [_absolute("." * level + ".".join(filter(None, [base, alias.name])), module) for alias in names]
        case ast.Call(
            func=ast.Name(id="import_module") | ast.Attribute(attr="import_module"),
            args=[ast.Constant(value=str(name)), *_],
        ):
            return [_absolute(name, module)]
    return []


def _absolute(name: str, module: Module) -> str:
    """Resolves leading dots: in `tagloom.data.csv`, `.formats` is `tagloom.data.formats`."""
    relative = name.lstrip(".")
    num_dots = len(name) - len(relative)
    if not num_dots:
        return name
    parts = module.name.split(".")
    kept = len(parts) - num_dots + module.is_package  # one dot is the package itself
    return ".".join([*parts[:kept], relative])


def _known(name: str, modules: Modules) -> str:
    parent = name.rpartition(".")[0]
    return parent if name not in modules and parent in modules else name


def find_circles(modules: Modules) -> list[list[Import]]:
    """Circles of imports, no import in two of them; imports in functions count, those under `TYPE_CHECKING` do not."""
    graph: dict[str, dict[str, Import]] = {name: {} for name in modules}
    for edge in read_imports(modules):
        if edge.imported in modules and not edge.for_types:
            graph[edge.importer].setdefault(edge.imported, edge)
    circles = []
    while names := _first_circle(graph):
        circles.append([graph[importer].pop(imported) for importer, imported in pairwise(names)])
    return circles


def describe_circle(circle: Iterable[Import]) -> str:
    """One line that names each import of the circle."""
    steps = ", ".join(f"{edge.importer} imports {edge.imported} ({edge.where})" for edge in circle)
    return f"import circle: {steps}. Move what both sides need into a module below them."


def _first_circle(graph: Mapping[str, Iterable[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        names: list[str] = error.args[1]  # from imported to importer, the first one again at the end
        return names[::-1]
    return []


def read_functions(modules: Modules) -> list[Function]:
    """Every function and method, inner ones too; lines are counted from `def` to the end of the body."""
    return [
        Function(node.name, where(module, node), (node.end_lineno or 0) - node.lineno + 1, _unannotated(node))
        for module in modules.values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def _unannotated(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, ...]:
    parameters = [child for child in ast.iter_child_nodes(node.args) if isinstance(child, ast.arg)]
    missing = [each.arg for each in parameters if each.annotation is None and each.arg not in ("self", "cls")]
    return (*missing, *(["return"] if node.returns is None else []))


def read_raises(modules: Modules) -> list[ast.Raise]:
    """Every `raise` of an error; a bare `raise`, which passes one on, is none."""
    nodes = (node for module in modules.values() for node in ast.walk(module.tree))
    return [node for node in nodes if isinstance(node, ast.Raise) and node.exc is not None]


def shows_value(node: ast.Raise) -> bool:
    """Whether the error is given a variable: in an f-string, by `format` or `%`, or as it is."""
    if not isinstance(node.exc, ast.Call):
        return False
    given = [*node.exc.args, *(keyword.value for keyword in node.exc.keywords)]
    return any(isinstance(inner, ast.Name) for value in given for inner in ast.walk(value))


def find_problems(modules: Modules) -> list[str]:
    """A line for each circle, function without full annotations, and file past `MAX_FILE_LINES`."""
    circles = [describe_circle(circle) for circle in find_circles(modules)]
    unannotated = [
        f"{function.where}: {function.name} lacks annotations: {', '.join(function.unannotated)}. Add them."
        for function in read_functions(modules)
        if function.unannotated
    ]
    overlong = [
        f"{module.path}: expected at most {MAX_FILE_LINES} lines, received {module.num_lines}. Split it in two nouns."
        for module in modules.values()
        if module.num_lines > MAX_FILE_LINES
    ]
    return circles + unannotated + overlong


def measure(modules: Modules) -> list[tuple[str, str, str]]:
    """The table: a measure, its figure, and where that is found or what it is a share of."""
    functions = read_functions(modules)
    raises = read_raises(modules)
    num_annotated = sum(not function.unannotated for function in functions)
    return [
        ("files", str(len(modules)), ""),
        *_lengths("lines a file", [(module.num_lines, module.path) for module in modules.values()]),
        ("functions", str(len(functions)), ""),
        *_lengths("lines a function", [(each.num_lines, f"{each.where} {each.name}") for each in functions]),
        _share("functions fully annotated", num_annotated, len(functions)),
        _share("raises that show a value", sum(map(shows_value, raises)), len(raises)),
    ]


def _lengths(name: str, sizes: list[tuple[int, str]]) -> list[tuple[str, str, str]]:
    longest, place = max(sizes, default=(0, ""))
    middle = median(size for size, _ in sizes) if sizes else 0
    return [(f"{name}, median", f"{middle:g}", ""), (f"{name}, longest", str(longest), place)]


def _share(name: str, part: int, whole: int) -> tuple[str, str, str]:
    return (name, f"{100 * part / whole:.0f} %" if whole else "-", f"{part} of {whole}")


def main() -> int:
    """Prints the table, then the problems; returns the exit status."""
    modules = read_modules(PACKAGE)
    problems = find_problems(modules) if modules else [f"{PACKAGE}: expected Python files, found none."]
    for name, figure, note in measure(modules):
        print(f"{name:<26}{figure:>7}  {note}".rstrip())
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
