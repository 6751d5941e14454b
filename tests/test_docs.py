"""The pages name what there is: their links, the files and the Python names that they mention, what they import."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md")), *sorted(ROOT.glob("examples/**/*.md"))]
PLACES = [ROOT, ROOT / "src", ROOT / "src" / "cotpress", ROOT / "tests"]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")
COMMAND = re.compile(r"\b(?:python|pytest) ((?:\w+/)+\w+\.py)")
FILE = re.compile(r"`((?:\w+/)+(?:\w+\.py)?)`")
NAME = re.compile(r"`(cotpress(?:\.\w+)+)`")
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
# Folders that a run makes, and an architecture of before: not of this repository.
NOT_HERE = {"out/", "saliency/", "merged/", "figures/", "segment/lexer.py"}


def _read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _is_there(name: str, page: Path) -> bool:
    sub_packages = [folder.parent for folder in (ROOT / "src" / "cotpress").glob("*/__init__.py")]
    return any((place / name).exists() for place in [*PLACES, page.parent, *sub_packages])


def _exists(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            value: object = importlib.import_module(".".join(parts[:length]))
        except ImportError:
            continue
        for part in parts[length:]:
            if not hasattr(value, part):
                return False
            value = getattr(value, part)
        return True
    return False


def _list_groups() -> set[str]:
    """The entry-point groups of all registries, as the source names them."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")]
    return {group for text in sources for group in re.findall(r'"(cotpress\.\w+)"', text)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_files_of_a_page_are_there(page: Path) -> None:
    text = _read(page)
    assert not [link for link in LINK.findall(text) if not (page.parent / link).exists()]
    names = {*COMMAND.findall(text), *FILE.findall(text)} - NOT_HERE
    assert not [name for name in sorted(names) if not _is_there(name, page)]


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=lambda page: str(page.relative_to(ROOT))
)
def test_python_names_of_a_page_exist(page: Path) -> None:
    text, groups = _read(page), _list_groups()
    assert not [name for name in sorted({*NAME.findall(text)}) if name not in groups and not _exists(name)]
    for snippet in PYTHON.findall(text):
        for node in ast.walk(ast.parse(snippet)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cotpress."):
                assert not [alias.name for alias in node.names if not _exists(f"{node.module}.{alias.name}")], snippet


def test_limits_are_those_of_the_code() -> None:
    rows = re.findall(r"^\|[^|]*\| ([\d,]+) \|[^|]*\| `([\w.]+)` \|$", _read(ROOT / "docs" / "limits.md"), re.MULTILINE)
    assert len(rows) > 15
    for told, name in rows:
        module, _, constant = name.rpartition(".")
        if "http_client" in module:
            pytest.importorskip("httpx2")
        assert f"{int(getattr(importlib.import_module(module), constant)):,}" == told, name
