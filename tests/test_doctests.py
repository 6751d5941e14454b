"""Examples in docstrings are run, and every function that a package offers has one."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import cotpress
from cotpress.errors import MissingExtraError

SOURCE = Path(cotpress.__file__).parent
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
# Functions that no example can show in a test, and why.
WITHOUT_EXAMPLE: dict[str, str] = {}
MANY_PARAMETERS = 3


def _modules_with_examples() -> list[str]:
    paths = [path for path in sorted(SOURCE.rglob("*.py")) if ">>> " in path.read_text(encoding="utf-8")]
    names = [".".join(path.relative_to(SOURCE.parent).with_suffix("").parts) for path in paths]
    return [name.removesuffix(".__init__") for name in names]


def _offered_functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """The functions in the `__all__` of cotpress and of each of its packages, each once, by module and name."""
    packages = [
        SOURCE.name,
        *(module.name for module in pkgutil.walk_packages([str(SOURCE)], "cotpress.") if module.ispkg),
    ]
    functions = {}
    for package in packages:
        module = importlib.import_module(package)
        for name in getattr(module, "__all__", ()):
            function = getattr(module, name)
            if inspect.isfunction(function):
                functions[f"{function.__module__}:{function.__name__}"] = function
    yield from sorted(functions.items())


@pytest.mark.parametrize("name", _modules_with_examples())
def test_the_examples_of_a_module_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COTPRESS_CACHE", str(tmp_path / "cache"))
    try:
        module = importlib.import_module(name)
    except (ImportError, MissingExtraError) as missing:
        pytest.skip(str(missing))
    results = doctest.testmod(module, optionflags=FLAGS)
    assert results.attempted
    assert not results.failed


def test_every_offered_function_has_an_example() -> None:
    without = {name for name, function in _offered_functions() if ">>> " not in (inspect.getdoc(function) or "")}
    assert not without - {*WITHOUT_EXAMPLE}
    assert not {*WITHOUT_EXAMPLE} - without, "these have one, or are gone"


def test_an_offered_function_with_many_parameters_documents_each() -> None:
    silent = []
    for name, function in _offered_functions():
        parameters = [parameter.lstrip("*") for parameter in inspect.signature(function).parameters]
        documented = inspect.getdoc(function) or ""
        if len(parameters) > MANY_PARAMETERS:
            silent += [f"{name}({parameter})" for parameter in parameters if f"\n    {parameter}:" not in documented]
    assert not silent
