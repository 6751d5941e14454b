"""The structure of a source tree in figures: packages, names, circles, lengths, and the frames down to the ranking.

    python benchmarks/structure.py [--source SRC/cotpress ...] [--small-files]

With two sources the table has a column for each: before, and now. Most figures come from the syntax trees alone; the
frames are counted in a process that imports the package. A class is public where its name has no underscore in front.
Lines are counted with comments and empty lines. Frames are the functions of the package that lead to the ranking of a
trace: the first one called, those under way when the ranking begins, and the ranking itself.
"""

from __future__ import annotations

import argparse
import ast
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
SMALL, LONG_FUNCTION, MANY_PARAMETERS = 40, 60, 6
RANKINGS = ("rank_trace", "rank_sheet")  # what the ranking of one trace has been called
TRACE_FRAMES = """
import sys
frames = []
source, rankings, first = %(source)r, %(rankings)r, %(first)r
def watch(frame, event, _argument):
    name = frame.f_code.co_name
    if event == "call" and not frames and name in rankings and frame.f_code.co_filename.startswith(source):
        while frame is not None:
            if frame.f_code.co_filename.startswith(source):
                frames.append((frame.f_code.co_filename[len(source) + 1:], frame.f_code.co_name))
            frame = frame.f_back
        if frames[-1][1] != first:  # it has returned its iterator
            frames.append(("the call", first))
sys.setprofile(watch)
try:
    %(call)s
finally:
    sys.setprofile(None)
    print(*[f"{file}:{name}" for file, name in reversed(frames)], sep="\\n", file=sys.stderr)
"""
CALLS = {
    "`cotpress.compress`": (
        "compress",
        "import cotpress; list(cotpress.compress([cotpress.Trace('a', '2+3?', 'Two. 2+3=5.', '5')]))",
    ),
    "the command line": (
        "main",
        "from cotpress.cli import main; main(['compress', 'in.jsonl', '-o', 'out', '--store', 'store', '-q'])",
    ),
}


@dataclass(frozen=True)
class SourceFile:
    """One module: its path below the tree, its dotted name below the package, its text and its syntax tree."""

    path: str
    module: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @property
    def summary(self) -> str:
        """The first line of its docstring."""
        return (ast.get_docstring(self.tree) or "no docstring").partition("\n")[0]


def read_tree(source: Path) -> list[SourceFile]:
    """Every module of the tree."""
    files = []
    for path in sorted(source.rglob("*.py")):
        place = path.relative_to(source).with_suffix("")
        parts = place.parts[:-1] if place.name == "__init__" else place.parts
        text = path.read_text(encoding="utf-8")
        files.append(SourceFile(str(path.relative_to(source)), ".".join(parts), text, ast.parse(text)))
    return files


def find_repeated_names(
    files: Iterable[SourceFile], kind: type[ast.ClassDef] | type[ast.FunctionDef]
) -> dict[str, list[str]]:
    """Public names of classes or functions that are defined in two modules or more, and where."""
    places: dict[str, list[str]] = defaultdict(list)
    for file in files:
        for node in file.tree.body:
            if isinstance(node, kind) and not node.name.startswith("_"):
                places[node.name].append(file.path)
    return {name: where for name, where in sorted(places.items()) if len(where) > 1}


