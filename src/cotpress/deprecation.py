"""Names of earlier versions: they work, with a warning, until the next one."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")


def rename_parameters(**new_names: str) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """A decorator for a function whose parameters have new names: `old="new"`. A call by an old name warns.

    >>> @rename_parameters(steering="policy")
    ... def rewrite(policy: str = "") -> str:
    ...     return policy
    >>> rewrite(policy="best")
    'best'
    """

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        @wraps(function)
        def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            named: dict[str, Any] = dict(kwargs)
            for old in new_names.keys() & named.keys():
                new = new_names[old]
                if new in named:
                    raise TypeError(f"{function.__qualname__} was given {new} and {old}, its name of before.")
                warnings.warn(f"{function.__qualname__}({old}=...) is now {new}=...", DeprecationWarning, stacklevel=2)
                named[new] = named.pop(old)
            return function(*args, **named)

        return call

    return decorate
