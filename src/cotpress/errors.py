"""The one tree of errors that cotpress raises on purpose.

    CotpressError                 exit code 1
    ├── OptionError               2   an option, a name or a value that is not allowed
    ├── InputError                3   traces that cannot be read or recognised
    │   └── LLMLinguaPackageError 3   a text on which the llmlingua package stops
    ├── OutputError               4   an output that exists, cannot be written or is full
    ├── ModelError                5   a model, local or behind an endpoint, that cannot be loaded or used
    │   └── ModelCallError        5   one request to a model that got no answer
    ├── MissingExtraError         6   an optional library that is not installed
    └── SpendLimitError           7   a limit on what may be spent

A message says what was wrong and what was received; the hint says what is allowed or what to type next. The exit codes
of runs that end without an error are here, too (`EXIT_...`): all exit codes are in this file.
"""

from __future__ import annotations

import difflib
import importlib
import traceback
import warnings
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, Final

EXIT_JOBS_FAILED: Final = 1  # a sweep came to its end, and some of its jobs failed
EXIT_NOTHING_LEFT: Final = 3  # no row could be used
EXIT_INTERNAL: Final = 70  # what should not have happened
EXIT_INTERRUPTED: Final = 130


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


class LLMLinguaPackageError(InputError):
    """A text on which the `llmlingua` package, which is reproduced, stops with an error of its own."""


class OutputError(CotpressError):
    """An output that exists, cannot be written or is full."""

    exit_code = 4


class ModelError(CotpressError):
    """A model, local or behind an endpoint, that cannot be loaded or used."""

    exit_code = 5


class ModelCallError(ModelError):
    """One request to a model that got no answer, although it was tried as often as allowed; others may."""


class MissingExtraError(CotpressError):
    """An optional library that is not installed."""

    exit_code = 6


class SpendLimitError(CotpressError):
    """A limit on what may be spent. What was paid for is kept."""

    exit_code = 7


def build_unknown_name_error(kind: str, received: str, allowed: Iterable[str]) -> OptionError:
    """The error for a name that is not in a registry, with the nearest one that is.

    >>> str(build_unknown_name_error("level", "tersr", ["terse", "plain"]))
    "There is no level 'tersr'. Did you mean 'terse'? Known: plain, terse."
    """
    return OptionError(f"There is no {kind} '{received}'.", suggest_name(received, allowed))


def suggest_name(received: str, allowed: Iterable[str]) -> str:
    """The name that was probably meant, where there is one, and all that are known.

    >>> suggest_name("maths", ["math", "general"])
    "Did you mean 'math'? Known: general, math."
    """
    names = sorted(allowed)
    spelled = {name.lower(): name for name in names}
    close = difflib.get_close_matches(received.lower(), spelled, n=1, cutoff=0.5)
    guess = f"Did you mean '{spelled[close[0]]}'? " if close else ""
    return f"{guess}Known: {', '.join(names)}."


def describe_failure(error: Exception) -> str:
    """An error of somebody's function in one line: its type, its text and where in that file it was raised.

    The caller catches it where it calls the function, so the second frame of the traceback is the function's.

    >>> try:
    ...     (lambda: 1 // 0)()
    ... except ZeroDivisionError as error:
    ...     describe_failure(error).partition(",")[0]
    'ZeroDivisionError: integer division or modulo by zero'
    """
    told = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}".rstrip(": ")
    frames = traceback.extract_tb(error.__traceback__)[1:]
    own = [frame for frame in frames if frame.filename == frames[0].filename]
    return f"{told}, {Path(own[-1].filename).name} line {own[-1].lineno}" if own else told


def import_optional(module: str, extra: str) -> ModuleType:
    """Import an optional library.

    Raises:
        MissingExtraError: it is not installed; the message names the extra that brings it.

    >>> import_optional("json", "study").dumps([1])
    '[1]'
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        lighter = " (without students and models 'cotpress[report]' is enough, and has no torch)"
        raise MissingExtraError(
            f"This needs the library '{module.split('.')[0]}', which cannot be imported ({error}).",
            f"Install it with: pip install 'cotpress[{extra}]'{lighter * (extra == 'study')}",
        ) from error


# Names of earlier versions: they work, with a warning, until the next one.
_RENAMED = {
    "CallFailed": "ModelCallError",
    "LimitReached": "SpendLimitError",
    "MissingExtra": "MissingExtraError",
    "PackageFails": "LLMLinguaPackageError",
}


def __getattr__(name: str) -> Any:
    if name not in _RENAMED:
        raise AttributeError(f"module 'cotpress.errors' has no attribute '{name}'")
    warnings.warn(f"cotpress.errors.{name} is now {_RENAMED[name]}.", DeprecationWarning, stacklevel=2)
    return globals()[_RENAMED[name]]
