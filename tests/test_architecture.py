"""What the page on architecture and the docstrings say of the code is so: its layers, the modules they point to."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from cotpress.cli.app import VERBS
from cotpress.gauges import GAUGES

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "cotpress"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
# What may import torch and transformers, at first use.
KNOW_TORCH = {"models", "signals", "llmlingua", "chat", "training", "evaluation", "study"}
SEE = re.compile(r"\(see `([\w.]+)`\)")
MODULE = re.compile(r"`([\w/]+)\.py`")


def _read_contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return contracts


def _read_layers() -> list[set[str]]:
    return [{*layer.split(" | ")} for layer in _read_contracts()[0]["layers"]]


def test_the_page_has_the_layers_of_the_contract() -> None:
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \|", PAGE.partition("## Where to look")[0], re.MULTILINE)
    assert [int(number) for number, _ in rows] == [*range(len(rows), 0, -1)]
    assert [{*re.findall(r"`(\w+)(?:/|\.py)`", packages)} for _, packages in rows] == _read_layers()


def test_who_may_not_import_torch_is_everybody_else() -> None:
    [contract] = [contract for contract in _read_contracts() if "torch" in contract.get("forbidden_modules", ())]
    bound = {name.removeprefix("cotpress.") for name in contract["source_modules"]}
    assert bound == set().union(*_read_layers()) - KNOW_TORCH


def test_everybody_but_scale_may_not_import_what_shares_out_work() -> None:
    [contract] = [contract for contract in _read_contracts() if "datatrove" in contract.get("forbidden_modules", ())]
    bound = {name.removeprefix("cotpress.") for name in contract["source_modules"]}
    assert bound >= set().union(*_read_layers()) - {"scale"}


def test_the_guide_has_a_line_for_every_gauge() -> None:
    table = (ROOT / "docs" / "guides.md").read_text(encoding="utf-8").partition("## Is the text still sound")[2]
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", table, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"\w+", row)}
    assert named >= {name for name in GAUGES if not name.startswith("reference_")}


@cache
def _list_classes() -> set[str]:
    sources = [path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")]
    return {name for text in sources for name in re.findall(r"^class (\w+)", text, re.MULTILINE)}


def _list_functions(path: Path) -> list[str]:
    nodes = ast.parse(path.read_text(encoding="utf-8")).body
    return [node.name for node in nodes if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def test_a_public_function_has_a_name_of_its_own() -> None:
    # A verb is one word on every layer: the command, the call of Python and what does the work.
    verbs = {*VERBS, "sample", "main", *(name.replace("-", "_") for name in VERBS)}
    homes: dict[str, list[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for name in {*_list_functions(path)} - verbs:
            homes.setdefault(name, []).append(str(path.relative_to(SOURCE)))
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}


def _find_dead_pointers(path: Path) -> list[str]:
    """What the docstrings of a file point to as `(see name)` or `module.py` and what is not there."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = [ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, kinds)]
    modules = [name for text in docstrings for name in MODULE.findall(text)]
    dead = [f"{name}.py" for name in modules if not [*SOURCE.rglob(f"{name}.py"), *ROOT.glob(f"{name}.py")]]
    named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    named |= {node.name for node in ast.walk(tree) if isinstance(node, kinds[1:])} | _list_classes()
    named |= {other.stem for other in path.parent.rglob("*") if other.suffix == ".py" or other.is_dir()}
    pointers = [name for text in docstrings for name in SEE.findall(text)]
    return dead + [name for name in pointers if name.split(".")[0] not in named]


def test_docstrings_point_to_what_is_there() -> None:
    # The package llmlingua points to files of another project.
    sources = [path for path in sorted(SOURCE.rglob("*.py")) if path.parent.name != "llmlingua"]
    dead = {str(path.relative_to(SOURCE)): _find_dead_pointers(path) for path in sources}
    assert {path: names for path, names in dead.items() if names} == {}


def test_files_that_the_pages_name_are_there() -> None:
    pages = [PAGE, (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")]
    named = {name for page in pages for name in re.findall(r"`([\w./-]+\.(?:py|md|yaml)|[\w/]+/)`", page)}
    of_others = {
        "mine.py",
        "es.py",
        "mine.md",
        "segment/lexer.py",
        "cotpress/__init__.py",
    }  # a user's, one of several, the tree of before
    packages = {path.name for path in SOURCE.rglob("*") if path.is_dir()}  # named beside the one that holds them
    assert {
        name
        for name in named - of_others
        if not ((ROOT / name).exists() or (SOURCE / name).exists() or name.rstrip("/") in packages)
    } == set()


def test_every_version_that_is_part_of_a_key_is_in_the_table_of_what_to_raise() -> None:
    table = PAGE.partition("## What to raise when results change")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(\w+_VERSION)` in `([\w/]+\.py)`", table))
    found = {
        (name, str(path.relative_to(SOURCE)))
        for path in SOURCE.rglob("*.py")
        for name in re.findall(r"^(\w+_VERSION)(?:: Final)? = ", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert named == found - {("LOG_FORMAT_VERSION", "evaluation/inspect_logs.py")}  # of somebody else's files


def test_the_way_of_a_pruning_is_the_one_of_the_page() -> None:
    place = ROOT / "benchmarks" / "structure.py"
    spec = importlib.util.spec_from_file_location("structure", place)
    assert spec is not None
    assert spec.loader is not None
    sys.modules["structure"] = structure = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(structure)
    section = PAGE.partition("## A pruning's way")[2].partition("\n## ")[0]
    stops = [f"{file}:{name}" for name, file in re.findall(r"`(\w+)` in\s+`([\w/]+\.py)`", section)]
    assert structure.trace_frames(SOURCE, *structure.CALLS["the command line"]) == stops
