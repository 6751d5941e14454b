"""The public namespace: every name loads, is documented, and the documentation's examples run."""

from __future__ import annotations

import doctest
import importlib
import inspect
import subprocess
import sys
from types import ModuleType

import pytest

import cotpress

LOADED = """
import gc
import cotpress.api, cotpress.cli.app, cotpress.pipeline, cotpress.reporting, cotpress.scale, cotpress.study
from cotpress.registry import Registry
print([entry.kind for entry in gc.get_objects() if isinstance(entry, Registry) and entry._loaded])
"""


def test_no_import_loads_a_registry_and_with_it_plugins() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("name", cotpress.__all__)
def test_every_public_name_loads_and_is_documented(name: str) -> None:
    thing = getattr(cotpress, name)
    assert name.startswith("__") or inspect.getdoc(thing)


def test_the_lazy_names_are_the_public_ones() -> None:
    assert {*cotpress._LAZY_EXPORTS, "__version__"} == set(cotpress.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        _ = cotpress.nothing


@pytest.mark.parametrize(("old", "new"), sorted(cotpress._RENAMED.items()))
def test_a_name_of_before_works_and_says_how_it_is_called_now(old: str, new: str) -> None:
    with pytest.warns(DeprecationWarning, match=f"cotpress.{old} is now cotpress.{new}"):
        assert getattr(cotpress, old) is getattr(cotpress, new)
    assert old not in cotpress.__all__


def test_the_example_in_the_docstring_runs() -> None:
    assert doctest.testmod(cotpress).failed == 0


def test_no_public_name_is_a_module() -> None:
    """A submodule of the same name would take the place of the function once it is imported."""
    for home in set(cotpress._LAZY_EXPORTS.values()):
        importlib.import_module(f"cotpress.{home}")
    assert not [name for name in cotpress.__all__ if isinstance(getattr(cotpress, name), ModuleType)]
