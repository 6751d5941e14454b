"""The checks by name, and what runs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cotpress.errors import OptionError
from cotpress.registry import Registry
from cotpress.rewriting.checks.draft import Draft
from cotpress.rewriting.levels import Level

DraftCheck = Callable[[Draft], str | None]
"""Gives None where the draft passes, else the reason in one sentence, for people and for the writer."""


def _adapt_check(name: str, value: Any) -> DraftCheck:
    if callable(value) and not isinstance(value, type):
        return value  # type: ignore[no-any-return]
    raise OptionError(f"The check '{name}' is a {type(value).__name__}.", "Give a function of a Draft.")


CHECKS: Registry[DraftCheck] = Registry("check", "cotpress.checks", "cotpress.rewriting.checks", _adapt_check)


def register_check(name: str) -> Callable[[DraftCheck], DraftCheck]:
    """A decorator that adds a function to the checks; the function itself stays as it is.

    >>> decorate = register_check("no-haste")  # @decorate above a function adds it
    """

    def add(function: DraftCheck) -> DraftCheck:
        return CHECKS.add(name, function)

    return add


# Run on every rewrite, the cheapest first. A level names what it needs beyond these.
COMMON_CHECKS = (
    "not-empty",
    "no-fence",
    "no-preamble",
    "no-echo",
    "not-cut-off",
    "answer-kept",
    "faithful",
    "operands-kept",
    "equations-hold",
    "results-derived",
    "numbers-in-place",
    "tense-kept",
    "same-language",
    "replies-kept",
    "retractions-kept",
    "negations-kept",
    "comparisons-kept",
    "hedges-kept",
    "words-grounded",
)


@dataclass(frozen=True, slots=True)
class CheckFailure:
    """A check that a draft failed, by its code, and why in one sentence."""

    check: str
    reason: str


def validate_check_names(level: Level) -> None:
    """Raises OptionError where a level names a check that does not exist.

    >>> from cotpress.rewriting.levels import get_level
    >>> validate_check_names(get_level("edit"))
    """
    for name in level.checks:
        CHECKS.get_entry(name)


def run_checks(draft: Draft) -> tuple[CheckFailure, ...]:
    """The checks that a draft failed: the common ones first, then its level's. An empty draft fails that one alone.

    Raises:
        OptionError: the level names a check that does not exist.

    >>> from cotpress.rewriting.levels import get_level
    >>> from cotpress.types import Trace
    >>> trace = Trace("1", "2 + 3?", "First, 2 + 3 = 5. So the answer is 5.")
    >>> [failure.check for failure in run_checks(Draft(trace, "2 + 3 = 6. So the answer is 6.", get_level("fuse")))]
    ['answer-kept', 'equations-hold', 'numbers-in-place', 'fewer-steps']
    """
    validate_check_names(draft.level)
    if not len(draft.rewritten_content):
        return (CheckFailure("not-empty", str(CHECKS.get_entry("not-empty")(draft))),)
    names = dict.fromkeys((*COMMON_CHECKS, *draft.level.checks))
    results = ((name, CHECKS.get_entry(name)(draft)) for name in names)
    return tuple(CheckFailure(name, reason) for name, reason in results if reason)
