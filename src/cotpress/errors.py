"""The one tree of errors that cotpress raises on purpose.

    CotpressError                 exit code 1
    ├── OptionError               2   an option, a name or a value that is not allowed
    ├── InputError                3   traces that cannot be read or recognised
    │   └── PackageFails          3   a text on which the llmlingua package stops
    ├── OutputError               4   an output that exists, cannot be written or is full
    ├── ModelError                5   a model, local or behind an endpoint, that cannot be loaded or used
    │   └── CallFailed            5   one request to a model that got no answer
    ├── MissingExtra              6   an optional library that is not installed
    └── LimitReached              7   a limit on what may be spent

A message says what was wrong and what was received; the hint says what is allowed or what to type next.
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterable
from types import ModuleType
from typing import ClassVar


class CotpressError(Exception):
    """Base of every error here. `str()` is one line: the message, then the hint."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.hint = hint


class OptionError(CotpressError):
    """An option, a name or a value that is not allowed."""

    exit_code = 2


class InputError(CotpressError):
    """Traces that cannot be read or recognised."""

    exit_code = 3


class PackageFails(InputError):
    """A text on which the `llmlingua` package, which is reproduced, stops with an error of its own."""


class OutputError(CotpressError):
    """An output that exists, cannot be written or is full."""

    exit_code = 4


class ModelError(CotpressError):
    """A model, local or behind an endpoint, that cannot be loaded or used."""

    exit_code = 5


class CallFailed(ModelError):
    """One request to a model that got no answer, although it was tried as often as allowed; others may."""


class MissingExtra(CotpressError):
    """An optional library that is not installed."""

    exit_code = 6


class LimitReached(CotpressError):
    """A limit on what may be spent. What was paid for is kept."""

    exit_code = 7


def unknown_name(kind: str, received: str, allowed: Iterable[str]) -> OptionError:
    """The error for a name that is not in a registry, with the nearest one that is."""
    names = sorted(allowed)
    close = difflib.get_close_matches(received, names, n=1, cutoff=0.5)
    guess = f"Did you mean '{close[0]}'? " if close else ""
    return OptionError(f"There is no {kind} '{received}'.", f"{guess}Known: {', '.join(names)}.")


def require(module: str, extra: str) -> ModuleType:
    """Import an optional library.

    Raises:
        MissingExtra: it is not installed; the message names the extra that brings it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtra(
            f"This needs the library '{module.split('.')[0]}', which cannot be imported ({error}).",
            f"Install it with: pip install 'cotpress[{extra}]'",
        ) from error
