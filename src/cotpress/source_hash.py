"""A hash of what a function is made of: part of a key, so that a changed function is not taken for what it was."""

from __future__ import annotations

import functools
import hashlib
import inspect
import pickle
import sys
from collections.abc import Callable
from types import BuiltinFunctionType, CellType, CodeType
from typing import Any


def hash_source(function: Callable[..., Any]) -> str:
    """A hash of what a function is made of, the same in every process, for the keys of what is stored.

    It covers the source text of the module that defines the function, or its bytecode where there is no file; besides,
    the values that a local function encloses, the arguments of a partial and the variables of an object that is called.
    It does not cover what that module imports.

    >>> hash_source(hash_source) == hash_source(_read_source), len(hash_source(_read_source))
    (True, 16)
    """
    values: list[Any] = []
    while isinstance(function, functools.partial):
        values += [function.args, sorted(function.keywords.items())]
        function = function.func
    if not hasattr(function, "__code__") and not isinstance(function, BuiltinFunctionType):
        values.append(sorted(getattr(function, "__dict__", {}).items()))
        function = type(function).__call__
    if "<locals>" in function.__qualname__:  # at the top level of a module, the source text has them
        values += [getattr(function, name, None) for name in ("__defaults__", "__kwdefaults__")]
        values += [cell.cell_contents for cell in getattr(function, "__closure__", None) or () if cell != CellType()]
    parts = [_read_source(function).encode("utf-8", "surrogatepass"), *map(_describe_value, values)]
    return hashlib.blake2b(b"\0".join(parts), digest_size=8).hexdigest()


def _read_source(function: Callable[..., Any]) -> str:
    try:
        return inspect.getsource(sys.modules[function.__module__])
    except (OSError, TypeError, KeyError):  # typed in, or compiled
        code = getattr(function, "__code__", None)
        return _describe_code(code) if code else f"{function.__module__}:{function.__qualname__}"


def _describe_code(code: CodeType) -> str:
    constants = [_describe_code(value) if isinstance(value, CodeType) else repr(value) for value in code.co_consts]
    return repr((code.co_code, code.co_names, constants))


def _describe_value(value: Any) -> bytes:
    """The value as bytes; a local function by its code. What has no fixed form gives another hash in each process."""
    if code := getattr(value, "__code__", None):
        return _describe_code(code).encode("utf-8", "surrogatepass")
    try:
        return pickle.dumps(value)
    except Exception:  # whatever the object's own code raises
        return repr(value).encode("utf-8", "surrogatepass")
