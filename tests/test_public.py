"""The public namespace: every name loads, is documented, and the documentation's examples run."""

from __future__ import annotations

import doctest
import importlib
import inspect
from types import ModuleType

import pytest

import cotpress


@pytest.mark.parametrize("name", cotpress.__all__)
def test_every_public_name_loads_and_is_documented(name: str) -> None:
    thing = getattr(cotpress, name)
    assert name.startswith("__") or inspect.getdoc(thing)


def test_the_lazy_names_are_the_public_ones() -> None:
    assert {*cotpress._HOMES, "__version__"} == set(cotpress.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        _ = cotpress.nothing


def test_the_example_in_the_docstring_runs() -> None:
    assert doctest.testmod(cotpress).failed == 0


def test_no_public_name_is_a_module() -> None:
    """A submodule of the same name would take the place of the function once it is imported."""
    for home in set(cotpress._HOMES.values()):
        importlib.import_module(f"cotpress.{home}")
    assert not [name for name in cotpress.__all__ if isinstance(getattr(cotpress, name), ModuleType)]