def read_imports(file: SourceFile, modules: frozenset[str], package: str) -> Iterator[str]:
    """The modules of the tree that a file imports, wherever in the file, as dotted names below the package."""
    for node in ast.walk(file.tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            if name.startswith(f"{package}."):
                below = name.removeprefix(f"{package}.")
                yield below if below in modules else below.rpartition(".")[0]


def find_circles(edges: Mapping[str, set[str]]) -> list[list[str]]:
    """Groups of two or more nodes that reach one another."""
    reached = {node: _reach(node, edges) for node in edges}
    circles = {tuple(sorted(other for other in reached[node] if node in reached.get(other, ()))) for node in edges}
    return [list(circle) for circle in sorted(circles) if len(circle) > 1]


def _reach(start: str, edges: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for node in edges.get(waiting.pop(), ()):
            if node not in seen:
                seen.add(node)
                waiting.append(node)
    return seen


def build_module_edges(files: list[SourceFile], package: str) -> dict[str, set[str]]:
    """Which module imports which; the package's own `__init__`, which offers every name, is left out."""
    modules = frozenset(file.module for file in files)
    edges = {file.module: set(read_imports(file, modules, package)) - {"", file.module} for file in files}
    return {module: targets for module, targets in edges.items() if module}


def merge_edges(edges: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The same between top-level packages and modules."""
    merged: dict[str, set[str]] = defaultdict(set)
    for module, targets in edges.items():
        top = module.partition(".")[0]
        merged[top] |= {target.partition(".")[0] for target in targets} - {top}
    return merged


def list_functions(files: Iterable[SourceFile]) -> Iterator[tuple[str, int, int]]:
    """Every function: where, its lines, its parameters without self and cls."""
    for file in files:
        for node in ast.walk(file.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                arguments = node.args
                names = [one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
                parameters = len([name for name in names if name not in ("self", "cls")])
                yield f"{file.path}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1, parameters


def trace_frames(source: Path, first: str, call: str) -> list[str]:
    """The functions from `first` to the ranking, outermost first, when `call` ranks its first trace."""
    code = TRACE_FRAMES % {"rankings": RANKINGS, "source": str(source), "first": first, "call": call}
    with tempfile.TemporaryDirectory() as folder:
        row = '{"id": "a", "question": "2+3?", "reasoning": "Two and three. 2+3=5.", "answer": "5"}\n'
        (Path(folder) / "in.jsonl").write_text(row, encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": str(source.parent), "PYTHONWARNINGS": "ignore"}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stderr.splitlines()


def list_small_files(files: Iterable[SourceFile]) -> list[str]:
    """A table of the files under 40 lines: each with the first line of its docstring."""
    rows = [f"| `{file.path}` | {file.lines} | {file.summary} |" for file in files if file.lines < SMALL]
    return ["| file | lines | what it is, in its own words |", "|---|---|---|", *rows]


@dataclass(frozen=True)
class Structure:
    """The figures of one source tree, and what the counts stand for."""

    figures: Mapping[str, str | int]
    details: list[str]


def measure(source: Path) -> Structure:
    """Count everything."""
    files = read_tree(source)
    tops = {file.module.partition(".")[0] for file in files} - {"", "_version", "__main__"}
    packages = {top for top in tops if (source / top / "__init__.py").is_file()}
    repeated, edges = find_repeated_names(files, ast.ClassDef), build_module_edges(files, source.name)
    package_circles, module_circles = find_circles(merge_edges(edges)), find_circles(edges)
    longest, functions = max(files, key=lambda file: file.lines), list(list_functions(files))
    long = [place for place, lines, _ in functions if lines > LONG_FUNCTION]
    wide = [place for place, _, parameters in functions if parameters > MANY_PARAMETERS]
    frames = {name: trace_frames(source, *call) for name, call in CALLS.items()}
    figures = {
        "top-level packages": len(packages),
        "top-level modules": len(tops) - len(packages),
        "files": len(files),
        "lines": f"{sum(file.lines for file in files):,}",
        "lines of a file: median": f"{statistics.median(file.lines for file in files):.0f}",
        "lines of a file: longest": f"{longest.lines} (`{longest.path}`)",
        f"files under {SMALL} lines": len([file for file in files if file.lines < SMALL]),
        "public class names defined twice": len(repeated),
        "import circles between packages": len(package_circles),
        "import circles between modules": len(module_circles),
        f"functions over {LONG_FUNCTION} lines": len(long),
        f"functions with over {MANY_PARAMETERS} parameters": len(wide),
        **{f"frames from {name} to the ranking": len(chain) for name, chain in frames.items()},
    }
    details = [f"Class `{name}`: {', '.join(where)}." for name, where in repeated.items()]
    functions_twice = find_repeated_names(files, ast.FunctionDef)
    details += [f"Function `{name}`: {', '.join(where)}." for name, where in functions_twice.items()]
    details += [f"Circle: {' <-> '.join(circle)}." for circle in (*package_circles, *module_circles)]
    details += [f"Long function: {place}." for place in long] + [f"Many parameters: {place}." for place in wide]
    details += [f"Frames from {name}: {' > '.join(chain)}." for name, chain in frames.items()]
    return Structure(figures, details)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, nargs="+", default=[HERE.parent / "src" / "cotpress"])
    parser.add_argument("--small-files", action="store_true", help="print a table of the small files instead")
    parser.add_argument("--details", action="store_true", help="print what the counts stand for, too")
    options = parser.parse_args()
    if options.small_files:
        print("\n".join(list_small_files(read_tree(options.source[-1].resolve()))))
        return
    structures = [measure(source.resolve()) for source in options.source]
    print("| figure | " + " | ".join(["before", "now"][-len(structures) :]) + " |")
    print("|---" * (1 + len(structures)) + "|")
    for name in structures[0].figures:
        print(f"| {name} | " + " | ".join(str(structure.figures[name]) for structure in structures) + " |")
    if options.details:
        print("", *structures[-1].details, sep="\n")


if __name__ == "__main__":
    main()
