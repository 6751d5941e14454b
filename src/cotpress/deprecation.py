"""Names of earlier versions: they work, with a warning, until the next one."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")
_C = TypeVar("_C")


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
            name = function.__qualname__.removesuffix(".__init__")
            for old in new_names.keys() & named.keys():
                new = new_names[old]
                if new in named:
                    raise TypeError(f"{name} was given {new} and {old}, its name of before.")
                warnings.warn(f"{name}({old}=...) is now {new}=...", DeprecationWarning, stacklevel=2)
                named[new] = named.pop(old)
            return function(*args, **named)

        return call

    return decorate


def rename_fields(**new_names: str) -> Callable[[type[_C]], type[_C]]:
    """A decorator for a dataclass whose fields have new names: `old="new"`. Giving or reading an old name warns.

    >>> from dataclasses import dataclass
    >>> @rename_fields(source="published_in")
    ... @dataclass(frozen=True)
    ... class Method:
    ...     published_in: str = ""
    >>> Method(published_in="arXiv").published_in
    'arXiv'
    """

    def decorate(cls: type[_C]) -> type[_C]:
        changed: Any = cls
        changed.__init__ = rename_parameters(**new_names)(changed.__init__)
        for old, new in new_names.items():
            setattr(cls, old, _make_alias(cls.__name__, old, new))
        return cls

    return decorate


def _make_alias(owner: str, old: str, new: str) -> property:
    def read(instance: Any) -> Any:
        warnings.warn(f"{owner}.{old} is now {owner}.{new}.", DeprecationWarning, stacklevel=2)
        return getattr(instance, new)

    return property(read, doc=f"The name of before of `{new}`.")
