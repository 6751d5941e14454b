"""The names that an option takes, for help texts and shells. Those of registries are found in source files and
metadata, so that nothing is imported."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from glob import escape, glob
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cyclopts import Parameter

from cotpress.entry_points import find_entry_points

if TYPE_CHECKING:
    from cyclopts.completion import CompletionContext

_SOURCE = Path(__file__).parents[2]
_ADDED = re.compile(r'^(?:@register_\w+|[A-Z_]+\.add)\(\s*"([^"]+)"', re.MULTILINE)


@cache
def list_choices(place: str, group: str) -> tuple[str, ...]:
    """The entries of a registry by name, those of installed plugins last.

    Args:
        place: the package or module of ours, as a path below the package, in which entries are added.
        group: the registry's entry points.

    >>> list_choices("criteria", "cotpress.criteria")[:2]
    ('backbone', 'nll')
    """
    path = _SOURCE / place
    files = sorted(path.glob("*.py")) if path.is_dir() else [path.with_suffix(".py")]
    names = [name for file in files for name in _ADDED.findall(file.read_text(encoding="utf-8"))]
    if path.is_dir():
        names += sorted(file.stem for file in path.glob("*.md") if not file.stem.startswith("_"))
    return tuple(dict.fromkeys([*names, *sorted(point.name for point in find_entry_points(group))]))


def describe_choices(place: str, group: str, rest: str = "") -> str:
    """The names in a sentence, followed by `rest`.

    >>> describe_choices("pruning/protection", "cotpress.protections")
    'symbols, answer or symbols-first.'
    """
    *names, last = list_choices(place, group)
    listed = f"{', '.join(names)} or {last}" if names else last
    return f"{listed}{rest}."


def offer(*names: str) -> Callable[[CompletionContext], tuple[str, ...]]:
    """What a shell completes an option with that takes these names and others, such as `module:name`."""
    return lambda context: names


def offer_paths(context: CompletionContext) -> list[str]:
    """What a shell completes files and folders with; a folder ends in "/"."""
    found = sorted(glob(f"{escape(context.incomplete)}*"))
    return [f"{path}/" if Path(path).is_dir() else path for path in found]


# What an option may be. The packages that own these names load arrays; a help text does not (a test compares them).
GRANULARITIES: Final = ("step", "token")
BUDGET_SCOPES: Final = ("trace", "conversation", "corpus")
BUDGET_MEASURES: Final = ("nothing", "difficulty")
SHORTFALLS: Final = ("finer", "units", "whole", "accept")
FORMULAS: Final = ("whole", "inside")
STEP_MODES: Final = ("auto", "paragraph", "line", "sentence", "clause")
REDUCTIONS: Final = ("auto", "mean", "sum", "max", "min", "first")
FALLBACKS: Final = ("best", "reject", "keep-original", "prune")
DOMAINS: Final = ("math", "general")
HINTS: Final = ("none", "backbone")
REGIMES: Final = ("long", "short")
GOALS: Final = ("train-cost", "inference-cost")
EXECUTORS: Final = ("local", "ray", "slurm")
DTYPES: Final = ("float32", "bfloat16", "float16")
PATHS: Final = Parameter(completer=offer_paths)
