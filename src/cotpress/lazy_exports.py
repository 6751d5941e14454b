"""The front of a package that loads its modules when their names are first asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any


def load_on_demand(package: str, exports: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a package, so that who needs one of its names does not load the modules of all others.

    Args:
        package: the package's name, `__name__`.
        exports: the names that it gives, separated by blanks, by the module below it that has them.

    >>> find = load_on_demand("cotpress", {"answers": "extract_answer judge_answer"})
    >>> find("extract_answer")("So the answer is 5.")
    '5'
    """
    modules = {name: module for module, names in exports.items() for name in names.split()}

    def load(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module '{package}' has no attribute '{name}'")
        return getattr(importlib.import_module(f"{package}.{modules[name]}"), name)

    return load
